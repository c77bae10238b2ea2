"""What an account leaves on a host when it goes: whoever gets its name or its number next would have it."""

import os
import re

from .refused import Refused

# Below each, what is named like the account.
OF_NAME = ('/var/spool/mail', '/var/spool/cron', '/var/spool/cron/crontabs', '/var/lib/systemd/linger')
JOBS = ('/var/spool/at', '/var/spool/cron/atjobs')
MOST = 3


def assert_unused(name, number, what, instead):
    """Refuses as userdel and usermod do: its processes would go on as nobody's. `what` would be done to it, and `instead` a person does it."""
    found = []
    for process in sorted((one for one in os.listdir('/proc') if one.isdigit()), key=int):
        try:
            with open(f'/proc/{process}/status', encoding='utf-8', errors='replace') as file:
                facts = file.read()
        except OSError:
            continue
        owners = re.search(r'^Uid:\s*(\d+)\s+(\d+)', facts, re.MULTILINE)
        if owners and str(number) in owners.groups():
            found.append(f'{process} ({facts.split(maxsplit=2)[1]})')
    if found:
        more = f' and {len(found) - MOST} more' if len(found) > MOST else ''
        raise Refused(f'{name} {what}: it has processes, {", ".join(found[:MOST])}{more}: end them, and {instead}')


def of(name, number):
    """Sentence parts on what stays of it."""
    found = [path for path in (os.path.join(folder, name) for folder in OF_NAME) if os.path.lexists(path)]
    for folder in JOBS:
        found += [path for path in _below(folder) if _owner(path) == number]
    return [f'{name} was removed, but not {", ".join(found)}: remove {"it" if len(found) == 1 else "them"} manually, or the next account of that name or UID has {"it" if len(found) == 1 else "them"}'] if found else []


def _below(folder):
    try:
        return sorted(os.path.join(folder, one) for one in os.listdir(folder))
    except OSError:
        return []


def _owner(path):
    try:
        return os.lstat(path).st_uid
    except OSError:
        return None

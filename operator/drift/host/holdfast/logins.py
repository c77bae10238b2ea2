"""The accounts by which Holdfast is on this host: without them nothing can be corrected or undone any more."""

import os
import pwd

from .refused import Refused

UNSET = 2 ** 32 - 1


def assert_not_ours(name, what):
    """Refuses when the account is root or the one that Holdfast logged in as. `what` would be done to it: `be locked`."""
    try:
        uid = pwd.getpwnam(name).pw_uid
    except KeyError:
        return
    if uid == 0 or uid in _ours() or name == os.environ.get('SUDO_USER'):
        who = 'it is root' if uid == 0 else 'Holdfast logs in as this account'
        raise Refused(f'{name} must not {what}: {who}. Do it manually if you must')


def _ours():
    found = {int(os.environ['SUDO_UID'])} if os.environ.get('SUDO_UID', '').isdigit() else set()
    try:
        with open('/proc/self/loginuid', encoding='ascii') as file:
            found.add(int(file.read()))
    except (OSError, ValueError):
        pass
    return found - {UNSET}

"""`module`: a module of the kernel is unloaded; undoing loads it again. `seen` is `loaded` or `absent`.

Only the module itself goes, by rmmod: modprobe would take those along that it needs, and run what modprobe.d says.
"""

import os

from .commands import must
from .refused import Refused

LOADED = '/proc/modules'
FOLDER = '/sys/module'


def make(change, seen, run):
    """Makes the change; tells whether something differed."""
    name = change['name']
    thing = f'the module {name}'
    found = _found(name)
    run.assert_mark(thing, seen, 'loaded' if found else 'absent')
    if not found:
        return False
    if found['uses']:
        raise Refused(f'{name} is in use ({found["users"] or found["uses"]}): stop what uses it, or reboot once it can no longer be loaded')
    if run.only_checks:
        return True
    record = {'do': 'module', 'name': name, 'before': _parameters(name)}
    run.begin(record)
    must('rmmod', '--', name)
    record['after'] = 'absent'
    run.left_mark(thing, 'absent')
    return True


def undo(record, run):
    """Loads it again, when it is not."""
    name, before = record['name'], record['before']
    if _found(name) or run.only_checks:
        return
    # The line that keeps it from being loaded is taken out after this, for it was put in before.
    must('modprobe', '--ignore-install', '--', name)
    run.left_mark(f'the module {name}', 'loaded')
    now = _parameters(name)
    others = sorted(key for key in before if now.get(key) != before[key])
    if others:
        changed = ', '.join(f'{key} was {before[key]}' for key in others)
        raise Refused(f'{name} is loaded again, but with different parameters: {changed}')


def _found(name):
    """How many use it and who, when it is loaded."""
    try:
        with open(LOADED) as file:
            lines = [line.split() for line in file]
    except FileNotFoundError:
        return None
    for own, _size, uses, users, *_rest in lines:
        if own == name:
            return {'uses': 0 if uses in ('0', '-') else int(uses), 'users': users.strip(',-').replace(',', ', ')}
    return None


def _parameters(name):
    folder, found = os.path.join(FOLDER, name, 'parameters'), {}
    for key in sorted(os.listdir(folder)) if os.path.isdir(folder) else []:
        try:
            with open(os.path.join(folder, key), errors='replace') as file:
                found[key] = file.read(4096).strip()
        except OSError:
            continue
    return found

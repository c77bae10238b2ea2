"""`folder`: one directory, its mode, owner, group and access list. One that is made is removed by undoing, if nothing came into it."""

import os

from .inodes import ACCESS_LISTS, WORDS, assert_still, dress, look
from .owners import gid_of, uid_of
from .places import Place, account_name
from .placing import permitted
from .refused import Refused


def make(change, seen, run):
    """Makes the change; tells whether something differed."""
    path = change['path']
    place = Place(path)
    try:
        before = place.run(look, False)
        run.assert_as_seen(path, seen, before)
        if before['letter'] not in ('d', 'absent'):
            raise Refused(f'{path} is {WORDS[before["letter"]]}, not a directory: Holdfast does not remove it')
        is_there = before['letter'] == 'd'
        if place.actor and is_there and before['uid'] != place.actor:
            raise Refused(f'it is in a directory of {account_name(place.actor)} but belongs to {account_name(before["uid"])}')
        wanted = {
            'mode': int(change['mode'], 8) if 'mode' in change else before['mode'] if is_there else 0o755,
            'uid': uid_of(change['owner']) if 'owner' in change else before['uid'] if is_there else place.actor,
            'gid': gid_of(change['group']) if 'group' in change else before.get('gid'),
            'xattrs': {name: value for name, value in before.get('xattrs', {}).items() if change.get('accessList') != 'Absent' or name not in ACCESS_LISTS},
            'context': not is_there and not place.actor,
        }
        if place.actor and wanted['uid'] != place.actor:
            raise Refused(f'it is in a directory of {account_name(place.actor)}, so {account_name(wanted["uid"])} cannot become its owner')
        if is_there and all(before[name] == wanted[name] for name in ('mode', 'uid', 'gid', 'xattrs')):
            return False
        if run.only_checks:
            return True
        record = {'do': 'folder', 'path': path, 'before': before}
        run.begin(record)
        with permitted(place):
            place.run(_set if is_there else _create, before['mark'], wanted, path)
        after = place.run(look, False)
        record.update(after=after['mark'], inode=after.get('inode'))
        run.touched(path, before, after)
        return True
    finally:
        place.close()


def undo(record, run):
    """Puts back what was there, when what is there is what the change left."""
    path, before = record['path'], record['before']
    if before['letter'] == 'absent' and not os.path.lexists(path):
        return
    place = Place(path)
    try:
        now = place.run(look, False)
        if now['mark'] == before['mark'] or run.only_checks:
            return
        # Another folder of its name was never changed.
        if now['mark'] != record.get('after') or record.get('inode', now.get('inode')) != now.get('inode'):
            raise Refused(f'{path} has since been changed by someone else and is left as it is')
        with permitted(place):
            if before['letter'] == 'absent':
                place.run(_delete, path)
            else:
                place.run(_set, now['mark'], {name: before[name] for name in ('mode', 'uid', 'gid', 'xattrs')}, path)
        run.taken_back(path)
    finally:
        place.close()


def _set(folder, name, mark, wanted, path):
    assert_still(folder, name, mark)
    opened = os.open(name, os.O_PATH | os.O_NOFOLLOW | os.O_DIRECTORY, dir_fd=folder)
    try:
        dress(opened, wanted, path)
    finally:
        os.close(opened)


def _create(folder, name, mark, wanted, path):
    os.mkdir(name, 0o700, dir_fd=folder)
    _set(folder, name, look(folder, name, False)['mark'], wanted, path)


def _delete(folder, name, path):
    try:
        os.rmdir(name, dir_fd=folder)
    except OSError as error:
        raise Refused(f'{path} is no longer empty and was not removed ({error.strerror})') from None

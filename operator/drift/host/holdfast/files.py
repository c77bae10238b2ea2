"""`file`: one regular file, its lines, content, mode, owner, group and access list; or that there is none.

What stands at the path must be what the probe saw. It is replaced whole, by a rename in its own folder, or its inode is changed by
descriptor; nothing is followed. `seen` has the form `f:MODE:UID:GID:SHA256` (an empty part was not looked at) or `absent`.
"""

import hashlib
import os

from . import account_lines, placing, sudoers
from .inodes import ACCESS_LISTS, WORDS, attributes_of, look
from .owners import gid_of, uid_of
from .places import Place, account_name
from .refused import Refused

# Of the kernel for this very content: it would be false on another.
CONTENT_BOUND = ('security.capability', 'security.ima', 'security.evm')


def make(change, seen, run):
    """Makes the change; tells whether something differed."""
    with account_lines.lock_of(change['path']):
        return _make(change, seen, run)


def undo(record, run):
    """Puts back what was there, when what is there is what the change left. Returns what was there until now, where a daemon is told of it."""
    with account_lines.lock_of(record['path']):
        return _undo(record, run)


def again(path, was):
    """Has a file as it was before it was put back."""
    with account_lines.lock_of(path):
        place = Place(path)
        try:
            _set_again(place, path, was)
        finally:
            place.close()


def _meant(wanted):
    """What a change would leave, for a run that is killed before it can tell."""
    if wanted.get('absent'):
        return {'letter': 'absent'}
    told = {name: wanted[name] for name in ('mode', 'uid', 'gid') if wanted[name] is not None}
    return {'letter': 'f', **told, **({'sha256': hashlib.sha256(wanted['content']).hexdigest()} if 'content' in wanted else {})}


def _is_meant(now, meant, is_known):
    return meant is not None and is_known and all(now.get(name) == value for name, value in meant.items())


def _set_again(place, path, was):
    now = place.run(look, False)
    if was['letter'] == 'absent':
        place.run(placing.remove, now['mark'], {}, path)
    else:
        facts = ('mode', 'uid', 'gid', 'mtime', 'xattrs', 'flags', *(('content',) if now.get('sha256') != was['sha256'] else ()))
        place.run(placing.write, now['mark'], {name: was[name] for name in facts if name in was}, path)


def _make(change, seen, run):
    path = change['path']
    place = Place(path)
    try:
        needs_content = bool({'content', 'edits', 'state'} & set(change)) or seen.rpartition(':')[2] != ''
        before = place.run(look, True, needs_content)
        run.assert_as_seen(path, seen, before)
        if before['letter'] not in ('f', 'absent') and not (before['letter'] == 'l' and change.get('state') == 'Absent'):
            raise Refused(f'{path} is {WORDS[before["letter"]]}, not a regular file: Holdfast does not remove it')
        guard = sudoers.Guard(path, run.only_checks)
        if guard.is_read:
            change = {'newMode': '440', **change, 'validate': change.get('validate') or sudoers.VALIDATE}
        wanted = _wanted(change, before, place, run)
        if wanted is None or run.only_checks:
            return wanted is not None
        record = {'do': 'file', 'path': path, 'before': _kept(before), 'meant': _meant(wanted), 'notify': change.get('notify', [])}
        if 'content' in before and (wanted.get('absent') or 'content' in wanted):
            record['content'] = before['content']
        run.begin(record)
        with placing.permitted(place):
            place.run(placing.remove if wanted.get('absent') else placing.write, before['mark'], {**wanted, 'validate': change.get('validate')}, path)
        after = place.run(look, True, needs_content)
        record.update(after=after['mark'], inode=after.get('inode'))
        run.touched(path, before, after)
        guard.assert_sound()
        return True
    finally:
        place.close()


def _undo(record, run):
    path, before = record['path'], record['before']
    if before['letter'] == 'absent' and not os.path.lexists(path):
        return None
    place, guard = Place(path), sudoers.Guard(path, run.only_checks)
    is_told = bool(record.get('notify'))
    # What was written into a file since, whose content was not changed, has nothing to do with it.
    is_of_content = 'kept' in record or before['letter'] != 'f'
    try:
        now = place.run(look, guard.concerns or is_told, is_of_content)
        # The content of another file in its place is not what was written into it since.
        is_same = not is_of_content and now.get('inode') == record.get('inode', before.get('inode'))
        is_left = _has(now, record['after'], is_same) if 'after' in record else _is_meant(now, record.get('meant'), is_of_content or is_same)
        if _has(now, before['mark'], not is_of_content) or run.only_checks and is_left:
            return None
        if 'after' not in record and not is_left:
            raise Refused(f'{path} was being changed when the run was interrupted and is left as it is. {_where_kept(record, run)}')
        if not is_left:
            raise Refused(f'{path} has since been changed by someone else and is left as it is. {_where_kept(record, run)}')
        wanted = {name: before[name] for name in ('mode', 'uid', 'gid', 'mtime', 'xattrs', 'flags') if name in before and (is_of_content or name != 'mtime')}
        if 'kept' in record:
            wanted['content'] = run.journal.content(record)
        with placing.permitted(place):
            if before['letter'] == 'absent':
                place.run(placing.remove, now['mark'], {}, path)
            elif before['letter'] == 'l':
                place.run(placing.link, before)
            else:
                place.run(placing.write, now['mark'], wanted, path)
        _assert_sudo(guard, place, now, path, record, run)
        run.taken_back(path)
        return {'path': path, 'was': now} if is_told else None
    finally:
        place.close()


def _has(now, mark, whatever_content):
    """Whether it is what the mark tells, or all of it but the content."""
    return mark is not None and (now['mark'] == mark or whatever_content and attributes_of(now['mark']) == attributes_of(mark))


def _assert_sudo(guard, place, now, path, record, run):
    """Undoing keeps nobody from sudo either: what would is not put back."""
    try:
        guard.assert_able()
    except Refused as error:
        _set_again(place, path, now)
        raise Refused(f'{error}. {_where_kept(record, run)}') from None


def _where_kept(record, run):
    if 'kept' not in record:
        return f'Previously: {_in_words(record["before"])}'
    kept = os.path.join(run.journal.folder, record['kept'])
    return f'Its previous content is kept in {kept}'


def _in_words(before):
    if before['letter'] == 'absent':
        return 'absent'
    if before['letter'] == 'l':
        return f'a symbolic link to {before["target"]}'
    return f'mode {before["mode"]:04o}, owner {account_name(before["uid"])}, group {before["gid"]}'


def _kept(before):
    return {name: value for name, value in before.items() if name != 'content'}


def _wanted(change, before, place, run):
    """What is to be different, whole; `None` when nothing is."""
    is_there = before['letter'] == 'f'
    if change.get('state') == 'Absent':
        return {'absent': True} if before['letter'] != 'absent' else None
    content = _new_content(change, before, run)
    if content is None and not is_there:
        raise Refused('it does not exist, and its content is not declared')
    owner = before['uid'] if is_there else place.actor
    # A folder with the set-group-ID bit hands its group down; the file is made in it as anybody would make it.
    group = before.get('gid')
    wanted = {
        'mode': int(change['mode'], 8) if 'mode' in change else before['mode'] if is_there else int(change.get('newMode', '644'), 8),
        'uid': uid_of(change['owner']) if 'owner' in change else owner,
        'gid': gid_of(change['group']) if 'group' in change else group,
        'xattrs': dict(before.get('xattrs', {})),
        'flags': before.get('flags', 0),
        'context': not is_there and not place.actor,
    }
    if place.actor and wanted['uid'] != place.actor:
        raise Refused(f'it is in a directory of {account_name(place.actor)}, who could replace it, so {account_name(wanted["uid"])} cannot become its owner')
    if change.get('accessList') == 'Absent':
        for name in ACCESS_LISTS:
            wanted['xattrs'].pop(name, None)
    same = is_there and all(before[name] == wanted[name] for name in ('mode', 'uid', 'gid', 'xattrs'))
    if content is not None and content != before.get('content'):
        wanted['content'] = content
        for name in CONTENT_BOUND:
            wanted['xattrs'].pop(name, None)
    elif same:
        return None
    return wanted


def _new_content(change, before, run):
    if 'content' in change:
        return change['content'].encode()
    if 'edits' in change:
        return run.edited(change['path'], before, change['edits'])
    return None

"""The lines of accounts and groups: what a tool did to them, and how it is undone under the lock of passwords, line by line and member by member.

Lines that others changed since stay; where that is not possible nothing at all is put back, and it is said what stays.
"""

import contextlib
import hashlib
import os
import shutil

from . import commands, inodes, locks, placing, trees
from .places import Place
from .refused import Refused

FILES = ('/etc/passwd', '/etc/shadow', '/etc/group', '/etc/gshadow', '/etc/subuid', '/etc/subgid')
BACKUPS = tuple(f'{path}-' for path in FILES)
LISTS = {'/etc/group': (3,), '/etc/gshadow': (2, 3)}
LOCK, LOCK_SECONDS = '/etc/.pwd.lock', 15


def look():
    """All that the tools of accounts change: by path what inodes.look tells, content included."""
    return {path: _look(path) for path in FILES + BACKUPS}


def line_of(path, name):
    """The first line of a name, in its fields; None when there is none."""
    for line in _text(_look(path)).split('\n'):
        fields = line.split(':')
        if fields[0] == name and len(fields) > 1:
            return fields
    return None


def login_defs(key):
    """What the last line of the key has in /etc/login.defs, as a list: empty when there is none."""
    fields = [line.split(None, 1) for line in _text(_look('/etc/login.defs')).split('\n')]
    values = [words[1].strip('" \t\r') for words in fields if len(words) == 2 and words[0] == key]
    return [value for value in values[-1:] if value]


def changed(before, after, concerns):
    """What to keep, as data. `concerns(path, fields before, fields after)` tells whether a changed line is of this change."""
    kept = []
    for path in FILES:
        old, new = _keyed(before[path]), _keyed(after[path])
        order = list(old)
        lines = []
        for key in order + [key for key in new if key not in old]:
            if old.get(key) == new.get(key):
                continue
            if not concerns(path, _fields(old.get(key)), _fields(new.get(key))):
                continue
            at = order.index(key) if key in old else 0
            lines.append({'key': key, 'before': old.get(key), 'after': new.get(key), 'previous': order[at - 1] if at else None, 'sharing': _sharing(old, key)})
        if lines or before[path].get('mtime') != after[path].get('mtime'):
            facts = {name: value for name, value in before[path].items() if name != 'content'}
            kept.append({'path': path, 'before': facts, 'lines': lines})
    return {'files': kept, 'backups': trees.changed({path: before[path] for path in BACKUPS}, {path: after[path] for path in BACKUPS})}


def put_back(kept):
    """Puts the lines back; refuses, and touches nothing, where somebody else's changes are in the way."""
    with locked():
        now = {one['path']: _look(one['path']) for one in kept['files']}
        problems, texts = [], {}
        for one in kept['files']:
            texts[one['path']] = _undone(one, _text(now[one['path']]), problems)
        _assert_numbers_free(kept, problems)
        _assert_groups_unneeded(kept, texts, problems)
        if problems:
            raise Refused('; '.join(problems))
        for one in kept['files']:
            _write(one, now[one['path']], texts[one['path']])
        # Copies of the files before the last change, which the next change of anybody replaces.
        trees.put_back(kept['backups'])
    forget_cached()


def _sharing(lines, key):
    """Names that had the same number already."""
    number = lines.get(key, '').split(':')[2:3]
    return [other.rpartition(':')[0] for other, line in lines.items() if number and line.split(':')[2:3] == number]


def forget_cached():
    if shutil.which('sss_cache', path=commands.ENVIRONMENT['PATH']):
        commands.run('sss_cache', '-U', '-G')


@contextlib.contextmanager
def locked():
    """Holds the lock that all tools of passwords take (see lckpwdf(3))."""
    opened = os.open(LOCK, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        locks.take(opened, LOCK_SECONDS, 'someone else is changing accounts right now: /etc/.pwd.lock is locked')
        yield
    finally:
        os.close(opened)


def lock_of(path):
    """The same for whoever changes one of these files as a file: tools that read it before would write it as it was. Nothing for other files."""
    return locked() if path in FILES else contextlib.ExitStack()


def _look(path):
    place = Place(path)
    try:
        return place.run(inodes.look, True)
    finally:
        place.close()


def _text(facts):
    return facts.get('content', b'').decode('latin-1')


def _keyed(facts):
    """Lines by name and by which of that name they are; what has no name is a name of its own."""
    found, count = {}, {}
    lines = _text(facts).split('\n')
    if not lines[-1]:
        lines.pop()
    for line in lines:
        name = line.split(':')[0]
        count[name] = count.get(name, 0) + 1
        found[f'{name}:{count[name]}'] = line
    return found


def _fields(line):
    return None if line is None else line.split(':')


def _undone(one, text, problems):
    lines = _keyed({'content': text.encode('latin-1')})
    for change in one['lines']:
        key, before, after, now = change['key'], change['before'], change['after'], lines.get(change['key'])
        if now == before:
            continue
        if before is None:
            if now == after:
                del lines[key]
            else:
                problems.append(_stays(one['path'], key))
        elif after is None:
            if now is None:
                lines = _inserted(lines, change)
            else:
                problems.append(_stays(one['path'], key))
        elif now is None:
            problems.append(f'{key.rpartition(":")[0]} is no longer in {one["path"]}')
        else:
            merged = _merged(one['path'], before, after, now)
            if merged is None:
                problems.append(_stays(one['path'], key))
            else:
                lines[key] = merged
    return ''.join(f'{line}\n' for line in lines.values())


def _stays(path, key):
    return f'the line for {key.rpartition(":")[0]} in {path} has since been changed by someone else and is left as it is'


def _inserted(lines, change):
    """In the place where it was: after the same line as then, if that is still there."""
    if change['previous'] is None:
        return {change['key']: change['before'], **lines}
    result = {}
    for key, line in lines.items():
        result[key] = line
        if key == change['previous']:
            result[change['key']] = change['before']
    result.setdefault(change['key'], change['before'])
    return result


def _merged(path, before, after, now):
    """The line as it is now, without what the change did to it; None when that was changed since."""
    old, new, fields = before.split(':'), after.split(':'), now.split(':')
    if not len(old) == len(new) == len(fields):
        return None
    for index, (was, made) in enumerate(zip(old, new)):
        if was == made or fields[index] == was:
            continue
        if fields[index] == made:
            fields[index] = was
        elif index in LISTS.get(path, ()):
            fields[index] = ','.join(_members(was.split(','), made.split(','), fields[index].split(',')))
        else:
            return None
    return ':'.join(fields)


def _members(was, made, now):
    stays = [member for member in now if member and (member in was or member not in made)]
    return stays + [member for member in was if member and member not in made and member not in stays]


def _assert_numbers_free(kept, problems):
    """An account that comes back must not share its number with one that took it since."""
    for one in kept['files']:
        if one['path'] not in ('/etc/passwd', '/etc/group'):
            continue
        taken = {line.split(':')[2]: key.rpartition(':')[0] for key, line in _keyed(_look(one['path'])).items() if line.count(':') > 2}
        for change in one['lines']:
            if change['before'] and change['after'] is None:
                number, name = change['before'].split(':')[2], change['key'].rpartition(':')[0]
                if taken.get(number, name) != name and taken[number] not in change['sharing']:
                    problems.append(f'{name} cannot be restored: its ID {number} now belongs to {taken[number]}')


def _assert_groups_unneeded(kept, texts, problems):
    """The number of a group that goes must not be left to accounts whose first group it has become since, as groupdel has it."""
    undone = {path: _keyed({'content': texts[path].encode('latin-1')}) if path in texts else _keyed(_look(path)) for path in ('/etc/passwd', '/etc/group')}
    stays = {line.split(':')[2] for line in undone['/etc/group'].values() if line.count(':') > 2}
    for change in [change for one in kept['files'] if one['path'] == '/etc/group' for change in one['lines'] if change['after']]:
        name, number = change['after'].split(':')[0], change['after'].split(':')[2]
        needing = [line.split(':')[0] for line in undone['/etc/passwd'].values() if line.split(':')[3:4] == [number]]
        if needing and number not in stays:
            problems.append(f'group {name} (GID {number}) has become the primary group of {", ".join(needing)}: give {"that account" if len(needing) == 1 else "those accounts"} another with usermod -g')


def _write(one, now, text):
    content, before = text.encode('latin-1'), one['before']
    # Tools end the last line, where it had no end.
    content = next((as_was for as_was in (content, content[:-1]) if hashlib.sha256(as_was).hexdigest() == before.get('sha256')), content)
    is_as_before = hashlib.sha256(content).hexdigest() == before.get('sha256')
    if content == now.get('content', b'') and now['letter'] == before['letter'] and not (is_as_before and now['mtime'] != before['mtime']):
        return
    place = Place(one['path'])
    try:
        if before['letter'] == 'absent' and not content:
            place.run(placing.remove, now['mark'], {}, one['path'])
            return
        wanted = {name: now[name] if now['letter'] == 'f' else before[name] for name in ('mode', 'uid', 'gid', 'xattrs')}
        wanted['flags'] = now.get('flags', 0)
        wanted['content'] = content
        if is_as_before:
            wanted['mtime'] = before['mtime']
        place.run(placing.write, now['mark'], wanted, one['path'])
    finally:
        place.close()

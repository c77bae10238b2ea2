"""`account`: one account of this host, its number, home, shell, further groups, and whether its password is locked; or that there is none.

`seen` is `absent` or `p:UID:GID:HOME:SHELL:PASSWORD`, the last being `locked`, `empty`, `set` or empty where nobody looked. The tools
of shadow make the change; undoing puts back the very lines. The home of an account that is removed stays where it is.
"""

import os
import pwd
import shutil

from . import account_lines, leftovers, numbers, trees
from .commands import must
from .logins import assert_not_ours
from .places import Place
from .refused import Refused

SYSTEM_BELOW = 1000
NO_LOGIN = ('/sbin/nologin', '/usr/sbin/nologin', '/bin/false', '/usr/bin/false')


def make(change, seen, run):
    """Makes the change; tells whether something differed."""
    name = change['name']
    thing = f'account {name}'
    now = _mark(name, seen)
    run.assert_mark(thing, seen, now)
    words, moves = _plan(change, name)
    if not words or run.only_checks:
        return bool(words)
    before = account_lines.look()
    home = _home_to_come(change, name, words)
    record = {'do': 'account', 'name': name, 'home': home, 'moves': moves, 'notify': change.get('notify', [])}
    run.begin({**record, 'before': {path: facts.get('content', b'').decode('latin-1') for path, facts in before.items() if path in account_lines.FILES}})
    run.records()[-1] = record
    try:
        for command in words:
            must(*command)
    finally:
        record['kept'] = account_lines.changed(before, account_lines.look(), _concerns(name))
        if home:
            record['made'] = _marks(home['path'])
    run.left_mark(thing, _mark(name, seen))
    if change.get('state') == 'Absent':
        for sentence in leftovers.of(name, int(now.split(':')[1])):
            run.say(sentence)
    return True


def undo(record, run):
    """Puts back its lines, and removes a home that was made for it and has not been touched."""
    name = record['name']
    if 'kept' not in record:
        copies = run.journal.folder
        raise Refused(f'{name} was being changed when the run was interrupted: compare /etc/passwd, /etc/shadow and /etc/group with the copies in {copies}')
    if run.only_checks:
        return
    made = _number_made(record)
    if made is not None and _has_number(name, made):
        leftovers.assert_unused(name, made, 'was not removed', 'remove it manually with userdel')
    if record['moves'] and _has_number(name, record['moves']['new']):
        leftovers.assert_unused(name, record['moves']['new'], 'keeps its UID', f'run usermod --uid {record["moves"]["old"]} {name}')
    account_lines.put_back(record['kept'])
    if record['moves']:
        numbers.give_files_back(record['moves'])
    run.left_mark(f'account {name}', _mark(name, ''))
    home, stays = record['home'], []
    if home and record.get('made') is not None:
        for mail in home['mail']:
            if os.path.isfile(mail) and not os.path.islink(mail) and not os.path.getsize(mail):
                os.unlink(mail)
        if _marks(home['path']) not in (None, record['made']):
            stays.append(f'{home["path"]} was not removed: something in it has changed since it was created')
        elif os.path.isdir(home['path']):
            shutil.rmtree(home['path'])
    if made is not None:
        stays += leftovers.of(name, made)
    if stays:
        raise Refused('; '.join(stays))


def _has_number(name, number):
    """Whether it is this account that has it, and not another that got it since."""
    try:
        return pwd.getpwnam(name).pw_uid == number
    except KeyError:
        return False


def _number_made(record):
    """The number of the account, where the change created it."""
    for one in record['kept']['files']:
        for line in one['lines'] if one['path'] == '/etc/passwd' else ():
            if line['before'] is None and line['after'] is not None:
                return int(line['after'].split(':')[2])
    return None


def _mark(name, seen):
    try:
        found = pwd.getpwnam(name)
    except KeyError:
        return 'absent'
    looked = not seen.startswith('p:') or not seen.endswith(':')
    return ':'.join(['p', str(found.pw_uid), str(found.pw_gid), found.pw_dir, found.pw_shell, _password(name, found) if looked else ''])


def _password(name, found):
    word = found.pw_passwd
    if word == 'x':
        fields = account_lines.line_of('/etc/shadow', name)
        if fields is None:
            return ''
        word = fields[1]
    return 'empty' if not word else 'locked' if word[0] in '!*' else 'set'


def _plan(change, name):
    """Commands, and what moves to another number."""
    here = account_lines.line_of('/etc/passwd', name)
    try:
        found = pwd.getpwnam(name)
    except KeyError:
        found = None
    if found and not here:
        raise Refused(f'{name} is not in /etc/passwd but comes from another source (see /etc/nsswitch.conf): change it there')
    if change.get('state') == 'Absent':
        if found:
            assert_not_ours(name, 'be removed')
            _assert_no_hooks('userdel')
        return ([['userdel', '--', name]] if found else []), None
    for group in change.get('groups', []):
        if not account_lines.line_of('/etc/group', group):
            raise Refused(f'there is no group {group} in /etc/group: create it first')
    shell = change.get('shell')
    if shell and shell not in NO_LOGIN and not os.access(shell, os.X_OK):
        raise Refused(f'its shell {shell} does not exist on this host: install it first')
    if not found:
        _assert_no_hooks('useradd')
        return _creation(change, name), None
    return _modification(change, name, found)


def _assert_no_hooks(tool):
    """Refuses where the tool would run programs of this host too: nobody knows what they do, and nothing of it could be undone."""
    hooks = []
    for stage in ('pre', 'post'):
        folder = f'/etc/shadow-maint/{tool}-{stage}.d'
        try:
            hooks += [os.path.join(folder, one) for one in sorted(os.listdir(folder))]
        except OSError:
            pass
    if tool == 'userdel':
        hooks += account_lines.login_defs('USERDEL_CMD')
    if hooks:
        raise Refused(f'{tool} would also run {hooks[0]}, which cannot be undone: run {tool} manually')


def _creation(change, name):
    words = ['useradd']
    makes_group = [value.lower() for value in account_lines.login_defs('USERGROUPS_ENAB')] == ['yes']
    if makes_group and account_lines.line_of('/etc/group', name):
        if name not in change.get('groups', []):
            raise Refused(f'there is already a group {name}: add {name} to `groups` to make it the primary group of the account, or remove that group')
        words += ['--gid', name]
    for option, value in (('--uid', change.get('uid')), ('--home-dir', change.get('home')), ('--shell', change.get('shell'))):
        words += [option, str(value)] if value is not None else []
    if change.get('groups'):
        words += ['--groups', ','.join(change['groups'])]
    is_system = change.get('uid') is not None and change['uid'] < SYSTEM_BELOW
    home = change.get('home') or f'/home/{name}'
    makes_home = not is_system and not os.path.lexists(home)
    words += ['--system'] if is_system else []
    words += ['--create-home' if makes_home else '--no-create-home', '--', name]
    return [words] + ([['usermod', '--lock', '--', name]] if change.get('locked') else [])


def _modification(change, name, found):
    words, moves = [], None
    if change.get('uid') not in (None, found.pw_uid):
        assert_not_ours(name, 'get another UID')
        moves = {'what': 'uid', 'old': found.pw_uid, 'new': change['uid'], 'home': found.pw_dir}
        numbers.assert_movable(moves)
        numbers.assert_no_bits_lost(moves)
        words += ['--uid', str(change['uid'])]
    for option, key, value in (('--home', 'home', found.pw_dir), ('--shell', 'shell', found.pw_shell)):
        if change.get(key) not in (None, value):
            assert_not_ours(name, f'get another {key}')
            words += [option, change[key]]
    lacking = [group for group in change.get('groups', []) if name not in account_lines.line_of('/etc/group', group)[3].split(',') and int(account_lines.line_of('/etc/group', group)[2]) != found.pw_gid]
    if lacking:
        words += ['--append', '--groups', ','.join(lacking)]
    if change.get('locked') is not None and change['locked'] != (_password(name, found) == 'locked'):
        if change['locked']:
            assert_not_ours(name, 'be locked')
        words += ['--lock' if change['locked'] else '--unlock']
    return ([['usermod', *words, '--', name]] if words else []), moves


def _home_to_come(change, name, commands):
    """Where useradd will make a home and a box for mail; nothing when it will not."""
    if '--create-home' not in commands[0]:
        return None
    path = change.get('home') or f'/home/{name}'
    place = Place(path)
    try:
        if place.actor:
            raise Refused(f'its home directory ({path}) would be in a directory of another account: create it manually')
    finally:
        place.close()
    return {'path': path, 'mail': [mail for mail in (f'/var/spool/mail/{name}', f'/var/mail/{name}') if not os.path.lexists(mail)]}


def _marks(home):
    if not os.path.isdir(home):
        return None
    return {os.path.relpath(path, home): facts['mark'] for path, facts in trees.look([home]).items()}


def _concerns(name):
    def concerns(path, before, after):
        fields = before or after
        if fields[0] == name:
            return True
        return path in account_lines.LISTS and any(name in _list(before, index) or name in _list(after, index) for index in account_lines.LISTS[path])

    def _list(fields, index):
        return fields[index].split(',') if fields and len(fields) > index else []

    return concerns

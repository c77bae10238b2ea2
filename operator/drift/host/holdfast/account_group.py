"""`accountGroup`: one group of accounts in /etc/group, its number and who is in it; or that there is none.

`seen` is `absent` or `g:GID:MEMBER,…`, sorted, as its line says. The tools of shadow make the change; undoing puts back the very lines.
"""

import grp
import pwd

from . import account_lines, numbers, ways
from .commands import must
from .logins import assert_not_ours
from .refused import Refused


def make(change, seen, run):
    """Makes the change; tells whether something differed."""
    name = change['name']
    thing = f'group {name}'
    run.assert_mark(thing, seen, _mark(name))
    commands = _plan(change, name)
    if not commands or run.only_checks:
        return bool(commands)
    before, ways_in = account_lines.look(), ways.Ways('/etc/group', False)
    record = {'do': 'accountGroup', 'name': name, 'notify': change.get('notify', [])}
    run.begin({**record, 'before': {path: facts.get('content', b'').decode('latin-1') for path, facts in before.items() if path in account_lines.FILES}})
    run.records()[-1] = record
    try:
        for command in commands:
            must(*command)
    finally:
        record['kept'] = account_lines.changed(before, account_lines.look(), _concerns(name))
    ways_in.assert_all()
    run.left_mark(thing, _mark(name))
    return True


def undo(record, run):
    """Puts back its lines."""
    if 'kept' not in record:
        copies = run.journal.folder
        raise Refused(f'group {record["name"]} was being changed when the run was interrupted: compare /etc/group and /etc/gshadow with the copies in {copies}')
    if run.only_checks:
        return
    account_lines.put_back(record['kept'])
    run.left_mark(f'group {record["name"]}', _mark(record['name']))


def _mark(name):
    fields = account_lines.line_of('/etc/group', name)
    if fields:
        return f'g:{fields[2]}:{",".join(sorted({member for member in fields[3].split(",") if member}))}'
    try:
        return f'elsewhere:{grp.getgrnam(name).gr_gid}'
    except KeyError:
        return 'absent'


def _plan(change, name):
    fields = account_lines.line_of('/etc/group', name)
    if not fields and _mark(name) != 'absent':
        raise Refused(f'group {name} is not in /etc/group but comes from another source (see /etc/nsswitch.conf): change it there')
    if change.get('state') == 'Absent':
        if fields and any(name in _names(account) for account in pwd.getpwall() if account.pw_uid == 0):
            raise Refused(f'{name} is the group of root')
        if fields and name in ways.groups_let_in():
            for member in fields[3].split(','):
                assert_not_ours(member, f'be removed from {name}, which AllowGroups of sshd names')
        return [['groupdel', '--', name]] if fields else []
    gid, commands = change.get('gid'), []
    if not fields:
        commands.append(['groupadd', *(['--gid', str(gid)] if gid is not None else []), '--', name])
    elif gid is not None and str(gid) != fields[2]:
        numbers.assert_movable({'what': 'gid', 'old': int(fields[2]), 'new': gid, 'home': None})
        commands.append(['groupmod', '--gid', str(gid), '--', name])
    there = [member for member in fields[3].split(',') if member] if fields else []
    for member in change.get('add', []):
        if member not in there:
            _assert_account(member)
            commands.append(['gpasswd', '--add', member, name])
    for member in dict.fromkeys(change.get('remove', [])):
        if member in there:
            assert_not_ours(member, f'be removed from {name}')
            commands.append(['gpasswd', '--delete', member, name])
    return commands


def _names(account):
    return [group.gr_name for group in grp.getgrall() if group.gr_gid == account.pw_gid]


def _assert_account(name):
    try:
        pwd.getpwnam(name)
    except KeyError:
        raise Refused(f'there is no account {name} on this host: create it first') from None


def _concerns(name):
    def concerns(path, before, after):
        if path == '/etc/passwd':
            # The accounts whose first group it is.
            return bool(before and after) and before[3] != after[3]
        return path in account_lines.LISTS and (before or after)[0] == name

    return concerns

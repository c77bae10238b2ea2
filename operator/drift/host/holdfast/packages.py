"""`package`: a package by its name, installed, in a version, or not. `seen` is `absent`, or its NEVRAs with epochs, sorted.

dnf says first what it would do. What nobody declared is not removed: neither what needs it, nor what came with it, nor what it replaces. Undoing
brings back the very packages, what they changed below /etc, accounts that they made, and what was active.
"""

import os
import re

from . import account_lines, owned, trees, units
from .commands import run
from .refused import Refused
from .transaction import Dnf

NEEDED = ('openssh', 'openssh-server', 'sudo', 'python3', 'platform-python', 'systemd', 'rpm', 'dnf', 'yum', 'bash', 'glibc', 'setup', 'filesystem', 'kernel', 'kernel-core')
NEEDED_FILES = ('/usr/sbin/sshd', '/usr/bin/sudo', '/usr/bin/python3', '/usr/libexec/platform-python', '/usr/lib/systemd/systemd', '/usr/bin/rpm', '/usr/bin/dnf', '/bin/sh')
FORMAT = '%{NAME}-%{EPOCHNUM}:%{VERSION}-%{RELEASE}.%{ARCH}\n'
# Beside configuration, which of several programs somebody chose for a name.
TREES = ('/etc', '/var/lib/alternatives')
LINES = account_lines.FILES + account_lines.BACKUPS + (account_lines.LOCK,)
# Made by tools, anew whenever any package comes or goes, of what is installed then.
DERIVED = re.compile(r'/etc/(ld\.so\.cache|udev/hwdb\.bin|pki/ca-trust/extracted(/.*)?)')
LEFT_OVER = ('.rpmsave', '.rpmnew', '.rpmorig')


def make(change, seen, run):
    """Makes the change; tells whether something differed."""
    name = change['name']
    now = installed_as(name)
    run.assert_mark(f'package {name}', seen, ' '.join(now) or 'absent')
    if change.get('state') == 'Absent':
        asked = {'in': [], 'out': now}
    else:
        asked = {word: change[word] for word in ('name', 'version', 'minVersion') if word in change}
    if change.get('state') == 'Absent' and not now:
        return False
    dnf = Dnf(asked)
    try:
        _assert_only_declared(name, asked, dnf.plan)
        kept = owned.paths_of(dnf.plan['out'], _going(dnf.plan, asked))
        if run.only_checks:
            return True
        before, there = Host(kept), set(all_installed())
        record = {'do': 'package', 'name': name, 'owned': kept, 'in': dnf.plan['in'], 'out': dnf.plan['out'], 'reasons': dnf.plan['reasons'], 'notify': change.get('notify', [])}
        run.begin(record)
        try:
            said = dnf.do()
        finally:
            record.update(before.changes())
        after = set(all_installed())
        lacking = sorted((set(record['in']) - after) | (set(record['out']) & after))
        more = sorted((there - after) - set(record['out']))
        if more:
            record['out'] += more
            raise Refused(f'rpm also removed {", ".join(more)}, which dnf had not announced')
        if lacking:
            raise Refused(f'dnf did not complete the transaction: {said or ", ".join(lacking)}')
    finally:
        dnf.close()
    run.left_mark(f'package {name}', ' '.join(installed_as(name)) or 'absent')
    others = [one for one in record['in'] if one.rsplit('-', 2)[0] != name]
    if others:
        run.say(f'installed with {name}: {", ".join(others)}')
    if before.unknown:
        run.say(f'undoing will not restore {", ".join(before.unknown)}, which cannot be kept')
    return True


def undo(record, run):
    """Puts back the very packages; then what they changed elsewhere."""
    if run.only_checks:
        return
    there = set(all_installed())
    asked = {'in': [one for one in record['out'] if one not in there], 'out': [one for one in record['in'] if one in there], 'reasons': record['reasons']}
    before = Host(record.get('owned', ()))
    if asked['in'] or asked['out']:
        dnf = Dnf(asked)
        try:
            for what, verb in (('out', 'remove'), ('in', 'install')):
                more = sorted(set(dnf.plan[what]) - set(asked[what]))
                if more:
                    raise Refused(f'{record["name"]} is left as it is: dnf would also {verb} {", ".join(more)}')
                less = sorted(set(asked[what]) - set(dnf.plan[what]))
                if less:
                    raise Refused(f'{record["name"]} is left as it is: dnf would not {verb} {", ".join(less)}')
            dnf.do()
        finally:
            dnf.close()
    run.left_mark(f'package {record["name"]}', ' '.join(installed_as(record['name'])) or 'absent')
    if 'links' not in record:
        raise Refused(f'the packages were restored, but the run was interrupted: it is unknown what they have changed below /etc')
    problems = before.put_back(record)
    if problems:
        raise Refused('; '.join(problems))


class Host:
    """What packages change besides their own files: what is below /etc or at these other paths, accounts, and what is active."""

    def __init__(self, others):
        self.others = others
        self.tree, self.lines, self.active = self._look(), account_lines.look(), units.active_units()
        self.unknown = [path for path in others if self.tree.get(path) == trees.UNKNOWN]

    def _look(self):
        return {**trees.look([tree for tree in TREES if os.path.isdir(tree)], LINES), **trees.look_at(self.others)}

    def changes(self):
        active = units.active_units()
        return {
            'links': trees.changed(self.tree, self._look()),
            'lines': account_lines.changed(self.lines, account_lines.look(), lambda path, before, after: True),
            'started': sorted(active - self.active),
            'stopped': sorted(self.active - active),
        }

    def put_back(self, record):
        """Makes all of what the record changed as it was before it, and of the rest as this is; returns sentence parts on what stays."""
        own, problems, kept, now = {one['path']: one for one in record['links']}, [], [], self._look()
        for path, one in list(own.items()):
            if self.tree.get(path, trees.ABSENT)['mark'] not in (one['after'], one['before']['mark']):
                if not DERIVED.fullmatch(path):
                    saved = f'{path}{LEFT_OVER[0]}'
                    where = f'kept as {saved}' if path not in now and saved in now else 'left as it is'
                    problems.append(f'{path} has since been changed by someone else and is {where}')
                kept += [path] + [path + end for end in LEFT_OVER]
                del own[path]
        # A link to what went with the packages, such as that by which somebody enabled a unit, goes with it.
        since = [one for one in trees.changed(self.tree, now) if one['path'] not in kept and one['path'] not in own and not _dangles(one)]
        links = [{**one, 'after': now.get(one['path'], trees.ABSENT)['mark']} for one in own.values()] + since
        try:
            account_lines.put_back(record['lines'])
        except Refused as error:
            problems.append(str(error))
        return problems + units.put_back({'links': links, 'started': record['started'], 'stopped': record['stopped']})


def _dangles(one):
    before = one['before']
    return before['letter'] == 'l' and not os.path.exists(os.path.join(os.path.dirname(one['path']), before['target']))


def _assert_only_declared(name, asked, plan):
    if not plan['in'] and not plan['out']:
        raise Refused(f'dnf would not change anything: check whether it is excluded, locked to a version, or in a module that is not enabled')
    going = _going(plan, asked)
    if 'out' in asked:
        others = sorted(set(going) - set(asked['out']))
        if others:
            raise Refused(f'removing it would also remove {", ".join(others)}: declare {"that package" if len(others) == 1 else "those packages"} absent first, or keep it')
    elif going:
        raise Refused(f'installing it would remove {", ".join(going)}: declare {"that package" if len(going) == 1 else "those packages"} absent first')
    needed = set(NEEDED) | _owners()
    for one in going:
        if _name(one) in needed:
            raise Refused(f'Holdfast itself needs {_name(one)} on the host: remove it manually if you must')


def _going(plan, asked):
    """What no other version takes the place of."""
    return [one for one in plan['out'] if _name(one) not in {_name(other) for other in plan['in']} or 'out' in asked]


def _name(nevra):
    return nevra.rsplit('-', 2)[0]


def _owners():
    """The packages that Holdfast works by, whatever they are called here."""
    _, said, _ = _rpm('-qf', '--qf', '%{NAME}\n', *[path for path in NEEDED_FILES if os.path.exists(path)])
    return {line for line in said.splitlines() if ' ' not in line}


def all_installed():
    code, said, complained = _rpm('-qa', '--qf', FORMAT)
    if code:
        raise Refused(f'rpm cannot list the installed packages: {complained.strip()[-200:]}')
    return said.split()


def installed_as(name):
    """What is installed by the name, or by name and architecture or version, sorted."""
    code, said, complained = _rpm('-q', '--qf', FORMAT, '--', name)
    if code not in (0, 1) or (code and f'package {name} is not installed' not in said):
        raise Refused(f'rpm cannot determine whether {name} is installed: {(complained or said).strip()[-200:]}')
    return [] if code else sorted(said.split())


def _rpm(*words):
    return run('rpm', *words, seconds=120)

"""`unit`: one unit of systemd, whether it is enabled, active, masked. `seen` has the form `LOAD:UNITFILE:ACTIVE`, as `systemctl show` tells them.

What a change would take along is looked at first. Undoing puts back the very links below /etc/systemd/system, and what was active.
"""

import os
import time

from . import trees
from .commands import first_line, systemctl
from .commands import run as run_tool
from .refused import Refused

ROOTS = ('/etc/systemd/system', '/run/systemd/system', '/etc/rc.d', *(f'/etc/rc{level}.d' for level in '0123456S'))
FACTS = ('Id', 'Names', 'LoadState', 'UnitFileState', 'ActiveState', 'SubState', 'Type', 'Result', 'NRestarts', 'InvocationID', 'RequiredBy', 'BoundBy', 'ConsistsOf', 'PropagatesStopTo', 'Conflicts', 'ConflictedBy', 'ExecStart', 'CanReload', 'RefuseManualStart', 'RefuseManualStop', 'Triggers', 'UpheldBy')
TAKES_ALONG = ('RequiredBy', 'BoundBy', 'ConsistsOf', 'PropagatesStopTo')
CONFLICTS = ('Conflicts', 'ConflictedBy')
REFUSALS = {'RefuseManualStart': ('start', 'restart'), 'RefuseManualStop': ('stop', 'restart')}
ACTIVE = ('active', 'reloading', 'refreshing', 'maintenance')
KINDS = 'service,socket,timer,path,mount,automount,swap'
SECONDS = 300
# Types of a daemon that does not say when it has started, and, in addition, when it has reloaded.
UNTOLD = ('simple', 'exec', 'idle')
RELOADED = (*UNTOLD, 'notify', 'forking', 'dbus')
# A daemon that does not say when it is ready may die at once.
SETTLES = 1.5


def make(change, seen, run):
    """Makes the change; tells whether something differed."""
    unit = change['unit']
    now = show(unit)
    run.assert_mark(unit, seen, _mark(now))
    commands = _plan(change, now)
    if not commands or run.only_checks:
        return bool(commands)
    links, active = look(), active_units()
    record = {'do': 'unit', 'unit': unit, 'before': _mark(now), 'notify': change.get('notify', [])}
    run.begin(record)
    since = time.time()
    try:
        for words in commands:
            _run(unit, words, since)
        if ['stop'] in commands and show(unit)['ActiveState'] == 'failed':
            # Many daemons end so when they are stopped, and the host would count as degraded.
            systemctl('reset-failed', '--', unit)
        _keep_linked(unit, links, change)
        if change.get('active'):
            assert_stays(unit, since)
    finally:
        record['links'] = trees.changed(links, look())
        record['started'] = sorted((active_units() - active) & (_needed_by(unit) | {unit}))
        record['stopped'] = sorted({unit} & active - active_units())
    _assert_right(change, show(unit))
    run.left_mark(unit, _mark(show(unit)))
    return True


def undo(record, run):
    """Puts back links, and starts and stops what the change stopped and started."""
    unit = record['unit']
    if 'links' not in record:
        raise Refused(f'{unit} was being changed when the run was interrupted: previously, it was {record["before"].replace(":", ", ")}')
    if not run.only_checks:
        was = record['before'].rpartition(':')[2]
        if was in ('inactive', 'failed') and show(unit)['ActiveState'] == 'activating':
            # It fails, and would be started again and again.
            systemctl('stop', '--no-ask-password', '--', unit, seconds=SECONDS)
        problems = put_back(record)
        if was == 'inactive' and show(unit)['ActiveState'] == 'failed':
            systemctl('reset-failed', '--', unit)
        run.left_mark(unit, _mark(show(unit)))
        if problems:
            raise Refused('; '.join(problems))


def put_back(record):
    """Returns sentence parts on what stays."""
    problems = trees.put_back(record['links'])
    if record['links']:
        systemctl('daemon-reload')
    active = active_units()
    going = [unit for unit in record['started'] if unit in active]
    # What others have come to need since stays, and with it what that needs.
    while True:
        needed = [(unit, others) for unit in going for others in [_active_of(show(unit), TAKES_ALONG, active - set(going))] if others]
        if not needed:
            break
        problems += [f'{unit} is left active: stopping it would also stop {", ".join(others)}' for unit, others in needed]
        going = [unit for unit in going if unit not in dict(needed)]
    for unit in going:
        problems += _tried(unit, 'stop')
    for unit in record['stopped']:
        others = [] if unit in active else _active_of(show(unit), CONFLICTS, active - set(going))
        served = [] if unit in active or not unit.endswith('.socket') else _active_of(show(unit), ('Triggers',), active)
        if others:
            problems.append(f'{unit} is left inactive: starting it would also stop {", ".join(others)}')
        elif served:
            problems.append(f'{unit} is left inactive, because systemd starts it only before {served[0]}, which is active: run systemctl stop {served[0]}, then systemctl start {unit} {served[0]}')
        elif unit not in active:
            problems += _tried(unit, 'start')
    return problems


def look():
    return trees.look([root for root in ROOTS if os.path.isdir(root) and not os.path.islink(root)])


def active_units():
    code, said, complained = systemctl('list-units', '--all', '--plain', '--no-legend', '--full', f'--type={KINDS}', '--state=active')
    if code:
        raise Refused(f'systemctl cannot list the active units: {first_line(complained)}')
    return {line.split()[0] for line in said.splitlines() if line.strip()}


def show(unit):
    code, said, complained = systemctl('show', f'--property={",".join(FACTS)}', '--', unit)
    facts = dict(line.split('=', 1) for line in said.splitlines() if '=' in line)
    if code or not {'Id', 'LoadState', 'UnitFileState', 'ActiveState'} <= set(facts):
        raise Refused(f'systemctl cannot show {unit}: {first_line(complained) or "its output is incomplete"}')
    return {fact: facts.get(fact, '') for fact in FACTS}


def _mark(facts):
    return f'{facts["LoadState"]}:{facts["UnitFileState"]}:{facts["ActiveState"]}'


def _plan(change, now):
    """Commands of systemctl, in their order."""
    unit, is_masked, commands = change['unit'], now['LoadState'] == 'masked', []
    wants = any(change.get(word) for word in ('enabled', 'active'))
    if now['LoadState'] == 'not-found' and not change.get('masked'):
        raise Refused(f'there is no unit {unit} on this host: install the package that provides it')
    if change.get('masked') or change.get('enabled') is False or change.get('active') is False:
        _assert_not_ours(now)
    if change.get('masked') is False or (wants and is_masked):
        commands += [['unmask'], ['unmask', '--runtime']]
    # What is masked is not told apart from what is not enabled; the mask comes back at once.
    hides = change.get('enabled') is False and now['UnitFileState'] == 'masked-runtime'
    if hides:
        commands.append(['unmask', '--runtime'])
    if 'enabled' in change:
        commands.append(['enable' if change['enabled'] else 'disable'])
        if not change['enabled'] and now['UnitFileState'].endswith('-runtime'):
            commands.append(['disable', '--runtime'])
        commands.append(['mask', '--runtime'] if hides else ['daemon-reload'])
    is_active = now['ActiveState'] in ACTIVE
    if change.get('active') and not is_active:
        assert_takes(now, 'start')
        _assert_alone(now, CONFLICTS, 'starting it would also stop')
        waits = now['SubState'].startswith('auto-restart')
        if now['ActiveState'] == 'activating' and not waits:
            raise Refused(f'{unit} is still starting ({now["SubState"]}): check journalctl -u {unit} for what it waits for')
        # One that waits to be started again would be waited for.
        commands.append(['restart' if waits else 'start'])
    if change.get('active') is False and (is_active or now['ActiveState'] not in ('inactive', 'failed')):
        assert_takes(now, 'stop')
        _assert_alone(now, TAKES_ALONG, 'stopping it would also stop')
        _assert_alone(now, ('UpheldBy',), 'it would be started again at once by')
        commands.append(['stop'])
    if change.get('masked') and now['UnitFileState'] != 'masked':
        own = f'/etc/systemd/system/{unit}'
        if os.path.lexists(own) and os.path.realpath(own) != '/dev/null' and not os.path.islink(own):
            raise Refused(f'this host has its own unit file at {own}, where the mask would go: move it away first')
        commands.append(['mask'])
    return commands


def _assert_not_ours(now):
    """Refuses to stop what lets Holdfast in, and what lets the host be reached and managed at all."""
    names = now['Names'].split() or [now['Id']]
    for name in names:
        stem, _, kind = name.rpartition('.')
        if (stem.split('@')[0] in ('ssh', 'sshd') and kind in ('service', 'socket')) or '/sshd ' in now['ExecStart']:
            raise Refused(f'Holdfast reaches the host through {name}: do it manually if you must')
        if stem in ('NetworkManager', 'network', 'systemd-networkd', 'dbus', 'dbus-broker', 'systemd-journald', 'systemd-udevd', 'systemd-logind') or kind in ('target', 'slice', 'scope') and stem in ('basic', 'sysinit', 'multi-user', 'graphical', 'default', 'network', 'local-fs', 'sockets', 'timers', 'paths', 'system', 'user', '-'):
            raise Refused(f'the host cannot be reached or managed without {name}: do it manually if you must')


def assert_takes(now, word, first=''):
    """Refuses what a unit has systemd do for other units alone, such as to stop auditd. `word` is `start`, `stop` or `restart`; `first` is advice that comes before."""
    for option, words in REFUSALS.items():
        if word in words and now[option] == 'yes':
            stem = now['Id'].rpartition('.')[0]
            raise Refused(f'{now["Id"]} does not let systemctl {word} it ({option}=yes): {first}try `service {stem} {word}`, or restart the host')


def _assert_alone(now, kinds, what):
    others = _active_of(now, kinds, active_units())
    if others:
        raise Refused(f'{what} {", ".join(others)}: declare in the baseline what should happen to {"it" if len(others) == 1 else "them"} first, or do it manually')


def _active_of(facts, kinds, active):
    """Others of the active units that these properties of a unit name."""
    return sorted({other for kind in kinds for other in facts[kind].split()} & active - set(facts['Names'].split()))


def _run(unit, words, since):
    command = words if words == ['daemon-reload'] else [words[0], *words[1:], '--no-ask-password', '--', unit]
    code, _, complained = systemctl(*command, seconds=SECONDS)
    if code:
        reason = _reason(unit, since) if words[0] in ('start', 'restart', 'stop') else first_line(complained)
        raise Refused(f'{unit} did not {words[0]}: {reason or "systemd gives no reason"}')


def assert_stays(unit, since, kinds=UNTOLD):
    """Refuses when it ends or starts anew by itself, watched for a moment where its type is one of these."""
    end = time.monotonic() + SETTLES
    first = show(unit)
    while True:
        now = show(unit)
        if now['ActiveState'] not in ACTIVE or now['NRestarts'] != first['NRestarts']:
            raise Refused(f'{unit} starts but does not stay active ({now["ActiveState"]}, {now["SubState"]}): {_reason(unit, since) or "systemd gives no reason"}')
        if now['Type'] not in kinds or time.monotonic() > end:
            return
        time.sleep(0.1)


def _keep_linked(unit, links, change):
    """Disabling takes the very link by which systemd has a unit from elsewhere: without it nobody could start the unit again."""
    own = f'/etc/systemd/system/{unit}'
    was = links.get(own, trees.ABSENT)
    if change.get('enabled') is False and was['letter'] == 'l' and os.path.basename(was['target']) == unit and not os.path.lexists(own):
        trees.put(own, was)
        systemctl('daemon-reload')


def _assert_right(change, now):
    wrong = []
    if change.get('enabled') and now['UnitFileState'] in ('disabled', 'masked', 'masked-runtime', 'enabled-runtime', 'bad', ''):
        wrong.append(f'systemctl enabled it, but it is {now["UnitFileState"] or "without a unit file"}')
    if change.get('enabled') is False and now['UnitFileState'] in ('enabled', 'enabled-runtime'):
        wrong.append(f'systemctl disabled it, but it is {now["UnitFileState"]}')
    if change.get('masked') and now['UnitFileState'] != 'masked':
        wrong.append(f'systemctl masked it, but it is {now["UnitFileState"]}')
    if change.get('masked') is False and now['LoadState'] == 'masked':
        wrong.append('systemctl unmasked it, but it is still masked')
    if wrong:
        raise Refused('; '.join(wrong))


def _needed_by(unit):
    """What systemd starts along with it."""
    _, said, _ = systemctl('list-dependencies', '--plain', '--all', '--full', '--', unit)
    return {line.split()[-1] for line in said.splitlines() if line.strip()}


def _tried(unit, word):
    since = time.time()
    try:
        assert_takes(show(unit), word)
    except Refused as error:
        return [str(error)]
    code, _, complained = systemctl(word, '--no-ask-password', '--', unit, seconds=SECONDS)
    return [f'{unit} did not {word}: {_reason(unit, since) or first_line(complained)}'] if code else []


def _reason(unit, since):
    """What the unit said last; else what systemd thinks of its end. `since`: seconds since 1970, when its change began."""
    facts = show(unit)
    words = ['journalctl', '--quiet', '--no-pager', '--output=cat', '--lines=1', '_TRANSPORT=stdout', '_TRANSPORT=stderr', '_TRANSPORT=syslog']
    of_invocation = [*words, f'_SYSTEMD_INVOCATION_ID={facts["InvocationID"]}']
    # Of a process that is gone when the journal looks, it knows the unit alone.
    of_unit = [*words, f'--since=@{int(since)}', f'_SYSTEMD_UNIT={unit}']
    said = []
    try:
        # What it wrote may still be on its way; on a busy host this alone takes seconds.
        run_tool('journalctl', '--sync', seconds=20)
        end = time.monotonic() + SETTLES
        while not said and facts['InvocationID'] and time.monotonic() < end:
            said = run_tool(*of_invocation, seconds=20)[1].strip().splitlines() or run_tool(*of_unit, seconds=20)[1].strip().splitlines()
    except Refused:
        pass
    result = '' if facts['Result'] in ('', 'success') else f'{facts["Result"]}; check journalctl -u {unit}'
    return ': '.join(part for part in (said[-1] if said else '', result) if part)

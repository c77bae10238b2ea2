"""`notify`: what a daemon is told once all changes are made: to read its configuration again, or to start anew. One that is not active is left alone."""

import os
import time

from . import units
from .commands import first_line, systemctl
from .refused import Refused

MOST_SECONDS = 10
ACTIVE = ('active', 'reloading', 'refreshing')


def tell(unit, action, rewrites=None):
    """`action` is `reload`, `restart` or `try-reload-or-restart`. Waits until the daemon has written the file `rewrites` anew. Raises when the
    unit was active and does not take it."""
    facts = units.show(unit)
    if facts['ActiveState'] not in ACTIVE:
        return
    if _restarts(facts, action):
        units.assert_takes(facts, 'restart', 'leave out `notify`, then ')
    before, since = _mark(rewrites), time.time()
    code, _, complained = systemctl(action, '--', unit)
    if code:
        raise Refused(f'{unit} did not {action}: {first_line(complained) or "no reason was given"}; check journalctl -u {unit}')
    if not rewrites:
        # What a daemon does with its configuration shows only after a reload, and where it does not say when it is ready.
        units.assert_stays(unit, since, units.UNTOLD if action == 'restart' else units.RELOADED)
    deadline = time.monotonic() + MOST_SECONDS
    while rewrites and _mark(rewrites) in (before, None):
        if time.monotonic() > deadline:
            raise Refused(f'{unit} did not {action} within {MOST_SECONDS} s; check journalctl -u {unit}')
        time.sleep(0.02)


def reload_units(changed):
    """Has systemd read its units again. Returns those of the changed ones that it could use before, and now cannot, each with the reason."""
    if not os.path.isdir('/run/systemd/system'):
        return {}
    loaded = [unit for unit in changed if _load_state(unit)[0] == 'loaded']
    if systemctl('daemon-reload')[0]:
        raise Refused('systemd did not reload its units; check journalctl --unit=init.scope')
    states = {unit: _load_state(unit) for unit in loaded}
    return {unit: f'systemd cannot use {unit} as changed ({why or state})' for unit, (state, why) in states.items() if state in ('bad-setting', 'error')}


def _load_state(unit):
    if '@.' in unit or '.' not in unit:
        return '', ''
    _, said, _ = systemctl('show', '--property=LoadState,LoadError', '--', unit)
    told = dict(line.split('=', 1) for line in said.splitlines() if '=' in line)
    return told.get('LoadState', ''), told.get('LoadError', '').strip('"').partition(' "')[2].rstrip('"')


def recover(unit, action, _rewrites=None):
    """Has the daemon take its previous configuration, once that is back, and starts one that did not survive the new one."""
    if action == 'daemon-reload':
        reload_units([])
        return
    facts = units.show(unit)
    if facts['ActiveState'] in ACTIVE:
        # One that nobody may restart has not been.
        if not _restarts(facts, action) or 'yes' not in (facts[option] for option in units.REFUSALS):
            tell(unit, action)
        return
    since = time.time()
    systemctl('reset-failed', '--', unit)
    code, _, complained = systemctl('restart', '--', unit)
    if code:
        raise Refused(f'{unit} does not start with its previous configuration either: {first_line(complained) or "no reason was given"}')
    units.assert_stays(unit, since)


def _restarts(facts, action):
    return action == 'restart' or action == 'try-reload-or-restart' and facts['CanReload'] == 'no'


def _mark(path):
    try:
        found = os.stat(path)
        return (found.st_ino, found.st_mtime_ns) if found.st_size else None
    except (OSError, TypeError):
        return None

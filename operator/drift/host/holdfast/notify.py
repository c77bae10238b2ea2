"""`notify`: what a daemon is told once all changes are made: to read its configuration again, or to start anew. One that is not active is left alone."""

import os
import time

from .commands import first_line, systemctl
from .refused import Refused

MOST_SECONDS = 10


def tell(unit, action, rewrites=None):
    """`action` is `reload`, `restart` or `try-reload-or-restart`, or `daemon-reload`, whatever the unit. Waits until the daemon has written the
    file `rewrites` anew. Raises when the unit was active and does not take it."""
    if action == 'daemon-reload':
        if systemctl('daemon-reload')[0]:
            raise Refused('systemd did not reload its units; check journalctl --unit=init.scope')
        return
    if systemctl('is-active', '--quiet', '--', unit)[0]:
        return
    before = _mark(rewrites)
    code, _, complained = systemctl(action, '--', unit)
    if code:
        raise Refused(f'{unit} did not {action}: {first_line(complained) or "no reason was given"}; check journalctl -u {unit}')
    deadline = time.monotonic() + MOST_SECONDS
    while rewrites and _mark(rewrites) in (before, None):
        if time.monotonic() > deadline:
            raise Refused(f'{unit} did not {action} within {MOST_SECONDS} s; check journalctl -u {unit}')
        time.sleep(0.02)


def _mark(path):
    try:
        found = os.stat(path)
        return (found.st_ino, found.st_mtime_ns) if found.st_size else None
    except (OSError, TypeError):
        return None

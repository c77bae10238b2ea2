"""`notify`: what a daemon is told once all changes are made: to read its configuration again, or to start anew. One that is not active is left alone."""

import os
import subprocess
import time

from .refused import Refused

MOST_SECONDS = 10


def systemctl(*words, seconds=90):
    return subprocess.run(['systemctl', *words], stdin=subprocess.DEVNULL, capture_output=True, timeout=seconds, check=False, text=True, env={'PATH': '/usr/sbin:/usr/bin:/sbin:/bin', 'LC_ALL': 'C'})


def tell(unit, action, rewrites=None):
    """`action` is `reload`, `restart` or `try-reload-or-restart`, or `daemon-reload`, whatever the unit. Waits until the daemon has written the
    file `rewrites` anew. Raises when the unit was active and does not take it."""
    if action == 'daemon-reload':
        done = systemctl('daemon-reload')
        if done.returncode:
            raise Refused('systemd did not read its units again; see journalctl --unit=init.scope')
        return
    if systemctl('is-active', '--quiet', '--', unit).returncode:
        return
    before = _mark(rewrites)
    done = systemctl(action, '--', unit)
    if done.returncode:
        said = done.stderr.strip().splitlines()
        raise Refused(f'{unit} did not {action}: {said[0] if said else "no reason was given"}; see journalctl -u {unit}')
    deadline = time.monotonic() + MOST_SECONDS
    while rewrites and _mark(rewrites) in (before, None):
        if time.monotonic() > deadline:
            raise Refused(f'{unit} was told to {action} and did not within {MOST_SECONDS} s; see journalctl -u {unit}')
        time.sleep(0.02)


def _mark(path):
    try:
        found = os.stat(path)
        return (found.st_ino, found.st_mtime_ns) if found.st_size else None
    except (OSError, TypeError):
        return None

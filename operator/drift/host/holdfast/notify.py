"""`notify`: what a daemon is told once all changes are made: to read its configuration again, or to start anew. One that is not active is left alone."""

import subprocess

from .refused import Refused


def systemctl(*words, seconds=90):
    return subprocess.run(['systemctl', *words], stdin=subprocess.DEVNULL, capture_output=True, timeout=seconds, check=False, text=True, env={'PATH': '/usr/sbin:/usr/bin:/sbin:/bin', 'LC_ALL': 'C'})


def tell(unit, action):
    """`action` is `reload`, `restart` or `try-reload-or-restart`, or `daemon-reload`, whatever the unit. Raises when the unit was active and does not take it."""
    if action == 'daemon-reload':
        done = systemctl('daemon-reload')
        if done.returncode:
            raise Refused('systemd did not read its units again; see journalctl --unit=init.scope')
        return
    if systemctl('is-active', '--quiet', '--', unit).returncode:
        return
    done = systemctl(action, '--', unit)
    if done.returncode:
        said = done.stderr.strip().splitlines()
        raise Refused(f'{unit} did not {action}: {said[0] if said else "no reason was given"}; see journalctl -u {unit}')

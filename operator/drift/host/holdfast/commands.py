"""Tools of the host, run without a terminal, in English, and within a time limit. Works with Python 3.6."""

import subprocess

from .refused import Refused

ENVIRONMENT = {'PATH': '/usr/sbin:/usr/bin:/sbin:/bin', 'LC_ALL': 'C', 'HOME': '/root'}


def run(*words, seconds=60):
    """Its exit code, and what it wrote as text. Refuses when there is no such tool, or when it does not end in time."""
    try:
        done = subprocess.run(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=seconds, check=False, env=ENVIRONMENT)
    except FileNotFoundError:
        raise Refused(f'there is no {words[0]} on this host') from None
    except subprocess.TimeoutExpired:
        raise Refused(f'{words[0]} did not end within {seconds} s') from None
    return done.returncode, done.stdout.decode(errors='replace'), done.stderr.decode(errors='replace')


def must(*words, seconds=60):
    """Refuses with the tool's own last words when it fails."""
    code, said, complained = run(*words, seconds=seconds)
    if code:
        lines = (complained or said).strip().splitlines()
        raise Refused(lines[-1] if lines else f'{words[0]} ended with {code}')
    return said

"""Tools of the host, run without a terminal, in English, and within a time limit. Works with Python 3.6."""

import subprocess

from .refused import Refused

ENVIRONMENT = {'PATH': '/usr/sbin:/usr/bin:/sbin:/bin', 'LC_ALL': 'C', 'HOME': '/root'}


def run(*words, seconds=60, become=None):
    """Its exit code, and what it wrote as text. Refuses when there is no such tool, or when it does not end in time. `become` is called in its
    process before it starts."""
    try:
        done = subprocess.run(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=seconds, check=False, env=ENVIRONMENT, cwd='/', preexec_fn=become)
    except FileNotFoundError:
        raise Refused(f'{words[0]} is not installed on this host') from None
    except (OSError, subprocess.SubprocessError) as error:
        late = isinstance(error, subprocess.TimeoutExpired)
        raise Refused(f'{words[0]} did not finish within {seconds} s' if late else f'{words[0]} cannot be started ({error})') from None
    return done.returncode, done.stdout.decode(errors='replace'), done.stderr.decode(errors='replace')


def must(*words, seconds=60):
    """What it wrote. Refuses with its own last words when it fails, but for hints, which are indented."""
    code, said, complained = run(*words, seconds=seconds)
    if code:
        lines = [line for line in (complained or said).splitlines() if line[:1].strip()]
        raise Refused(lines[-1] if lines else f'{words[0]} failed with exit code {code}')
    return said


def systemctl(*words, seconds=90):
    return run('systemctl', *words, seconds=seconds)


def first_line(text):
    return (text.strip().splitlines() or [''])[0]

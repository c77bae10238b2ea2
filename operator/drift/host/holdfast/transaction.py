"""A conversation with `rpms.py`, which the host's own Python runs: first its plan, then the deed."""

import importlib.util
import json
import os
import select
import subprocess
import sys
import tempfile

from . import locks, rpms
from .refused import Refused

PYTHONS = (sys.executable, '/usr/libexec/platform-python', '/usr/bin/python3', '/usr/bin/python3.9', '/usr/bin/python3.12')
ENVIRONMENT = {'PATH': '/usr/sbin:/usr/bin:/sbin:/bin', 'LC_ALL': 'C.UTF-8', 'HOME': '/root'}
# In seconds: metadata and solving; packages; and the transaction, which is never cut off, since that would leave half of it.
PLAN, DOWNLOAD, TRANSACTION = 300, 1800, 7200
LOCK_SECONDS = 20


class Dnf:
    """One transaction, planned when made. `plan` has `in`, `out` (names with epoch, version, release and architecture) and `reasons`."""

    def __init__(self, asked):
        self._process, self._errors = None, tempfile.TemporaryFile()  # pylint: disable=consider-using-with
        assert_nobody_at_work()
        for python in dict.fromkeys(path for path in PYTHONS if path and os.path.exists(path)):
            self._start(python, asked)
            self.plan = self._answer(PLAN, 'to plan the transaction')
            if 'missing' not in self.plan:
                return
            self.close()
        raise Refused('the Python of this host has no dnf modules: install python3-dnf')

    def do(self):
        """Returns what scriptlets said."""
        self._process.stdin.write(b'go\n')
        self._process.stdin.flush()
        self._answer(DOWNLOAD, 'to download the packages')
        return self._answer(TRANSACTION, 'to change the packages', kill=False)['done']

    def close(self):
        if self._process:
            self._process.stdin.close()
            try:
                self._process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process.stdout.close()
            self._process = None

    def _start(self, python, asked):
        source = importlib.util.find_spec(rpms.__name__).loader.get_source(rpms.__name__)
        self._process = subprocess.Popen([python, '-c', source], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._errors, env=ENVIRONMENT, cwd='/', start_new_session=True)  # pylint: disable=consider-using-with
        self._process.stdin.write(json.dumps(asked).encode() + b'\n')
        self._process.stdin.flush()

    def _answer(self, seconds, what, kill=True):
        ready, _, _ = select.select([self._process.stdout], [], [], seconds)
        line = self._process.stdout.readline() if ready else b''
        if not ready:
            if kill:
                self._process.kill()
            raise Refused(f'dnf took longer than {seconds // 60} minutes {what}')
        if not line:
            self._errors.seek(0)
            said = self._errors.read()[-2000:].decode(errors='replace').strip().splitlines()
            raise Refused(f'dnf exited early: {said[-1] if said else "no reason given"}')
        answer = json.loads(line.decode())
        if 'error' in answer:
            raise Refused(f'dnf: {answer["error"]}')
        return answer


def assert_nobody_at_work():
    """Whoever else changes packages holds this lock, on which librpm would wait without end."""
    for path in ('/var/lib/rpm/.rpm.lock', '/usr/lib/sysimage/rpm/.rpm.lock'):
        try:
            opened = os.open(path, os.O_RDWR)
        except OSError:
            continue
        try:
            locks.take(opened, LOCK_SECONDS, 'someone else is changing packages right now: rpm is locked')
        finally:
            os.close(opened)

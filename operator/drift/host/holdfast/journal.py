"""What is kept on the host so that a run can be undone: for each check what was there before and after each of its changes.

It lies below /var/lib/holdfast/undo in folders that only root can enter, one a run: `CHECK.json` with the records, and `CHECK.N` with
the content of a file. A record is on disk before its change is made, so that a crash leaves none unsaid. The oldest runs go.

`/var/lib/holdfast/executed` has the runs that changed something here, one a line, in their order: none is executed twice, whatever the
cluster believes after a restore, and which operator asks. Undoing a run leaves its line.
"""

import contextlib
import json
import os
import re
import shutil
import stat

from .refused import Refused

FOLDER = '/var/lib/holdfast/undo'
MOST_RUNS = 60
MOST_LINES = 20000


@contextlib.contextmanager
def keeping():
    """What cannot be put back later is not changed: on a disk that is full or read-only, a run says so."""
    try:
        yield
    except OSError as error:
        raise Refused(f'the previous state cannot be kept below /var/lib/holdfast ({error.strerror}), and nothing is changed without it: free space there, or make it writable') from None


class Journal:
    def __init__(self, run, folder=FOLDER):
        if not re.fullmatch(r'[A-Za-z0-9][A-Za-z0-9-]{0,127}', run):
            raise Refused('the run has an invalid name')
        self.folder = os.path.join(folder, run)

    @keeping()
    def open(self):
        """Takes the run up: once, whoever asks. Makes its folder, and removes those of the oldest runs."""
        above = os.path.dirname(self.folder)
        for folder in (os.path.dirname(above), above):
            private(folder)
        log = Log(os.path.join(os.path.dirname(above), 'executed'), above)
        name = os.path.basename(self.folder)
        try:
            if name in log.runs:
                raise FileExistsError
            os.mkdir(self.folder, 0o700)
        except FileExistsError:
            raise Refused('this run was executed on this host before, and is not executed again') from None
        runs = log.add(name)
        # By that order and not by time: the clock of a host may be set back, and the run at work would be the oldest.
        latest = set(runs[-MOST_RUNS:])
        for name in os.listdir(above):
            if name not in latest:
                shutil.rmtree(os.path.join(above, name), ignore_errors=True)

    @keeping()
    def write(self, check, records):
        for number, record in enumerate(records):
            content = record.pop('content', None)
            if content is not None:
                self._store(f'{check}.{number}', content)
                record['kept'] = f'{check}.{number}'
        self._store(f'{check}.json', json.dumps(records).encode())

    def read(self, check):
        """The records of a check; none when the run changed nothing of it."""
        try:
            with open(os.path.join(self.folder, f'{check}.json'), 'rb') as file:
                return json.load(file)
        except FileNotFoundError:
            return []

    def content(self, record):
        with open(os.path.join(self.folder, record['kept']), 'rb') as file:
            return file.read()

    def exists(self):
        return os.path.isdir(self.folder)

    def _store(self, name, content):
        path = os.path.join(self.folder, name)
        _write(path + '.new', content, os.O_TRUNC)
        os.rename(path + '.new', path)


class Log:
    """The runs that were executed here, one a line."""

    def __init__(self, path, folders):
        self.path = path
        try:
            with open(path, encoding='ascii', opener=lambda path, flags: os.open(path, flags | os.O_NOFOLLOW)) as file:
                self.runs = file.read().split()
        except FileNotFoundError:
            # As on a host of an earlier version, which has folders only.
            self.runs = sorted(os.listdir(folders), key=lambda name: os.lstat(os.path.join(folders, name)).st_mtime)
            self._replace()

    def add(self, run):
        """On disk when it returns. A line is short, so that two at once do not mix."""
        self.runs.append(run)
        _write(self.path, f'{run}\n'.encode(), os.O_APPEND)
        if len(self.runs) > MOST_LINES:
            self.runs = self.runs[-MOST_LINES // 2:]
            self._replace()
        return self.runs

    def _replace(self):
        _write(self.path + '.new', ''.join(f'{run}\n' for run in self.runs).encode(), os.O_TRUNC)
        os.rename(self.path + '.new', self.path)


def _write(path, content, how):
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW | how, 0o600), 'wb') as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    folder = os.open(os.path.dirname(path), os.O_RDONLY | os.O_DIRECTORY)
    os.fsync(folder)
    os.close(folder)


def private(path):
    """A folder that is root's alone. Its parents are the system's."""
    try:
        os.mkdir(path, 0o700)
    except FileExistsError:
        pass
    found = os.lstat(path)
    if not stat.S_ISDIR(found.st_mode) or found.st_uid or found.st_mode & 0o022:
        raise Refused(f'{path} is not a directory that only root can change: check who created it, and remove it')

"""What is kept on the host so that a run can be undone: for each check what was there before and after each of its changes.

It lies below /var/lib/holdfast/undo in folders that only root can enter, one a run: `CHECK.json` with the records, and `CHECK.N` with
the content of a file. A record is on disk before its change is made, so that a crash leaves none unsaid. The oldest runs go.
"""

import json
import os
import re
import shutil
import stat

from .refused import Refused

FOLDER = '/var/lib/holdfast/undo'
MOST_RUNS = 60


class Journal:
    def __init__(self, run, folder=FOLDER):
        if not re.fullmatch(r'[A-Za-z0-9][A-Za-z0-9-]{0,127}', run):
            raise Refused('the run has an invalid name')
        self.folder = os.path.join(folder, run)

    def open(self):
        """Makes the folder, and removes those of the oldest runs."""
        for folder in (os.path.dirname(os.path.dirname(self.folder)), os.path.dirname(self.folder), self.folder):
            private(folder)
        above = os.path.dirname(self.folder)
        runs = sorted((os.path.join(above, name) for name in os.listdir(above)), key=lambda path: os.lstat(path).st_mtime)
        for path in runs[:-MOST_RUNS]:
            shutil.rmtree(path, ignore_errors=True)

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
        with open(path + '.new', 'wb', opener=lambda path, flags: os.open(path, flags | os.O_NOFOLLOW, 0o600)) as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.rename(path + '.new', path)


def private(path):
    """A folder that is root's alone. Its parents are the system's."""
    try:
        os.mkdir(path, 0o700)
    except FileExistsError:
        pass
    found = os.lstat(path)
    if not stat.S_ISDIR(found.st_mode) or found.st_uid or found.st_mode & 0o022:
        raise Refused(f'{path} is not a directory that only root can change: check who created it, and remove it')

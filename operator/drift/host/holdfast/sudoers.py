"""Files that sudo reads: nothing is put in place that visudo does not accept, nor that keeps Holdfast's own account from sudo.

The file by itself is checked before it is put in place, by `VALIDATE`; the whole configuration, and that the account can still use sudo
without a terminal and a password, when it is. What then is not sound is taken back at once.
"""

import os
import re

from . import commands, ways
from .refused import Refused

MAIN = '/etc/sudoers'
VALIDATE = ['visudo', '-cf', '%s']
INCLUDE = re.compile(r'^\s*[@#]include(dir)?\s+(?:"([^"]+)"|((?:[^\s\\]|\\.)+))')


class Guard:
    """Looks at sudo, and at the other ways in, before a change of the file, and after it. One of a file that none of them reads guards nothing."""

    def __init__(self, path, only_checks):
        self.path, self.is_read = path, reads(path)
        # Whether what undoing takes away may have to be put back.
        self.concerns = self.is_read or ways.concern(path)
        self._ways, self.was_sound = None, False
        if self.concerns and not only_checks:
            self._ways, self.was_sound = ways.Ways(path, self.is_read), self.is_read and not _run('visudo', '-c')[0]

    def assert_sound(self):
        """Raises when the change that was just made has to be taken back."""
        if self.is_read:
            code, said = _run('visudo', '-c')
            # Of a configuration that was not sound before, such as for the mode of another file, it is not this change that is to blame.
            if code and self.was_sound:
                raise Refused(f'visudo does not accept the complete configuration with the new {self.path}, so the change was reverted: {said}')
        self.assert_able()

    def assert_able(self):
        """Raises when Holdfast can no longer come in as it could."""
        if self._ways:
            self._ways.assert_all()


def reads(path):
    """Whether sudo reads the file, or would if it were there."""
    if path == MAIN or re.fullmatch(r'/etc/sudoers\.d/[^/]+', path):
        return True
    waiting, known = [MAIN], set()
    while waiting:
        one = waiting.pop()
        if one in known:
            continue
        known.add(one)
        if one == path:
            return True
        for is_folder, named in _includes(one):
            if not is_folder:
                waiting.append(named)
            elif os.path.dirname(path) == named.rstrip('/'):
                return True
            else:
                try:
                    waiting += [os.path.join(named, name) for name in os.listdir(named) if '.' not in name and not name.endswith('~')]
                except OSError:
                    pass
    return False


def _includes(path):
    try:
        with open(path, encoding='utf-8', errors='replace') as file:
            lines = file.read(1024 * 1024).splitlines()
    except OSError:
        return
    for line in lines:
        found = INCLUDE.match(line)
        if found:
            named = found.group(2) or re.sub(r'\\(.)', r'\1', found.group(3))
            named = named.replace('%h', os.uname().nodename.split('.')[0])
            yield bool(found.group(1)), os.path.join(os.path.dirname(path), named)


def _run(*command):
    """Its exit code, and the first line of what it complains of."""
    try:
        code, said, complained = commands.run(*command)
    except Refused as error:
        raise Refused(f'{command[0]} cannot be run ({error}), and Holdfast does not change sudo files without it') from None
    return code, commands.first_line(complained or said) or f'exit code {code}'

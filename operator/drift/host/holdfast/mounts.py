"""`mount`: a file system is mounted at a path, or the flags of a mount there are set or cleared, with all others kept.

`seen` is what /proc/self/mountinfo tells of the topmost mount at the path, as `ROOT OPTIONS TYPE SOURCE SUPEROPTIONS`, or `absent`. Flags are set by
the system call: the command would take others from fstab. Undoing unmounts what was mounted, or gives the flags as they were.
"""

import ctypes
import os
import re

from .commands import must
from .places import Place, account_name
from .refused import Refused

FLAGS = {'ro': 1, 'nosuid': 2, 'nodev': 4, 'noexec': 8, 'nosymfollow': 256, 'noatime': 1024, 'nodiratime': 2048, 'relatime': 1 << 21, 'strictatime': 1 << 24}
TIMES = {'noatime', 'relatime', 'strictatime'}
REMOUNT, BIND = 32, 4096
SECONDS = 90
# What a file system has when it shows nothing.
DEFAULTS = {'size': '50%', 'hidepid': '0', 'gid': '0'}


def make(change, seen, run):
    """Makes the change; tells whether something differed."""
    path = change['path']
    with Spot(path) as spot:
        before = spot.found()
        run.assert_mark(path, seen, before)
        if before == 'absent':
            return _mount(change, spot, run)
        flags, data = _wanted(before, change), change.get('data', '')
        if flags == flags_of(before) and not data:
            return False
        if run.only_checks:
            return True
        record = {'do': 'mount', 'path': path, 'before': before, 'data': _data_of(before, data)}
        run.begin(record)
        spot.remount(flags, data, before)
        record['after'] = spot.found()
        run.left_mark(path, record['after'])
        return True


def undo(record, run):
    """Puts back what was there, when what is there is what the change left."""
    path, before = record['path'], record['before']
    if before == 'absent' and not os.path.lexists(path):
        return
    with Spot(path) as spot:
        now = spot.found()
        if now == before:
            return
        if 'after' not in record:
            raise Refused(f'{path} was being mounted when the run was interrupted and is left as it is')
        if now != record['after']:
            raise Refused(f'{path} has since been mounted differently by someone else and is left as it is')
        if run.only_checks:
            return
        if before == 'absent':
            spot.leave()
            must('umount', '--', path, seconds=SECONDS)
        else:
            spot.remount(flags_of(before), record['data'], before)
            after = spot.found()
            if after != before:
                raise Refused(f'{path} is not mounted exactly as before: it has {after} instead of {before}')
        run.left_mark(path, before)


def _mount(change, spot, run):
    path = change['path']
    if 'set' in change or 'clear' in change or 'data' in change:
        raise Refused(f'{path} is no longer mounted')
    if spot.actor:
        raise Refused(f'{path} is in a directory of {account_name(spot.actor)}: Holdfast does not mount anything there')
    if os.listdir(spot.itself):
        raise Refused(f'{path} is not empty, and the mount would hide its content: move it away first')
    if run.only_checks:
        return True
    record = {'do': 'mount', 'path': path, 'before': 'absent'}
    run.begin(record)
    words = ['--', path]
    if 'source' in change:
        words = ['-t', change['type'], *(['-o', change['options']] if change.get('options') else []), '--', change['source'], path]
    spot.leave()
    try:
        must('mount', *words, seconds=SECONDS)
    finally:
        with Spot(path) as now:
            record['after'] = now.found()
    run.left_mark(path, record['after'])
    return True


class Spot:
    """The directory at a path, opened without following what others could have put there."""

    def __init__(self, path):
        self.path = path
        place = Place(path)
        self.actor = place.actor
        try:
            self._opened = os.open(place.name, os.O_PATH | os.O_NOFOLLOW, dir_fd=place.folder)
        except FileNotFoundError:
            raise Refused(f'{path} does not exist: create the directory first') from None
        finally:
            place.close()
        self.itself = f'/proc/self/fd/{self._opened}'

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.leave()

    def leave(self):
        """Lets go of it: what is open cannot be unmounted."""
        if self._opened is not None:
            os.close(self._opened)
            self._opened = None

    def found(self):
        """What is mounted just there."""
        with open(f'/proc/self/fdinfo/{self._opened}') as file:
            own = re.search(r'^mnt_id:\s*([0-9]+)$', file.read(), re.MULTILINE)
        with open('/proc/self/mountinfo', errors='surrogateescape') as file:
            for line in file:
                number, _parent, _device, root, path, options, rest = line.rstrip('\n').split(' ', 6)
                if own and number == own.group(1) and _plain(path) == self.path:
                    return f'{root} {options} {rest.partition("- ")[2] if rest.startswith("- ") else rest.partition(" - ")[2]}'
        return 'absent'

    def remount(self, flags, data, found):
        """With data it is the file system too that is told; its own flag of being read-only stays as it is."""
        libc = ctypes.CDLL(None, use_errno=True)
        own = flags & ~FLAGS['ro'] | (FLAGS['ro'] if 'ro' in found.rsplit(' ', 1)[1].split(',') else 0)
        if data and libc.mount(None, self.itself.encode(), None, ctypes.c_ulong(REMOUNT | own), data.encode()):
            self._refuse(f'does not accept {data}')
        if libc.mount(None, self.itself.encode(), None, ctypes.c_ulong(REMOUNT | BIND | flags), None):
            self._refuse('cannot be remounted with these options')

    def _refuse(self, what):
        raise Refused(f'{self.path} {what}: {os.strerror(ctypes.get_errno())}')


def flags_of(found):
    """The flags of a mount itself, as the system call takes them."""
    options = set(found.split(' ')[1].split(','))
    if not options & TIMES:
        options.add('strictatime')
    return sum(bit for name, bit in FLAGS.items() if name in options)


def _wanted(before, change):
    flags, put = flags_of(before), set(change.get('set', []))
    if put & TIMES:
        flags &= ~sum(FLAGS[name] for name in TIMES)
    for name in change.get('clear', []):
        flags &= ~FLAGS[name]
    for name in put:
        flags |= FLAGS[name]
    return flags if flags & sum(FLAGS[name] for name in TIMES) else flags | FLAGS['relatime']


def _data_of(before, data):
    """The same names with the values that they have."""
    shown = dict(option.partition('=')[::2] for option in before.rsplit(' ', 1)[1].split(','))
    names = [option.partition('=')[0] for option in data.split(',') if option]
    return ','.join(f'{name}={shown.get(name, DEFAULTS.get(name, ""))}' for name in names)


def _plain(text):
    return re.sub(r'\\([0-7]{3})', lambda found: chr(int(found.group(1), 8)), text)

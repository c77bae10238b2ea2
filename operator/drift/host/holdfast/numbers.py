"""Another number for an account or a group: files keep the old one, so that it is done only where that does no harm."""

import os
import stat
from collections import Counter

from .commands import run
from .refused import Refused

# Of file systems that are this host's own.
LOCAL = ('ext2', 'ext3', 'ext4', 'xfs', 'btrfs', 'overlay', 'tmpfs', 'vfat', 'f2fs', 'zfs')
SECONDS = 120
MOST = 3


def assert_movable(move):
    """Refuses when files of the old number would become nobody's, or those of the new number this account's."""
    home = move['home'] if move['what'] == 'uid' else None
    option = f'-{move["what"]}'
    new = _found(option, move['new'], None)
    if new:
        raise Refused(f'files with the ID {move["new"]} already exist ({", ".join(new)}) and would get another owner: check whose they are first')
    old = _found(option, move['old'], home)
    if old:
        raise Refused(f'files belong to its ID {move["old"]} ({", ".join(old)}) and would have no owner: change the ID and that of the files manually')


def assert_no_bits_lost(move):
    """Refuses where files in the home have bits that the kernel takes away when they get another owner: nobody would put them back."""
    home = move['home']
    if not os.path.isdir(home) or os.path.islink(home):
        return
    bits = stat.S_ISUID | stat.S_ISGID
    found = [os.path.join(home, name) for _, name, one in _below(home) if one.st_uid == move['old'] and stat.S_ISREG(one.st_mode) and one.st_mode & bits]
    if found:
        raise Refused(f'{", ".join(found[:MOST])} would lose the set-user-ID or set-group-ID bit: change the ID and the owner of files manually')


def give_files_back(move):
    """What usermod gave to the new number below the home. Nothing is followed."""
    home = move['home']
    if not os.path.isdir(home) or os.path.islink(home) or os.lstat(home).st_uid != move['new']:
        return
    left, seen = [], Counter(_inode(found) for _, _, found in _below(home))
    for opened, name, found in _below(home):
        if found.st_uid != move['new']:
            continue
        # One that has a name elsewhere too may not have been this account's.
        if not stat.S_ISDIR(found.st_mode) and found.st_nlink > seen[_inode(found)]:
            left.append(name)
            continue
        os.chown(name, move['old'], -1, dir_fd=opened, follow_symlinks=False)
    os.chown(home, move['old'], -1, follow_symlinks=False)
    if left:
        raise Refused(f'files in {home} keep the ID {move["new"]}, because they have several hard links: {", ".join(left[:MOST])}')


def _below(folder):
    """Of all that is below a folder: the opened folder in which it is, its name there, and what it is."""
    for _, folders, names, opened in os.fwalk(folder, follow_symlinks=False):
        for name in folders + names:
            yield opened, name, os.stat(name, dir_fd=opened, follow_symlinks=False)


def _inode(found):
    return found.st_dev, found.st_ino


def _found(option, number, but):
    mounts = []
    with open('/proc/self/mounts', encoding='utf-8', errors='surrogateescape') as file:
        for line in file:
            _, path, kind = line.split(' ')[:3]
            path = path.encode().decode('unicode_escape') if '\\' in path else path
            if kind in LOCAL and not path.startswith(('/proc', '/sys', '/dev')):
                mounts.append(path)
    home = ['-path', but, '-prune', '-o'] if but and but != '/' else []
    words = ['find', *dict.fromkeys(mounts), '-xdev', *home, option, str(number), '-print']
    try:
        _, said, _ = run(*words, seconds=SECONDS)
    except Refused as error:
        raise Refused(f'files with the ID {number} cannot be searched for: {error}. Change the ID and that of the files manually') from None
    found = said.splitlines()
    return found[:MOST] + ([f'and {len(found) - MOST} more'] if len(found) > MOST else [])

"""What stands at a name in a folder: its type, and of files, directories and links all that undoing needs; and how owner, mode and access list
are given to one that is open. Nothing is followed."""

import fcntl
import hashlib
import os
import stat
import struct

from .places import account_name
from .refused import Refused

MOST_BYTES = 64 * 1024 * 1024
LETTERS = {stat.S_IFREG: 'f', stat.S_IFDIR: 'd', stat.S_IFLNK: 'l', stat.S_IFIFO: 'p', stat.S_IFSOCK: 's', stat.S_IFBLK: 'b', stat.S_IFCHR: 'c'}
WORDS = {'d': 'a directory', 'l': 'a symbolic link', 'p': 'a named pipe', 's': 'a socket', 'b': 'a block device', 'c': 'a character device', 'absent': 'nothing', 'f': 'a regular file'}
ACCESS_LISTS = ('system.posix_acl_access', 'system.posix_acl_default')


GET_FLAGS = 0x80086601  # FS_IOC_GETFLAGS
# Those that people set by chattr and that only concern how the file is kept: c, d, s, u, A, C, D, S, j, P, t, T. Neither immutable nor append-only.
KEPT_FLAGS = 0x00000001 | 0x00000002 | 0x00000004 | 0x00000008 | 0x00000040 | 0x00000080 | 0x00004000 | 0x00008000 | 0x00010000 | 0x00020000 | 0x00800000


def look(folder, name, with_content, needs_content=True):
    """What stands at the name: its type, and for a regular file all that undoing needs. Unless `needs_content`, one that is too large, or is being
    written, has no digest."""
    try:
        opened = os.open(name, os.O_PATH | os.O_NOFOLLOW, dir_fd=folder)
    except FileNotFoundError:
        return {'letter': 'absent', 'mark': 'absent'}
    try:
        found = os.fstat(opened)
        letter = LETTERS.get(stat.S_IFMT(found.st_mode), '?')
        facts = {'letter': letter, 'mode': stat.S_IMODE(found.st_mode), 'uid': found.st_uid, 'gid': found.st_gid, 'inode': found.st_ino}
        if letter == 'l':
            target = os.readlink('', dir_fd=opened)
            return {**facts, 'target': target, 'mark': f'l:{facts["uid"]}:{facts["gid"]}:{target}'}
        itself = f'/proc/self/fd/{opened}'
        xattrs = {attribute: os.getxattr(itself, attribute).hex() for attribute in sorted(os.listxattr(itself))}
        digest = ''
        if letter == 'f':
            if os.geteuid() and found.st_uid != os.geteuid():
                raise Refused(f'it is in a directory of {account_name(os.geteuid())} but belongs to {account_name(found.st_uid)}, so it is unknown which of them put it there')
            if found.st_nlink > 1:
                raise Refused(f'it has {found.st_nlink} hard links, and a change would affect all of them')
            facts['mtime'] = found.st_mtime_ns
            try:
                content = _content(itself, found, facts)
                digest = hashlib.sha256(content).hexdigest()
                if with_content:
                    facts['content'] = content
            except Refused:
                if needs_content:
                    raise
        owned = f'{facts["mode"]:o}:{facts["uid"]}:{facts["gid"]}'
        marks = hashlib.sha256(repr(sorted(xattrs.items())).encode()).hexdigest()[:16]
        return {**facts, 'xattrs': xattrs, 'sha256': digest, 'mark': f'{letter}:{owned}:{digest}:{marks}'}
    finally:
        os.close(opened)


def _content(path, found, facts):
    with open(path, 'rb') as file:
        facts.update(_flags(file))
        if found.st_size > MOST_BYTES:
            raise Refused('it is larger than 64 MiB, too large to be kept for an undo')
        content = file.read(MOST_BYTES + 1)
        now = os.fstat(file.fileno())
    if (now.st_mtime_ns, now.st_size) != (found.st_mtime_ns, found.st_size) or len(content) != found.st_size:
        raise Refused('someone is writing to it right now')
    return content


def _flags(file):
    try:
        flags = struct.unpack('I', fcntl.ioctl(file, GET_FLAGS, bytes(8))[:4])[0] & KEPT_FLAGS
    except OSError:
        return {}
    return {'flags': flags} if flags else {}


def assert_still(folder, name, mark, is_of_content=True):
    now = look(folder, name, False, is_of_content)['mark']
    if now != mark and (is_of_content or attributes_of(now) != attributes_of(mark)):
        raise Refused('someone else changed it just now')


def attributes_of(mark):
    """What a mark tells of all but the content of a file."""
    parts = mark.split(':')
    return parts[:4] + parts[5:] if parts[0] == 'f' else parts


def dress(opened, wanted, path):
    """Owner first, since changing it takes bits of the mode away; the access list after the mode, which it refines."""
    itself = f'/proc/self/fd/{opened}'
    found = os.fstat(opened)
    gid = found.st_gid if wanted['gid'] is None else wanted['gid']
    if (found.st_uid, found.st_gid) != (wanted['uid'], gid):
        os.chown(itself, wanted['uid'], gid)
    if stat.S_IMODE(os.fstat(opened).st_mode) != wanted['mode']:
        os.chmod(itself, wanted['mode'])
    there = set(os.listxattr(itself))
    for name in there - set(wanted['xattrs']):
        if name in ACCESS_LISTS or name.startswith('user.'):
            os.removexattr(itself, name)
    if not set(ACCESS_LISTS) & set(wanted['xattrs']):
        os.chmod(itself, wanted['mode'])
    for name, value in wanted['xattrs'].items():
        if name not in there or os.getxattr(itself, name).hex() != value:
            os.setxattr(itself, name, bytes.fromhex(value))
    if wanted.get('context'):
        _label(itself, path, found.st_mode)
    if 'mtime' in wanted:
        os.utime(itself, ns=(wanted['mtime'], wanted['mtime']))


def _label(itself, path, mode):
    """The label that SELinux's policy has for the path, as `restorecon` gives it."""
    try:
        import selinux  # pylint: disable=import-outside-toplevel
    except ImportError:
        return
    if selinux.is_selinux_enabled() > 0:
        os.setxattr(itself, 'security.selinux', selinux.matchpathcon(path, mode)[1].encode() + b'\0')

"""How a file comes to a name in a folder, or goes: whole, by a rename in that folder, and only where still stands what was looked at."""

import contextlib
import errno
import fcntl
import os
import re
import struct

from . import inodes
from .commands import first_line, run
from .refused import Refused

TEMPORARY = re.compile(r'\.holdfast-([0-9]+)-[0-9a-f]{16}')
SET_FLAGS = 0x40086602  # FS_IOC_SETFLAGS


def remove(folder, name, mark, _wanted, _path):
    inodes.assert_still(folder, name, mark)
    _unless_mounted(_path, os.unlink, name, dir_fd=folder)
    _sync(folder)


def _unless_mounted(path, function, *arguments, **options):
    try:
        function(*arguments, **options)
    except OSError as error:
        if error.errno != errno.EBUSY:
            raise
        raise Refused(f'{path} is a mount point (see findmnt), so it can be neither replaced nor removed: change the file that is mounted there, or unmount it') from None


def link(folder, name, before):
    os.symlink(before['target'], name, dir_fd=folder)
    if not os.geteuid():
        os.chown(name, before['uid'], before['gid'], dir_fd=folder, follow_symlinks=False)
    _sync(folder)


def write(folder, name, mark, wanted, path):
    if 'content' not in wanted:
        inodes.assert_still(folder, name, mark, is_of_content=False)
        opened = os.open(name, os.O_PATH | os.O_NOFOLLOW, dir_fd=folder)
        try:
            inodes.dress(opened, wanted, path)
        finally:
            os.close(opened)
        return
    _sweep(folder)
    temporary = f'.holdfast-{os.getpid()}-{os.urandom(8).hex()}'
    opened = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600, dir_fd=folder)
    try:
        try:
            view = memoryview(wanted['content'])
            while view:
                view = view[os.write(opened, view):]
            _flag(opened, wanted.get('flags', 0))
            os.fsync(opened)
            inodes.dress(opened, wanted, path)
        finally:
            os.close(opened)
        if wanted.get('validate'):
            _validate(wanted['validate'], os.path.join(os.path.dirname(path), temporary), path)
        inodes.assert_still(folder, name, mark)
        if mark == 'absent':
            os.link(temporary, name, src_dir_fd=folder, dst_dir_fd=folder, follow_symlinks=False)
            os.unlink(temporary, dir_fd=folder)
        else:
            _unless_mounted(path, os.rename, temporary, name, src_dir_fd=folder, dst_dir_fd=folder)
    except BaseException:
        try:
            os.unlink(temporary, dir_fd=folder)
        except FileNotFoundError:
            pass
        raise
    _sync(folder)


def _sweep(folder):
    """Removes what a process left that was killed before it put its file in place: it may hold secrets."""
    opened = os.open('.', os.O_RDONLY | os.O_DIRECTORY, dir_fd=folder)
    try:
        names = os.listdir(opened)
    finally:
        os.close(opened)
    for name in names:
        found = TEMPORARY.fullmatch(name)
        if found and not os.path.exists(f'/proc/{found.group(1)}'):
            with contextlib.suppress(OSError):
                os.unlink(name, dir_fd=folder)


def _flag(opened, flags):
    """What chattr set on the file before, such as `d` or `A`, which its content does not depend on."""
    if not flags:
        return
    try:
        now = struct.unpack('I', fcntl.ioctl(opened, inodes.GET_FLAGS, bytes(8))[:4])[0]
        fcntl.ioctl(opened, SET_FLAGS, struct.pack('Q', now | flags))
    except OSError:
        raise Refused('the file that would replace it cannot be given its attributes (see lsattr): remove them with chattr first') from None


def _sync(folder):
    # A folder opened by path alone cannot be synchronised itself.
    opened = os.open('.', os.O_RDONLY | os.O_DIRECTORY, dir_fd=folder)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _validate(words, temporary, path):
    command = [temporary if word == '%s' else word for word in words]
    tool = words[3] if words[0] == 'sh' else words[0]
    try:
        code, said, complained = run(*command)
    except Refused as error:
        raise Refused(f'{tool} cannot check the new {path} ({error}), so it was not put in place') from None
    if code:
        reason = first_line((complained or said).replace(temporary, path)) or 'no reason given'
        raise Refused(f'{tool} does not accept the new {path}, so it was not put in place: {reason}')


@contextlib.contextmanager
def permitted(place):
    """Says why root is not permitted to change what is at a place, or that the file system takes no change."""
    try:
        yield
    except PermissionError as error:
        raise _why_not_permitted(error, place) from None
    except OSError as error:
        if error.errno not in (errno.EROFS, errno.ENOSPC, errno.EDQUOT):
            raise
        raise Refused(f'{place.path} cannot be written: {error.strerror} (see findmnt --target {os.path.dirname(place.path)})') from None


def _why_not_permitted(error, place):
    """Root is refused where the file, or its folder, was made immutable."""
    for name in (place.name, '.'):
        try:
            opened = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=place.folder)
        except OSError:
            continue
        try:
            flags = fcntl.ioctl(opened, inodes.GET_FLAGS, b'\0' * 8)
        except OSError:
            flags = b'\0'
        finally:
            os.close(opened)
        for bit, word, option in ((0x10, 'immutable', 'i'), (0x20, 'append-only', 'a')):
            if flags[0] & bit:
                return Refused(f'{place.path if name != "." else os.path.dirname(place.path)} is {word} (see lsattr), probably on purpose: run chattr -{option} to allow changes')
    return error

"""How a file comes to a name in a folder, or goes: whole, by a rename in that folder, and only where still stands what was looked at."""

import fcntl
import os

from . import inodes
from .commands import first_line, run
from .refused import Refused

GET_FLAGS = 0x80086601  # FS_IOC_GETFLAGS


def remove(folder, name, mark, _wanted, _path):
    inodes.assert_still(folder, name, mark)
    os.unlink(name, dir_fd=folder)
    _sync(folder)


def link(folder, name, before):
    os.symlink(before['target'], name, dir_fd=folder)
    if not os.geteuid():
        os.chown(name, before['uid'], before['gid'], dir_fd=folder, follow_symlinks=False)
    _sync(folder)


def write(folder, name, mark, wanted, path):
    if 'content' not in wanted:
        inodes.assert_still(folder, name, mark)
        opened = os.open(name, os.O_PATH | os.O_NOFOLLOW, dir_fd=folder)
        try:
            inodes.dress(opened, wanted, path)
        finally:
            os.close(opened)
        return
    temporary = f'.holdfast-{os.urandom(8).hex()}'
    opened = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600, dir_fd=folder)
    try:
        try:
            view = memoryview(wanted['content'])
            while view:
                view = view[os.write(opened, view):]
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
            os.rename(temporary, name, src_dir_fd=folder, dst_dir_fd=folder)
    except BaseException:
        try:
            os.unlink(temporary, dir_fd=folder)
        except FileNotFoundError:
            pass
        raise
    _sync(folder)


def _sync(folder):
    # A folder opened by path alone cannot be synchronised itself.
    opened = os.open('.', os.O_RDONLY | os.O_DIRECTORY, dir_fd=folder)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _validate(words, temporary, path):
    command = [temporary if word == '%s' else word for word in words]
    try:
        code, said, complained = run(*command)
    except Refused as error:
        raise Refused(f'{words[0]} cannot check the new {path} ({error}), so it was not put in place') from None
    if code:
        reason = first_line((complained or said).replace(temporary, path)) or 'no reason given'
        raise Refused(f'{words[0]} does not accept the new {path}, so it was not put in place: {reason}')


def why_not_permitted(error, place):
    """Root is refused where the file, or its folder, was made immutable."""
    for name in (place.name, '.'):
        try:
            opened = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=place.folder)
        except OSError:
            continue
        try:
            flags = fcntl.ioctl(opened, GET_FLAGS, b'\0' * 8)
        except OSError:
            flags = b'\0'
        finally:
            os.close(opened)
        for bit, word, option in ((0x10, 'immutable', 'i'), (0x20, 'append-only', 'a')):
            if flags[0] & bit:
                return Refused(f'{place.path if name != "." else os.path.dirname(place.path)} is {word} (see lsattr), probably on purpose: run chattr -{option} to allow changes')
    return error

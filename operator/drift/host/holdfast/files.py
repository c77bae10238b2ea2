"""`file`: one regular file, its lines, content, mode, owner, group and access list; or that there is none.

What stands at the path must be what the probe saw. It is replaced whole, by a rename in its own folder, or its inode is changed by
descriptor; nothing is followed. `seen` has the form `f:MODE:UID:GID:SHA256` (an empty part was not looked at) or `absent`.
"""

import fcntl
import hashlib
import os
import stat
import subprocess

from . import sudoers
from .accounts import gid_of, uid_of
from .places import Place, account_name
from .refused import Refused

MOST_BYTES = 64 * 1024 * 1024
LETTERS = {stat.S_IFREG: 'f', stat.S_IFDIR: 'd', stat.S_IFLNK: 'l', stat.S_IFIFO: 'p', stat.S_IFSOCK: 's', stat.S_IFBLK: 'b', stat.S_IFCHR: 'c'}
WORDS = {'d': 'a directory', 'l': 'a symbolic link', 'p': 'a named pipe', 's': 'a socket', 'b': 'a block device', 'c': 'a character device', 'absent': 'nothing', 'f': 'a regular file'}
GET_FLAGS = 0x80086601  # FS_IOC_GETFLAGS
ACCESS_LISTS = ('system.posix_acl_access', 'system.posix_acl_default')
# Of the kernel for this very content: it would be false on another.
CONTENT_BOUND = ('security.capability', 'security.ima', 'security.evm')


def make(change, seen, run):
    """Makes the change; tells whether something differed."""
    path = change['path']
    place = Place(path)
    try:
        before = place.run(look, True)
        run.assert_as_seen(path, seen, before)
        if before['letter'] not in ('f', 'absent') and not (before['letter'] == 'l' and change.get('state') == 'Absent'):
            raise Refused(f'there is {WORDS[before["letter"]]} at {path}, not a regular file: Holdfast removes none')
        guard = sudoers.Guard(path, run.only_checks)
        if guard.is_read:
            change = {'newMode': '440', **change, 'validate': change.get('validate') or sudoers.VALIDATE}
        wanted = _wanted(change, before, place, run)
        if wanted is None or run.only_checks:
            return wanted is not None
        record = {'do': 'file', 'path': path, 'before': _kept(before), 'notify': change.get('notify', [])}
        if 'content' in before and (wanted.get('absent') or 'content' in wanted):
            record['content'] = before['content']
        run.begin(record)
        try:
            place.run(_remove if wanted.get('absent') else _write, before['mark'], {**wanted, 'validate': change.get('validate')}, path)
        except PermissionError as error:
            raise _why_not_permitted(error, place) from None
        after = place.run(look, True)
        record['after'] = after['mark']
        run.touched(path, before, after)
        guard.assert_sound()
        return True
    finally:
        place.close()


def _why_not_permitted(error, place):
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
                return Refused(f'{place.path if name != "." else os.path.dirname(place.path)} is {word} (lsattr), and somebody wanted it so: chattr -{option} lets it be changed')
    return error


def undo(record, run):
    """Puts back what was there, when what is there is what the change left."""
    path, before = record['path'], record['before']
    place, guard = Place(path), sudoers.Guard(path, run.only_checks)
    try:
        now = place.run(look, guard.is_read)
        if now['mark'] == before['mark'] or run.only_checks and now['mark'] == record.get('after'):
            return
        if 'after' not in record:
            raise Refused(f'{path} was being changed when the run was cut off, and stays as it is now. {_where_kept(record, run)}')
        if now['mark'] != record['after']:
            raise Refused(f'{path} was changed since by somebody else, and stays as it is now. {_where_kept(record, run)}')
        wanted = {name: before[name] for name in ('mode', 'uid', 'gid', 'mtime', 'xattrs') if name in before}
        if before['letter'] == 'absent':
            place.run(_remove, now['mark'], {}, path)
        elif before['letter'] == 'l':
            place.run(_link, before)
        else:
            if 'kept' in record:
                wanted['content'] = run.journal.content(record)
            place.run(_write, now['mark'], wanted, path)
        _assert_sudo(guard, place, now, path, record, run)
        run.taken_back(path)
    finally:
        place.close()


def _assert_sudo(guard, place, now, path, record, run):
    """Undoing keeps nobody from sudo either: what would is not put back."""
    try:
        guard.assert_able()
    except Refused as error:
        is_back = place.run(look, False)
        if now['letter'] == 'absent':
            place.run(_remove, is_back['mark'], {}, path)
        else:
            place.run(_write, is_back['mark'], {name: now[name] for name in ('mode', 'uid', 'gid', 'mtime', 'xattrs', 'content')}, path)
        raise Refused(f'{error}. {_where_kept(record, run)}') from None


def _where_kept(record, run):
    return f'What it was before is kept in {os.path.join(run.journal.folder, record["kept"])}' if 'kept' in record else f'Before, it was {_in_words(record["before"])}'


def _in_words(before):
    if before['letter'] == 'absent':
        return 'not there'
    if before['letter'] == 'l':
        return f'a symbolic link to {before["target"]}'
    return f'of mode {before["mode"]:04o}, owner {account_name(before["uid"])}, group {before["gid"]}'


def _kept(before):
    return {name: value for name, value in before.items() if name != 'content'}


def look(folder, name, with_content):
    """What stands at the name: its type, and for a regular file all that undoing needs."""
    try:
        opened = os.open(name, os.O_PATH | os.O_NOFOLLOW, dir_fd=folder)
    except FileNotFoundError:
        return {'letter': 'absent', 'mark': 'absent'}
    try:
        found = os.fstat(opened)
        letter = LETTERS.get(stat.S_IFMT(found.st_mode), '?')
        facts = {'letter': letter, 'mode': stat.S_IMODE(found.st_mode), 'uid': found.st_uid, 'gid': found.st_gid}
        if letter == 'l':
            target = os.readlink('', dir_fd=opened)
            return {**facts, 'target': target, 'mark': f'l:{facts["uid"]}:{facts["gid"]}:{target}'}
        itself = f'/proc/self/fd/{opened}'
        xattrs = {attribute: os.getxattr(itself, attribute).hex() for attribute in sorted(os.listxattr(itself))}
        digest = ''
        if letter == 'f':
            if os.geteuid() and found.st_uid != os.geteuid():
                raise Refused(f'it lies in the territory of {account_name(os.geteuid())} and belongs to {account_name(found.st_uid)}: who of the two put it there cannot be told')
            if found.st_nlink > 1:
                raise Refused(f'it has {found.st_nlink} names (hard links): what is done to it would be done to the others')
            if found.st_size > MOST_BYTES:
                raise Refused('it is larger than 64 MiB, too large to be kept for undoing')
            facts['mtime'] = found.st_mtime_ns
            content = _content(itself, found, facts)
            if content is not None:
                digest = hashlib.sha256(content).hexdigest()
                if with_content:
                    facts['content'] = content
        owned = f'{facts["mode"]:o}:{facts["uid"]}:{facts["gid"]}'
        marks = hashlib.sha256(repr(sorted(xattrs.items())).encode()).hexdigest()[:16]
        return {**facts, 'xattrs': xattrs, 'sha256': digest, 'mark': f'{letter}:{owned}:{digest}:{marks}'}
    finally:
        os.close(opened)


def _content(path, found, facts):
    with open(path, 'rb') as file:
        content = file.read(MOST_BYTES + 1)
        now = os.fstat(file.fileno())
    if (now.st_mtime_ns, now.st_size) != (found.st_mtime_ns, found.st_size) or len(content) != found.st_size:
        raise Refused('somebody is writing to it at this moment')
    return content


def _wanted(change, before, place, run):
    """What is to be different, whole; `None` when nothing is."""
    is_there = before['letter'] == 'f'
    if change.get('state') == 'Absent':
        return {'absent': True} if before['letter'] != 'absent' else None
    content = _new_content(change, before, run)
    if content is None and not is_there:
        raise Refused('it does not exist, and what it should hold is not declared')
    owner = before['uid'] if is_there else place.actor
    # A folder with the set-group-ID bit hands its group down; the file is made in it as anybody would make it.
    group = before.get('gid')
    wanted = {
        'mode': int(change['mode'], 8) if 'mode' in change else before['mode'] if is_there else int(change.get('newMode', '644'), 8),
        'uid': uid_of(change['owner']) if 'owner' in change else owner,
        'gid': gid_of(change['group']) if 'group' in change else group,
        'xattrs': dict(before.get('xattrs', {})),
        'context': not is_there and not place.actor,
    }
    if place.actor and wanted['uid'] != place.actor:
        raise Refused(f'it lies in the territory of {account_name(place.actor)}, who could swap it: it cannot be given to {account_name(wanted["uid"])} there')
    if change.get('accessList') == 'Absent':
        for name in ACCESS_LISTS:
            wanted['xattrs'].pop(name, None)
    same = is_there and all(before[name] == wanted[name] for name in ('mode', 'uid', 'gid', 'xattrs'))
    if content is not None and content != before.get('content'):
        wanted['content'] = content
        for name in CONTENT_BOUND:
            wanted['xattrs'].pop(name, None)
    elif same:
        return None
    return wanted


def _new_content(change, before, run):
    if 'content' in change:
        return change['content'].encode()
    if 'edits' in change:
        return run.edited(change['path'], before, change['edits'])
    return None


def assert_still(folder, name, mark):
    if look(folder, name, False)['mark'] != mark:
        raise Refused('it was changed at this very moment by somebody else')


def _remove(folder, name, mark, _wanted_, _path):
    assert_still(folder, name, mark)
    os.unlink(name, dir_fd=folder)
    _sync(folder)


def _link(folder, name, before):
    os.symlink(before['target'], name, dir_fd=folder)
    if not os.geteuid():
        os.chown(name, before['uid'], before['gid'], dir_fd=folder, follow_symlinks=False)
    _sync(folder)


def _write(folder, name, mark, wanted, path):
    if 'content' not in wanted:
        assert_still(folder, name, mark)
        opened = os.open(name, os.O_PATH | os.O_NOFOLLOW, dir_fd=folder)
        try:
            dress(opened, wanted, path)
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
            dress(opened, wanted, path)
        finally:
            os.close(opened)
        if wanted.get('validate'):
            _validate(wanted['validate'], os.path.join(os.path.dirname(path), temporary), path)
        assert_still(folder, name, mark)
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


def _validate(words, temporary, path):
    command = [temporary if word == '%s' else word for word in words]
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60, check=False, env={'PATH': '/usr/sbin:/usr/bin:/sbin:/bin', 'LC_ALL': 'C'})
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Refused(f'{words[0]} cannot check the new {path} ({error}), so it was not put in place') from None
    if done.returncode:
        said = (done.stderr or done.stdout).decode(errors='replace').replace(temporary, path).strip()
        raise Refused(f'{words[0]} does not accept the new {path}, so it was not put in place: {said.splitlines()[0] if said else "it gives no reason"}')

"""`kernel`: a live value of the kernel: a parameter below /proc/sys, or the mode of SELinux. `seen` is the value with single blanks.

It is read back after it was written: the kernel may keep another. Some parameters change others with them; undoing puts those back too.
"""

import glob
import os
import re

from .places import Place
from .refused import Refused

SELINUX = '/sys/fs/selinux/enforce'
SECRET = re.compile(r'/(stable_secret|tcp_fastopen_key)$')
# Setting one of a pair sets the other to 0.
PAIRS = (('dirty_bytes', 'dirty_ratio'), ('dirty_background_bytes', 'dirty_background_ratio'), ('overcommit_kbytes', 'overcommit_ratio'))
ADDRESSES = '/proc/net/if_inet6'


def make(change, seen, run):
    """Makes the change; tells whether something differed."""
    path, wanted = change['path'], words(change['value'])
    before = read(path)
    if before is None:
        raise Refused(f'the kernel no longer has {path}')
    if words(before) == wanted:
        return False
    run.assert_mark(path, seen, words(before))
    if run.only_checks:
        return True
    beside = {other: [read(other), None] for other in _beside(path)}
    record = {'do': 'kernel', 'path': path, 'before': before, 'wanted': wanted, 'beside': beside, 'notify': change.get('notify', [])}
    if path.endswith('/disable_ipv6'):
        record['addresses'] = _addresses()
    run.begin(record)
    try:
        _write(path, wanted)
    except OSError as error:
        raise Refused(f'the kernel does not accept the value for {path}: {error.strerror}') from None
    _keep_aside(path, beside)
    after = read(path)
    record['after'] = after
    # Those too that stay: undoing may change what making did not.
    record['beside'] = {other: [old, read(other)] for other, (old, _) in beside.items()}
    for other, (old, new) in {path: [before, after], **record['beside']}.items():
        if new != old:
            run.left_mark(other, words(new or ''), words(old or ''))
    if words(after or '') != wanted:
        kept = 'another value' if SECRET.search(path) else words(after or '')
        raise Refused(f'the kernel accepted the value but changed it to {kept}, so the previous value was restored: declare a value that the kernel keeps')
    return True


def undo(record, run):
    """Puts back what was there, when what is there is what the change left."""
    path, before, beside = record['path'], record['before'], record['beside']
    now = read(path)
    if now == before and all(read(other) == old for other, (old, _) in beside.items()):
        return
    if now is None:
        raise Refused(f'the kernel no longer has {path}')
    if now not in (before, record.get('after')) and words(now) != record['wanted']:
        raise Refused(f'{path} has since been changed by someone else and is left as it is{_was(path, before)}')
    if run.only_checks:
        return
    # What somebody else changed beside it since is not ours to put back.
    ours = {other: old for other, (old, new) in beside.items() if new is None or read(other) == new}
    said = ''
    for target, old in [(path, before), *ours.items()]:
        if old is not None and read(target) not in (old, None):
            try:
                _write(target, old)
            except OSError as error:
                said = f' ({error.strerror})'
    stays = [target for target, old in [(path, before), *ours.items()] if read(target) not in (old, None)]
    if stays:
        raise Refused(f'the kernel does not accept the previous value of {", ".join(stays)}{said}: it is reset at the next boot{_was(path, before)}')
    for target in [path, *(other for other, (old, new) in beside.items() if new != old)]:
        run.left_mark(target, words(read(target) or ''))
    lost = sorted(set(record.get('addresses', [])) - set(_addresses()))
    if lost:
        raise Refused(f'the value was restored, but the kernel has dropped IPv6 addresses since ({", ".join(lost)}): bring their connections up again')


def words(text):
    return ' '.join(text.split())


def read(path):
    """The value as the kernel writes it; `None` when it has no such parameter."""
    try:
        return _with_file(path, os.O_RDONLY, _content)
    except FileNotFoundError:
        return None


def _content(opened):
    with os.fdopen(os.dup(opened), 'rb') as file:
        return file.read(65536).decode(errors='surrogateescape')


def _write(path, value):
    text = (value if path == SELINUX else value.rstrip('\n') + '\n').encode(errors='surrogateescape')

    def write(opened):
        if os.write(opened, text) != len(text):
            raise Refused(f'the kernel accepted only part of the value of {path}')

    _with_file(path, os.O_WRONLY, write)


def _with_file(path, flags, function):
    if path != SELINUX and not path.startswith('/proc/sys/') or '..' in path.split('/'):
        raise Refused(f'{path} is not a kernel parameter')
    try:
        place = Place(path)
    except Refused as error:
        if 'does not exist' in str(error):
            raise FileNotFoundError(path) from None
        raise
    try:
        opened = os.open(place.name, flags | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=place.folder)
        try:
            return function(opened)
        finally:
            os.close(opened)
    finally:
        place.close()


def _beside(path):
    """The parameters that writing this one may change too."""
    net = re.match(r'(/proc/sys/net/ipv[46])/(?:ip_forward|conf/(?:all|default)/([a-z0-9_]+))$', path)
    if net:
        leaves = {net.group(2) or 'forwarding', 'forwarding', 'accept_redirects'}
        found = [other for leaf in sorted(leaves) for other in glob.glob(f'{net.group(1)}/conf/*/{leaf}')]
        found.append(f'{net.group(1)}/ip_forward')
        return [other for other in found if other != path and os.path.exists(other)]
    folder, name = os.path.split(path)
    return [os.path.join(folder, other) for pair in PAIRS if name in pair for other in pair if other != name]


def _keep_aside(path, beside):
    """Turning forwarding on or off resets whether redirects are accepted: nobody asked for that."""
    for other, (old, _) in beside.items():
        if other.endswith('/accept_redirects') and not path.endswith('/accept_redirects') and old is not None and read(other) != old:
            _write(other, old)


def _addresses():
    try:
        with open(ADDRESSES) as file:
            return [f'{line.split()[0]} on {line.split()[5]}' for line in file]
    except FileNotFoundError:
        return []


def _was(path, before):
    return '' if SECRET.search(path) else f'. Previously: {words(before)}'

"""Where a path leads, found without following anything that somebody with fewer rights could have put there.

A folder is trusted when root owns it and nobody else can write to it: a symbolic link in it was made by root, and is followed. A folder
that another account owns is that account's territory: from there on nothing is followed, and what is done is done with the
rights of that account alone. Where several accounts can write, nothing is done.
"""

import base64
import json
import os
import pwd
import stat

from .refused import Refused

MOST_LINKS = 40


class Place:
    """The opened folder that holds a path, the last name in it, and the account whose rights count there (0: root's)."""

    def __init__(self, path):
        self.path = path
        self.actor = 0
        self.folder, self.name = self._walk(path)

    def close(self):
        os.close(self.folder)

    def run(self, function, *arguments):
        """Runs `function(folder, name, *arguments)` with the rights of whom the place belongs to. It takes and gives JSON, and bytes."""
        if not self.actor:
            return function(self.folder, self.name, *arguments)
        return as_account(self.actor, function, self.folder, self.name, *arguments)

    def _walk(self, path):
        here = os.open('/', os.O_PATH | os.O_DIRECTORY)
        rest, links, shown = [part for part in path.split('/') if part], 0, ''
        self._enter(here, '/')
        while len(rest) > 1:
            name = rest.pop(0)
            try:
                there = os.open(name, os.O_PATH | os.O_NOFOLLOW, dir_fd=here)
            except FileNotFoundError:
                raise Refused(f'the directory {shown}/{name} does not exist: create it first, for example with a check of type `file` and `type: Directory`') from None
            found = os.fstat(there)
            if stat.S_ISLNK(found.st_mode):
                links += 1
                target = os.readlink('', dir_fd=there)
                os.close(there)
                if self.actor or found.st_uid or links > MOST_LINKS:
                    raise Refused(f'{shown}/{name} is a symbolic link created by {account_name(found.st_uid)}; Holdfast follows only links created by root')
                rest = [part for part in target.split('/') if part] + rest
                if target.startswith('/'):
                    os.close(here)
                    here, shown = os.open('/', os.O_PATH | os.O_DIRECTORY), ''
                continue
            if name == '..':
                shown = shown.rpartition('/')[0]
            else:
                shown = f'{shown}/{name}'
            if not stat.S_ISDIR(found.st_mode):
                os.close(there)
                raise Refused(f'{shown} is not a directory')
            os.close(here)
            here = there
            self._enter(here, shown)
        return here, rest[0] if rest else '.'

    def _enter(self, folder, shown):
        """Takes note of who can write to a folder."""
        found = os.fstat(folder)
        others = found.st_mode & stat.S_IWOTH or (found.st_mode & stat.S_IWGRP and found.st_gid != 0)
        if others:
            raise Refused(f'accounts other than its owner can write to {shown} (mode {found.st_mode & 0o7777:04o}) and could replace its content at any time: remove that permission first')
        if found.st_uid == self.actor or (self.actor and found.st_uid == 0):
            return
        if self.actor:
            raise Refused(f'{shown} is in a directory of {account_name(self.actor)} but belongs to {account_name(found.st_uid)}')
        self.actor = found.st_uid


def account_name(uid):
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f'UID {uid}'


def as_account(uid, function, *arguments):
    """Runs the function in a child with the rights of the account and no others. What it may do is what the account may do."""
    try:
        account = pwd.getpwuid(uid)
    except KeyError:
        raise Refused(f'it belongs to UID {uid}, which has no account on this host') from None
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        answer = {'error': 'the process ended without a result'}
        try:
            os.close(reading)
            os.initgroups(account.pw_name, account.pw_gid)
            os.setgid(account.pw_gid)
            os.setuid(uid)
            answer = {'value': _plain(function(*arguments))}
        except Refused as error:
            answer = {'refused': str(error)}
        except OSError as error:
            answer = {'errno': error.errno, 'text': error.strerror, 'file': str(error.filename or '')}
        except BaseException as error:  # pylint: disable=broad-except
            answer = {'error': f'{type(error).__name__}: {error}'}
        finally:
            with os.fdopen(writing, 'w') as pipe:
                json.dump(answer, pipe)
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        text = pipe.read()
    os.waitpid(child, 0)
    answer = json.loads(text or '{}')
    if 'value' in answer:
        return _rich(answer['value'])
    if 'refused' in answer:
        raise Refused(answer['refused'])
    if 'errno' in answer:
        raise OSError(answer['errno'], f"{answer['text']} (as {account.pw_name}, the owner of the directory)", answer['file'] or None)
    raise RuntimeError(answer.get('error', 'the process was killed'))


def _plain(value):
    if isinstance(value, bytes):
        return {'bytes': base64.b64encode(value).decode()}
    if isinstance(value, dict):
        return {'dict': {key: _plain(member) for key, member in value.items()}}
    if isinstance(value, (list, tuple)):
        return [_plain(member) for member in value]
    return value


def _rich(value):
    if isinstance(value, dict):
        if 'bytes' in value:
            return base64.b64decode(value['bytes'])
        return {key: _rich(member) for key, member in value['dict'].items()}
    if isinstance(value, list):
        return [_rich(member) for member in value]
    return value

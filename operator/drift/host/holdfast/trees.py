"""What stands below some folders, so that what a tool of the system changed there can be told, kept and put back: files, links and folders."""

import base64
import os
import stat

from . import inodes, placing
from .places import Place
from .refused import Refused

MOST_BYTES = 8 * 1024 * 1024
ABSENT = {'letter': 'absent', 'mark': 'absent'}
UNKNOWN = {'letter': '?', 'mark': 'unknown'}


def look(roots, but=()):
    """By path, what stands there. What is too large to keep, has several names or is no file, link or folder is there, and unknown."""
    found = {}
    for root in roots:
        for folder, folders, names, opened in os.fwalk(root, follow_symlinks=False):
            for name in folders + names:
                path = os.path.join(folder, name)
                if path in but:
                    continue
                facts = _facts(opened, name)
                if facts['letter'] != 'absent':
                    found[path] = facts
    return found


def look_at(paths):
    """The same of these paths, where something stands."""
    found = {}
    for path in paths:
        try:
            place = Place(path)
        except Refused:
            # Without its folder it is not there either.
            if os.path.lexists(path):
                found[path] = UNKNOWN
            continue
        try:
            facts = place.run(_facts)
        finally:
            place.close()
        if facts['letter'] != 'absent':
            found[path] = facts
    return found


def _facts(folder, name):
    try:
        seen = os.stat(name, dir_fd=folder, follow_symlinks=False)
        if stat.S_ISREG(seen.st_mode) and seen.st_size > MOST_BYTES:
            return UNKNOWN
        facts = inodes.look(folder, name, True)
    except FileNotFoundError:
        return ABSENT
    except (OSError, Refused):
        return UNKNOWN
    return facts if facts['letter'] in 'fdl' else UNKNOWN


def changed(before, after):
    """What to keep of the paths that differ, as data; nothing of those that were or are unknown."""
    known = [path for path in set(before) | set(after) if UNKNOWN['mark'] not in (before.get(path, ABSENT)['mark'], after.get(path, ABSENT)['mark'])]
    return [
        {'path': path, 'before': _plain(before.get(path, ABSENT)), 'after': after.get(path, ABSENT)['mark']}
        for path in sorted(known)
        if any(before.get(path, ABSENT).get(fact) != after.get(path, ABSENT).get(fact) for fact in ('mark', 'mtime'))
    ]


def put_back(changes):
    """Puts back what is as the change left it; returns sentence parts on the rest."""
    problems = []
    # Folders come before what is in them, and go after it.
    ordered = [one for one in changes if one['before']['letter'] != 'absent'] + [one for one in reversed(changes) if one['before']['letter'] == 'absent']
    for one in ordered:
        try:
            put(one['path'], one['before'], one['after'])
        except Refused as error:
            problems.append(str(error))
        except OSError as error:
            problems.append(f'{one["path"]} is left as it is: {error.strerror}')
    return problems


def put(path, before, after=None):
    """Puts one thing back; with `after`, only where what stands there has that mark."""
    try:
        place = Place(path)
    except Refused:
        if before['letter'] == 'absent':
            return
        raise
    try:
        now = place.run(inodes.look, False)
        if now['mark'] == before['mark'] and now.get('mtime') == before.get('mtime'):
            return
        if after is not None and now['mark'] not in (after, before['mark']):
            raise Refused(f'{path} has since been changed by someone else and is left as it is')
        if before['letter'] == 'f' and now['letter'] in ('f', 'absent'):
            wanted = {**before, 'content': base64.b64decode(before['content'])}
            place.run(placing.write, now['mark'], wanted, path)
            return
        if now['letter'] == 'd' and before['letter'] == 'd':
            place.run(_dress, before, path)
            return
        place.run(_replace, now, before, path)
    finally:
        place.close()


def _replace(folder, name, now, before, path):
    if now['letter'] == 'd':
        os.rmdir(name, dir_fd=folder)
    elif now['letter'] != 'absent':
        inodes.assert_still(folder, name, now['mark'])
        os.unlink(name, dir_fd=folder)
    if before['letter'] == 'l':
        placing.link(folder, name, before)
    elif before['letter'] == 'd':
        os.mkdir(name, 0o700, dir_fd=folder)
        _dress(folder, name, before, path)
    elif before['letter'] == 'f':
        placing.write(folder, name, 'absent', {**before, 'content': base64.b64decode(before['content'])}, path)


def _dress(folder, name, before, path):
    opened = os.open(name, os.O_PATH | os.O_NOFOLLOW | os.O_DIRECTORY, dir_fd=folder)
    try:
        inodes.dress(opened, before, path)
    finally:
        os.close(opened)


def _plain(facts):
    content = facts.get('content')
    return facts if content is None else {**facts, 'content': base64.b64encode(content).decode()}

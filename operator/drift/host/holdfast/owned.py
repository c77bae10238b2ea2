"""Files of packages outside /etc that no repository brings back: what somebody changed of them, and what a package has there without bringing it."""

import re

from . import trees
from .commands import run
from .refused import Refused

# What verifying a package tells of a file: signs of what differs, or that it is missing; what it is; and its path.
DIFFERS = re.compile(r'(?P<signs>[.?SM5DLUGTP]{8,9}|missing) +(?:(?P<kind>[acdglmnr]) +)?(?P<path>/[^\n]*)')
# All of /etc is kept, and the rest tools make anew.
NOT_KEPT = re.compile(r'/(etc|boot|dev|proc|sys|run|var/run|var/cache|(usr/)?lib/modules)(/.*)?')
SAVED = ('.rpmsave', '.rpmnew', '.rpmorig')
MOST = 3


def paths_of(names, going):
    """Those of the installed packages of these names, of which those in `going` are not replaced by others. Refuses where one would be deleted and cannot
    be kept. A name has its epoch, version, release and architecture."""
    found, lost = set(), set()
    for name in names:
        own = _differing(name) | (_ghosts(name) if name in going else set())
        found |= own
        lost |= own if name in going else set()
    there = trees.look_at(sorted(lost))
    stuck = [path for path, facts in there.items() if facts['mark'] == trees.UNKNOWN['mark']]
    if stuck:
        more = f' and {len(stuck) - MOST} more' if len(stuck) > MOST else ''
        raise Refused(f'removing it would also delete {", ".join(stuck[:MOST])}{more}, which cannot be kept for an undo: move {"it" if len(stuck) == 1 else "them"} away first')
    return sorted(found)


def _differing(name):
    """What somebody changed, or removed; and the names under which rpm puts a configuration aside."""
    _, said, complained = run('rpm', '-V', '--nodeps', '--noscripts', '--', _label(name), seconds=600)
    found = set()
    for line in said.splitlines():
        one = DIFFERS.fullmatch(line)
        if not one:
            raise Refused(f'rpm cannot verify {name}: {(complained or line).strip()[-200:]}')
        if set(one['signs']) <= set('.T') and one['kind'] != 'c':
            continue
        found.add(one['path'])
        if one['kind'] == 'c':
            found |= {one['path'] + end for end in SAVED}
    return {path for path in found if not NOT_KEPT.fullmatch(path)}


def _ghosts(name):
    """What goes with the package, but does not come with it."""
    code, said, complained = run('rpm', '-q', '--qf', '[%{FILEFLAGS:fflags}\t%{FILENAMES}\n]', '--', _label(name))
    if code:
        raise Refused(f'rpm cannot list the files of {name}: {(complained or said).strip()[-200:]}')
    files = [line.partition('\t') for line in said.splitlines()]
    return {path for flags, _, path in files if 'g' in flags and not NOT_KEPT.fullmatch(path)}


def _label(name):
    """What every rpm takes, without the epoch."""
    return re.sub(r'-[0-9]+:([^:]*)$', r'-\1', name)

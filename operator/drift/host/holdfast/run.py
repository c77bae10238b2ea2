"""A run on one host: what it has done so far, which is no foreign change to what comes after, and what must be told to daemons in the end."""

from .journal import Journal
from .lines import Lines
from .refused import Refused


class Run:
    def __init__(self, name, only_checks):
        self.journal = Journal(name)
        self.only_checks = only_checks
        # By path: what was there when the run began, what the run left, and its lines.
        self._files = {}
        # By the name of another thing: its marks when the run began and as the run left it.
        self._marks = {}
        # Of the check at work.
        self.check = ''
        self._records = []
        self.said = []

    def start(self, check, records=()):
        self.check, self._records, self.said = check, list(records), []

    def begin(self, record):
        """Has the record on disk before its change is made."""
        self.journal.write(self.check, self._records + [record])
        self._records.append(record)

    def records(self):
        return self._records

    def save(self):
        self.journal.write(self.check, self._records)

    def assert_as_seen(self, path, seen, now):
        """Refuses when what is there is not what the probe saw, but for what this run did to it."""
        earlier = self._files.get(path)
        if earlier and earlier['stages'] and now['mark'] == earlier['after']['mark']:
            now = earlier['before']
        if not _is_as_seen(seen, now):
            raise Refused(f'{path} has changed since Holdfast evaluated it; it will be evaluated again')

    def assert_mark(self, thing, seen, now):
        """The same for a thing that is no file, and all of which is told by a mark."""
        began, left = self._marks.get(thing, (now, None))
        if seen != (began if now == left else now):
            raise Refused(f'{thing} has changed since Holdfast evaluated it; it will be evaluated again')
        self._marks.setdefault(thing, (now, now))

    def say(self, text):
        """What the reader of the run should know of a change that succeeded."""
        self.said.append(text)

    def left_mark(self, thing, now, before=None):
        """Takes note of what this run made of it, or of its being undone. `before` is needed of a thing that changed beside another."""
        began = self._marks.get(thing, (now if before is None else before, now))[0]
        self._marks[thing] = (began, now)

    def touched(self, path, before, after):
        """Takes note of what this run made of a file."""
        entry = self._entry(path, before)
        entry['stages'].append((entry['after'], entry['lines']))
        lines = entry.pop('pending', None)
        # Where only its mode or owner changed, its lines are what they were.
        if after.get('sha256') != entry['after'].get('sha256'):
            entry['lines'] = lines
        entry['after'] = after

    def taken_back(self, path):
        """Takes note that the last thing this run made of it was undone."""
        if path in self._files and self._files[path]['stages']:
            self._files[path]['after'], self._files[path]['lines'] = self._files[path]['stages'].pop()

    def edited(self, path, before, edits):
        """The content after the edits, and after those that this run made before."""
        entry = self._entry(path, before)
        if entry['lines'] is None:
            raise Refused('another check of this run declares its complete content: remove one of the two checks')
        entry['pending'] = entry['lines'].edited(edits)
        return entry['pending'].content()

    def _entry(self, path, before):
        if path not in self._files:
            # Of a file that was being written, or is too large, nobody knows them.
            lines = None if before['letter'] == 'f' and 'content' not in before else Lines(before.get('content', b''))
            self._files[path] = {'before': before, 'after': before, 'lines': lines, 'stages': []}
        return self._files[path]


def _is_as_seen(seen, now):
    if seen == 'absent' or now['letter'] == 'absent':
        return seen == now['letter']
    letter, mode, uid, gid, digest = (seen.split(':') + [''] * 5)[:5]
    found = {'letter': now['letter'], 'mode': f'{now["mode"]:o}', 'uid': str(now['uid']), 'gid': str(now['gid']), 'digest': now.get('sha256', '')}
    wanted = {'letter': letter, 'mode': mode.lstrip('0') or mode[-1:], 'uid': uid, 'gid': gid, 'digest': digest}
    return all(value in ('', found[name]) for name, value in wanted.items())

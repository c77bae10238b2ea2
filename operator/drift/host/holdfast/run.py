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
        # By thing, such as a live value: what it was and what it became, once for each change of this run.
        self._values = {}
        # Of the check at work.
        self.check = ''
        self._records = []

    def start(self, check, records=()):
        self.check, self._records = check, list(records)

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
            raise Refused(f'{path} is no longer as it was when Holdfast looked: somebody changed it. It is looked at again')

    def assert_value(self, thing, seen, now):
        """The same of a thing that is told whole by one text."""
        earlier = self._values.get(thing)
        if seen != (earlier[0][0] if earlier and earlier[-1][1] == now else now):
            raise Refused(f'{thing} is no longer as it was when Holdfast looked: somebody changed it. It is looked at again')

    def set_value(self, thing, before, after):
        """Takes note of what this run made of such a thing."""
        self._values.setdefault(thing, []).append((before, after))

    def touched(self, path, before, after):
        """Takes note of what this run made of a file."""
        entry = self._files.setdefault(path, {'before': before, 'after': before, 'lines': None, 'stages': []})
        entry['stages'].append((entry['after'], entry['lines']))
        entry['after'], entry['lines'] = after, entry.pop('pending', None)

    def taken_back(self, path):
        """Takes note that the last thing this run made of it was undone."""
        if self._values.get(path):
            self._values[path].pop()
        if path in self._files and self._files[path]['stages']:
            self._files[path]['after'], self._files[path]['lines'] = self._files[path]['stages'].pop()

    def edited(self, path, before, edits):
        """The content after the edits, and after those that this run made before."""
        entry = self._files.setdefault(path, {'before': before, 'after': before, 'lines': Lines(before.get('content', b'')), 'stages': []})
        if entry['lines'] is None:
            raise Refused('another check of this run declares its whole content: take one of the two out')
        entry['pending'] = entry['lines'].edited(edits)
        return entry['pending'].content()


def _is_as_seen(seen, now):
    if seen == 'absent' or now['letter'] == 'absent':
        return seen == now['letter']
    letter, mode, uid, gid, digest = (seen.split(':') + [''] * 5)[:5]
    found = {'letter': now['letter'], 'mode': f'{now["mode"]:o}', 'uid': str(now['uid']), 'gid': str(now['gid']), 'digest': now.get('sha256', '')}
    wanted = {'letter': letter, 'mode': mode.lstrip('0') or mode[-1:], 'uid': uid, 'gid': gid, 'digest': digest}
    return all(value in ('', found[name]) for name, value in wanted.items())

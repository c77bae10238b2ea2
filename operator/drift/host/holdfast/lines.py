"""Edits of lines that are named by their number when the probe saw the file: several checks of a run edit one file, and none moves the lines of another."""

from .refused import Refused


class Lines:
    """The lines of a file, each with its number of then; lines that were put in have none."""

    def __init__(self, content):
        parts = content.split(b'\n')
        self.ends = parts[-1] == b''
        if self.ends:
            parts.pop()
        self.lines = [(number + 1, part) for number, part in enumerate(parts)]
        self.dropped = set()

    def edited(self, edits):
        """Each edit names a `line` (0: before the first, -1: after the last), whether to `drop` it, and lines to `put` after it."""
        other = Lines(b'')
        other.lines, other.dropped, other.ends = list(self.lines), set(self.dropped), self.ends
        for edit in edits:
            other._edit(edit['line'], bool(edit.get('drop')), [(None, text.encode()) for text in edit.get('put', [])])
        return other

    def content(self):
        text = b'\n'.join(part for _, part in self.lines)
        return text + b'\n' if self.lines and self.ends else text

    def _edit(self, number, drop, put):
        if number in self.dropped:
            raise Refused(f'another check of this run also changes line {number}: remove one of the two checks')
        at = len(self.lines) if number == -1 else self._place_of(number)
        start = at - 1 if drop and number > 0 else at
        if start < at:
            self.dropped.add(number)
        # A line put at the end ends, and so does what was the last line before it.
        self.ends = self.ends or bool(put) and at == len(self.lines)
        self.lines[start:at] = put

    def _place_of(self, number):
        if number == 0:
            return 0
        for index, (own, _) in enumerate(self.lines):
            if own == number:
                return index + 1
        raise Refused(f'it has no line {number}')

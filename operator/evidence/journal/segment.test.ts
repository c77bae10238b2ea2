import { describe, expect, test } from '@jest/globals';
import { about } from '../../../test/builders/journal.ts';
import { after } from '../../../test/builders/drift.ts';
import { numbers } from '../../../test/builders/seeded.ts';
import type { JournalEntry } from './entry.ts';
import { breakBetween, closingLine, entryLine, headerLine, readSegment } from './segment.ts';
import { plainFacts, plainText, plainValue } from './text.ts';

const entry = (sequence: number, more: Partial<JournalEntry> = {}): JournalEntry => ({
  sequence,
  time: after(0),
  event: 'FindingOpened',
  object: { kind: 'Device', namespace: 'fleet', name: 'web-01' },
  ...more,
});
const header = { number: 1, ...about, openedTime: after(0), firstEntry: 1 };
const lines = [
  headerLine(header),
  entryLine(entry(1)),
  entryLine(entry(2)),
  closingLine({ time: after(50), entries: 2 }),
];
const read = (all: readonly string[], number = 1) => readSegment(number, Buffer.from(all.join('')));

describe('a segment', () => {
  test('is read as it was written', () => {
    const { entries, closed, digest } = read(lines);
    expect(entries).toEqual([entry(1), entry(2)]);
    expect(closed?.entries).toBe(2);
    expect(digest).toMatch(/^[0-9a-f]{64}$/);
  });

  test.each<[string, string[], string]>([
    ['nothing', [''], 'line 1 of segment 1 of the journal is not the header of a segment'],
    [
      'another number',
      [headerLine({ ...header, number: 2, previous: 'a'.repeat(64) }), ...lines.slice(1)],
      'line 1 of segment 1 of the journal says that it is segment 2',
    ],
    ['no header', lines.slice(1), 'line 1 of segment 1 of the journal is not the header of a segment'],
    ['no end', lines.slice(0, 3), 'line 3 of segment 1 of the journal is not the closing line of a segment'],
    [
      'half a line',
      [...lines.slice(0, 3), '{"closed":{"entr'],
      'line 4 of segment 1 of the journal does not end in a newline',
    ],
    [
      'a line less',
      [lines[0]!, lines[1]!, lines[3]!],
      'line 3 of segment 1 of the journal counts 2 entries, but there are 1',
    ],
    [
      'a line twice',
      [lines[0]!, lines[1]!, lines[1]!, lines[3]!],
      'line 3 of segment 1 of the journal has sequence 1, not 2',
    ],
    [
      'a key twice',
      [lines[0]!, lines[1]!.replace('{"event"', '{"event":"Gap","event"'), ...lines.slice(2)],
      'line 2 of segment 1 of the journal is not canonical JSON',
    ],
    [
      'blanks',
      [lines[0]!, lines[1]!.replace('":', '": '), ...lines.slice(2)],
      'line 2 of segment 1 of the journal is not canonical JSON',
    ],
    ['no JSON', [lines[0]!, 'x\n', ...lines.slice(2)], 'line 2 of segment 1 of the journal is not canonical JSON'],
    ['an empty line', [lines[0]!, '\n', ...lines.slice(1)], 'line 2 of segment 1 of the journal is not canonical JSON'],
    [
      'an event of another version',
      [lines[0]!, lines[1]!.replace('FindingOpened', 'Opened'), ...lines.slice(2)],
      'line 2 of segment 1 of the journal has an event that is not known: Opened',
    ],
    [
      'a field of another version',
      [lines[0]!, entryLine({ ...entry(1), zone: 1 } as never), ...lines.slice(2)],
      'line 2 of segment 1 of the journal has a field that is not known: zone',
    ],
    [
      'something behind the end',
      [...lines, lines[1]!],
      'line 5 of segment 1 of the journal is not the closing line of a segment',
    ],
  ])('with %s is refused', (_, all, message) => {
    expect(() => read(all)).toThrow(message);
  });

  test('that is not UTF-8 is refused', () => {
    expect(() => readSegment(1, Buffer.from([0xff, 10]))).toThrow('segment 1 of the journal is not UTF-8');
  });

  test('follows the one before, or says why it does not', () => {
    const before = { number: 1, digest: read(lines).digest, sequence: 2 };
    const next = (more: object) => {
      const all = [
        headerLine({ ...header, number: 2, previous: before.digest, firstEntry: 3, ...more }),
        closingLine({ time: after(60), entries: 0 }),
      ];
      return readSegment(2, Buffer.from(all.join('')));
    };
    expect(breakBetween(before, next({}))).toBeUndefined();
    expect(breakBetween(before, next({ previous: 'a'.repeat(64) }))).toContain(
      'segment 1 of the journal is not the one that segment 2 names',
    );
    expect(breakBetween(before, next({ firstEntry: 4 }))).toContain(
      'begins with entry 4, but entry 2 is the last before it',
    );
    expect(breakBetween({ ...before, number: 0 }, next({}))).toBe('segment 1 of the journal is missing');
  });
});

describe('what others wrote', () => {
  const pieces = [
    '\n',
    '\r\n',
    '\u2028',
    '\u2029',
    '\u0085',
    '\u0000',
    '\u001b[2J\u001b[1;1H',
    '\u009b31m',
    '\ud800',
    '\udfff',
    '\ud83d\ude00',
    '\u202e',
    '\u2066',
    '\ufeff',
    '"',
    '\\',
    '\\u0022',
    '{"closed":{"entries":1}}',
    '{"segment":{}}',
    '__proto__',
    'constructor',
    'x'.repeat(3000),
    '=HYPERLINK("x")',
    '<script>',
    'é',
    '',
  ];
  const below = numbers(7);
  const text = (): string => Array.from({ length: below(4) }, () => pieces[below(pieces.length)]).join('');
  const value = (depth: number): unknown => {
    const is = below(depth > 3 ? 1 : 4);
    if (is < 2) return text();
    if (is === 2) return Array.from({ length: below(3) }, () => value(depth + 1));
    return Object.fromEntries(Array.from({ length: below(4) }, () => [text(), value(depth + 1)]));
  };

  test('is one line, and comes back as it was written, whatever it is', () => {
    for (let at = 0; at < 2000; at++) {
      const written = entry(1, {
        object: { kind: 'Device', name: plainText(text()) },
        facts: plainFacts(value(0) as Record<string, unknown>),
      });
      const line = entryLine(written);
      expect(line.split(/[\n\r\u2028\u2029\u0085]/)).toHaveLength(2);

      expect(line).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
      expect(Buffer.from(line).toString()).toBe(line);
      expect(read([lines[0]!, line, closingLine({ time: after(1), entries: 1 })]).entries).toEqual([written]);
    }
  });
  test('has names that no reader takes for others', () => {
    const names = Array.from({ length: 500 }, text);
    const plain = plainFacts(Object.fromEntries(names.map((name, at) => [name, at])));
    expect(Object.keys(plain)).toHaveLength(new Set(names).size);
    for (const name of Object.keys(plain)) expect(JSON.stringify(name)).toBe(`"${name}"`);
  });
  test('is bounded, and says what was cut', () => {
    expect(plainText('y'.repeat(5000))).toMatch(/^y{1900,}… \(5000 characters, sha256 [0-9a-f]{64}\)$/);
    expect(plainText('\u2028'.repeat(5000)).length).toBeLessThanOrEqual(2048);
    const many = plainValue(Array.from({ length: 3000 }, (_, at) => at)) as unknown[];
    expect([many.length, many.at(-1)]).toEqual([1000, '… and 2001 more']);
    const facts = plainFacts({ small: 1, large: Array.from({ length: 900 }, () => 'z'.repeat(1000)) });
    expect(facts).toEqual({
      small: 1,
      large: expect.stringMatching(/^… \(\d+ characters, sha256 [0-9a-f]{64}\)$/) as unknown,
    });
  });
  test('names no member that is not its own', () => {
    const facts = plainFacts(JSON.parse('{"__proto__":{"late":true}}') as Record<string, unknown>);
    expect([Object.keys(facts), facts['late']]).toEqual([['__proto__'], undefined]);
  });
});

/** Segments that are read a line at a time: what is refused of one that was altered, and what was given before. */
import { describe, expect, test } from '@jest/globals';
import { about } from '../../../test/builders/journal.ts';
import { after } from '../../../test/builders/drift.ts';
import { numbers } from '../../../test/builders/seeded.ts';
import type { ObjectStore } from '../../connect/objectStore/types.ts';
import { sha256 } from '../../lib/digest.ts';
import type { JournalEntry } from './entry.ts';
import { readJournal } from './read.ts';
import { closingLine, entryLine, headerLine, openSegment, readSegment, segmentKey, SegmentFault } from './segment.ts';

const each = 300;
const { signal } = new AbortController();
const day = { start: new Date(after(-7200)), end: new Date(after(86_400)) };

function entry(sequence: number): JournalEntry {
  const object = { kind: 'Device', namespace: 'fleet', name: `web-${sequence}` };
  return {
    sequence,
    time: after(sequence),
    event: 'FindingOpened',
    object,
    facts: { text: 'é'.repeat(sequence % 90) },
  };
}

/** So many segments, an hour apart. */
function segments(count: number): Buffer[] {
  const all: Buffer[] = [];
  for (let number = 1; number <= count; number++) {
    const first = (number - 1) * each + 1;
    const before = all.at(-1);
    const header = {
      ...{ number, ...about, openedTime: after((number - 1) * 3600), firstEntry: first },
      ...(before && { previous: sha256(before) }),
    };
    const entries = Array.from({ length: each }, (_, at) => entryLine(entry(first + at)));
    const closing = closingLine({ time: after(number * 3600), entries: each });
    all.push(Buffer.from([headerLine(header), ...entries, closing].join('')));
  }
  return all;
}

/** Gives what it has in memory that is given, if it fits, as a folder does. */
function storeOf(all: readonly (Buffer | undefined)[]): Pick<ObjectStore, 'get' | 'list'> {
  return {
    get: (key, { into }) => {
      const found = all.find((_, at) => segmentKey(at + 1) === key);
      if (!found || !into || into.length < found.length) return Promise.resolve(found);
      into.fill('x').set(found);
      return Promise.resolve(into.subarray(0, found.length));
    },
    async *list(_, { after: from = '' }) {
      for (const [at, bytes] of all.entries()) {
        const key = segmentKey(at + 1);
        if (bytes && key > from) yield await Promise.resolve({ key, size: bytes.length });
      }
    },
  };
}

async function read(all: readonly (Buffer | undefined)[], period = day, onFault?: (fault: SegmentFault) => void) {
  const given: number[] = [];
  let fault: unknown;
  try {
    const reading = { store: storeOf(all), period, signal, ...(onFault && { onFault }) };
    for await (const { sequence } of readJournal(reading)) given.push(sequence);
  } catch (error) {
    fault = error;
  }
  return { given, ...(fault !== undefined && { fault: (fault as Error).message }) };
}

const upTo = (last: number, first = 1): number[] => Array.from({ length: last - first + 1 }, (_, at) => first + at);
const four = segments(4);

test('all of a period is given, in order', async () => {
  expect(await read(four)).toEqual({ given: upTo(4 * each) });
  expect(await read([])).toEqual({ given: [] });
});

test('a fault ends it, and what came before was given', async () => {
  const altered = Buffer.from(four[1]!.toString().replace('"web-400"', '"web-4oo" '));
  const { given, fault } = await read([four[0]!, altered, ...four.slice(2)]);
  expect(fault).toBe('line 101 of segment 2 of the journal is not canonical JSON');
  expect(given).toEqual(upTo(399));
});

test('whoever hears of faults is given nothing of a segment that has one, and what comes after', async () => {
  const altered = Buffer.from(four[1]!.toString().replace('"sequence":400', '"sequence":401'));
  const faults: string[] = [];
  const { given } = await read([four[0]!, altered, ...four.slice(2)], day, ({ message }) => faults.push(message));
  expect(faults).toEqual(['line 101 of segment 2 of the journal has sequence 401, not 400']);
  expect(given).toEqual([...upTo(each), ...upTo(4 * each, 2 * each + 1)]);
});

test.each<[string, (Buffer | undefined)[], RegExp]>([
  ['is missing', [four[0], undefined, four[2], four[3]], /^segment 2 of the journal is missing$/],
  [
    'is a sound one of another time',
    [four[0], Buffer.from(four[1]!.toString().replace('"web-301"', '"web-399"')), four[2], four[3]],
    /^segment 2 of the journal is not the one that segment 3 names: its SHA-256 is [0-9a-f]{64}$/,
  ],
  [
    'lacks its end',
    [four[0], four[1]!.subarray(0, -2), four[2], four[3]],
    /^line 302 of segment 2 .* does not end in a newline$/,
  ],
])('a segment that %s ends it', async (_, all, fault) => {
  expect((await read(all)).fault).toMatch(fault);
});

test('the first segment after a period is read in full, too', async () => {
  const period = { start: day.start, end: new Date(after(1)) };
  const altered = Buffer.from(four[2]!.toString().replace('"web-700"', '"web-7\\u0030"'));
  expect(await read(four, period)).toEqual({ given: [] });
  expect((await read([four[0], four[1], altered, four[3]], period)).fault).toMatch(/^line 101 of segment 3 /);
});

describe('a segment in which one byte is another', () => {
  const [sound] = segments(1);
  const below = numbers(12);
  const outcome = (bytes: Buffer): string => {
    try {
      readSegment(1, bytes);
      return 'read';
    } catch (error) {
      expect(error).toBeInstanceOf(SegmentFault);
      return 'refused';
    }
  };
  /** Everything at once, as plainly as can be. */
  const isSound = (bytes: Buffer): boolean => {
    try {
      const lines = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes).split('\n');
      if (lines.pop() !== '') return false;
      const values = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
      if (lines.some((line, at) => JSON.stringify(values[at]) !== line)) return false;
      const sequences = values.slice(1, -1).map(({ sequence }) => sequence);
      return (
        JSON.stringify(sequences) === JSON.stringify(upTo(each)) &&
        JSON.stringify(values.at(-1)!['closed']) !== undefined
      );
    } catch {
      return false;
    }
  };

  test('is refused where it is not JSON as it would be written', () => {
    const seen = { read: 0, refused: 0 };
    for (let round = 0; round < 400; round++) {
      const bytes = Buffer.from(sound!);
      bytes[below(bytes.length)] = below(256);
      const result = outcome(bytes);
      seen[result as 'read' | 'refused']++;
      // What is a value of another kind may be refused besides; nothing is read that is not sound.
      if (result === 'read') expect(isSound(bytes)).toBe(true);
    }
    expect(Math.min(seen.read, seen.refused)).toBeGreaterThan(20);
  });

  test.each<[string, Buffer]>([
    ['a mark of order first', Buffer.concat([Buffer.from('\ufeff'), sound!])],
    ['a carriage return', Buffer.from(sound!.toString().replace('\n', '\r\n'))],
    ['an empty line', Buffer.from(sound!.toString().replace('\n', '\n\n'))],
    ['a zero byte at its end', Buffer.concat([sound!, Buffer.of(0)])],
    ['another line after the last', Buffer.concat([sound!, Buffer.from('{}\n')])],
  ])('%s is refused', (_, bytes) => {
    expect(outcome(bytes)).toBe('refused');
  });
});

test('the entries of an opened segment can be read again', () => {
  const opened = openSegment(1, four[0]!);
  expect([...opened.entries()]).toEqual([...opened.entries()]);
  expect(opened.at).toBeGreaterThan(0);
});

/** Reads the entries of a period from a store, in order: each segment in full, and each following the one before. */
import type { ObjectStore } from '../../connect/objectStore/types.ts';
import type { Period } from '../sections/section.ts';
import type { JournalEntry } from './entry.ts';
import { headOf, noHead, type Head } from './head.ts';
import { numbersAfter } from './remote.ts';
import { breakBetween, mostSegmentBytes, readSegment, segmentKey, SegmentFault, type Segment } from './segment.ts';

export interface Reading {
  readonly store: Pick<ObjectStore, 'get' | 'list'>;
  readonly period: Period;
  readonly signal: AbortSignal;
  /** What is not as it was stored ends the reading, unless somebody is there to hear of it. */
  readonly onFault?: (fault: SegmentFault) => void;
}

/** Clocks jump: so much before and after the period, segments are read as well. */
const marginMilliseconds = 3_600_000;

export async function* readJournal({ store, period, signal, onFault }: Reading): AsyncGenerator<JournalEntry> {
  const raise =
    onFault ??
    ((fault: SegmentFault): never => {
      throw fault;
    });
  const numbers: number[] = [];
  for await (const number of numbersAfter(store, 0, signal)) numbers.push(number);
  const from = await firstOf(numbers, { store, period, signal });
  let before: Head | undefined = from === 0 ? noHead : undefined;
  for (const number of numbers.slice(from)) {
    const segment = await segmentAt(number, { store, signal }, raise);
    if (!segment) {
      before = undefined;
      continue;
    }
    const opened = Date.parse(segment.header.openedTime);
    // Before the period, segments may have been disposed of.
    const isFirst = before === noHead && number > 1 && opened < period.start.getTime();
    const problem = before && !isFirst ? breakBetween(before, segment) : undefined;
    if (problem !== undefined) raise(new SegmentFault(number, problem));
    before = headOf(segment, 0);
    if (opened >= period.end.getTime() + marginMilliseconds) return;
    yield* segment.entries.filter((entry) => isIn(period, entry, opened));
  }
}

/** What came late, from another writer, counts when it was stored: what was made of its own time did not have it. */
function isIn({ start, end }: Period, { time, facts }: JournalEntry, opened: number): boolean {
  const at = facts?.['late'] === true ? opened : Date.parse(time);
  return at >= start.getTime() && at < end.getTime();
}

/** The last that was opened well before the period, so that nothing of it is left out, and its first segment follows one that was read. */
async function firstOf(numbers: readonly number[], { store, period, signal }: Reading): Promise<number> {
  let [low, high] = [0, numbers.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const segment = await segmentAt(numbers[middle]!, { store, signal }, () => undefined);
    const opened = Date.parse(segment?.header.openedTime ?? '');
    if (Number.isNaN(opened) || opened < period.start.getTime() - marginMilliseconds) low = middle + 1;
    else high = middle;
  }
  return Math.max(0, low - 2);
}

async function segmentAt(
  number: number,
  { store, signal }: Pick<Reading, 'store' | 'signal'>,
  raise: (fault: SegmentFault) => void,
): Promise<Segment | undefined> {
  const bytes = await store.get(segmentKey(number), { maxBytes: mostSegmentBytes }, signal);
  try {
    if (!bytes) throw new SegmentFault(number, `segment ${number} of the journal is missing`);
    return readSegment(number, bytes);
  } catch (error) {
    if (!(error instanceof SegmentFault)) throw error;
    raise(error);
    return undefined;
  }
}

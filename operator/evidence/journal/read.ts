/**
 * Reads the entries of a period from a store, in order: each segment in full, a line at a time, and each following the one before. What was given before it
 * ends in a fault counts for nothing.
 */
import type { ObjectStore } from '../../connect/objectStore/types.ts';
import { nextTurn } from '../../lib/eventLoop.ts';
import type { Period } from '../sections/section.ts';
import type { JournalEntry } from './entry.ts';
import { noHead, type Head } from './head.ts';
import { numbersAfter } from './remote.ts';
import {
  breakBetween,
  mostSegmentBytes,
  openSegment,
  segmentKey,
  SegmentFault,
  type OpenedSegment,
} from './segment.ts';

export interface Reading {
  readonly store: Pick<ObjectStore, 'get' | 'list'>;
  readonly period: Period;
  readonly signal: AbortSignal;
  /** What is not as it was stored ends the reading, unless somebody is there to hear of it. */
  readonly onFault?: (fault: SegmentFault) => void;
}

/** Clocks jump: so much before and after the period, segments are read as well. */
const marginMilliseconds = 3_600_000;
/** A millisecond, or two. */
const bytesBetweenPauses = 65_536;

/** More than they are cut at. */
const usualSegmentBytes = 2 ** 21;

interface Source extends Pick<Reading, 'store' | 'signal'> {
  readonly into: Buffer;
}

export async function* readJournal({ store, period, signal, onFault }: Reading): AsyncGenerator<JournalEntry> {
  const raise =
    onFault ??
    ((fault: SegmentFault): never => {
      throw fault;
    });
  const numbers: number[] = [];
  for await (const number of numbersAfter(store, 0, signal)) numbers.push(number);
  // One after the other in the same memory.
  const source = { store, signal, into: Buffer.allocUnsafeSlow(usualSegmentBytes) };
  const from = await firstOf(numbers, source, period);
  let before: Head | undefined = from === 0 ? noHead : undefined;
  for (const number of numbers.slice(from)) {
    const segment = await segmentAt(number, source, raise);
    if (!segment || (onFault && !(await isSound(segment, onFault)))) {
      before = undefined;
      continue;
    }
    const { header, digest, closed } = segment;
    const opened = Date.parse(header.openedTime);
    // Before the period, segments may have been disposed of.
    const isFirst = before === noHead && number > 1 && opened < period.start.getTime();
    const problem = before && !isFirst ? breakBetween(before, segment) : undefined;
    if (problem !== undefined) raise(new SegmentFault(number, problem));
    before = { number, digest, size: 0, sequence: header.firstEntry + (closed?.entries ?? 0) - 1 };
    const isAfter = opened >= period.end.getTime() + marginMilliseconds;
    for await (const entry of entriesOf(segment)) if (!isAfter && isIn(period, entry, opened)) yield entry;
    if (isAfter) return;
  }
}

/** Reads a segment in pieces. */
async function* entriesOf(segment: OpenedSegment): AsyncGenerator<JournalEntry> {
  let from = 0;
  for (const entry of segment.entries()) {
    yield entry;
    if (segment.at - from < bytesBetweenPauses) continue;
    from = segment.at;
    await nextTurn();
  }
}

/** Throws a SegmentFault unless all of it is sound. */
export async function readThrough(segment: OpenedSegment): Promise<void> {
  const entries = entriesOf(segment);
  while (!(await entries.next()).done) continue;
}

/** Whoever hears of faults is given nothing of a segment that has one. */
async function isSound(segment: OpenedSegment, onFault: (fault: SegmentFault) => void): Promise<boolean> {
  try {
    await readThrough(segment);
    return true;
  } catch (error) {
    if (!(error instanceof SegmentFault)) throw error;
    onFault(error);
    return false;
  }
}

/** What came late, from another writer, counts when it was stored: what was made of its own time did not have it. */
function isIn({ start, end }: Period, { time, facts }: JournalEntry, opened: number): boolean {
  const at = facts?.['late'] === true ? opened : Date.parse(time);
  return at >= start.getTime() && at < end.getTime();
}

/** The last that was opened well before the period, so that nothing of it is left out, and its first segment follows one that was read. */
async function firstOf(numbers: readonly number[], source: Source, period: Period): Promise<number> {
  let [low, high] = [0, numbers.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const segment = await segmentAt(numbers[middle]!, source, () => undefined);
    const opened = Date.parse(segment?.header.openedTime ?? '');
    if (Number.isNaN(opened) || opened < period.start.getTime() - marginMilliseconds) low = middle + 1;
    else high = middle;
  }
  return Math.max(0, low - 2);
}

async function segmentAt(
  number: number,
  { store, signal, into }: Source,
  raise: (fault: SegmentFault) => void,
): Promise<OpenedSegment | undefined> {
  const bytes = await store.get(segmentKey(number), { maxBytes: mostSegmentBytes, into }, signal);
  try {
    if (!bytes) throw new SegmentFault(number, `segment ${number} of the journal is missing`);
    return openSegment(number, bytes);
  } catch (error) {
    if (!(error instanceof SegmentFault)) throw error;
    raise(error);
    return undefined;
  }
}

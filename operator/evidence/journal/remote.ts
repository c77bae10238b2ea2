/**
 * What a store has of a journal: where it ends, and what was journaled last. Each segment is read in full and has to follow the one before; what is not as it
 * was stored is named, and what comes after it counts all the same.
 */
import type { ObjectStore } from '../../connect/objectStore/types.ts';
import { aboutId, type About } from './chain.ts';
import { resources } from '../../api/generated/resources.ts';
import type { JournalEntry } from './entry.ts';
import { readCheckpoint, type Seal } from './checkpoint.ts';
import { headOf, noHead, type Head } from './head.ts';
import {
  breakBetween,
  journalPrefix,
  mostSegmentBytes,
  numberOf,
  readSegment,
  segmentKey,
  SegmentFault,
} from './segment.ts';
import { JournalState } from './state.ts';

export const stateKey = (number: number): string => `${journalPrefix}state-${String(number).padStart(12, '0')}.json`;
const statePattern = /^journal\/state-([0-9]{12})\.json$/;
const mostStateBytes = 256 * 1024 * 1024;

/** A segment that is not what it was, or is gone. */
export interface Damage {
  readonly segment: number;
  readonly reason: 'SegmentMissing' | 'SegmentAltered';
  readonly message: string;
}

export interface Remote {
  readonly state: JournalState;
  readonly head: Head;
  readonly damages: readonly Damage[];
}

export interface RemoteOptions {
  readonly store: Pick<ObjectStore, 'get' | 'list'>;
  readonly about: About;
  readonly seal: Seal;
  /** The last segment of which this machine knows that it was stored. */
  readonly uploaded: Head;
  readonly signal: AbortSignal;
}

export async function readRemote(options: RemoteOptions): Promise<Remote> {
  const { store, uploaded, signal } = options;
  const from = (await newestCheckpoint(options)) ?? { head: noHead, state: new JournalState() };
  const { state } = from;
  let head = from.head;
  const damages: Damage[] = [];
  let [beginning, disposed] = [0, 0];
  for await (const number of numbersAfter(store, head.number, signal)) {
    // Of the beginning, entries that come later may say that it was deleted when its retention was over.
    if (head.number === 0) beginning = number;
    else damages.push(...missingSegments(head.number + 1, number - 1));
    const bytes = await store.get(segmentKey(number), { maxBytes: mostSegmentBytes }, signal);
    if (!bytes) continue;
    try {
      const segment = readSegment(number, bytes);
      const problem = number === head.number + 1 ? breakBetween(head, segment) : undefined;
      if (problem !== undefined) damages.push({ segment: head.number, reason: 'SegmentAltered', message: problem });
      for (const entry of segment.entries) {
        state.apply(entry);
        disposed = Math.max(disposed, disposedIn(entry));
      }
      head = headOf(segment, bytes.length);
    } catch (error) {
      if (!(error instanceof SegmentFault)) throw error;
      damages.push({ segment: number, reason: 'SegmentAltered', message: error.message });
      head = { number, digest: '', size: bytes.length, sequence: head.sequence };
    }
  }
  damages.unshift(...missingSegments(disposed + 1, beginning - 1));
  return { state, ...continued(head, uploaded, damages) };
}

/** The last segment that an entry says was deleted of the journal itself. */
function disposedIn({ event, object, facts }: JournalEntry): number {
  if (event !== 'Disposed' || object.kind !== resources.EvidenceStore.kind) return 0;
  const to = facts?.['to'];
  return typeof to === 'number' && Number.isSafeInteger(to) ? to : 0;
}

/** What this machine stored counts, where the store has less. */
function continued(head: Head, uploaded: Head, damages: readonly Damage[]): Pick<Remote, 'head' | 'damages'> {
  const lost = missingSegments(head.number + 1, uploaded.number);
  if (head.number === uploaded.number && head.digest !== uploaded.digest) {
    const message = `segment ${head.number} of the journal is not the one that was stored: its SHA-256 was ${uploaded.digest}`;
    lost.push({ segment: head.number, reason: 'SegmentAltered', message });
  }
  const known = uploaded.number >= head.number && uploaded.number > 0 ? uploaded : head;
  const sequence = Math.max(head.sequence, uploaded.number <= head.number ? head.sequence : uploaded.sequence);
  return { head: { ...known, sequence }, damages: [...damages, ...lost] };
}

function missingSegments(first: number, last: number): Damage[] {
  if (last < first) return [];
  const message =
    first === last
      ? `segment ${first} of the journal is missing`
      : `segments ${first} to ${last} of the journal are missing`;
  return [{ segment: first, reason: 'SegmentMissing', message }];
}

/** In order, after that one. */
export async function* numbersAfter(
  store: Pick<ObjectStore, 'list'>,
  after: number,
  signal: AbortSignal,
): AsyncGenerator<number> {
  const from = after > 0 ? { after: segmentKey(after) } : {};
  for await (const { key } of store.list(journalPrefix, from, signal)) {
    const number = numberOf(key);
    if (number !== undefined) yield number;
  }
}

/** It is of a segment that is there as it was. */
async function newestCheckpoint({ store, about, seal, signal }: RemoteOptions): Promise<Remote | undefined> {
  const keys: string[] = [];
  for await (const { key } of store.list(`${journalPrefix}state-`, {}, signal))
    if (statePattern.test(key)) keys.push(key);
  for (const key of keys.reverse().slice(0, 3)) {
    const bytes = await store.get(key, { maxBytes: mostStateBytes }, signal);
    const known = bytes && readCheckpoint(bytes.toString(), aboutId(about), seal);
    if (!known || stateKey(known.head.number) !== key) continue;
    const segment = await store.get(segmentKey(known.head.number), { maxBytes: mostSegmentBytes }, signal);
    if (segment && isSame(segment, known.head)) return { ...known, damages: [] };
  }
  return undefined;
}

function isSame(bytes: Uint8Array, { number, digest }: Head): boolean {
  try {
    return readSegment(number, bytes).digest === digest;
  } catch {
    return false;
  }
}

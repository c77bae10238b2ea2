/** Which segments of the journal a pack covers: those after the ones that the pack before covers. */
import type { Head as JournalHead } from '../journal/head.ts';
import { readThrough } from '../journal/read.ts';
import { numbersAfter } from '../journal/remote.ts';
import { mostSegmentBytes, openSegment, segmentKey } from '../journal/segment.ts';
import type { JournalSpan, PackPredicate } from '../statement/types.ts';
import type { PackOrder } from './world.ts';
import type { PackKit } from './kit.ts';
import { readHead } from './readHead.ts';

/** Undefined where nothing was recorded since. */
export async function journalSpan(
  { previous }: Pick<PackOrder, 'previous'>,
  kit: PackKit,
  head: JournalHead,
  signal: AbortSignal,
): Promise<JournalSpan | undefined> {
  const covered = previous ? await lastCovered(kit, previous.sequence, signal) : 0;
  const first = covered > 0 ? covered + 1 : await oldestSegment(kit, signal);
  if (head.number < first) return undefined;
  const bytes = await kit.store.get(segmentKey(first), { maxBytes: mostSegmentBytes }, signal);
  if (!bytes) throw new Error(`segment ${first} of the journal is missing`);
  const segment = openSegment(first, bytes);
  await readThrough(segment);
  return {
    first,
    last: head.number,
    entries: head.sequence - segment.header.firstEntry + 1,
    digest: { sha256: head.digest },
  };
}

/** What is before it was deleted when its retention was over, or never was; that it is missing otherwise is told by who verifies the journal. */
async function oldestSegment({ store }: PackKit, signal: AbortSignal): Promise<number> {
  for await (const number of numbersAfter(store, 0, signal)) return number;
  return 1;
}

/** A pack of a time in which nothing was recorded has no segments. */
async function lastCovered({ store, pack }: PackKit, sequence: number, signal: AbortSignal): Promise<number> {
  for (let at: number | undefined = sequence; at !== undefined;) {
    const found = await readHead(store, pack.metadata.name, at, signal);
    const { journal, previous }: Pick<PackPredicate, 'journal' | 'previous'> = found?.statement.predicate ?? {};
    if (journal) return journal.last;
    at = previous?.sequence;
  }
  return 0;
}

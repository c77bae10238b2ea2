/** Which segments of the journal a pack covers: those after the ones that the pack before covers. */
import type { Head as JournalHead } from '../journal/head.ts';
import { numbersAfter } from '../journal/remote.ts';
import { mostSegmentBytes, readSegment, segmentKey } from '../journal/segment.ts';
import type { JournalSpan } from '../statement/types.ts';
import type { PackOrder } from './decide.ts';
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
  const { header } = readSegment(first, bytes);
  return {
    first,
    last: head.number,
    entries: head.sequence - header.firstEntry + 1,
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
  for (let at = sequence; at > 0; at -= 1) {
    const found = await readHead(store, pack.metadata.name, at, signal);
    const { journal } = found?.statement.predicate ?? {};
    if (!found || journal) return journal?.last ?? 0;
  }
  return 0;
}

/** Of what time an object of a store is. What cannot be read is of all times, so that every hold covers it. */
import type { ObjectStore } from '../../connect/objectStore/types.ts';
import { readHead } from '../evidencePack/readHead.ts';
import { notOurs } from '../evidencePack/readChain.ts';
import { mostSegmentBytes, readSegment, segmentKey, SegmentFault } from '../journal/segment.ts';
import { roleOf } from '../retention/classes.ts';
import type { Holdable } from '../retention/holds.ts';
import { storeReason } from '../failures.ts';

const always = { start: new Date(-8.64e15), end: new Date(8.64e15) };
const mostKnown = 100_000;

export class Periods {
  readonly #known = new Map<string, Holdable>();
  /** How often the store was asked. */
  asked = 0;

  /** Undefined for what no hold is placed on: keys, records, and what Holdfast does not know. */
  async of(store: ObjectStore, key: string, needsTime: boolean, signal: AbortSignal): Promise<Holdable | undefined> {
    const role = roleOf(key);
    if (role.is === 'Pack') {
      const { pack, number } = role;
      if (!needsTime) return { pack, ...always };
      return this.#remembered(`${pack}/${number}`, async () => ({ pack, ...(await ofPack(store, role, signal)) }));
    }
    if (role.is !== 'Segment') return undefined;
    if (!needsTime) return always;
    return this.#remembered(key, () => ofSegment(store, role.number, signal));
  }

  async #remembered(id: string, read: () => Promise<Holdable>): Promise<Holdable> {
    const known = this.#known.get(id);
    if (known) return known;
    this.asked += 1;
    const found = await read();
    if (this.#known.size < mostKnown && found.start > always.start) this.#known.set(id, found);
    return found;
  }
}

async function ofPack(
  store: ObjectStore,
  { pack, number }: { readonly pack: string; readonly number: number },
  signal: AbortSignal,
): Promise<Pick<Holdable, 'start' | 'end'>> {
  const found = await readHead(store, pack, number, signal).catch(notOurs);
  if (!found) return always;
  const { start, end } = found.statement.predicate.period;
  return { start: new Date(start), end: new Date(end) };
}

async function ofSegment(store: ObjectStore, number: number, signal: AbortSignal): Promise<Holdable> {
  try {
    const bytes = await store.get(segmentKey(number), { maxBytes: mostSegmentBytes }, signal);
    if (!bytes) return always;
    const { header, closed } = readSegment(number, bytes);
    return closed ? { start: new Date(header.openedTime), end: new Date(closed.time) } : always;
  } catch (error) {
    if (error instanceof SegmentFault || storeReason(error) === 'Invalid') return always;
    throw error;
  }
}

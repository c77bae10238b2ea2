/**
 * Makes a journal anew from its store: reads what is there, writes behind it what this machine had not stored yet, and then what was decided meanwhile. The spool
 * is exchanged as one at the very end, so that whatever ends in between begins again from what there was.
 */
import type { ObjectStore } from '../../connect/objectStore/types.ts';
import { Chain } from './chain.ts';
import { keptIn } from './decisions.ts';
import type { Draft, JournalEntry } from './entry.ts';
import { rebase, replay, type Journal } from './journal.ts';
import { readRemote, type Damage } from './remote.ts';
import { unsentIn, uploadedIn } from './unsent.ts';
import { readSegment, SegmentFault, soundEntry } from './segment.ts';

/** Decisions that are replayed before others get their turn. */
const together = 200;

export interface Recovering {
  readonly store: Pick<ObjectStore, 'get' | 'list'>;
  readonly signal: AbortSignal;
  /** Lets others run. */
  readonly pause: () => Promise<void>;
}

export async function recover(journal: Journal, { store, signal, pause }: Recovering): Promise<readonly Damage[]> {
  const { spools, about, seal } = journal.options;
  const { current } = spools;
  const { damages, ...known } = await readRemote({ store, about, seal, uploaded: uploadedIn(current), signal });
  const next = spools.beginNext();
  const chain = Chain.begin(next, journal.options, known);
  try {
    await fill(chain, { journal, damages, pause });
    signal.throwIfAborted();
    spools.exchange();
  } catch (error) {
    chain.close();
    throw error;
  }
  chain.movedTo(spools.current);
  journal.restart(chain);
  return damages;
}

interface Filling extends Pick<Recovering, 'pause'> {
  readonly journal: Journal;
  readonly damages: readonly Damage[];
}

async function fill(chain: Chain, { journal, damages, pause }: Filling): Promise<void> {
  const { spools, now } = journal.options;
  const { current } = spools;
  for (const damage of damages) writeDamage(chain, damage, now());
  if (journal.spoolFault !== undefined)
    writeDamage(chain, { segment: 0, reason: 'SegmentAltered', message: journal.spoolFault }, now());
  for (const { name, number } of unsentIn(current)) {
    for (const entry of soundEntries(number, current.read(name))) rebase(chain, entry, now());
    await pause();
  }
  let at = 0;
  for (;;) {
    const { kept, next: then } = keptIn(current, at, together);
    for (const one of kept) replay(chain, one, now());
    at = then;
    // What is decided from here on finds the journal made.
    if (kept.length < together) break;
    await pause();
  }
}

function writeDamage(chain: Chain, { segment, reason, message }: Damage, now: Date): void {
  const id = `damage/${segment}/${reason}`;
  if (chain.state.ids.has(id)) return;
  chain.write([damageEntry(chain, { segment, reason, message }, now)], now);
}

/** Says in the journal itself what of it is not as it was. */
export function damageEntry(chain: Chain, { segment, reason, message }: Damage, now: Date): Draft {
  const { namespace, name } = chain.about.store;
  const object = { kind: 'EvidenceStore', namespace, name };
  const facts = { id: `damage/${segment}/${reason}`, reason, segment, message };
  return { time: now.toISOString(), event: 'Gap', object, facts };
}

/** All of a segment, and of one that was damaged on this disk each line that is an entry still. */
function soundEntries(number: number, bytes: Buffer): readonly JournalEntry[] {
  const complete = bytes.subarray(0, bytes.lastIndexOf(10) + 1);
  try {
    return readSegment(number, complete, true).entries;
  } catch (error) {
    if (!(error instanceof SegmentFault)) throw error;
    return complete.toString().split('\n').flatMap(soundEntry);
  }
}

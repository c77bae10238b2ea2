/**
 * The journal of one store. Promises: what is recorded is on disk before anything is done about it, or, where there is no room, is recorded later, after an entry
 * that says from when until when there was none; recording never waits for the store; a decision that was recorded is recorded again only when it
 * became another one, whatever ends or is lost in between.
 */
import type { Spool, Spools } from '../../connect/spool/spool.ts';
import { Chain, type ChainOptions } from './chain.ts';
import { Decisions, decisionsFile, idOf, timeOf, type Kept } from './decisions.ts';
import { differences, goneDifference } from './difference.ts';
import type { Draft, JournalObject } from './entry.ts';
import { SegmentFault } from './segment.ts';
import { plainFacts, plainValue } from './text.ts';

export interface JournalOptions extends ChainOptions {
  readonly spools: Spools;
  /** Bytes that may yet be spooled. */
  readonly room: () => number;
  readonly now: () => Date;
  /** That there is something to do. */
  readonly wake: () => void;
}

export interface GapBegun {
  readonly from: string;
  readonly reason: 'SpoolFull' | 'DiskFailed';
}

const gapFile = 'gap.json';
/** So much has to be free before a gap ends: otherwise it would begin again at once. */
const roomAfterGap = 64 * 1024;

export class Journal {
  readonly options: JournalOptions;
  #chain: Chain | undefined;
  #decisions: Decisions;
  #gap: GapBegun | undefined;
  /** The last decision of each object for which there was no room. */
  readonly #refused = new Map<string, Kept>();
  #entries = 0;
  #gaps = 0;
  /** Why what was on disk is not believed. */
  spoolFault: string | undefined;

  constructor(options: JournalOptions) {
    this.options = options;
    const { current } = options.spools;
    this.#decisions = new Decisions(current);
    this.#gap = gapIn(current);
    try {
      // What was decided while that was not known is compared with what the store has, where both are written anew at once.
      if (!current.names().includes(decisionsFile)) this.#chain = Chain.restore(current, options);
    } catch (error) {
      if (!(error instanceof SegmentFault)) throw error;
      this.#chain = undefined;
      this.spoolFault = error.message;
    }
  }

  /** Undefined while it is not known what was journaled last. */
  get chain(): Chain | undefined {
    return this.#chain;
  }

  get gap(): GapBegun | undefined {
    return this.#gap;
  }

  get bytes(): number {
    return (this.#chain?.bytes ?? 0) + this.#decisions.bytes;
  }

  /** When the oldest was recorded that is not in the store. */
  get oldest(): string | undefined {
    return this.#chain ? this.#chain.oldest : this.#decisions.oldest;
  }

  /** Since it was opened. */
  get counts(): { readonly entries: number; readonly gaps: number } {
    return { entries: this.#entries, gaps: this.#gaps };
  }

  record(kept: Kept): boolean {
    if (this.#gap) {
      if (this.#isNews(kept)) return this.#refuse(kept);
      this.#refused.delete(idOf(kept));
      return true;
    }
    return this.#take(kept);
  }

  /** Once the store was read: everything from here on is written after what it has. */
  restart(chain: Chain): void {
    this.#decisions.close();
    this.#chain = chain;
    this.#decisions = new Decisions(this.options.spools.current);
    this.spoolFault = undefined;
    if (this.#gap) this.#writeGap(this.#gap);
  }

  /** Another writer was first: what was not stored waits until its segments were read. */
  fork(): void {
    this.#chain?.close();
    this.#chain = undefined;
  }

  /** Ends a gap for which there is room by now. */
  endGap(): void {
    const { room, now } = this.options;
    const chain = this.#chain;
    if (!this.#gap || !chain || room() < roomAfterGap) return;
    const { from, reason } = this.#gap;
    try {
      const id = `gap/${from}`;
      const facts = { id, from, to: now().toISOString(), reason };
      if (!chain.state.ids.has(id))
        this.#write(chain, [{ time: now().toISOString(), event: 'Gap', object: this.#own(), facts }]);
      this.options.spools.current.remove(gapFile);
    } catch {
      return;
    }
    this.#gap = undefined;
    const refused = [...this.#refused.values()];
    this.#refused.clear();
    for (const kept of refused) this.record(kept);
  }

  /** Objects of which something is known. */
  known(): Iterable<string> {
    return this.#chain?.state.objects.keys() ?? [];
  }

  cut(): void {
    try {
      this.#chain?.cut(this.options.now());
    } catch {
      // It stays open, and is cut with the next entry, or the next time.
    }
  }

  close(): void {
    this.#chain?.close();
    this.#decisions.close();
  }

  #take(kept: Kept): boolean {
    const chain = this.#chain;
    const { room } = this.options;
    try {
      if (!chain) {
        if (this.#decisions.repeats(kept)) return true;
        if (room() < sizeOf(kept)) return this.#refuse(kept, 'SpoolFull');
        this.#decisions.keep(kept);
        return true;
      }
      const drafts = draftsOf(chain, kept);
      if (drafts.length === 0) {
        if (kept.is === 'decided') chain.state.saw(kept.decision);
        return true;
      }
      if (room() < sizeOf(drafts)) return this.#refuse(kept, 'SpoolFull');
      this.#write(chain, drafts);
      if (kept.is === 'decided') chain.state.saw(kept.decision);
      return true;
    } catch {
      return this.#refuse(kept, 'DiskFailed');
    }
  }

  #write(chain: Chain, drafts: readonly Draft[]): void {
    chain.write(drafts, this.options.now());
    this.#entries += drafts.length;
    this.options.wake();
  }

  #isNews(kept: Kept): boolean {
    return this.#chain ? draftsOf(this.#chain, kept).length > 0 : true;
  }

  #refuse(kept: Kept, reason: GapBegun['reason'] = 'SpoolFull'): false {
    if (!this.#gap) {
      this.#gap = { from: timeOf(kept), reason };
      this.#gaps += 1;
      this.#writeGap(this.#gap);
      this.options.wake();
    }
    // Whoever appends is answered that it was not taken, and does it again.
    if (kept.is !== 'appended') {
      this.#refused.delete(idOf(kept));
      this.#refused.set(idOf(kept), kept);
    }
    return false;
  }

  /** It is small; where not even that can be written, a restart writes the differences without saying that there was a gap. */
  #writeGap(gap: GapBegun): void {
    try {
      this.options.spools.current.replace(gapFile, JSON.stringify(gap));
    } catch {
      return;
    }
  }

  #own(): JournalObject {
    const { namespace, name } = this.options.about.store;
    return { kind: 'EvidenceStore', namespace, name };
  }
}

/** As if it was decided only now, but for its time. */
export function replay(chain: Chain, kept: Kept, now: Date): void {
  const drafts = draftsOf(chain, kept);
  if (drafts.length > 0) chain.write(drafts, now);
  if (kept.is === 'decided') chain.state.saw(kept.decision);
}

/** Entries that were not stored before another writer was first. What that one decided later stays. */
export function rebase(chain: Chain, draft: Draft, now: Date): void {
  if (chain.state.knows(draft)) return;
  const known = chain.state.get(draft.object);
  const isOlder = known !== undefined && Date.parse(draft.time) < known.time;
  chain.write([isOlder ? { ...draft, facts: { ...draft.facts, late: true } } : draft], now);
}

function draftsOf({ state }: Chain, kept: Kept): Draft[] {
  switch (kept.is) {
    case 'decided':
      return differences(state, kept.decision);
    case 'gone':
      return goneDifference(state, kept.object, kept.time);
    case 'appended':
      return state.ids.has(String(kept.draft.facts?.['id'])) ? [] : [plainDraft(kept.draft)];
  }
}

function plainDraft(draft: Draft): Draft {
  return {
    ...(plainValue({ ...draft, facts: undefined }) as Draft),
    ...(draft.facts && { facts: plainFacts(draft.facts) }),
  };
}

/** About as many bytes as it takes. */
function sizeOf(value: unknown): number {
  return JSON.stringify(value).length + 512;
}

function gapIn(spool: Spool): GapBegun | undefined {
  try {
    return JSON.parse(spool.read(gapFile).toString()) as GapBegun;
  } catch {
    return undefined;
  }
}

/**
 * Stores the segments of one journal, in order, each once, in a loop of its own: a store that is slow, away or wrong keeps nothing else waiting. Before
 * a segment is stored, the one before it has to be there as it was; what is not is said in the journal.
 */
import type { Logger } from 'pino';
import type { ObjectStore, Retention } from '../../connect/objectStore/types.ts';
import { sha256 } from '../../lib/digest.ts';
import type { Clock } from '../../runtime/clock.ts';
import { storeReason } from '../failures.ts';
import type { Chain } from './chain.ts';
import type { Head } from './head.ts';
import type { Journal } from './journal.ts';
import { damageEntry, recover } from './recovery.ts';
import { stateKey, type Damage } from './remote.ts';
import { mostSegmentBytes, segmentKey } from './segment.ts';
import type { JournalStanding } from './standing.ts';

export interface Connected {
  readonly store: ObjectStore;
  /** Of what is stored now. */
  readonly retention?: () => Retention | undefined;
}

/** Why a journal is not stored, as an error of the store or of what keeps it from being used. */
export class JournalError extends Error {
  readonly reason: string;

  constructor(reason: string, message: string) {
    super(message);
    this.reason = reason;
  }
}

export interface KeeperOptions {
  readonly journal: Journal;
  readonly connect: (signal: AbortSignal) => Promise<Connected>;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Logger;
  /** How long a segment is open. */
  readonly segmentSeconds: number;
  /** What was journaled last is known again, or there is room again. */
  readonly onKnown: () => void;
}

const requestMilliseconds = 120_000;
const firstDelay = 1000;
const longestDelay = 300_000;
const syncMilliseconds = 1000;

export class Keeper {
  readonly #options: KeeperOptions;
  readonly #stopping = new AbortController();
  #connected: Connected | undefined;
  #failures = 0;
  #problem: JournalStanding['problem'];
  #damage: string | undefined;
  #wake: (() => void) | undefined;
  #callOffSync: (() => void) | undefined;
  #checkpointed = 0;
  #checked = 0;
  readonly #flushed = new Set<() => void>();
  readonly #running: Promise<void>;

  constructor(options: KeeperOptions) {
    this.#options = options;
    this.#running = this.#run();
  }

  get standing(): JournalStanding {
    const { journal } = this.#options;
    const { chain, oldest, gap, bytes, counts } = journal;
    const head = chain?.uploaded;
    return {
      isRead: chain !== undefined,
      stored: { segment: head?.number ?? 0, sequence: head?.sequence ?? 0 },
      sequence: chain?.sequence ?? 0,
      spooledBytes: bytes,
      ...(oldest !== undefined && { behindSince: new Date(oldest) }),
      ...(this.#problem && { problem: this.#problem }),
      ...(gap && { gap }),
      ...(this.#damage !== undefined && { damage: this.#damage }),
      ...counts,
    };
  }

  /** Something was recorded: it is synced within a second, and stored in time. */
  recorded(): void {
    const { clock, journal } = this.#options;
    if (this.#failures === 0) this.#wake?.();
    this.#callOffSync ??= clock.after(syncMilliseconds, () => {
      this.#callOffSync = undefined;
      void journal.chain?.sync().catch(() => undefined);
    });
  }

  /** Resolves when everything that was recorded by now is stored; rejects with the reason of the last failure when the signal aborts before. */
  async flush(signal: AbortSignal): Promise<Head> {
    const { journal } = this.#options;
    // Tried at once; what fails then is tried again with the usual pauses, or else whoever flushes would keep everything else from running.
    this.#failures = 0;
    this.#wake?.();
    while (!journal.chain || journal.chain.waiting.length > 0 || journal.chain.openedTime !== undefined) {
      if (signal.aborted)
        throw new JournalError(
          this.#problem?.reason ?? 'Slow',
          this.#problem?.message ?? 'the journal was not stored in time',
        );
      journal.cut();
      await new Promise<void>((resolve) => {
        const end = (): void => {
          this.#flushed.delete(end);
          signal.removeEventListener('abort', end);
          resolve();
        };
        this.#flushed.add(end);
        signal.addEventListener('abort', end);
        if (!this.#problem && journal.chain?.waiting.length) this.#wake?.();
      });
    }
    return journal.chain.uploaded;
  }

  /** The store as it is connected now. */
  async connected(signal: AbortSignal): Promise<Connected> {
    this.#connected ??= await this.#options.connect(signal);
    return this.#connected;
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#callOffSync?.();
    this.#wake?.();
    await this.#running;
    this.#options.journal.close();
    this.#connected?.store.close();
  }

  async #run(): Promise<void> {
    // The pass that made it does not wait.
    await Promise.resolve();
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      let wait: number;
      try {
        wait = await this.#step();
        if (this.#failures > 0 || this.#problem) this.#options.log.info('The journal is stored again.');
        this.#failures = 0;
        this.#problem = undefined;
      } catch (error) {
        if (signal.aborted) return;
        wait = this.#failed(error);
      }
      for (const flushed of this.#flushed) flushed();
      if (wait > 0) await this.#sleep(wait);
    }
  }

  /** Answers in how many milliseconds there is more to do. */
  async #step(): Promise<number> {
    const { journal, segmentSeconds, onKnown } = this.#options;
    if (!journal.chain) {
      await this.#recover();
      return 0;
    }
    if (journal.gap) {
      journal.endGap();
      if (!journal.gap) onKnown();
    }
    const { chain } = journal;
    const left = chain.openedTime === undefined ? longestDelay : this.#untilCut(chain.openedTime, segmentSeconds);
    if (left <= 0 || (journal.gap && chain.openedTime !== undefined)) journal.cut();
    if (chain.waiting.length === 0) return Math.max(left, 100);
    await this.#store(chain);
    return 0;
  }

  /** The clock may have jumped. */
  #untilCut(openedTime: string, seconds: number): number {
    const age = this.#options.clock.now().getTime() - Date.parse(openedTime);
    return age < 0 ? 0 : seconds * 1000 - age;
  }

  async #recover(): Promise<void> {
    const { journal, clock, onKnown } = this.#options;
    const signal = this.#stopping.signal;
    const { store } = await this.connected(signal);
    const pause = (): Promise<void> => new Promise((resolve) => void clock.after(0, resolve));
    const damages = await recover(journal, { store, signal, pause });
    this.#damaged(damages);
    onKnown();
  }

  async #store(chain: Chain): Promise<void> {
    const [head] = chain.waiting;
    if (!head) return;
    const { store, retention } = await this.connected(this.#signal());
    await this.#check(store, chain);
    await chain.syncClosed(head.number);
    const key = segmentKey(head.number);
    const until = retention?.();
    const file = { path: chain.path(head.number), size: head.size, sha256: head.digest };
    const options = { contentType: 'application/x-ndjson', ifAbsent: true, ...(until && { retention: until }) };
    try {
      await store.put(key, file, options, this.#signal());
    } catch (error) {
      if (storeReason(error) !== 'Exists') throw error;
      const there = await store.get(key, { maxBytes: mostSegmentBytes }, this.#signal());
      if (!there || sha256(there) !== head.digest) {
        this.#options.log.warn({ segment: head.number }, 'Another writer stored a segment of the journal first.');
        this.#options.journal.fork();
        return;
      }
    }
    chain.stored();
    await this.#checkpoint(store, chain).catch((error: unknown) => {
      this.#options.log.debug(
        { err: error },
        'The state of the journal was not stored; a start without its disk takes longer.',
      );
    });
  }

  /** Whether the segment that was stored last is there as it was: each is looked at once. */
  async #check(store: ObjectStore, chain: Chain): Promise<void> {
    const { number, digest, size } = chain.uploaded;
    if (number === 0 || number === this.#checked) return;
    const there = await store.head(segmentKey(number), {}, this.#signal());
    this.#checked = number;
    const isSame = there && there.size === size && (there.sha256 === undefined || there.sha256 === digest);
    if (isSame) return;
    const damage: Damage = there
      ? {
          segment: number,
          reason: 'SegmentAltered',
          message: `segment ${number} of the journal is not the one that was stored`,
        }
      : { segment: number, reason: 'SegmentMissing', message: `segment ${number} of the journal is missing` };
    const now = this.#options.clock.now();
    const draft = damageEntry(chain, damage, now);
    if (!chain.state.ids.has(String(draft.facts?.['id']))) chain.write([draft], now);
    this.#damaged([damage]);
  }

  #damaged(damages: readonly Damage[]): void {
    const [first] = damages;
    if (!first) return;
    this.#damage = first.message;
    for (const { message } of damages) this.#options.log.error(message);
  }

  /** For a start without this disk. */
  async #checkpoint(store: ObjectStore, chain: Chain): Promise<void> {
    const checkpoint = chain.checkpoint();
    if (!checkpoint || checkpoint.number <= this.#checkpointed) return;
    const before = this.#checkpointed;
    this.#checkpointed = checkpoint.number;
    const options = { contentType: 'application/json' };
    await store.put(stateKey(checkpoint.number), Buffer.from(checkpoint.text), options, this.#signal());
    if (before > 0) await store.remove(stateKey(before), undefined, this.#signal());
  }

  #failed(error: unknown): number {
    const reason = error instanceof JournalError ? error.reason : (storeReason(error) ?? 'Failed');
    const message = error instanceof Error ? error.message : String(error);
    if (this.#problem?.reason !== reason)
      this.#options.log.warn({ err: error }, 'The journal cannot be stored; it will be retried.');
    this.#problem = { reason, message: message.slice(0, 500) };
    this.#connected?.store.close();
    this.#connected = undefined;
    const delay = Math.min(longestDelay, firstDelay * 2 ** this.#failures);
    this.#failures = Math.min(this.#failures + 1, 10);
    return delay * (0.5 + this.#options.random() / 2);
  }

  #signal(): AbortSignal {
    return AbortSignal.any([this.#stopping.signal, AbortSignal.timeout(requestMilliseconds)]);
  }

  #sleep(milliseconds: number): Promise<void> {
    if (this.#stopping.signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const end = (): void => {
        callOff();
        this.#wake = undefined;
        resolve();
      };
      const callOff = this.#options.clock.after(milliseconds, end);
      this.#wake = end;
    });
  }
}

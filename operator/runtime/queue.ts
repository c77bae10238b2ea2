/**
 * When each key is looked at next. Promises:
 * - a key has one due time; of several the earliest wins, and many changes before a pass make one pass;
 * - a pass that only waits may step aside, and its worker takes another; of those that have, groups have their shares too;
 * - a key is never worked on twice at once; a change during its pass makes another pass afterwards;
 * - groups of keys, such as those of a namespace, get turns in rotation, and none has all workers (`Turns`);
 * - within a group, what changed goes before routine rechecks;
 * - failures back off per key, from half a second to five minutes, with jitter; what was overtaken comes again in 20 ms to 5 s;
 * - the event loop gets a turn every few milliseconds, however many keys are ready.
 */
import { delayAfter, type BackOff } from './backOff.ts';
import type { Cause } from './cause.ts';
import type { Clock } from './clock.ts';
import type { Key, Seconds } from './feature.ts';
import { Heap, type Timed } from './heap.ts';
import { keyId } from './identity.ts';
import type { Lane } from '../lib/lanes.ts';
import { Shares } from '../lib/shares.ts';
import { Turns, type InTurn, type Share } from '../lib/turns.ts';

/**
 * What shall become of a key after its pass: nothing until it changes, another pass in time, one soon because what it looked at has changed
 * meanwhile, or a retry with back-off because it failed.
 */
export type Next =
  { is: 'done' } | { is: 'again'; after: Seconds } | { is: 'soon' } | { is: 'retry'; atLeast?: Seconds };

/** What the queue tells of itself, in seconds. */
export interface QueueMeter {
  added(): void;
  started(waited: Seconds): void;
  finished(worked: Seconds): void;
  retried(): void;
}

/** Waits without a worker. Does not wait where too many of the group have stepped aside already. */
export type Aside = (waiting: Promise<unknown>) => Promise<void>;

export interface QueueOptions {
  readonly clock: Clock;
  /** From 0 inclusive to 1 exclusive. */
  readonly random: () => number;
  readonly workers: number;
  /** Whose share of the workers a pass takes; that of the namespace, or of a cluster-scoped object its own, by default. */
  readonly shareOf?: (key: Key) => Partial<Share>;
  /** Told what has woken the key since its last pass, the first few of it. */
  readonly work: (key: Key, causes: readonly Cause[], aside: Aside) => Promise<Next>;
  readonly meter?: QueueMeter;
}

const BACK_OFF: BackOff = { first: 0.5, longest: 300 };
const SOON: BackOff = { first: 0.02, longest: 5 };
const SLICE_MILLISECONDS = 8;
const MOST_CAUSES = 3;
const MOST_ASIDE = 256;

/** A key on its way. */
class Entry implements Timed, InTurn {
  readonly key: Key;
  state: 'new' | 'delayed' | 'ready' | 'running' = 'new';
  lane: Lane = 'routine';
  group = '';
  isSlow = false;
  due = 0;
  place = -1;
  readySince = 0;
  failures = 0;
  /** Passes in a row that were overtaken. */
  overtaken = 0;
  /** Asked for during the pass. */
  again: { due: number; lane: Lane } | undefined;
  causes: Cause[] = [];

  constructor(key: Key) {
    this.key = key;
  }

  get isReady(): boolean {
    return this.state === 'ready';
  }
}

export class Queue {
  readonly #options: QueueOptions;
  readonly #entries = new Map<string, Entry>();
  readonly #delayed = new Heap<Entry>();
  readonly #ready: Turns<Entry>;
  #state: 'waiting' | 'open' | 'closed' = 'waiting';
  #active = 0;
  readonly #asides = new Shares(MOST_ASIDE);
  #sliceStart = 0;
  #isScheduled = false;
  #alarm: { due: number; callOff: () => void } | undefined;
  #onIdle: () => void = () => undefined;

  constructor(options: QueueOptions) {
    this.#options = options;
    this.#ready = new Turns(options.workers);
  }

  /** Keys that are due and not yet worked on. */
  get depth(): number {
    return [...this.#entries.values()].filter((entry) => entry.isReady).length;
  }

  get active(): number {
    return this.#active;
  }

  /** Begins to work. Keys may be added before. */
  start(): void {
    if (this.#state === 'waiting') this.#state = 'open';
    this.#schedule();
  }

  add(key: Key, lane: Lane, after: Seconds = 0, cause?: Cause): void {
    if (this.#state === 'closed') return;
    const id = keyId(key);
    let entry = this.#entries.get(id);
    if (!entry) this.#entries.set(id, (entry = new Entry(key)));
    if (cause && entry.causes.length < MOST_CAUSES) entry.causes.push(cause);
    this.#options.meter?.added();
    this.#place(entry, lane, after);
  }

  /** Takes no more keys, forgets those that wait, and gives the passes at work so much time. Answers whether all ended. */
  async close(milliseconds: number): Promise<boolean> {
    this.#state = 'closed';
    this.#alarm?.callOff();
    this.#entries.clear();
    if (this.#isIdle) return true;
    return new Promise((resolve) => {
      const callOff = this.#options.clock.after(milliseconds, () => resolve(false));
      this.#onIdle = () => {
        callOff();
        resolve(true);
      };
    });
  }

  #place(entry: Entry, lane: Lane, after: Seconds): void {
    const now = this.#options.clock.elapsed();
    const due = now + (after >= 0 ? after : BACK_OFF.longest) * 1000; // NaN is a bug of the feature, and no reason to spin.
    if (entry.state === 'running') {
      const { again = { due, lane } } = entry;
      entry.again = { due: Math.min(due, again.due), lane: lane === 'fresh' ? lane : again.lane };
    } else if (entry.state === 'ready') {
      if (lane === 'fresh' && entry.lane === 'routine') this.#ready.promote(entry);
    } else if (entry.state === 'new' || due < entry.due) {
      if (entry.state === 'delayed') this.#delayed.remove(entry);
      entry.lane = lane;
      entry.due = due;
      if (due <= now) this.#makeReady(entry);
      else this.#delay(entry);
    }
  }

  #makeReady(entry: Entry): void {
    const { namespace, name } = entry.key;
    const { group = namespace || name, isSlow = false } = this.#options.shareOf?.(entry.key) ?? {};
    entry.state = 'ready';
    entry.group = group;
    entry.isSlow = isSlow;
    entry.readySince = this.#options.clock.elapsed();
    this.#ready.push(entry);
    this.#schedule();
  }

  #delay(entry: Entry): void {
    entry.state = 'delayed';
    this.#delayed.push(entry);
    this.#setAlarm();
  }

  #setAlarm(): void {
    const first = this.#delayed.peek();
    if (!first || this.#state === 'closed' || (this.#alarm && this.#alarm.due <= first.due)) return;
    this.#alarm?.callOff();
    const callOff = this.#options.clock.after(first.due - this.#options.clock.elapsed(), () => this.#wake());
    this.#alarm = { due: first.due, callOff };
  }

  #wake(): void {
    this.#alarm = undefined;
    const now = this.#options.clock.elapsed();
    for (let next = this.#delayed.peek(); next && next.due <= now; next = this.#delayed.peek()) {
      this.#delayed.remove(next);
      this.#makeReady(next);
    }
    this.#setAlarm();
  }

  /** Work starts in a turn of its own, so that a burst of changes is gathered first. */
  #schedule(): void {
    if (this.#isScheduled || this.#state !== 'open' || this.#active >= this.#options.workers) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      this.#sliceStart = this.#options.clock.elapsed();
      this.#pump();
    });
  }

  #pump(): void {
    while (this.#state === 'open' && this.#active < this.#options.workers) {
      if (this.#options.clock.elapsed() - this.#sliceStart > SLICE_MILLISECONDS) return this.#schedule();
      const entry = this.#ready.take();
      if (!entry) return;
      void this.#run(entry);
    }
  }

  async #run(entry: Entry): Promise<void> {
    const { clock, meter, work } = this.#options;
    const began = clock.elapsed();
    entry.state = 'running';
    this.#active++;
    meter?.started((began - entry.readySince) / 1000);
    const { causes } = entry;
    if (causes.length) entry.causes = [];
    const aside: Aside = (waiting) => this.#stepAside(entry, waiting);
    const next = await work(entry.key, causes, aside).catch((): Next => ({ is: 'retry' }));
    this.#active--;
    this.#ready.leave(entry);
    meter?.finished((clock.elapsed() - began) / 1000);
    if (this.#state === 'closed') return this.#isIdle ? this.#onIdle() : undefined;
    this.#finish(entry, next);
    this.#pump();
  }

  /** It comes back at once when what it waits for has come, even if all workers have others by then. */
  async #stepAside(entry: Entry, waiting: Promise<unknown>): Promise<void> {
    const { group } = entry;
    if (!this.#asides.mayTake(group)) return;
    this.#asides.take(group);
    this.#active--;
    this.#ready.leave(entry);
    this.#schedule();
    try {
      await waiting;
    } finally {
      this.#asides.giveBack(group);
      this.#active++;
      this.#ready.rejoin(entry);
    }
  }

  get #isIdle(): boolean {
    return this.#active + this.#asides.taken === 0;
  }

  #finish(entry: Entry, next: Next): void {
    const { again } = entry;
    entry.again = undefined;
    entry.state = 'new';
    if (next.is === 'again') this.#place(entry, 'routine', next.after);
    if (next.is === 'retry') {
      this.#options.meter?.retried();
      const delay = delayAfter(entry.failures, BACK_OFF, this.#options.random);
      this.#place(entry, 'routine', Math.max(next.atLeast ?? 0, delay));
    }
    if (next.is === 'soon') this.#place(entry, 'routine', delayAfter(entry.overtaken, SOON, this.#options.random));
    entry.overtaken = next.is === 'soon' ? entry.overtaken + 1 : 0;
    if (next.is !== 'soon') entry.failures = next.is === 'retry' ? entry.failures + 1 : 0;
    if (again) this.#place(entry, again.lane, Math.max(0, (again.due - this.#options.clock.elapsed()) / 1000));
    if (next.is === 'done' && !again) this.#entries.delete(keyId(entry.key));
  }
}

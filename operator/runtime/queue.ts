/**
 * When each key is looked at next. Promises:
 * - a key has one due time; of several the earliest wins, and many changes before a pass make one pass;
 * - a key is never worked on twice at once; a change during its pass makes another pass afterwards;
 * - what changed goes before routine rechecks, and these still get every eighth turn;
 * - failures back off per key, from half a second to five minutes, with jitter;
 * - the event loop gets a turn every few milliseconds, however many keys are ready.
 */
import type { Clock } from './clock.ts';
import type { Key, Seconds } from './feature.ts';
import { Fifo } from './fifo.ts';
import { Heap, type Timed } from './heap.ts';
import { keyId } from './identity.ts';

export type Lane = 'fresh' | 'routine';

/** What shall become of a key after its pass: nothing until it changes, another pass in time, or a retry with back-off. */
export type Next = { is: 'done' } | { is: 'again'; after: Seconds } | { is: 'retry'; atLeast?: Seconds };

/** What the queue tells of itself, in seconds. */
export interface QueueMeter {
  added(): void;
  started(waited: Seconds): void;
  finished(worked: Seconds): void;
  retried(): void;
}

export interface QueueOptions {
  readonly clock: Clock;
  /** From 0 inclusive to 1 exclusive. */
  readonly random: () => number;
  readonly workers: number;
  readonly work: (key: Key) => Promise<Next>;
  readonly meter?: QueueMeter;
}

interface Entry extends Timed {
  readonly id: string;
  readonly key: Key;
  state: 'new' | 'delayed' | 'ready' | 'running';
  lane: Lane;
  failures: number;
  readySince: number;
  /** Asked for during the pass. */
  again: { due: number; lane: Lane } | undefined;
}

const FIRST_BACK_OFF: Seconds = 0.5;
const LONGEST_BACK_OFF: Seconds = 300;
const SLICE_MILLISECONDS = 8;
const ROUTINE_EVERY = 8;

export class Queue {
  readonly #options: QueueOptions;
  readonly #entries = new Map<string, Entry>();
  readonly #delayed = new Heap<Entry>();
  readonly #ready = { fresh: new Fifo<Entry>(), routine: new Fifo<Entry>() };
  readonly #idle: (() => void)[] = [];
  #state: 'waiting' | 'open' | 'closed' = 'waiting';
  #active = 0;
  #turns = 0;
  #sliceStart = 0;
  #scheduled = false;
  #alarm: { due: number; callOff: () => void } | undefined;

  constructor(options: QueueOptions) {
    this.#options = options;
  }

  /** Keys that are ready and not yet worked on. */
  get depth(): number {
    let depth = 0;
    for (const entry of this.#entries.values()) if (entry.state === 'ready') depth++;
    return depth;
  }

  get active(): number {
    return this.#active;
  }

  /** Begins to work. Keys may be added before. */
  start(): void {
    if (this.#state === 'waiting') this.#state = 'open';
    this.#schedule();
  }

  add(key: Key, lane: Lane, after: Seconds = 0): void {
    if (this.#state === 'closed') return;
    const id = keyId(key);
    let entry = this.#entries.get(id);
    if (!entry) {
      entry = { id, key, state: 'new', lane, failures: 0, due: 0, place: -1, readySince: 0, again: undefined };
      this.#entries.set(id, entry);
    }
    this.#options.meter?.added();
    this.#place(entry, lane, this.#options.clock.elapsed() + after * 1000);
  }

  /** Takes no more keys, forgets those that wait, and gives the passes at work so much time. Answers whether all ended. */
  async close(milliseconds: number): Promise<boolean> {
    this.#state = 'closed';
    this.#alarm?.callOff();
    this.#entries.clear();
    if (this.#active === 0) return true;
    return new Promise((resolve) => {
      const callOff = this.#options.clock.after(milliseconds, () => resolve(false));
      this.#idle.push(() => {
        callOff();
        resolve(true);
      });
    });
  }

  #place(entry: Entry, lane: Lane, due: number): void {
    switch (entry.state) {
      case 'running':
        if (!entry.again) entry.again = { due, lane };
        else entry.again = { due: Math.min(due, entry.again.due), lane: lane === 'fresh' ? lane : entry.again.lane };
        return;
      case 'ready':
        if (lane === 'fresh' && entry.lane === 'routine') {
          entry.lane = lane;
          this.#ready.fresh.push(entry);
        }
        return;
      case 'delayed':
        if (due >= entry.due) return;
        this.#delayed.remove(entry);
        break;
      case 'new':
        break;
    }
    entry.lane = lane;
    entry.due = due;
    if (due <= this.#options.clock.elapsed()) return this.#makeReady(entry);
    entry.state = 'delayed';
    this.#delayed.push(entry);
    this.#setAlarm();
  }

  #makeReady(entry: Entry): void {
    entry.state = 'ready';
    entry.readySince = this.#options.clock.elapsed();
    this.#ready[entry.lane].push(entry);
    this.#schedule();
  }

  #setAlarm(): void {
    const first = this.#delayed.peek();
    if (!first || this.#state === 'closed' || (this.#alarm && this.#alarm.due <= first.due)) return;
    this.#alarm?.callOff();
    const callOff = this.#options.clock.after(first.due - this.#options.clock.elapsed(), () => {
      this.#alarm = undefined;
      const now = this.#options.clock.elapsed();
      for (let next = this.#delayed.peek(); next && next.due <= now; next = this.#delayed.peek()) {
        this.#delayed.remove(next);
        this.#makeReady(next);
      }
      this.#setAlarm();
    });
    this.#alarm = { due: first.due, callOff };
  }

  /** Work starts in a turn of its own, so that a burst of changes is gathered first. */
  #schedule(): void {
    if (this.#scheduled || this.#state !== 'open' || this.#active >= this.#options.workers) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#sliceStart = this.#options.clock.elapsed();
      this.#pump();
    });
  }

  #pump(): void {
    while (this.#state === 'open' && this.#active < this.#options.workers) {
      if (this.#options.clock.elapsed() - this.#sliceStart > SLICE_MILLISECONDS) return this.#schedule();
      const entry = this.#take();
      if (!entry) return;
      void this.#run(entry);
    }
  }

  #take(): Entry | undefined {
    const { fresh, routine } = this.#ready;
    for (;;) {
      const lane: Lane =
        fresh.size === 0 || (routine.size > 0 && ++this.#turns % ROUTINE_EVERY === 0) ? 'routine' : 'fresh';
      const entry = this.#ready[lane].shift();
      // A key that was moved to the fresh lane leaves its place in the routine lane behind.
      if (!entry || (entry.state === 'ready' && entry.lane === lane)) return entry;
    }
  }

  async #run(entry: Entry): Promise<void> {
    const { clock, meter } = this.#options;
    const began = clock.elapsed();
    entry.state = 'running';
    this.#active++;
    meter?.started((began - entry.readySince) / 1000);
    const next = await this.#options.work(entry.key).catch((): Next => ({ is: 'retry' }));
    this.#active--;
    meter?.finished((clock.elapsed() - began) / 1000);
    this.#finish(entry, next);
    if (this.#active === 0) for (const idle of this.#idle.splice(0)) idle();
    this.#pump();
  }

  #finish(entry: Entry, next: Next): void {
    if (this.#state === 'closed') return;
    const again = entry.again;
    entry.again = undefined;
    entry.state = 'new';
    if (next.is === 'retry') this.#options.meter?.retried();
    const after =
      next.is === 'again' ? next.after : next.is === 'retry' ? this.#backOff(entry, next.atLeast ?? 0) : undefined;
    if (next.is !== 'retry') entry.failures = 0;
    if (after !== undefined) this.#place(entry, 'routine', this.#options.clock.elapsed() + after * 1000);
    if (again) this.#place(entry, again.lane, again.due);
    if (after === undefined && !again) this.#entries.delete(entry.id);
  }

  #backOff(entry: Entry, atLeast: Seconds): Seconds {
    const delay = Math.min(LONGEST_BACK_OFF, FIRST_BACK_OFF * 2 ** Math.min(entry.failures++, 30));
    return Math.max(atLeast, delay * (1 - this.#options.random() / 4));
  }
}

/**
 * Who may have a dry run now. Dry runs last as long as the webhooks of others do, 30 s at most: those that hang must not keep others waiting, be
 * they of the same baseline or not. So templates of a baseline share its places, and home namespaces those of all (`Turns`).
 */
import { Turns, type InTurn } from '../../lib/turns.ts';

/** One alone has half of them: of a baseline a template, of all a home namespace. */
const ofBaseline = 16;
const ofAll = 32;

class Place implements InTurn {
  readonly group: string;
  readonly isSlow = false;
  lane = 'fresh' as const;
  /** Whether somebody waits for it. */
  isReady = true;
  readonly #entered = Promise.withResolvers<void>();

  constructor(group: string) {
    this.group = group;
  }

  get entered(): Promise<void> {
    return this.#entered.promise;
  }

  enter(): void {
    this.isReady = false;
    this.#entered.resolve();
  }
}

class Gate {
  readonly #turns: Turns<Place>;
  #count = 0;

  constructor(places: number) {
    this.#turns = new Turns(places);
  }

  get isIdle(): boolean {
    return this.#count === 0;
  }

  /** Runs it once there is a place; `undefined` where the signal came before. */
  async within<T>(group: string, signal: AbortSignal, run: () => Promise<T>): Promise<T | undefined> {
    if (signal.aborted) return undefined;
    const place = new Place(group);
    this.#turns.push(place);
    this.#count += 1;
    this.#next();
    const isOver = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    await Promise.race([place.entered, isOver]);
    const isIn = !place.isReady;
    try {
      place.isReady = false;
      return isIn ? await run() : undefined;
    } finally {
      this.#count -= 1;
      if (isIn) this.#turns.leave(place);
      this.#next();
    }
  }

  #next(): void {
    for (let place = this.#turns.take(); place; place = this.#turns.take()) place.enter();
  }
}

export interface Whose {
  readonly baseline: string;
  readonly home: string;
  readonly template: string;
}

export class DryRuns {
  readonly #all = new Gate(ofAll);
  readonly #baselines = new Map<string, Gate>();

  /** Runs it when it is its turn, whatever becomes of who waits; `undefined` where the signal came before. */
  async run<T>(
    { baseline, home, template }: Whose,
    signal: AbortSignal,
    run: () => Promise<T>,
  ): Promise<T | undefined> {
    const own = this.#baselines.get(baseline) ?? new Gate(ofBaseline);
    this.#baselines.set(baseline, own);
    try {
      return await own.within(template, signal, () => this.#all.within(home, signal, run));
    } finally {
      if (own.isIdle) this.#baselines.delete(baseline);
    }
  }
}

/** A clock for tests that moves only when it is told to. */
import type { Clock } from '../../operator/runtime/clock.ts';

export class ManualClock implements Clock {
  #elapsed = 0;
  #start: number;
  readonly #timers = new Set<{ at: number; callback: () => void }>();

  constructor(start = '2026-01-01T00:00:00Z') {
    this.#start = Date.parse(start);
  }

  now(): Date {
    return new Date(this.#start + this.#elapsed);
  }

  elapsed(): number {
    return this.#elapsed;
  }

  /** The wall clock jumps, as when somebody sets it, or when the machine was suspended: no timer knows of it. */
  jump(milliseconds: number): void {
    this.#start += milliseconds;
  }

  after(milliseconds: number, callback: () => void): () => void {
    const timer = { at: this.#elapsed + Math.max(0, milliseconds), callback };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** How many callbacks are outstanding. */
  get timers(): number {
    return this.#timers.size;
  }

  /** Moves on, calling back in order what becomes due, and lets what follows from each settle. */
  async advance(milliseconds: number): Promise<void> {
    const until = this.#elapsed + milliseconds;
    await settle();
    for (;;) {
      const [next] = [...this.#timers].filter(({ at }) => at <= until).sort((a, b) => a.at - b.at);
      if (!next) break;
      this.#timers.delete(next);
      this.#elapsed = Math.max(this.#elapsed, next.at);
      next.callback();
      await settle();
    }
    this.#elapsed = until;
    await settle();
  }
}

/** Lets promises and immediates that are under way run to their end. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 5; i++) await new Promise((resolve) => setImmediate(resolve));
}

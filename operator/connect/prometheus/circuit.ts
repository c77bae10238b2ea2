/**
 * Whether what failed is to be tried again. After three failures in a row it is tried once in a while, by one query at a time, and every
 * other gets the last answer at once. Pure.
 */
import type { NoAnswer } from './types.ts';

const FAILURES = 3;
const FIRST_MILLISECONDS = 5_000;
const LONGEST_MILLISECONDS = 60_000;

export interface CircuitOptions {
  /** Milliseconds on a clock that never jumps. */
  readonly elapsed: () => number;
  /** From 0 to 1: what failed together is not tried together. */
  readonly random: () => number;
}

export class Circuit {
  readonly #options: CircuitOptions;
  #last: NoAnswer | undefined;
  #failures = 0;
  #until = 0;

  constructor(options: CircuitOptions) {
    this.#options = options;
  }

  /** The last answer, while it counts for others; `undefined` when it is to be tried. Whoever tries after failures is the only one for a while. */
  standing(): NoAnswer | undefined {
    if (this.#failures < FAILURES) return undefined;
    if (this.#options.elapsed() < this.#until) return this.#last;
    this.#postpone();
    return undefined;
  }

  answered(): void {
    this.#failures = 0;
  }

  failed(answer: NoAnswer): void {
    this.#last = answer;
    this.#failures += 1;
    if (this.#failures >= FAILURES) this.#postpone();
  }

  #postpone(): void {
    const doubled = FIRST_MILLISECONDS * 2 ** Math.min(this.#failures - FAILURES, 10);
    this.#until = this.#options.elapsed() + Math.min(LONGEST_MILLISECONDS, doubled) * (1 - this.#options.random() / 4);
  }
}

/**
 * What was read a moment ago. A pass that comes before half of the interval is over asks nothing: whoever may change an object in a loop does not
 * query Prometheus in one.
 */
import type { Reading } from './reading.ts';

interface Known {
  readonly revision: string;
  readonly time: Date;
  readonly reading: Reading;
}

const mostKnown = 20_000;

export class Recent {
  readonly #known = new Map<string, Known>();

  /** What is known of that revision, if it is younger than so many seconds. */
  get(uid: string, revision: string, now: Date, seconds: number): Known | undefined {
    const known = this.#known.get(uid);
    const age = known && (now.getTime() - known.time.getTime()) / 1000;
    return known?.revision === revision && age !== undefined && age >= 0 && age < seconds ? known : undefined;
  }

  remember(uid: string, known: Known): void {
    this.#known.delete(uid);
    this.#known.set(uid, known);
    // The oldest goes first.
    for (const [oldest] of this.#known) {
      if (this.#known.size <= mostKnown) break;
      this.#known.delete(oldest);
    }
  }
}

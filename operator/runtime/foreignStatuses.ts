/**
 * Statuses that this process did not write: an older one after a restore, one that a person has edited, one of another leader. The object is
 * looked at again: at once, and ever more seldom where they keep coming, so that nobody keeps the operator busy with them.
 */
import { delayAfter, type BackOff } from './backOff.ts';
import type { Clock } from './clock.ts';
import type { Seconds } from './feature.ts';

interface Met {
  count: number;
  /** When the pass is due that the last one brought. */
  dueAt: number;
}

const BACK_OFF: BackOff = { first: 0.5, longest: 300 };
/** After so long without one, the next is the first again. */
const CALM_MILLISECONDS = 600_000;
const MOST = 4096;

export class ForeignStatuses {
  readonly #clock: Clock;
  readonly #random: () => number;
  /** Least recently met first. */
  readonly #met = new Map<string, Met>();

  constructor({ clock, random }: { readonly clock: Clock; readonly random: () => number }) {
    this.#clock = clock;
    this.#random = random;
  }

  /** In how many seconds to look at the object of that name; `undefined` when it is about to be looked at already. */
  meet(id: string): Seconds | undefined {
    const now = this.#clock.elapsed();
    const before = this.#met.get(id);
    if (before && now < before.dueAt) return undefined;
    const count = before && now - before.dueAt < CALM_MILLISECONDS ? before.count : 0;
    const delay = count === 0 ? 0 : delayAfter(count - 1, BACK_OFF, this.#random);
    this.#met.delete(id);
    this.#met.set(id, { count: count + 1, dueAt: now + delay * 1000 });
    if (this.#met.size > MOST) this.#met.delete(this.#met.keys().next().value!);
    return delay;
  }
}

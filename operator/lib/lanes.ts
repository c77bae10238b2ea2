/** What is ready, in two lanes: what changed goes first, and routine still gets every eighth turn, so that it never starves. */
import { Fifo } from './fifo.ts';

export type Lane = 'fresh' | 'routine';

interface Waiting {
  lane: Lane;
  /** Whether it still waits; it may have been taken from the other lane. */
  readonly isReady: boolean;
}

const ROUTINE_EVERY = 8;

export class Lanes<T extends Waiting> {
  readonly #fresh = new Fifo<T>();
  readonly #routine = new Fifo<T>();
  #turns = 0;

  push(item: T): void {
    (item.lane === 'fresh' ? this.#fresh : this.#routine).push(item);
  }

  /** Moves an item of the routine lane to the other. */
  promote(item: T): void {
    item.lane = 'fresh';
    this.#fresh.push(item);
  }

  take(): T | undefined {
    for (;;) {
      const isTurn = this.#routine.size > 0 && ++this.#turns % ROUTINE_EVERY === 0;
      const lane: Lane = this.#fresh.size === 0 || isTurn ? 'routine' : 'fresh';
      const item = (lane === 'fresh' ? this.#fresh : this.#routine).shift();
      // What was promoted has left its place in the routine lane behind.
      if (!item || (item.isReady && item.lane === lane)) return item;
    }
  }
}

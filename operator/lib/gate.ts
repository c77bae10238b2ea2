/** Lets so many in at once, in fair turns. */
import type { Lane } from './lanes.ts';
import { Turns, type InTurn } from './turns.ts';

interface Waiting extends InTurn {
  isReady: boolean;
  readonly admit: () => void;
}

export class Gate {
  readonly #turns: Turns<Waiting>;

  constructor(places: number) {
    this.#turns = new Turns(places);
  }

  /** Does it when it is the turn of the group. Rejects with the reason of `signal` when that aborts before. */
  async run<T>(group: string, work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    signal.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const lane: Lane = 'fresh';
    const one: Waiting = { group, isSlow: false, lane, isReady: true, admit: resolve };
    const abort = (): void => {
      one.isReady = false;
      reject(signal.reason);
    };
    signal.addEventListener('abort', abort, { once: true });
    this.#turns.push(one);
    this.#admit();
    try {
      await promise;
    } finally {
      signal.removeEventListener('abort', abort);
    }
    try {
      return await work();
    } finally {
      this.#turns.leave(one);
      this.#admit();
    }
  }

  #admit(): void {
    for (let next = this.#turns.take(); next; next = this.#turns.take()) {
      next.isReady = false;
      next.admit();
    }
  }
}

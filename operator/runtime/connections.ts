/**
 * The connections to one server, which are replaced once one of them is silent: over HTTP/2 many requests share one, and to give up a
 * request leaves it as it is, so that all that follow would wait on a connection that is open and dead.
 */
import type { Pool } from './pool.ts';

export class Connections {
  readonly #open: () => Pool;
  readonly #leaving = new Set<Pool>();
  #current: Pool;

  constructor(open: () => Pool) {
    this.#open = open;
    this.#current = open();
  }

  get current(): Pool {
    return this.#current;
  }

  /** Requests to come have other connections than those of `silent`; what is at work there ends there. */
  replace(silent: Pool): void {
    if (silent !== this.#current) return;
    this.#current = this.#open();
    this.#leaving.add(silent);
    void silent.close().finally(() => this.#leaving.delete(silent));
  }

  /** Ends all at once. */
  async close(): Promise<void> {
    await Promise.all([this.#current, ...this.#leaving].map((pool) => pool.destroy()));
  }
}

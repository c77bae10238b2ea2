/**
 * When the store of the apiserver was put back to an older copy, versions come again with other contents, and what is remembered of them counts
 * no more. From the first sign of it until every kind is listed again nothing is written; passes at work are called off, since what they record may
 * be gone; what was remembered is forgotten; then everything is looked at again. It is a restart without one.
 */
import type { Logger } from 'pino';
import { Superseded } from './interruptions.ts';

export interface RecoveryOptions {
  readonly log: Logger;
  /** Ends when every kind is listed again. */
  readonly relist: () => Promise<unknown>;
  readonly forget: () => void;
  /** Calls off the passes at work. */
  readonly interrupt: (reason: Error) => void;
  readonly lookAtAll: () => void;
}

export class Recovery {
  readonly #options: RecoveryOptions;
  #isRunning = false;

  constructor(options: RecoveryOptions) {
    this.#options = options;
  }

  get isRunning(): boolean {
    return this.#isRunning;
  }

  /** The store shows a version that is older than one seen before. Further signs are those of the same event until it is over. */
  begin(): void {
    if (this.#isRunning) return;
    this.#isRunning = true;
    const { log, relist, forget, interrupt, lookAtAll } = this.#options;
    log.warn(
      'The store of the apiserver is older than before; it was restored. Everything is listed and evaluated again.',
    );
    interrupt(new Superseded('The store of the apiserver was put back.'));
    forget();
    void relist().then(() => {
      forget();
      this.#isRunning = false;
      lookAtAll();
    });
  }
}

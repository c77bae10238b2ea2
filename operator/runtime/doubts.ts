/**
 * What the apiserver denies although the cache shows it: that an object is there, or is at that version. Mostly the news is on its way. Where
 * the cache still shows the same after 5 seconds, its watch is blind, and the kind is listed again: at most once a minute.
 */
import type { Kind } from '../api/kind.ts';
import type { Cache } from './cache.ts';
import type { Clock } from './clock.ts';
import type { Key } from './feature.ts';
import { kindId } from './identity.ts';

export interface DoubtOptions {
  readonly clock: Clock;
  readonly cacheOf: (kind: Kind) => Cache | undefined;
  readonly relist: (kind: Kind) => void;
}

const PATIENCE_MILLISECONDS = 5000;
const REST_MILLISECONDS = 60_000;

export class Doubts {
  readonly #options: DoubtOptions;
  /** By kind: how the doubt that is being looked into is called off. */
  readonly #open = new Map<string, () => void>();
  readonly #relistedAt = new Map<string, number>();

  constructor(options: DoubtOptions) {
    this.#options = options;
  }

  raise(kind: Kind, key: Key): void {
    const { clock, cacheOf, relist } = this.#options;
    const cache = cacheOf(kind);
    const id = kindId(kind);
    if (!cache || this.#open.has(id)) return;
    if (clock.elapsed() - (this.#relistedAt.get(id) ?? -REST_MILLISECONDS) < REST_MILLISECONDS) return;
    const doubted = cache.get(key)?.metadata;
    const settle = (): void => {
      this.#open.delete(id);
      const shown = cache.get(key)?.metadata;
      if (shown?.uid !== doubted?.uid || shown?.resourceVersion !== doubted?.resourceVersion) return;
      this.#relistedAt.set(id, clock.elapsed());
      relist(kind);
    };
    this.#open.set(id, clock.after(PATIENCE_MILLISECONDS, settle));
  }

  stop(): void {
    for (const callOff of this.#open.values()) callOff();
    this.#open.clear();
  }
}

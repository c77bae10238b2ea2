/**
 * Read your own writes. After a write, the next pass of that key waits until the cache of the written kind has seen it,
 * so that no pass decides from a world in which its own last act has not happened yet.
 */
import { hasSeen, newer } from './identity.ts';

/** How far a cache has come. */
export interface Progress {
  /** The newest version seen. */
  readonly resourceVersion: string;
  /** When the newest complete list began, on the clock of `at`; such a list shows all writes made before. */
  readonly listedAt: number;
  /** Calls back once when the cache has seen that version, or has listed everything anew. */
  whenSeen(resourceVersion: string, callback: () => void): void;
}

export interface Write {
  readonly cache: Progress;
  readonly resourceVersion: string;
  readonly at: number;
}

export class OwnWrites {
  readonly #writes = new Map<string, Write[]>();
  #newest = '';

  /** The newest version of any; empty when there is none. */
  get newest(): string {
    return this.#newest;
  }

  /** `owner` is the key whose pass wrote, `at` the elapsed milliseconds just after the write. */
  record(owner: string, cache: Progress, resourceVersion: string, at: number): void {
    const others = (this.#writes.get(owner) ?? []).filter((write) => write.cache !== cache);
    this.#writes.set(owner, [...others, { cache, resourceVersion, at }]);
    this.#newest = newer(this.#newest, resourceVersion);
  }

  /** A write of `owner` that the cache of its kind has not seen yet; undefined when all are seen. */
  unseen(owner: string): Write | undefined {
    const writes = this.#writes.get(owner);
    if (!writes) return undefined;
    // A list that began after the write has seen it even if its version is lower: the apiserver's store was restored.
    const open = writes.filter((w) => !hasSeen(w.cache.resourceVersion, w.resourceVersion) && w.cache.listedAt <= w.at);
    if (open.length === 0) this.#writes.delete(owner);
    else if (open.length < writes.length) this.#writes.set(owner, open);
    return open[0];
  }

  forget(owner: string): void {
    this.#writes.delete(owner);
  }

  clear(): void {
    this.#writes.clear();
    this.#newest = '';
  }
}

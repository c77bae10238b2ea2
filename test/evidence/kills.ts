/** The operator is killed at a write of a pack to the store, before it gets there or after it was stored, and started again: the pack is there once. */
import type { Fault, FaultProxy, Seen } from '../objectStore/faultProxy.ts';
import { newPem, secretOf, type Pem, type ProcessBed } from './processBed.ts';

export interface Kill {
  /** A write, as `writeOf` names it; of several in one pack, the one of that number, from 1. */
  readonly write: string;
  readonly nth: number;
  readonly when: 'before' | 'after';
  /** The operator that is started then has nothing of what the one before kept on its disk. */
  readonly isDiskLost?: boolean;
  /** What happens before it is started again. */
  readonly meanwhile?: () => Promise<unknown>;
}

export function nameOf({ write, nth, when, isDiskLost }: Kill): string {
  return `${when} ${write}${nth > 1 ? ` (${nth})` : ''}${isDiskLost ? ', without its disk' : ''}`;
}

/** What is written below the root of a store, without numbers, days and digests: `packs/nightly/*.sigstore.json`. Undefined for all else. */
export function writeOf({ method, path }: Pick<Seen, 'method' | 'path'>): string | undefined {
  const [, key] = /\/holdfast\.dev\/[^/]+\/[^/]+\/([^?]*)/.exec(path) ?? [];
  if (method !== 'PUT' || key === undefined || !/^(packs|journal|keys)\//.test(key)) return undefined;
  return key.replaceAll(/\d{8}-[0-9a-f]{12}|[0-9a-f]{64}|\d{8,}/g, '*');
}

/** The fault for the first so many writes of that name. */
export function atWrite(write: string, fault: Fault, times = 1): FaultProxy['fault'] {
  let left = times;
  return (request) => (writeOf(request) === write && left-- > 0 ? fault : undefined);
}

/** The chain of packs of a bed, of which each one more is made by `next`. */
export class Chain {
  readonly #bed: ProcessBed;
  readonly #name: string;
  #key: Pem;
  count = 0;

  constructor(bed: ProcessBed, name = 'nightly') {
    this.#bed = bed;
    this.#name = name;
    this.#key = bed.key;
  }

  /** A new key for the next pack, which the one before endorses. */
  async rotate(): Promise<void> {
    const next = newPem();
    const secret = secretOf('evidence-key', { 'private.pem': next.private, 'previous.pem': this.#key.private });
    await this.#bed.cluster.kubectl.apply(secret);
    this.#key = next;
  }

  get key(): Pem {
    return this.#key;
  }

  /** Which writes one more pack makes, each with its number. */
  async writes(): Promise<Pick<Kill, 'write' | 'nth'>[]> {
    const { proxy } = this.#bed;
    const seen = new Map<string, number>();
    const writes: Pick<Kill, 'write' | 'nth'>[] = [];
    proxy.fault = (request) => {
      const write = writeOf(request);
      if (write === undefined) return undefined;
      const nth = (seen.get(write) ?? 0) + 1;
      seen.set(write, nth);
      writes.push({ write, nth });
      return undefined;
    };
    await this.next();
    proxy.fault = () => undefined;
    return writes;
  }

  /** In spite of that. */
  async nextWith(fault: FaultProxy['fault']): Promise<void> {
    this.#bed.proxy.fault = fault;
    await this.next();
    this.#bed.proxy.fault = () => undefined;
  }

  async next(): Promise<void> {
    await this.#bed.turn();
    await this.#bed.due(this.#name);
    await this.#bed.stored(++this.count, this.#name);
  }

  /** Makes the next pack, in spite of that. Resolves to false where the pack was stored without such a write. */
  async killedAt(kill: Kill): Promise<boolean> {
    const bed = this.#bed;
    await bed.turn();
    let nth = 0;
    const killed = new Promise<true>((resolve) => {
      let isOver = false;
      bed.proxy.fault = (request) => {
        // Nothing of one that is dead reaches the store.
        if (isOver) return { do: 'hang' };
        if (writeOf(request) !== kill.write || ++nth !== kill.nth) return undefined;
        isOver = true;
        if (kill.when === 'after') return { do: 'withhold', done: () => resolve(true) };
        setImmediate(() => resolve(true));
        return { do: 'hang' };
      };
    });
    await bed.due(this.#name);
    const stored = bed.stored(++this.count, this.#name).then(() => false);
    const isKilled = await Promise.race([killed, stored]);
    if (isKilled) {
      stored.catch(() => undefined);
      await (kill.isDiskLost ? bed.killWithDisk() : bed.kill());
    }
    bed.proxy.fault = () => undefined;
    if (!isKilled) return false;
    await kill.meanwhile?.();
    await bed.start();
    await bed.stored(this.count, this.#name);
    return true;
  }
}

/**
 * Asks witnesses that were away, beside the passes: a pass only begins it and looks how it stands. Each time it is bounded by packs and by time, a few
 * EvidencePacks are served at once, one of a namespace at a time, and while a witness stays away there are pauses.
 */
import type { PackKit, PackParts } from './kit.ts';
import { attestLate, type LateFound, type Remembered } from './lateWitnesses.ts';

export interface WitnessingState {
  readonly isRunning: boolean;
  /** As it was found last. */
  readonly found?: LateFound;
  /** The last pack of ours by then. */
  readonly last?: number;
  readonly time?: Date;
  /** How often in a row something was left. */
  readonly attempts: number;
  /** Why it could not be found out. A sentence. */
  readonly failure?: string;
}

export interface WitnessingLimits {
  /** EvidencePacks at the same time. */
  readonly most: number;
  /** Packs that are read for one of them. */
  readonly packs: number;
  readonly seconds: number;
}

interface Kept extends Remembered {
  readonly witnesses: string;
}

export class Witnessing {
  readonly #parts: Pick<PackParts, 'journal' | 'now'>;
  readonly #limits: WitnessingLimits;
  readonly #states = new Map<string, WitnessingState>();
  readonly #remembered = new Map<string, Kept>();
  readonly #waiting: { readonly namespace: string; readonly begin: () => void }[] = [];
  readonly #running = new Set<string>();

  constructor(
    parts: Pick<PackParts, 'journal' | 'now'>,
    limits: WitnessingLimits = { most: 2, packs: 50, seconds: 120 },
  ) {
    this.#parts = parts;
    this.#limits = limits;
  }

  stateOf(uid: string): WitnessingState {
    return this.#states.get(uid) ?? { isRunning: false, attempts: 0 };
  }

  /** While it runs for the same EvidencePack, only the store is closed. */
  begin(uid: string, last: number, kit: PackKit): void {
    const before = this.stateOf(uid);
    if (before.isRunning) {
      kit.store.close();
      return;
    }
    this.#states.set(uid, { ...before, isRunning: true });
    const { namespace } = kit.storeName;
    this.#waiting.push({ namespace, begin: () => void this.#attest(uid, last, kit) });
    this.#next();
  }

  /** Of EvidencePacks that are gone nothing is kept. */
  keepOnly(exists: (uid: string) => boolean): void {
    for (const [uid, { isRunning }] of this.#states) {
      if (isRunning || exists(uid)) continue;
      this.#states.delete(uid);
      this.#remembered.delete(uid);
    }
  }

  #next(): void {
    if (this.#running.size >= this.#limits.most) return;
    const index = this.#waiting.findIndex(({ namespace }) => !this.#running.has(namespace));
    const [next] = index < 0 ? [] : this.#waiting.splice(index, 1);
    if (!next) return;
    this.#running.add(next.namespace);
    next.begin();
    this.#next();
  }

  async #attest(uid: string, last: number, kit: PackKit): Promise<void> {
    const { attempts, found: before } = this.stateOf(uid);
    const { journal, now } = this.#parts;
    const { packs: most, seconds } = this.#limits;
    const signal = AbortSignal.timeout(seconds * 1000);
    try {
      const attesting = { kit, journal, now: now(), last, most };
      const found = await attestLate(attesting, this.#rememberedOf(uid, kit), signal);
      const isLeft = found.lacking.length > 0 || found.foreign.length > 0;
      const count = isLeft ? attempts + 1 : 0;
      this.#states.set(uid, { isRunning: false, found, last, time: now(), attempts: count });
    } catch (error) {
      const failure = signal.aborted ? `it took longer than ${seconds} s` : (error as Error).message;
      const known = before && { found: before };
      this.#states.set(uid, { isRunning: false, ...known, last, time: now(), attempts: attempts + 1, failure });
    } finally {
      kit.store.close();
      this.#running.delete(kit.storeName.namespace);
      this.#next();
    }
  }

  /** Of other witnesses nothing is known yet. */
  #rememberedOf(uid: string, { pack }: PackKit): Remembered {
    const witnesses = JSON.stringify(pack.spec.signing.witnesses ?? []);
    const known = this.#remembered.get(uid);
    if (known?.witnesses === witnesses) return known;
    const none = { witnesses, done: new Set<number>(), lacking: new Map(), foreign: new Set<string>() };
    this.#remembered.set(uid, none);
    return none;
  }
}

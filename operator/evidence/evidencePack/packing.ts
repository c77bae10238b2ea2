/**
 * The packs that are being made in this process. A pass only begins one and looks how it stands: a pass is short, and a pack may take minutes. One that takes too
 * long is ended, and a few are made at once, one of a namespace at a time.
 */
import { disposeDue } from './disposal.ts';
import type { DisposalOrder, DisposalState } from './disposing.ts';
import type { MakingState, PackOrder } from './world.ts';
import type { Head } from './head.ts';
import { PackFailure, type PackKit, type PackParts } from './kit.ts';
import { makePack } from './makePack.ts';

export interface PackingLimits {
  /** Packs at the same time. */
  readonly most: number;
  /** For one pack. */
  readonly seconds: number;
  /** For one look at what is due. */
  readonly disposalSeconds: number;
}

type Made = { readonly is: 'made'; readonly sequence: number; readonly head: Head };

export class Packing {
  readonly #parts: PackParts;
  readonly #limits: PackingLimits;
  readonly #states = new Map<string, MakingState | Made>();
  readonly #disposals = new Map<string, DisposalState>();
  readonly #waiting: { readonly namespace: string; readonly begin: () => void }[] = [];
  readonly #running = new Map<string, number>();

  constructor(parts: PackParts, limits: PackingLimits = { most: 4, seconds: 900, disposalSeconds: 300 }) {
    this.#parts = parts;
    this.#limits = limits;
  }

  /** Of the pack that was begun last. */
  stateOf(uid: string): MakingState | undefined {
    const state = this.#states.get(uid);
    return state?.is === 'made' ? undefined : state;
  }

  /** The pack that was made last, where that was here. */
  madeOf(uid: string): Head | undefined {
    const state = this.#states.get(uid);
    return state?.is === 'made' ? state.head : undefined;
  }

  /** While one of the same EvidencePack is being made, only the store is closed. */
  begin(order: PackOrder, kit: PackKit): void {
    const { uid, sequence } = order;
    if (this.#states.get(uid)?.is === 'running') {
      kit.store.close();
      return;
    }
    this.#states.set(uid, { is: 'running', sequence });
    const namespace = kit.storeName.namespace;
    this.#waiting.push({ namespace, begin: () => void this.#make(order, kit) });
    this.#next();
  }

  /** How the last look at what is due stands. */
  disposalOf(uid: string): DisposalState | undefined {
    return this.#disposals.get(uid);
  }

  /** Waits as a pack does, so that in a namespace there is one at a time: two would give a chain two records. */
  dispose(order: DisposalOrder, kit: PackKit): void {
    if (this.#disposals.get(order.dispose)?.is === 'running') {
      kit.store.close();
      return;
    }
    this.#disposals.set(order.dispose, { is: 'running' });
    const namespace = kit.storeName.namespace;
    this.#waiting.push({ namespace, begin: () => void this.#dispose(order, kit) });
    this.#next();
  }

  /** Of EvidencePacks that are gone nothing is kept. */
  keepOnly(exists: (uid: string) => boolean): void {
    for (const [uid, { is }] of this.#states) if (is !== 'running' && !exists(uid)) this.#states.delete(uid);
    for (const [uid, { is }] of this.#disposals) if (is !== 'running' && !exists(uid)) this.#disposals.delete(uid);
  }

  #next(): void {
    const busy = [...this.#running.values()].reduce((sum, count) => sum + count, 0);
    if (busy >= this.#limits.most) return;
    const index = this.#waiting.findIndex(({ namespace }) => !this.#running.get(namespace));
    const [next] = index < 0 ? [] : this.#waiting.splice(index, 1);
    if (!next) return;
    this.#running.set(next.namespace, 1);
    next.begin();
    this.#next();
  }

  async #make(order: PackOrder, kit: PackKit): Promise<void> {
    const { uid, sequence } = order;
    const signal = AbortSignal.timeout(this.#limits.seconds * 1000);
    try {
      const head = await makePack(order, kit, this.#parts, signal);
      this.#states.set(uid, { is: 'made', sequence, head });
    } catch (error) {
      const { reason, message, needsPerson } = this.#failure(error, signal);
      this.#states.set(uid, { is: 'failed', sequence, time: this.#parts.now(), reason, message, needsPerson });
    } finally {
      kit.store.close();
      this.#running.delete(kit.storeName.namespace);
      this.#next();
    }
  }

  /** A failure never fails the pack, which is stored already. */
  async #dispose({ dispose: uid, sequence }: DisposalOrder, kit: PackKit): Promise<void> {
    const { disposalSeconds } = this.#limits;
    const signal = AbortSignal.timeout(disposalSeconds * 1000);
    const time = this.#parts.now();
    try {
      const done = await disposeDue(kit, this.#parts, signal);
      this.#disposals.set(uid, { is: 'done', sequence, time, ...done });
    } catch (error) {
      const message = signal.aborted ? `it took longer than ${disposalSeconds} s` : (error as Error).message;
      this.#disposals.set(uid, { is: 'failed', sequence, time, message });
    } finally {
      kit.store.close();
      this.#running.delete(kit.storeName.namespace);
      this.#next();
    }
  }

  #failure(error: unknown, signal: AbortSignal): Pick<PackFailure, 'reason' | 'message' | 'needsPerson'> {
    if (signal.aborted)
      return { reason: 'TooSlow', message: `it took longer than ${this.#limits.seconds} s`, needsPerson: false };
    if (error instanceof PackFailure) return error;
    return { reason: 'Failed', message: (error as Error).message, needsPerson: false };
  }
}

/**
 * The exports that this process works on. A pass only begins a step and looks how it stands, since one may take minutes. A few are made at once, one of a
 * namespace at a time; one that takes too long is ended. What is short, such as a deletion, waits for none of them.
 */
import { readdirSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isStoreError } from '../failures.ts';
import { ExportFailure, type ExportKit, type ExportOrder, type ExportParts, type ExportState } from './kit.ts';
import { makeArchive } from './makeArchive.ts';
import { checkArchive, linkArchive, removeArchive, spoolOf, storeArchive } from './steps.ts';

export interface ExportingLimits {
  /** Archives on this machine at the same time. */
  readonly most: number;
  /** For one of them. */
  readonly seconds: number;
  readonly shortSeconds: number;
}

interface Waiting {
  readonly order: ExportOrder;
  readonly kit: ExportKit;
}

const usual: ExportingLimits = { most: 2, seconds: 900, shortSeconds: 60 };

export class Exporting {
  readonly #parts: ExportParts;
  readonly #limits: ExportingLimits;
  readonly #states = new Map<string, ExportState>();
  #waiting: Waiting[] = [];
  /** The namespace of each that has an archive on this machine, or is about to. */
  readonly #spooled = new Map<string, string>();

  constructor(parts: ExportParts, limits = usual) {
    this.#parts = parts;
    this.#limits = limits;
    // Of a process before, whose archives are made again.
    for (const name of readdirSync(parts.folder))
      if (name.endsWith('.tar')) rmSync(join(parts.folder, name), { force: true });
  }

  /** Of the step that was begun last. */
  stateOf(uid: string): ExportState | undefined {
    return this.#states.get(uid);
  }

  /** While another step of the same is running, only the store is closed. */
  begin(order: ExportOrder, kit: ExportKit): void {
    const { uid, step } = order;
    const before = this.#states.get(uid);
    if (before?.is === 'running') {
      kit.store.close();
      return;
    }
    this.#states.set(uid, { is: 'running', step });
    if (step === 'make') {
      this.#waiting.push({ order, kit });
      this.#next();
    } else void this.#run({ order, kit });
  }

  /** It is in the status. */
  forget(uid: string): void {
    const state = this.#states.get(uid);
    if (state && state.is !== 'running' && state.is !== 'made') this.#states.delete(uid);
  }

  /** Of those that are gone nothing is kept, on the disk neither. */
  keepOnly(exists: (uid: string) => boolean): void {
    const isOver = ({ order, kit }: Waiting): boolean => {
      if (exists(order.uid)) return false;
      kit.store.close();
      this.#states.delete(order.uid);
      return true;
    };
    this.#waiting = this.#waiting.filter((one) => !isOver(one));
    for (const [uid, { is }] of this.#states) {
      if (is === 'running' || exists(uid)) continue;
      this.#states.delete(uid);
      void this.#discard(uid);
    }
  }

  #next(): void {
    while (this.#spooled.size < this.#limits.most) {
      const busy = new Set(this.#spooled.values());
      const index = this.#waiting.findIndex(({ kit }) => !busy.has(kit.storeName.namespace));
      const [next] = index < 0 ? [] : this.#waiting.splice(index, 1);
      if (!next) return;
      this.#spooled.set(next.order.uid, next.kit.storeName.namespace);
      void this.#run(next);
    }
  }

  async #run({ order, kit }: Waiting): Promise<void> {
    const { uid, step } = order;
    const isLong = step === 'make' || step === 'store';
    const seconds = isLong ? this.#limits.seconds : this.#limits.shortSeconds;
    const signal = AbortSignal.timeout(seconds * 1000);
    let state: ExportState;
    try {
      state = await this.#do(order, kit, signal);
    } catch (error) {
      state = { is: 'failed', step, time: this.#parts.now(), ...failureOf(error, signal, seconds) };
    }
    kit.store.close();
    if (state.is !== 'made' && isLong) await this.#discard(uid);
    this.#states.set(uid, state);
  }

  #do(order: ExportOrder, kit: ExportKit, signal: AbortSignal): Promise<ExportState> {
    switch (order.step) {
      case 'make':
        return makeArchive(order, kit, this.#parts, signal);
      case 'store':
        return storeArchive(order, kit, this.#parts, signal);
      case 'check':
        return checkArchive(order, kit, this.#parts, signal);
      case 'link':
        return linkArchive(order, kit, this.#parts, signal);
      case 'remove':
        return removeArchive(order, kit, signal);
    }
  }

  async #discard(uid: string): Promise<void> {
    await rm(spoolOf(this.#parts, uid), { force: true });
    this.#spooled.delete(uid);
    this.#next();
  }
}

const forPeople = new Set(['Denied', 'NotFound', 'LockRefused', 'Invalid']);

function failureOf(
  error: unknown,
  signal: AbortSignal,
  seconds: number,
): Pick<ExportFailure, 'reason' | 'message' | 'needsPerson'> {
  if (signal.aborted) return { reason: 'TooSlow', message: `it took longer than ${seconds} s`, needsPerson: false };
  const { message } = error as Error;
  if (error instanceof ExportFailure) return { reason: error.reason, message, needsPerson: error.needsPerson };
  if (isStoreError(error)) {
    const { reason } = error;
    return { reason: `Store${reason}`, message, needsPerson: forPeople.has(reason) };
  }
  return { reason: 'Failed', message, needsPerson: false };
}

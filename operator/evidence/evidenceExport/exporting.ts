/**
 * The exports that this process works on. A pass only begins a step and looks how it stands, since one may take minutes. A few are made at once, one of a
 * namespace at a time, and namespaces in rotation; one that takes too long is ended. What is short, such as a deletion, waits for none of them.
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
  /** For which an archive waits to be stored: it takes the place of others. */
  readonly spoolSeconds: number;
}

interface Waiting {
  readonly order: ExportOrder;
  readonly kit: ExportKit;
}

const usual: ExportingLimits = { most: 2, seconds: 900, shortSeconds: 60, spoolSeconds: 120 };

export class Exporting {
  readonly #parts: ExportParts;
  readonly #limits: ExportingLimits;
  readonly #states = new Map<string, ExportState>();
  #waiting: Waiting[] = [];
  /** Of each that has an archive on this machine, or is about to; `since` it waits to be stored. */
  readonly #spooled = new Map<string, { readonly namespace: string; since?: Date }>();
  /** When each namespace had its last turn. */
  readonly #turns = new Map<string, number>();
  #turn = 0;

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
    const spooled = this.#spooled.get(uid);
    if (spooled) delete spooled.since;
    if (step === 'make') {
      this.#waiting.push({ order, kit });
      this.#next();
    } else void this.#run({ order, kit });
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
      if (is === 'running' || (exists(uid) && !this.#isTooOld(uid))) continue;
      this.#states.delete(uid);
      void this.#discard(uid);
    }
  }

  #next(): void {
    while (this.#spooled.size < this.#limits.most) {
      const busy = new Set([...this.#spooled.values()].map(({ namespace }) => namespace));
      const turnOf = ({ kit }: Waiting): number => this.#turns.get(kit.storeName.namespace) ?? 0;
      const able = this.#waiting.filter(({ kit }) => !busy.has(kit.storeName.namespace));
      const [next] = able.sort((a, b) => turnOf(a) - turnOf(b));
      if (!next) return;
      this.#waiting.splice(this.#waiting.indexOf(next), 1);
      const { namespace } = next.kit.storeName;
      this.#turns.set(namespace, ++this.#turn);
      this.#spooled.set(next.order.uid, { namespace });
      void this.#run(next);
    }
  }

  /** Its store cannot be reached: it is made again when it can. */
  #isTooOld(uid: string): boolean {
    const since = this.#spooled.get(uid)?.since;
    return since !== undefined && this.#parts.now().getTime() - since.getTime() > this.#limits.spoolSeconds * 1000;
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
    if (isLong && state.is !== 'made') await this.#discard(uid);
    const spooled = this.#spooled.get(uid);
    if (spooled && state.is === 'made') spooled.since = this.#parts.now();
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

/** The holds that are being placed and released in this process, one EvidenceStore at a time: a pass only begins that and looks how it stands. */
import type { EvidenceStore, LegalHold } from '../../api/v1alpha1/evidenceStore.ts';
import type { OpenStore } from '../../connect/objectStore/types.ts';
import { digestOf } from '../../lib/digest.ts';
import type { Reader } from '../../runtime/feature.ts';
import { clusterId } from '../cluster.ts';
import { lockedFrom } from '../evidenceStore/lock.ts';
import { openEvidenceStore } from '../evidenceStore/observe.ts';
import { isStoreError } from '../failures.ts';
import type { HoldingState } from './decide.ts';
import type { Seal } from './holdLog.ts';
import { Periods } from './periods.ts';
import { placeHolds } from './placeHolds.ts';

export interface HoldingNeeds {
  readonly openStore: OpenStore;
  readonly seal: Seal;
}

export interface HoldOrder {
  readonly object: EvidenceStore;
  readonly holds: readonly LegalHold[];
  readonly now: Date;
}

interface Memory {
  readonly digest: string;
  readonly settled: Set<string>;
}

const seconds = 120;
/** Stores at the same time. */
const most = 2;

export class Holding {
  readonly #needs: HoldingNeeds;
  readonly #states = new Map<string, HoldingState>();
  readonly #memories = new Map<string, Memory>();
  readonly #periods = new Map<string, Periods>();
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(needs: HoldingNeeds) {
    this.#needs = needs;
  }

  stateOf(uid: string): HoldingState | undefined {
    return this.#states.get(uid);
  }

  begin(order: HoldOrder, read: Reader): void {
    const { uid = '' } = order.object.metadata;
    if (this.#states.get(uid)?.is === 'running') return;
    this.#states.set(uid, { is: 'running' });
    this.#waiting.push(() => void this.#run(order, read));
    this.#next();
  }

  /** Of EvidenceStores that are gone nothing is kept. */
  keepOnly(exists: (uid: string) => boolean): void {
    for (const [uid, { is }] of this.#states)
      if (is !== 'running' && !exists(uid))
        for (const map of [this.#states, this.#memories, this.#periods]) map.delete(uid);
  }

  #next(): void {
    if (this.#running >= most) return;
    const begin = this.#waiting.shift();
    if (!begin) return;
    this.#running += 1;
    begin();
    this.#next();
  }

  async #run(order: HoldOrder, read: Reader): Promise<void> {
    const { object, holds, now } = order;
    const { uid = '' } = object.metadata;
    const digest = digestOf(holds);
    const signal = AbortSignal.timeout(seconds * 1000);
    try {
      const placed = await this.#place(order, read, digest, signal);
      this.#states.set(uid, {
        is: 'done',
        time: now,
        digest,
        ...placed,
        settled: this.#memories.get(uid)?.settled.size ?? 0,
      });
    } catch (error) {
      const reason = isStoreError(error) ? error.reason : 'Failed';
      const message = signal.aborted ? `it took longer than ${seconds} s` : (error as Error).message;
      this.#states.set(uid, { is: 'failed', time: now, digest, reason, message });
    } finally {
      this.#running -= 1;
      this.#next();
    }
  }

  async #place({ object, holds, now }: HoldOrder, read: Reader, digest: string, signal: AbortSignal) {
    const { uid = '', namespace = '', name } = object.metadata;
    const cluster = await clusterId(read, signal);
    if (cluster === undefined) throw new Error('the uid of namespace kube-system cannot be read; grant it');
    const opened = await openEvidenceStore(object, this.#needs.openStore, { read, now, signal });
    if (opened.is === 'unopened') throw new Error(opened.message);
    const before = this.#memories.get(uid);
    const memory = before?.digest === digest ? before : { digest, settled: new Set<string>() };
    this.#memories.set(uid, memory);
    const periods = this.#periods.get(uid) ?? new Periods();
    this.#periods.set(uid, periods);
    try {
      return await placeHolds(
        {
          ...{ store: opened.store, seal: this.#needs.seal, holds, now, periods, settled: memory.settled },
          about: `${cluster}/${namespace}/${name}`,
          lock: lockedFrom(object.spec.s3?.objectLock, now),
        },
        signal,
      );
    } finally {
      opened.store.close();
    }
  }
}

/**
 * Makes the holds of the objects in a store what is declared: those that are in force are placed on what they cover, and those that ended are released where they
 * were ours. Some in one pass; the next one continues.
 */
import type { LegalHold } from '../../api/v1alpha1/evidenceStore.ts';
import type { PutOptions } from '../../connect/objectStore/types.ts';
import { holdsOn } from '../retention/holds.ts';
import { idOf, readHoldLog, writeHoldLog, type HoldLog, type LoggedObject, type LogPlace } from './holdLog.ts';
import type { Periods } from './periods.ts';

export interface Placing extends LogPlace {
  /** Those that are in force. */
  readonly holds: readonly LegalHold[];
  readonly now: Date;
  readonly lock: Pick<PutOptions, 'retention'>;
  /** Keys that have what they must have, from passes before with the same holds. */
  readonly settled: Set<string>;
  readonly periods: Periods;
  /** Requests, about. */
  readonly most?: number;
}

export interface Placed {
  readonly held: number;
  readonly released: number;
  readonly isMore: boolean;
  /** Entries of the log that count for nothing. */
  readonly foreign: readonly string[];
}

const together = 50;
/** To log what was released when a pass has failed. */
const lastWordMilliseconds = 10_000;

export async function placeHolds(placing: Placing, signal: AbortSignal): Promise<Placed> {
  const log = await readHoldLog(placing, signal);
  const pass = new Pass(placing, log, signal);
  const isAllHeld = placing.holds.length === 0 || (await pass.hold());
  const isAllReleased = await pass.release();
  return { held: pass.held, released: pass.released, isMore: !isAllHeld || !isAllReleased, foreign: log.foreign };
}

class Pass {
  readonly #placing: Placing;
  readonly #log: HoldLog;
  readonly #signal: AbortSignal;
  readonly #needsTime: boolean;
  #number: number;
  #left: number;
  held = 0;
  released = 0;

  constructor(placing: Placing, log: HoldLog, signal: AbortSignal) {
    this.#placing = placing;
    this.#log = log;
    this.#signal = signal;
    this.#needsTime = placing.holds.some(({ from, to }) => from !== undefined || to !== undefined);
    this.#number = log.newest;
    this.#left = placing.most ?? 2000;
  }

  /** Whether that is all. */
  async hold(): Promise<boolean> {
    const { store, settled } = this.#placing;
    let batch: LoggedObject[] = [];
    for (const prefix of ['packs/', 'journal/'])
      for await (const { key } of store.list(prefix, {}, this.#signal)) {
        if (settled.has(key) || !(await this.#isCovered(key))) continue;
        if (this.#left <= 0) {
          await this.#place(batch);
          return false;
        }
        this.#left -= 1;
        const facts = await store.head(key, {}, this.#signal);
        if (!facts) continue;
        const { versionId, isHeld } = facts;
        if (isHeld) settled.add(key);
        else batch.push({ key, ...(versionId !== undefined && { versionId }) });
        if (batch.length < together) continue;
        await this.#place(batch);
        batch = [];
      }
    await this.#place(batch);
    return true;
  }

  /** Whether that is all. Only what the log says is ours; a hold of someone else on the same object stays where it was there before ours. */
  async release(): Promise<boolean> {
    const { store } = this.#placing;
    let batch: LoggedObject[] = [];
    const write = async (signal = this.#signal): Promise<void> => {
      await this.#write('release', batch, signal);
      batch = [];
    };
    try {
      for (const object of this.#log.ours.values()) {
        if (await this.#isCovered(object.key)) continue;
        if (this.#left <= 0) {
          await write();
          return false;
        }
        this.#left -= 2;
        const { key, versionId } = object;
        const facts = await store.head(key, versionId === undefined ? {} : { versionId }, this.#signal);
        if (facts?.isHeld) {
          await store.hold(key, versionId, false, this.#signal);
          this.released += 1;
        }
        batch.push(object);
        if (batch.length >= together) await write();
      }
      await write();
      return true;
    } catch (error) {
      // Whatever ended the pass: what was released may be held by someone else from now on, whom the next pass must leave alone.
      await write(AbortSignal.timeout(lastWordMilliseconds)).catch(() => undefined);
      throw error;
    }
  }

  async #isCovered(key: string): Promise<boolean> {
    const { store, holds, now, periods } = this.#placing;
    if (holds.length === 0) return false;
    const before = periods.asked;
    const item = await periods.of(store, key, this.#needsTime, this.#signal);
    this.#left -= periods.asked - before;
    return item !== undefined && holdsOn(item, holds, now).length > 0;
  }

  /** It is in the log before it is held, or else nobody would know later that it may be released. */
  async #place(batch: readonly LoggedObject[]): Promise<void> {
    const { store, settled } = this.#placing;
    await this.#write(
      'hold',
      batch.filter((object) => !this.#log.ours.has(idOf(object))),
    );
    for (const { key, versionId } of batch) {
      await store.hold(key, versionId, true, this.#signal);
      settled.add(key);
      this.held += 1;
    }
  }

  async #write(what: 'hold' | 'release', objects: readonly LoggedObject[], signal = this.#signal): Promise<void> {
    if (objects.length === 0) return;
    const { now, lock } = this.#placing;
    const entry = { number: this.#number + 1, time: now.toISOString(), do: what, objects };
    await writeHoldLog(this.#placing, entry, lock, signal);
    this.#number += 1;
  }
}

/**
 * Which objects of a store have a legal hold because Holdfast placed it, as a log in the store itself: written before a hold is placed, and after it was
 * released. An entry counts only with the operator's seal: whoever else writes one there could have holds of others released.
 */
import type { ObjectStore, PutOptions } from '../../connect/objectStore/types.ts';
import { canonicalJson } from '../../lib/digest.ts';
import { strictJson } from '../../lib/strictJson.ts';
import { storeReason } from '../failures.ts';

export interface LoggedObject {
  readonly key: string;
  readonly versionId?: string;
}

interface Entry {
  readonly number: number;
  readonly time: string;
  readonly do: 'hold' | 'release';
  readonly objects: readonly LoggedObject[];
}

export interface HoldLog {
  /** The last number that is taken, whoever wrote it. */
  readonly newest: number;
  /** Held because of us, by `idOf`. */
  readonly ours: ReadonlyMap<string, LoggedObject>;
  /** Entries that are not ours, or cannot be read: they count for nothing. */
  readonly foreign: readonly string[];
}

export type Seal = (text: string) => string;

export interface LogPlace {
  readonly store: ObjectStore;
  /** Of cluster, namespace and name. */
  readonly about: string;
  readonly seal: Seal;
}

const mostBytes = 4 << 20;

export function idOf({ key, versionId = '' }: LoggedObject): string {
  return `${key}@${versionId}`;
}

function keyOf(number: number): string {
  return `holds/${String(number).padStart(8, '0')}.json`;
}

export async function readHoldLog({ store, about, seal }: LogPlace, signal: AbortSignal): Promise<HoldLog> {
  const ours = new Map<string, LoggedObject>();
  const foreign: string[] = [];
  let newest = 0;
  for await (const { key } of store.list('holds/', {}, signal)) {
    const number = Number(/^holds\/(\d{8})\.json$/.exec(key)?.[1] ?? 0);
    if (number === 0) continue;
    newest = number;
    const bytes = await store.get(key, { maxBytes: mostBytes }, signal).catch((error: unknown) => {
      if (storeReason(error) !== 'Invalid') throw error;
      return undefined;
    });
    const entry = bytes && entryIn(bytes, number, (text) => seal(`${about}\n${text}`));
    if (!entry) foreign.push(key);
    for (const object of entry?.objects ?? []) {
      if (entry?.do === 'hold') ours.set(idOf(object), object);
      else ours.delete(idOf(object));
    }
  }
  return { newest, ours, foreign };
}

/** Rejects with `Exists` where another one was faster: the log is to be read again. */
export async function writeHoldLog(
  { store, about, seal }: LogPlace,
  entry: Entry,
  lock: Pick<PutOptions, 'retention'>,
  signal: AbortSignal,
): Promise<void> {
  const sealed = { entry, seal: seal(`${about}\n${canonicalJson(entry)}`) };
  const bytes = Buffer.from(`${canonicalJson(sealed)}\n`);
  const options = { contentType: 'application/json', ifAbsent: true, ...lock };
  await store.put(keyOf(entry.number), bytes, options, signal);
}

function entryIn(bytes: Uint8Array, number: number, seal: Seal): Entry | undefined {
  try {
    const { entry, seal: found } = strictJson(bytes) as { entry?: Entry; seal?: unknown };
    if (!entry || found !== seal(canonicalJson(entry)) || entry.number !== number) return undefined;
    return entry;
  } catch {
    return undefined;
  }
}

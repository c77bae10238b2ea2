/** Deletes what a plan says: the record first, read back from the store, and then one object after the other. Wherever it stops, a later pass continues. */
import type { ObjectStore, Retention } from '../../connect/objectStore/types.ts';
import type { DispositionStatement } from '../statement/types.ts';
import { roleOf } from './classes.ts';
import type { DispositionStep, PartObject } from './plan.ts';

export interface Disposing {
  readonly store: ObjectStore;
  /** The bundle of a statement. */
  readonly sign: (statement: DispositionStatement, signal: AbortSignal) => Promise<Uint8Array>;
  /** Of the record: as long as the store locks what it stores now. */
  readonly retention?: Retention;
  /** Asked before each deletion; rejects when it must not be done any longer. */
  readonly proceed: (signal: AbortSignal) => Promise<void>;
}

export interface DisposedStep {
  readonly record: string;
  readonly removed: number;
  /** What the store keeps, and why. */
  readonly kept: readonly { readonly key: string; readonly reason: string }[];
}

const mostBytes = 8 * 2 ** 20;

export async function dispose(step: DispositionStep, disposing: Disposing, signal: AbortSignal): Promise<DisposedStep> {
  await disposing.proceed(signal);
  await recorded(step, disposing, signal);
  let removed = 0;
  const kept: { key: string; reason: string }[] = [];
  for (const object of step.objects) {
    signal.throwIfAborted();
    const { key } = object;
    await disposing.proceed(signal);
    const reason = isNeeded(key, kept) ? 'files of it are kept' : await remove(object, disposing.store, signal);
    if (reason === undefined) removed++;
    else kept.push({ key, reason });
  }
  return { record: step.record, removed, kept };
}

/** Rejects unless the record is in the store, as it was written. */
async function recorded(
  { record, statement }: DispositionStep,
  { store, sign, retention }: Disposing,
  signal: AbortSignal,
): Promise<void> {
  if (!statement) {
    if (await store.get(record, { maxBytes: mostBytes }, signal)) return;
    throw new Error(`${record} is gone: nothing is deleted without it; verify the store.`);
  }
  const bundle = await sign(statement, signal);
  const options = { contentType: 'application/json', ifAbsent: true, ...(retention && { retention }) };
  await store.put(record, bundle, options, signal);
  const found = await store.get(record, { maxBytes: mostBytes }, signal);
  if (!found || Buffer.compare(found, bundle) !== 0)
    throw new Error(`${record} was read back other than it was written: nothing is deleted; verify the store.`);
}

/** The bundle of a pack goes after its files: without it nobody would know what they are. */
function isNeeded(key: string, kept: readonly { readonly key: string }[]): boolean {
  const role = roleOf(key);
  if (role.is !== 'Pack' || !role.commits) return false;
  return kept.some((one) => {
    const other = roleOf(one.key);
    return other.is === 'Pack' && other.pack === role.pack && other.number === role.number;
  });
}

/** The version that was read, and no other one. Why not, when the store refuses, or has something else there. */
async function remove(
  { key, versionId }: PartObject,
  store: ObjectStore,
  signal: AbortSignal,
): Promise<string | undefined> {
  const version = versionId === undefined ? {} : { versionId };
  // One that is under a marker of its deletion is there all the same.
  const [newest, own] = [await store.head(key, {}, signal), await store.head(key, version, signal)];
  const other = 'the store has another version of it, which was not read; find out who wrote it';
  if (newest && newest.versionId !== versionId) return other;
  if (!own) return undefined;
  if (own.isHeld) return 'the store has a legal hold on it';
  try {
    await store.remove(key, versionId, signal);
  } catch (error) {
    const { reason } = error as { reason?: unknown };
    if (reason !== 'Denied' && reason !== 'LockRefused') throw error;
    return (error as Error).message;
  }
  return (await store.head(key, {}, signal)) ? other : undefined;
}

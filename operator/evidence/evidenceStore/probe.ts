/**
 * Tries a store as evidence will use it. At each check its `store.json` is read. A probe is written when something about the store changed, and
 * once a day: it is locked for a day, must be read back, must not be replaced, and while it is locked must not be removed.
 */
import type { EvidenceStore, StoreProbe } from '../../api/v1alpha1/evidenceStore.ts';
import type { ObjectStore, PutOptions, Stored, StoreReason } from '../../connect/objectStore/types.ts';
import { timestamp } from '../../lib/timestamp.ts';
import { storeReason } from '../failures.ts';
import { identityBytes, identityKey, identityOf, strangerIn } from './identity.ts';
import { lockedFrom } from './lock.ts';

const day = 86_400_000;
const contentType = 'application/json';

export type Probed =
  | { readonly is: 'sound'; readonly probe: StoreProbe }
  | { readonly is: 'stranger'; readonly message: string }
  | { readonly is: 'failed'; readonly reason: StoreReason; readonly message: string };

export interface Probing {
  readonly store: ObjectStore;
  readonly cluster: string;
  /** Of what is probed. */
  readonly revision: string;
  readonly nonce: () => string;
  readonly now: Date;
}

export async function probeStore(object: EvidenceStore, probing: Probing, signal: AbortSignal): Promise<Probed> {
  const { store, cluster, now, revision } = probing;
  const before = object.status?.probe;
  const own = identityOf(object, cluster, timestamp(now));
  const isOther = before?.revision !== revision;
  const found =
    (await store.get(identityKey, { maxBytes: identityBytes }, signal)) ??
    (await created(store, own, lockedFrom(object.spec.s3?.objectLock, now), signal));
  const stranger = strangerIn(found, object, cluster);
  if (stranger !== undefined) return { is: 'stranger', message: stranger };
  if (!isOther && before && now.getTime() - Date.parse(before.time) < day) return { is: 'sound', probe: before };
  // That this retention is accepted, and not a shorter one, is seen when it is asked for.
  if (isOther && object.spec.s3?.objectLock)
    await store.put(identityKey, found, { contentType, ...lockedFrom(object.spec.s3?.objectLock, now) }, signal);
  await cleared(store, before, now, signal);
  return probed(object, probing, signal);
}

/** Another may be faster. */
async function created(
  store: ObjectStore,
  own: Buffer,
  lock: Pick<PutOptions, 'retention'>,
  signal: AbortSignal,
): Promise<Buffer> {
  try {
    await store.put(identityKey, own, { contentType, ifAbsent: true, ...lock }, signal);
    return own;
  } catch (error) {
    const first =
      storeReason(error) === 'Exists' && (await store.get(identityKey, { maxBytes: identityBytes }, signal));
    if (first) return first;
    throw error;
  }
}

async function probed(
  object: EvidenceStore,
  { store, nonce, now, revision }: Probing,
  signal: AbortSignal,
): Promise<Probed> {
  const key = `probes/${nonce()}.json`;
  const lock = object.spec.s3?.objectLock;
  const options = {
    contentType,
    ifAbsent: true,
    ...(lock && { retention: { mode: lock.mode, until: new Date(now.getTime() + day) } }),
  };
  const bytes = Buffer.from(`{"probe":"${key}"}\n`);
  const stored = await store.put(key, bytes, options, signal);
  const read = await store.get(key, { maxBytes: identityBytes, ...versionOf(stored) }, signal);
  if (!read || !bytes.equals(read))
    return failed('Altered', 'a probe was read back other than it was written; use another object store');
  if ((await reasonOfPut(store.put(key, bytes, options, signal))) !== 'Exists')
    return failed('Invalid', 'the object store replaces what must not be replaced (If-None-Match); use another one');
  const isGone = await removed(store, stored, signal);
  if (lock && isGone)
    return failed('LockRefused', 'the object store confirms a lock, and removes what is locked; use another one');
  const { versionId } = stored;
  const retention = 'retention' in options ? options.retention : undefined;
  return {
    is: 'sound',
    probe: {
      time: timestamp(now),
      revision,
      key,
      ...(versionId !== undefined && { versionId }),
      ...(retention && { lockedUntil: timestamp(retention.until) }),
    },
  };
}

/** Whether it could be removed. Who may not remove anything cannot tell; then the lock is as it was read back. */
async function removed(store: ObjectStore, { key, versionId }: Stored, signal: AbortSignal): Promise<boolean> {
  try {
    await store.remove(key, versionId, signal);
    return true;
  } catch (error) {
    if (['Denied', 'LockRefused', 'Invalid'].includes(storeReason(error) ?? '')) return false;
    throw error;
  }
}

/** A probe that is no longer locked goes before the next one comes, if the credentials allow it. */
async function cleared(
  store: ObjectStore,
  probe: StoreProbe | undefined,
  now: Date,
  signal: AbortSignal,
): Promise<void> {
  if (!probe || Date.parse(probe.lockedUntil ?? '') > now.getTime()) return;
  await store.remove(probe.key, probe.versionId, signal).catch((error: unknown) => {
    if (storeReason(error) === undefined) throw error;
  });
}

function versionOf({ versionId }: Stored): { versionId?: string } {
  return versionId === undefined ? {} : { versionId };
}

function failed(reason: StoreReason, message: string): Probed {
  return { is: 'failed', reason, message };
}

async function reasonOfPut(put: Promise<Stored>): Promise<StoreReason | undefined> {
  try {
    await put;
    return undefined;
  } catch (error) {
    const reason = storeReason(error);
    if (reason === undefined || reason !== 'Exists') throw error;
    return reason;
  }
}

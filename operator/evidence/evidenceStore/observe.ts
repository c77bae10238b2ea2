/** Opens a store with the credentials that its Secret has, and tries it. */
import { isSuspended } from '../../api/suspension.ts';
import type { EvidenceStore } from '../../api/v1alpha1/evidenceStore.ts';
import type { ObjectStore, OpenStore } from '../../connect/objectStore/types.ts';
import { digestOf } from '../../lib/digest.ts';
import type { Observing, Reader } from '../../runtime/feature.ts';
import { clusterId } from '../cluster.ts';
import { storeReason } from '../failures.ts';
import { credentialsOf, type Credentials } from './credentials.ts';
import { probeStore, type Probed } from './probe.ts';
import { locationOf } from './root.ts';

export interface StoreNeeds {
  readonly openStore: OpenStore;
  /** Shows secrets as a digest that only the operator can compute. */
  readonly conceal: (text: string) => string;
  readonly nonce: () => string;
}

export type StoreWorld =
  | { readonly is: 'suspended' }
  | { readonly is: 'missing'; readonly reason: 'CredentialsMissing' | 'ClusterUnknown'; readonly message: string }
  | Probed;

/** For all of a check: a store that is slow must not keep others waiting. */
const checkSeconds = 60;

export function storeObserver({ openStore, conceal, nonce }: StoreNeeds) {
  return async (object: EvidenceStore, { read, now, signal }: Observing): Promise<StoreWorld> => {
    const { spec } = object;
    if (isSuspended(spec.suspend, now)) return { is: 'suspended' };
    const found = await credentialsOf(object, read, signal);
    if (found.is === 'missing') return { is: 'missing', reason: 'CredentialsMissing', message: found.message };
    const cluster = await clusterId(read, signal);
    if (cluster === undefined) {
      const message = 'Holdfast may not read namespace kube-system, whose uid names the cluster; grant it';
      return { is: 'missing', reason: 'ClusterUnknown', message };
    }
    const limited = AbortSignal.any([signal, AbortSignal.timeout(checkSeconds * 1000)]);
    let store: ObjectStore | undefined;
    try {
      store = await openStore(locationOf(object, secretOf(found)), now);
      const secrets = conceal(JSON.stringify(secretOf(found) ?? null));
      const revision = digestOf({ place: spec.s3 ?? spec.filesystem, uid: object.metadata.uid, cluster, secrets });
      return await probeStore(object, { store, cluster, revision, nonce, now }, limited);
    } catch (error) {
      signal.throwIfAborted();
      if (limited.aborted) {
        const message = `the store did not complete a check in ${checkSeconds} s; it will be retried; if this stays, check the object store and the network to it`;
        return { is: 'failed', reason: 'Slow', message };
      }
      const reason = storeReason(error);
      if (reason === undefined) throw error;
      return { is: 'failed', reason, message: (error as Error).message };
    } finally {
      store?.close();
    }
  };
}

/** The store of an EvidenceStore, for what is to be kept in it; whoever opens it closes it. A sentence where it cannot be opened. */
export async function openEvidenceStore(
  object: EvidenceStore,
  openStore: OpenStore,
  {
    read,
    now,
    signal,
  }: { readonly read: Pick<Reader, 'tryFetch' | 'ungranted'>; readonly now: Date; readonly signal: AbortSignal },
): Promise<
  { readonly is: 'open'; readonly store: ObjectStore } | { readonly is: 'unopened'; readonly message: string }
> {
  const found = await credentialsOf(object, read, signal);
  if (found.is === 'missing') return { is: 'unopened', message: found.message };
  try {
    return { is: 'open', store: await openStore(locationOf(object, secretOf(found)), now) };
  } catch (error) {
    if (storeReason(error) === undefined) throw error;
    return { is: 'unopened', message: (error as Error).message };
  }
}

function secretOf(found: Credentials) {
  return found.is === 'read' ? found.credentials : undefined;
}

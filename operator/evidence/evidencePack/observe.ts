/** Opens the store and the key of an EvidencePack, and reads what the store has of its chain. It judges nothing. */
import { resources } from '../../api/generated/resources.ts';
import type { EvidencePack } from '../../api/v1alpha1/evidencePack.ts';
import type { EvidenceStore } from '../../api/v1alpha1/evidenceStore.ts';
import { isSuspended } from '../../api/suspension.ts';
import type { ObjectStore, OpenStore } from '../../connect/objectStore/types.ts';
import type { Signing } from '../../connect/signing/openSigning.ts';
import type { EvidenceWitness } from '../../connect/signing/types.ts';
import type { Observing, Reader } from '../../runtime/feature.ts';
import { clusterId } from '../cluster.ts';
import { readGuard, type Guard, type ShippedPolicy } from '../../governance/approvalPolicies.ts';
import { isStoreError } from '../failures.ts';
import { openEvidenceStore } from '../evidenceStore/observe.ts';
import { frameworksOf } from './frameworks.ts';
import type { MakingState, PackWorld } from './world.ts';
import type { Head } from './head.ts';
import type { PackKit, PackSigning } from './kit.ts';
import type { Packing } from './packing.ts';
import { readChain, type ReadChain } from './readChain.ts';
import { signingOf } from './signing.ts';
import type { Witnessing } from './witnessing.ts';

export interface PackNeeds {
  readonly openStore: OpenStore;
  /** Nothing is deleted while they are missing: anyone could have removed a hold. */
  readonly approvalPolicies: readonly ShippedPolicy[];
  readonly signing: Signing;
}

/** What a pass found, to make a pack with. */
export type Kits = Map<string, PackKit>;

interface Seen extends ReadChain {
  readonly time: number;
  readonly generation: number | undefined;
}

/** The store is read again at the latest after an hour, and before each pack. */
const headMilliseconds = 3_600_000;
const readMilliseconds = 30_000;

export interface Beside {
  readonly packing: Packing;
  readonly witnessing: Witnessing;
  readonly kits: Kits;
}

export function packObserver(
  { openStore, signing, approvalPolicies }: PackNeeds,
  { packing, witnessing, kits }: Beside,
) {
  const heads = new Map<string, Seen>();
  return async (pack: EvidencePack, observing: Observing): Promise<PackWorld> => {
    const { read, signal } = observing;
    const { namespace = '', uid = '' } = pack.metadata;
    forgetGone({ kits, heads, packing, witnessing }, read);
    const making = packing.stateOf(uid);
    // Its store is open already, and whatever changes meanwhile is for the next one.
    const object = read.get(resources.EvidenceStore, { namespace, name: pack.spec.storeRef.name });
    const disposal = object?.spec.disposal === 'WhenDue' && {
      disposal: { state: packing.disposalOf(uid), guard: await guardOf(approvalPolicies, observing) },
    };
    if (making?.is === 'running') return { is: 'read', head: heads.get(uid)?.head, making, ...disposal };
    const refused = whyNot(object, pack, observing.now);
    if (!object || refused) return refused ?? { is: 'unready', reason: 'StoreNotFound', message: '' };
    const found = await signingOf(pack, signing, read, signal);
    if (found.is === 'missing') return { is: 'unready', reason: found.reason, message: found.message };
    const cluster = await clusterId(read, signal);
    if (cluster === undefined)
      return {
        is: 'unready',
        reason: 'ClusterUnknown',
        message: 'Holdfast may not read namespace kube-system, whose uid names the cluster; grant it',
      };
    const opened = await openEvidenceStore(object, openStore, observing);
    if (opened.is === 'unopened') return { is: 'unready', reason: 'StoreNotOpened', message: opened.message };
    const { store } = opened;
    try {
      const pinned = pack.status?.keys;
      const place = { store: { namespace, name: object.metadata.name }, cluster: { id: cluster } };
      const signed = { ...found.signing, place, ...(pinned && { pinned }) };
      const { head, foreign, keys } = await chainOf(
        pack,
        { store, heads, made: packing.madeOf(uid), making },
        signed,
        observing,
      );
      kits.get(uid)?.store.close();
      kits.set(uid, {
        ...{ pack, store, read, cluster: { id: cluster }, signing: signed },
        storeName: { namespace, name: object.metadata.name },
        ...(object.spec.s3?.objectLock && { lock: object.spec.s3.objectLock }),
        witnesses: (ending: AbortSignal) => witnessesOf(pack, signing, ending),
        ...(await frameworksOf(pack, read, signal)),
      });
      return {
        ...{ is: 'read', head, making },
        witnessing: witnessing.stateOf(uid),
        ...(foreign !== undefined && { foreign }),
        ...(keys && { keys }),
        ...disposal,
      };
    } catch (error) {
      store.close();
      signal.throwIfAborted();
      if (!isStoreError(error)) throw error;
      return { is: 'unready', reason: `Store${error.reason}`, message: error.message };
    }
  };
}

const holdPolicies: readonly string[] = [
  'evidencestores.holdfast.dev',
  'evidencepacks.holdfast.dev',
  'status.holdfast.dev',
];

function guardOf(policies: readonly ShippedPolicy[], { read, signal }: Observing): Promise<Guard> {
  const own = policies.filter(({ name }) => holdPolicies.includes(name));
  return readGuard(own, read, signal, 'nothing is deleted until the apiserver checks who decides about legal holds');
}

/** Of EvidencePacks that are gone nothing is kept, and no store stays open. One that was made anew under that name is another one. */
function forgetGone({ kits, heads, packing, witnessing }: Memory, read: Reader): void {
  const uids = new Set(read.list(resources.EvidencePack, '').map(({ metadata }) => metadata.uid));
  for (const [uid, { store }] of kits) {
    if (uids.has(uid)) continue;
    store.close();
    kits.delete(uid);
  }
  for (const uid of heads.keys()) if (!uids.has(uid)) heads.delete(uid);
  packing.keepOnly((uid) => uids.has(uid));
  witnessing.keepOnly((uid) => uids.has(uid));
}

interface Memory extends Beside {
  readonly heads: Map<string, Seen>;
}

function whyNot(
  object: EvidenceStore | undefined,
  { spec }: EvidencePack,
  now: Date,
): Extract<PackWorld, { is: 'unready' }> | undefined {
  const { name } = spec.storeRef;
  if (!object) {
    const message = `EvidenceStore ${name} does not exist in this namespace; create it, or correct spec.storeRef`;
    return { is: 'unready', reason: 'StoreNotFound', message };
  }
  if (isSuspended(object.spec.suspend, now))
    return { is: 'unready', reason: 'StoreSuspended', message: `EvidenceStore ${name} is suspended` };
  // It is only asked for what it is: whoever can write its status could prevent packs, and cause none.
  const ready = object.status?.conditions?.find(({ type }) => type === 'Ready');
  if (ready?.reason === 'PrefixInUse' || !object.status?.probe) {
    if (!ready) return { is: 'unready', reason: 'StoreNotTried', message: `EvidenceStore ${name} was not tried yet` };
    const message = `EvidenceStore ${name} is not ready: ${ready.message}`;
    return { is: 'unready', reason: 'StoreNotReady', message };
  }
  return undefined;
}

interface Heads {
  readonly store: ObjectStore;
  readonly heads: Map<string, Seen>;
  readonly made: Head | undefined;
  readonly making: MakingState | undefined;
}

async function chainOf(
  pack: EvidencePack,
  { store, heads, made, making }: Heads,
  signing: PackSigning,
  { now, signal }: Observing,
): Promise<ReadChain> {
  const { uid = '', generation } = pack.metadata;
  const known = heads.get(uid);
  const isFresh = known && known.generation === generation && Math.abs(now.getTime() - known.time) < headMilliseconds;
  const isMade = made && made.pack.sequence > (known?.head?.pack.sequence ?? 0);
  // Another one stored a pack since.
  const isForeign =
    known && making?.is === 'failed' && making.reason === 'PackForeign' && making.time.getTime() > known.time;
  if (isFresh && !isMade && !isForeign) return known;
  const limited = AbortSignal.any([signal, AbortSignal.timeout(readMilliseconds)]);
  const found = await readChain(store, pack, signing, limited);
  // Its `uri` is the one that the store gave when it was stored.
  const head = made?.pack.digest === found.head?.pack.digest ? made : found.head;
  const chain = { ...found, head };
  heads.set(uid, { ...chain, time: now.getTime(), generation });
  return chain;
}

function witnessesOf({ spec }: EvidencePack, signing: Signing, signal: AbortSignal): EvidenceWitness[] {
  return (spec.signing.witnesses ?? []).map((name) => {
    try {
      return signing.witness(name, signal);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      // It is missing from the pack, as one is that does not respond.
      return { name, testify: () => Promise.reject(error) };
    }
  });
}

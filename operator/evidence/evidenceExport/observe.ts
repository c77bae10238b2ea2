/** Reads what an export is decided from, and opens its store when a step is due. */
import type { KeyObject } from 'node:crypto';
import { resources } from '../../api/generated/resources.ts';
import type { EvidenceExport } from '../../api/v1alpha1/evidenceExport.ts';
import type { EvidenceStore } from '../../api/v1alpha1/evidenceStore.ts';
import { isSuspended } from '../../api/suspension.ts';
import type { ObjectStore, OpenStore } from '../../connect/objectStore/types.ts';
import type { Signing } from '../../connect/signing/openSigning.ts';
import { readGuard, type ShippedPolicy } from '../../governance/approvalPolicies.ts';
import { readAdmission } from '../../governance/readAdmission.ts';
import { digestOf } from '../../lib/digest.ts';
import { recipientIn } from '../../lib/sealedBox.ts';
import type { Observing, Reader } from '../../runtime/feature.ts';
import { clusterId } from '../cluster.ts';
import { signingOf } from '../evidencePack/signing.ts';
import { identityBytes, identityKey, strangerIn } from '../evidenceStore/identity.ts';
import { openEvidenceStore } from '../evidenceStore/observe.ts';
import { uriOf } from '../evidenceStore/root.ts';
import { isStoreError } from '../failures.ts';
import { gate } from '../gate/gate.ts';
import { publicKeyIn } from '../verify/signature.ts';
import type { ExportWorld } from './decide.ts';
import type { Exporting } from './exporting.ts';
import type { Believed, ExportKit } from './kit.ts';
import { progressOf } from './progress.ts';

export interface ExportNeeds {
  readonly openStore: OpenStore;
  readonly signing: Signing;
  readonly approvalPolicies: readonly ShippedPolicy[];
}

/** What a pass found, for the step that it begins. */
export type Kits = Map<string, ExportKit>;

/** They make sure that who exports may do so, and that nobody else writes what is believed later. */
export const exportPolicies: readonly string[] = ['evidenceexports.holdfast.dev', 'status.holdfast.dev'];
const openMilliseconds = 30_000;
const what = 'nothing is exported until the apiserver checks who exports';

export function exportObserver(needs: ExportNeeds, exporting: Exporting, kits: Kits) {
  const policies = needs.approvalPolicies.filter(({ name }) => exportPolicies.includes(name));
  return async (object: EvidenceExport, observing: Observing): Promise<ExportWorld> => {
    const { read, now, signal } = observing;
    const { uid = '' } = object.metadata;
    forgetGone({ exporting, kits }, read);
    const guard = await readGuard(policies, read, signal, what);
    const checking = { guard, read, now, signal };
    const admission = await readAdmission(resources.EvidenceExport, object, ({ spec }) => digestOf(spec), checking);
    const fault = faultOf(object);
    const state = exporting.stateOf(uid);
    const world = { guard, admission, ...(state && { state }), ...(fault && { fault }) };
    const { next, status } = progressOf(object, state, now);
    const isRefused = !status.archive && (guard.is === 'broken' || !admission.isChecked || fault !== undefined);
    if (!next || next.at > now || (isRefused && next.step !== 'remove')) return { ...world, isOpen: false };
    const found = await kitOf(object, next.step === 'make', needs, observing);
    if ('reason' in found) return { ...world, unready: found, isOpen: false };
    kits.get(uid)?.store.close();
    kits.set(uid, found);
    return { ...world, isOpen: true };
  };
}

type Unready = NonNullable<ExportWorld['unready']>;

/** Of EvidenceExports that are gone nothing is kept, and no store stays open. */
function forgetGone({ exporting, kits }: { exporting: Exporting; kits: Kits }, read: Reader): void {
  const uids = new Set(read.list(resources.EvidenceExport, '').map(({ metadata }) => metadata.uid));
  for (const [uid, { store }] of kits) {
    if (uids.has(uid)) continue;
    store.close();
    kits.delete(uid);
  }
  exporting.keepOnly((uid) => uids.has(uid));
}

/** What is in the journal cannot be taken out again, and packs with a secret are not made: so no reason brings one there. */
function faultOf({ metadata: { name }, spec }: EvidenceExport): ExportWorld['fault'] {
  const search = gate('spec', { allow: [], people: new Set([spec.requestedBy.toLowerCase()]) });
  search.push(Buffer.from(JSON.stringify({ name, ...spec, recipientKey: undefined })));
  const { places, unread } = search.end();
  if (places[0] || unread !== undefined) {
    const { path = '$', rule = 'unread' } = places[0] ?? {};
    const message = `\`spec\` contains what appears to be a secret or personal data at ${path} (rule \`${rule}\`), which the journal would keep; create another EvidenceExport without it`;
    return { reason: 'SecretFound', message };
  }
  const key = spec.recipientKey === undefined ? undefined : recipientIn(spec.recipientKey);
  return typeof key === 'string' ? { reason: 'InvalidKey', message: `\`spec.recipientKey\`: ${key}` } : undefined;
}

async function kitOf(
  object: EvidenceExport,
  isToMake: boolean,
  { openStore, signing }: ExportNeeds,
  observing: Observing,
): Promise<ExportKit | Unready> {
  const { read, now, signal } = observing;
  const { namespace = '' } = object.metadata;
  const { name } = object.spec.storeRef;
  const declared = read.get(resources.EvidenceStore, { namespace, name });
  if (!declared) {
    const message = `EvidenceStore ${name} does not exist in this namespace; create it, or another EvidenceExport`;
    return { reason: 'StoreNotFound', message, isGone: true };
  }
  if (isSuspended(declared.spec.suspend, now))
    return { reason: 'StoreSuspended', message: `EvidenceStore ${name} is suspended` };
  const cluster = await clusterId(read, signal);
  if (cluster === undefined) {
    const message = 'Holdfast may not read namespace kube-system, whose uid names the cluster; grant it';
    return { reason: 'ClusterUnknown', message };
  }
  const opened = await openEvidenceStore(declared, openStore, observing);
  if (opened.is === 'unopened') return { reason: 'StoreNotOpened', message: opened.message };
  const { store } = opened;
  const stranger = await whyNotOurs(store, declared, cluster, signal).catch((error: unknown) => {
    store.close();
    throw error;
  });
  if (stranger) {
    store.close();
    return stranger;
  }
  try {
    const believed = isToMake ? await believedOf(declared, signing, observing) : nothing;
    return { object, store, storeName: { namespace, name }, uri: uriOf(declared), believed };
  } catch (error) {
    store.close();
    throw error;
  }
}

const nothing: Believed = { keys: [], lasts: new Map(), unread: [] };

async function whyNotOurs(
  store: ObjectStore,
  declared: EvidenceStore,
  cluster: string,
  signal: AbortSignal,
): Promise<Unready | undefined> {
  const limited = AbortSignal.any([signal, AbortSignal.timeout(openMilliseconds)]);
  const { name } = declared.metadata;
  try {
    const identity = await store.get(identityKey, { maxBytes: identityBytes }, limited);
    if (!identity) return { reason: 'StoreNotReady', message: `EvidenceStore ${name} was not tried yet` };
    const stranger = strangerIn(identity, declared, cluster);
    return stranger === undefined ? undefined : { reason: 'PrefixInUse', message: stranger };
  } catch (error) {
    signal.throwIfAborted();
    if (limited.aborted) return { reason: 'StoreSlow', message: 'the store did not respond; it will be retried' };
    if (!isStoreError(error)) throw error;
    return { reason: `Store${error.reason}`, message: error.message };
  }
}

/** The keys that the operator signs with in that store, and the last packs that it stored there, as its own sealed statuses say. */
async function believedOf(declared: EvidenceStore, signing: Signing, { read, signal }: Observing): Promise<Believed> {
  const { namespace = '', name } = declared.metadata;
  const keys = new Map<string, KeyObject>();
  const lasts = new Map<string, { readonly sequence: number; readonly digest: string }>();
  const unread: string[] = [];
  for (const pack of read.list(resources.EvidencePack, namespace)) {
    if (pack.spec.storeRef.name !== name) continue;
    if (pack.status?.last) lasts.set(pack.metadata.name, pack.status.last);
    const found = await signingOf(pack, signing, read, signal);
    if (found.is === 'missing') unread.push(`EvidencePack ${pack.metadata.name}: ${found.message}`);
    else if (found.signing.publicKey === undefined)
      unread.push(`EvidencePack ${pack.metadata.name} signs without a key of its own`);
    else
      for (const pem of [found.signing.publicKey, found.signing.previous?.publicKey])
        if (pem !== undefined) keys.set(pem, publicKeyIn(pem));
  }
  return { keys: [...keys.values()], lasts, unread };
}

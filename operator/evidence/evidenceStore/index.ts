/** The feature of EvidenceStore: tries every few minutes whether evidence can be kept there, and whether it is locked. */
import { resources } from '../../api/generated/resources.ts';
import { believed, type Seal } from '../../api/seal.ts';
import type { EvidenceStore } from '../../api/v1alpha1/evidenceStore.ts';
import { sealedPlan } from '../../governance/sealedPlan.ts';
import { feature, on, type Key } from '../../runtime/feature.ts';
import { readCluster } from '../cluster.ts';
import { evidenceGrants } from '../grants.ts';
import { decideStore } from './decide.ts';
import { storeObserver, type StoreNeeds, type StoreWorld } from './observe.ts';

interface StoreOutside extends StoreNeeds {
  readonly seal: Seal;
}

export const evidenceStore = feature({
  kind: resources.EvidenceStore,
  // What it says is not known while it is suspended.
  decidesSuspension: true,
  // They wait for the store most of the time.
  workers: 16,
  shareOf: ({ status }: EvidenceStore) => ({
    isSlow: status?.conditions?.find(({ type }) => type === 'Ready')?.status !== 'True',
  }),
  access: [readCluster],
  grants: [evidenceGrants.credentials],
  watches: [on(resources.EvidenceStore, 'any', disbelievedStore)],
  open: ({ seal, ...needs }: StoreOutside) => ({
    keeps: (store: EvidenceStore) => believed(store, seal),
    observe: storeObserver(needs),
    decide: (store: EvidenceStore, world: StoreWorld, now: Date) =>
      sealedPlan(store, decideStore(store, world, now), seal),
  }),
});

/** Another wrote its status: it is written again. */
function disbelievedStore({ metadata: { namespace = '', name }, status }: EvidenceStore): Key[] {
  return status && !status.seal ? [{ namespace, name }] : [];
}

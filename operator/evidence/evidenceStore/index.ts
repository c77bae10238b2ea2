/** The feature of EvidenceStore: tries every few minutes whether evidence can be kept there, and whether it is locked. */
import { resources } from '../../api/generated/resources.ts';
import { believed, type Seal } from '../../api/seal.ts';
import type { EvidenceStore } from '../../api/v1alpha1/evidenceStore.ts';
import { readingGrants } from '../../governance/grants.ts';
import { sealedPlan } from '../../governance/sealedPlan.ts';
import { feature, on, type Key, type Observing } from '../../runtime/feature.ts';
import { readCluster } from '../cluster.ts';
import { withJournal, type JournalStanding } from '../journal/standing.ts';
import { storeAlerts } from './alerts.ts';
import { decideStore } from './decide.ts';
import { storeGauges } from './metrics.ts';
import { storeObserver, type StoreNeeds, type StoreWorld } from './observe.ts';

interface StoreOutside extends StoreNeeds {
  readonly seal: Seal;
  /** How the journal in the store stands, where there is one. */
  readonly journalOf?: (store: Key) => JournalStanding | undefined;
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
  grants: [readingGrants.credentials],
  watches: [on(resources.EvidenceStore, 'any', disbelievedStore)],
  gauges: storeGauges,
  alerts: storeAlerts,
  open: ({ seal, journalOf, ...needs }: StoreOutside) => ({
    keeps: (store: EvidenceStore) => believed(store, seal),
    observe: async (store: EvidenceStore, observing: Observing): Promise<JournaledWorld> => {
      const world = await storeObserver(needs)(store, observing);
      const { namespace = '', name } = store.metadata;
      const journal = journalOf?.({ namespace, name });
      return { world, ...(journal && { journal }) };
    },
    decide: (store: EvidenceStore, { world, journal }: JournaledWorld, now: Date) =>
      sealedPlan(store, withJournal(decideStore(store, world, now), journal, now), seal),
  }),
});

interface JournaledWorld {
  readonly world: StoreWorld;
  readonly journal?: JournalStanding;
}

/** Another wrote its status: it is written again. */
function disbelievedStore({ metadata: { namespace = '', name }, status }: EvidenceStore): Key[] {
  return status && !status.seal ? [{ namespace, name }] : [];
}

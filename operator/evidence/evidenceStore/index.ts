/** The feature of EvidenceStore: tries every few minutes whether evidence can be kept there, and whether it is locked. */
import { resources } from '../../api/generated/resources.ts';
import { believed, type Seal } from '../../api/seal.ts';
import type { EvidenceStore } from '../../api/v1alpha1/evidenceStore.ts';
import { readingGrants } from '../../governance/grants.ts';
import { sealedPlan } from '../../governance/sealedPlan.ts';
import { feature, on, type Key, type Observing, type Reader } from '../../runtime/feature.ts';
import { readCluster } from '../cluster.ts';
import { withJournal, type JournalStanding } from '../journal/standing.ts';
import { withHolds, type HoldEffect, type HoldWorld } from '../holds/decide.ts';
import { Holding } from '../holds/holding.ts';
import type { Draft } from '../journal/entry.ts';
import { storeAlerts } from './alerts.ts';
import { decideStore } from './decide.ts';
import { storeGauges } from './metrics.ts';
import { storeObserver, type StoreNeeds, type StoreWorld } from './observe.ts';

interface StoreOutside extends StoreNeeds {
  readonly seal: Seal;
  /** How the journal in the store stands, where there is one. */
  readonly journalOf?: (store: Key) => JournalStanding | undefined;
  /** Records something in that journal, once for that ID. Throws while there is no room for it. */
  readonly record?: (store: Key, id: string, entry: Omit<Draft, 'time'>) => void;
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
  reads: [resources.EvidencePack],
  access: [readCluster],
  grants: [readingGrants.credentials],
  watches: [on(resources.EvidenceStore, 'any', disbelievedStore)],
  gauges: storeGauges,
  alerts: storeAlerts,
  open: ({ seal, journalOf, record, ...needs }: StoreOutside) => {
    const holding = new Holding({ openStore: needs.openStore, seal });
    /** What a pass saw, for what it begins. */
    const seen = new Map<string, Seen>();
    return {
      keeps: (store: EvidenceStore) => believed(store, seal),
      observe: async (store: EvidenceStore, observing: Observing): Promise<StoreAndMore> => {
        const world = await storeObserver(needs)(store, observing);
        const { namespace = '', name, uid = '' } = store.metadata;
        const { read, now } = observing;
        forgetGone(read, seen, holding);
        seen.set(uid, { store, read, now });
        const journal = journalOf?.({ namespace, name });
        const holds: HoldWorld = {
          state: holding.stateOf(uid),
          isJournaling: record !== undefined && journal?.isRead === true && !journal.gap,
          packs: read.list(resources.EvidencePack, namespace),
        };
        return { world, holds, ...(journal && { journal }) };
      },
      decide: (store: EvidenceStore, { world, holds, journal }: StoreAndMore, now: Date) =>
        sealedPlan(
          store,
          withHolds(store, withJournal(decideStore(store, world, now), journal, now), holds, now),
          seal,
        ),
      perform(effect: HoldEffect) {
        const { store, read, now } = seen.get(effect.uid) ?? {};
        if (!store || !read || !now) return Promise.resolve();
        const { namespace = '', name } = store.metadata;
        if ('journal' in effect) record?.({ namespace, name }, effect.journal.id, effect.journal.entry);
        else holding.begin({ object: store, holds: effect.place, now }, read);
        return Promise.resolve();
      },
    };
  },
});

interface StoreAndMore {
  readonly world: StoreWorld;
  readonly holds: HoldWorld;
  readonly journal?: JournalStanding;
}

interface Seen {
  readonly store: EvidenceStore;
  readonly read: Reader;
  readonly now: Date;
}

function forgetGone(read: Reader, seen: Map<string, Seen>, holding: Holding): void {
  const uids = new Set(read.list(resources.EvidenceStore, '').map(({ metadata }) => metadata.uid));
  for (const uid of seen.keys()) if (!uids.has(uid)) seen.delete(uid);
  holding.keepOnly((uid) => uids.has(uid));
}

/** Another wrote its status: it is written again. */
function disbelievedStore({ metadata: { namespace = '', name }, status }: EvidenceStore): Key[] {
  return status && !status.seal ? [{ namespace, name }] : [];
}

/** The feature of EvidencePack: makes signed evidence when it is due, one pack after the other, each following the one before. */
import { resources } from '../../api/generated/resources.ts';
import { believed, type Seal } from '../../api/seal.ts';
import type { EvidencePack } from '../../api/v1alpha1/evidencePack.ts';
import type { EvidenceStore } from '../../api/v1alpha1/evidenceStore.ts';
import { policyKinds } from '../../governance/approvalPolicies.ts';
import { readingGrants } from '../../governance/grants.ts';
import { sealedPlan } from '../../governance/sealedPlan.ts';
import { feature, on, type Key, type Reader } from '../../runtime/feature.ts';
import { readCluster } from '../cluster.ts';
import { packAlerts } from './alerts.ts';
import { decidePack } from './decide.ts';
import { withDisposal } from './disposing.ts';
import type { PackParts } from './kit.ts';
import { packGauges } from './metrics.ts';
import { packObserver, type Kits, type PackNeeds } from './observe.ts';
import { Packing } from './packing.ts';
import { Witnessing } from './witnessing.ts';
import type { PackEffect, PackWorld } from './world.ts';

interface PackOutside extends PackNeeds {
  readonly seal: Seal;
  readonly packParts: PackParts;
}

export const evidencePack = feature({
  kind: resources.EvidencePack,
  reads: [
    resources.Device,
    resources.DeviceBaseline,
    resources.ClusterBaseline,
    resources.DriftReport,
    resources.PolicyWaiver,
    resources.Approval,
    resources.ServiceLevelObjective,
    ...Object.values(policyKinds),
  ],
  fetches: [resources.EvidenceStore, ...Object.values(policyKinds)],
  // They wait for the store most of the time.
  workers: 16,
  access: [readCluster],
  grants: [readingGrants.credentials, readingGrants.playbooks],
  watches: [
    on(resources.EvidenceStore, 'any', packsOfStore, { settleSeconds: 1 }),
    on(resources.EvidencePack, 'any', disbelievedPack),
  ],
  gauges: packGauges,
  alerts: packAlerts,
  open: ({ seal, packParts, ...needs }: PackOutside) => {
    const packing = new Packing(packParts);
    const witnessing = new Witnessing(packParts);
    const kits: Kits = new Map();
    return {
      keeps: (pack: EvidencePack) => believed(pack, seal),
      observe: packObserver(needs, { packing, witnessing, kits }),
      decide: (pack: EvidencePack, world: PackWorld, now: Date) => sealedPlan(pack, decided(pack, world, now), seal),
      perform(effect: PackEffect) {
        if ('stored' in effect) {
          const { store, pack, stored } = effect;
          packParts.journal.stored(store, pack, stored);
          return Promise.resolve();
        }
        if ('dispose' in effect) {
          const kit = kits.get(effect.dispose);
          kits.delete(effect.dispose);
          if (kit) packing.dispose(effect, kit);
          return Promise.resolve();
        }
        const uid = 'attest' in effect ? effect.attest.uid : effect.uid;
        const kit = kits.get(uid);
        // The store stays open until it is done.
        kits.delete(uid);
        if (kit && 'attest' in effect) witnessing.begin(uid, effect.attest.last, kit);
        else if (kit && !('attest' in effect)) packing.begin(effect, kit);
        return Promise.resolve();
      },
    };
  },
});

function decided(pack: EvidencePack, world: PackWorld, now: Date) {
  const plan = decidePack(pack, world, now);
  return withDisposal({ pack, plan, world: world.is === 'read' ? (world.disposal ?? 'off') : undefined, now });
}

function packsOfStore({ metadata: { namespace = '', name } }: EvidenceStore, read: Reader): Key[] {
  return read
    .list(resources.EvidencePack, namespace)
    .filter(({ spec }) => spec.storeRef.name === name)
    .map(({ metadata }) => ({ namespace, name: metadata.name }));
}

/** Another wrote its status: it is written again. */
function disbelievedPack({ metadata: { namespace = '', name }, status }: EvidencePack): Key[] {
  return status && !status.seal ? [{ namespace, name }] : [];
}

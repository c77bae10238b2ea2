/** The feature of EvidenceExport: verifies evidence, records who exports it, and keeps the archive in its store for some time. */
import { resources } from '../../api/generated/resources.ts';
import { believed, forgedFields, type Seal } from '../../api/seal.ts';
import type { EvidenceExport } from '../../api/v1alpha1/evidenceExport.ts';
import type { EvidenceStore } from '../../api/v1alpha1/evidenceStore.ts';
import { policyKinds } from '../../governance/approvalPolicies.ts';
import { readingGrants } from '../../governance/grants.ts';
import { sealedPlan } from '../../governance/sealedPlan.ts';
import { feature, on, type Key, type Reader } from '../../runtime/feature.ts';
import { readCluster } from '../cluster.ts';
import { cleanUpExport, decideExport, type ExportWorld } from './decide.ts';
import { Exporting } from './exporting.ts';
import type { ExportOrder, ExportParts } from './kit.ts';
import { exportObserver, exportPolicies, type ExportNeeds, type Kits } from './observe.ts';

interface ExportOutside extends ExportNeeds {
  readonly seal: Seal;
  readonly exportParts: ExportParts;
}

export const evidenceExport = feature({
  kind: resources.EvidenceExport,
  reads: [resources.EvidencePack],
  fetches: [resources.EvidenceExport, ...Object.values(policyKinds)],
  workers: 16,
  // Before anything is stored that would have to be removed, and until it is; also where another wrote the status that said so.
  finalizes: (object: EvidenceExport) =>
    (object.status?.archive !== undefined && object.status.removal === undefined) ||
    forgedFields(object).includes('archive'),
  access: [readCluster],
  grants: [readingGrants.credentials],
  watches: [
    on(resources.EvidenceStore, 'any', exportsOfStore, { settleSeconds: 1 }),
    on(resources.EvidenceExport, 'any', disbelieved),
    on(policyKinds.ValidatingAdmissionPolicy, 'declaration', exportsThatWait),
    on(policyKinds.ValidatingAdmissionPolicyBinding, 'declaration', exportsThatWait),
  ],
  open: ({ seal, exportParts, ...needs }: ExportOutside) => {
    const exporting = new Exporting(exportParts);
    const kits: Kits = new Map();
    return {
      keeps: (object: EvidenceExport) => believed(object, seal),
      observe: exportObserver(needs, exporting, kits),
      decide: (object: EvidenceExport, world: ExportWorld, now: Date) =>
        sealedPlan(object, decideExport(object, world, now), seal),
      cleanUp: (object: EvidenceExport, world: ExportWorld, now: Date) =>
        sealedPlan(object, cleanUpExport(object, world, now), seal),
      perform(order: ExportOrder) {
        const kit = kits.get(order.uid);
        // The store stays open until the step is done.
        kits.delete(order.uid);
        if (kit) exporting.begin(order, kit);
        return Promise.resolve();
      },
    };
  },
});

function exportsOfStore({ metadata: { namespace = '', name } }: EvidenceStore, read: Reader): Key[] {
  return read
    .list(resources.EvidenceExport, namespace)
    .filter(({ spec }) => spec.storeRef.name === name)
    .map(({ metadata }) => ({ namespace, name: metadata.name }));
}

function exportsThatWait({ metadata }: { metadata: { name: string } }, read: Reader): Key[] {
  if (!exportPolicies.includes(metadata.name)) return [];
  return read
    .list(resources.EvidenceExport, '')
    .filter(({ status }) => !status?.archive)
    .map((one) => ({ namespace: one.metadata.namespace ?? '', name: one.metadata.name }));
}

/** Another wrote its status: it is written again. */
function disbelieved({ metadata: { namespace = '', name }, status }: EvidenceExport): Key[] {
  return status && !status.seal ? [{ namespace, name }] : [];
}

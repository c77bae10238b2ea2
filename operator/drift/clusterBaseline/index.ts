/** The feature of ClusterBaseline: watches what its templates and checks are about, shows drift, and corrects it in mode Enforce. */
import { resources } from '../../api/generated/resources.ts';
import { believed } from '../../api/seal.ts';
import type { ClusterBaseline } from '../../api/v1alpha1/clusterBaseline.ts';
import type { DriftReport } from '../../api/v1alpha1/driftReport.ts';
import type { MaintenanceWindow } from '../../api/v1alpha1/maintenanceWindow.ts';
import { waiversAbout } from '../../findings/waiver/watch.ts';
import { feature, on, writes, type Key, type Observing, type Reader } from '../../runtime/feature.ts';
import { policyKinds } from '../../governance/approvalPolicies.ts';
import { sealedPlan } from '../../governance/sealedPlan.ts';
import { reportsBySource, waiversBySource } from '../../findings/indexes.ts';
import { grants } from '../grants.ts';
import { cleanUpClusterBaseline, decideClusterBaseline } from './decide.ts';
import { withGates } from './gates.ts';
import { clusterAlerts } from './alerts.ts';
import { withAppliedNulls } from './lostNulls.ts';
import { clusterGauges } from './metrics.ts';
import { clusterObserver, type ClusterNeeds, type ClusterWorld } from './observe.ts';

export const clusterBaseline = feature({
  kind: resources.ClusterBaseline,
  follows: true,
  finalizes: ({ spec }: ClusterBaseline) => spec.prune !== undefined && spec.prune !== 'Keep',
  // Whoever may use accounts of one namespace only does not take the turns of all others with many baselines.
  shareOf: ({ spec }: ClusterBaseline) => ({ group: spec.serviceAccountRef.namespace }),
  indexes: [reportsBySource, waiversBySource],
  writes: [writes(resources.DriftReport, 'apply', 'status', 'delete')],
  fetches: [resources.ClusterBaseline, ...Object.values(policyKinds)],
  // Everything else is read and written with the rights of the accounts that baselines name.
  grants: [grants.accounts],
  watches: [
    on(resources.DriftReport, 'declaration', reportedBaseline),
    waiversAbout(resources.ClusterBaseline),
    on(resources.MaintenanceWindow, 'declaration', gatedBaselines),
    on(resources.ClusterBaseline, 'any', disbelievedBaseline),
    on(policyKinds.ValidatingAdmissionPolicy, 'declaration', everyBaseline),
    on(policyKinds.ValidatingAdmissionPolicyBinding, 'declaration', everyBaseline),
  ],
  gauges: clusterGauges,
  alerts: clusterAlerts,
  open: ({ seal, ...needs }: ClusterNeeds) => {
    const observe = clusterObserver(needs);
    return {
      keeps: (baseline: ClusterBaseline, applied?: string) => believed(withAppliedNulls(baseline, applied), seal),
      observe: async (baseline: ClusterBaseline, observing: Observing) =>
        withGates(baseline, await observe(baseline, observing), observing),
      decide: (baseline: ClusterBaseline, world: ClusterWorld, now: Date) =>
        sealedPlan(baseline, decideClusterBaseline(baseline, world, now), seal),
      cleanUp: (baseline: ClusterBaseline, world: ClusterWorld) =>
        sealedPlan(baseline, cleanUpClusterBaseline(baseline, world), seal),
    };
  },
});

function everyBaseline(_: unknown, read: Reader): Key[] {
  return read.list(resources.ClusterBaseline, '').map(({ metadata }) => ({ namespace: '', name: metadata.name }));
}

/** Somebody else wrote its status: it is written again. */
function disbelievedBaseline({ metadata, status }: ClusterBaseline): Key[] {
  return status && !status.seal ? [{ namespace: '', name: metadata.name }] : [];
}

/** A report that somebody changed or deleted is made again. */
function reportedBaseline({ status }: DriftReport): Key[] {
  const { source } = status ?? {};
  return source?.kind === resources.ClusterBaseline.kind ? [{ namespace: '', name: source.name }] : [];
}

function gatedBaselines({ metadata: { namespace, name } }: MaintenanceWindow, read: Reader): Key[] {
  return read
    .list(resources.ClusterBaseline, '')
    .filter(({ spec }) => spec.windowRef?.name === name && spec.serviceAccountRef.namespace === namespace)
    .map(({ metadata }) => ({ namespace: '', name: metadata.name }));
}

/** The feature of CanaryRollout: decides how many hosts may have a new revision. The baseline assigns it to them, and corrects them. */
import { resources } from '../../api/generated/resources.ts';
import { believed, type Seal } from '../../api/seal.ts';
import type { Approval } from '../../api/v1alpha1/approval.ts';
import type { CanaryRollout } from '../../api/v1alpha1/canaryRollout.ts';
import type { Device } from '../../api/v1alpha1/device.ts';
import type { DeviceBaseline } from '../../api/v1alpha1/deviceBaseline.ts';
import type { DriftReport } from '../../api/v1alpha1/driftReport.ts';
import type { Resource } from '../../api/v1alpha1/shared.ts';
import type { ServiceLevelObjective } from '../../api/v1alpha1/serviceLevelObjective.ts';
import type { MaintenanceWindow } from '../../api/v1alpha1/maintenanceWindow.ts';
import { selectingBaselines } from '../../drift/deviceBaseline/source.ts';
import { reportsByDevice } from '../../drift/indexes.ts';
import { reportsBySource, waiversBySource } from '../../findings/indexes.ts';
import { policyKinds, type ShippedPolicy } from '../../governance/approvalPolicies.ts';
import { approvalsBySubject } from '../../governance/indexes.ts';
import { sealedPlan } from '../../governance/sealedPlan.ts';
import { feature, on, type Key, type Observing, type Reader } from '../../runtime/feature.ts';
import { rolloutAlerts } from './alerts.ts';
import { asksForApproval } from './approvals.ts';
import { rolloutGauges } from './metrics.ts';
import { decideRollout } from './decide.ts';
import { askedOf, type Asking } from './evidence.ts';
import { observeRollout, type RolloutWorld } from './observe.ts';
import { approvingOf, withCurrentApprovals } from './observeApprovals.ts';

/** Many hosts change together. */
const settleSeconds = 0.5;

export interface RolloutNeeds extends Asking {
  readonly seal: Seal;
  /** What is shipped in `policies/`: without them in force no step begins that needs approval. */
  readonly approvalPolicies: readonly ShippedPolicy[];
}

export const canaryRollout = feature({
  kind: resources.CanaryRollout,
  reads: [resources.AnsibleRun, resources.PolicyWaiver],
  fetches: Object.values(policyKinds),
  indexes: [reportsBySource, waiversBySource, reportsByDevice, approvalsBySubject],
  watches: [
    on(resources.DeviceBaseline, 'any', rolledOut, { settleSeconds }),
    on(resources.Device, 'any', rolloutsOnDevice, { settleSeconds }),
    on(resources.DriftReport, 'any', reported, { settleSeconds }),
    on(resources.MaintenanceWindow, 'declaration', waiting),
    on(resources.ServiceLevelObjective, 'any', gated, { settleSeconds }),
    on(resources.Approval, 'declaration', approved),
    on(policyKinds.ValidatingAdmissionPolicy, 'declaration', approvable),
    on(policyKinds.ValidatingAdmissionPolicyBinding, 'declaration', approvable),
    on(resources.CanaryRollout, 'any', disbelievedAndRivals),
  ],
  gauges: rolloutGauges,
  alerts: rolloutAlerts,
  open: ({ seal, approvalPolicies, ...asking }: RolloutNeeds) => ({
    keeps: (rollout: CanaryRollout) => believed(rollout, seal),
    async observe(rollout: CanaryRollout, observing: Observing): Promise<RolloutWorld> {
      const seen = observeRollout(rollout, observing);
      const asked = await askedOf(rollout, seen, asking, observing);
      const approving = await approvingOf(rollout, approvalPolicies, observing);
      const world = { ...seen, ...(asked && { asked }), ...(approving && { approving }) };
      return withCurrentApprovals(rollout, world, observing);
    },
    decide: (rollout: CanaryRollout, world: RolloutWorld, now: Date) =>
      sealedPlan(rollout, decideRollout(rollout, world, now), seal),
  }),
});

function rolloutsOf(baselines: readonly string[], namespace: string, read: Reader): Key[] {
  const names = new Set(baselines);
  return read
    .list(resources.CanaryRollout, namespace)
    .filter(({ spec }) => names.has(spec.target.deviceBaselineRef.name))
    .map(({ metadata }) => ({ namespace, name: metadata.name }));
}

function rolledOut({ metadata }: DeviceBaseline, read: Reader): Key[] {
  return rolloutsOf([metadata.name], metadata.namespace ?? '', read);
}

function rolloutsOnDevice(device: Device, read: Reader, before?: Device): Key[] {
  const { namespace = '' } = device.metadata;
  if (!read.list(resources.CanaryRollout, namespace).length) return [];
  const baselines = selectingBaselines(device, read, before).map(({ name }) => name);
  return rolloutsOf(baselines, namespace, read);
}

function reported({ metadata, status }: DriftReport, read: Reader): Key[] {
  if (status?.source?.kind !== resources.DeviceBaseline.kind) return [];
  return rolloutsOf([status.source.name], metadata.namespace ?? '', read);
}

function waiting({ metadata: { namespace = '', name } }: MaintenanceWindow, read: Reader): Key[] {
  return read
    .list(resources.CanaryRollout, namespace)
    .filter(({ spec }) => {
      const baseline = read.get(resources.DeviceBaseline, { namespace, name: spec.target.deviceBaselineRef.name });
      return [spec.windowRef, baseline?.spec.remediation?.windowRef].some((ref) => ref?.name === name);
    })
    .map(({ metadata }) => ({ namespace, name: metadata.name }));
}

/** Rollouts that an objective is a gate of, when its verdict may be another. */
function gated({ metadata: { namespace = '', name } }: ServiceLevelObjective, read: Reader): Key[] {
  return read
    .list(resources.CanaryRollout, namespace)
    .filter(({ spec }) => spec.gates?.objectives?.some((gate) => gate.name === name))
    .map(({ metadata }) => ({ namespace, name: metadata.name }));
}

function approved({ metadata: { namespace = '' }, spec: { subjectRef } }: Approval): Key[] {
  return subjectRef.kind === 'CanaryRollout' ? [{ namespace, name: subjectRef.name }] : [];
}

/** Whether the apiserver checks who approves may be another now. */
function approvable(_: Resource, read: Reader): Key[] {
  return read
    .list(resources.CanaryRollout, '')
    .filter(asksForApproval)
    .map(({ metadata: { namespace = '', name } }) => ({ namespace, name }));
}

/** Somebody else wrote its status: it is written again. When one comes or goes, others of the same baseline may begin, or not go on. */
function disbelievedAndRivals({ metadata, spec, status }: CanaryRollout, read: Reader, before?: CanaryRollout): Key[] {
  const namespace = metadata.namespace ?? '';
  const own = status && !status.seal ? [{ namespace, name: metadata.name }] : [];
  const isNews = before === undefined || before.metadata.deletionTimestamp !== metadata.deletionTimestamp;
  const all = isNews ? rolloutsOf([spec.target.deviceBaselineRef.name], namespace, read) : [];
  return [...own, ...all.filter(({ name }) => name !== metadata.name)];
}

/** Reads, from the cache, the baseline of a rollout, its hosts, and what was done to them. */
import { resources } from '../../api/generated/resources.ts';
import type { AnsibleRun } from '../../api/v1alpha1/ansibleRun.ts';
import type { CanaryRollout } from '../../api/v1alpha1/canaryRollout.ts';
import type { Device } from '../../api/v1alpha1/device.ts';
import type { DeviceBaseline } from '../../api/v1alpha1/deviceBaseline.ts';
import type { DriftReport } from '../../api/v1alpha1/driftReport.ts';
import type { MaintenanceWindow } from '../../api/v1alpha1/maintenanceWindow.ts';
import type { ServiceLevelObjective } from '../../api/v1alpha1/serviceLevelObjective.ts';
import type { PolicyWaiver } from '../../api/v1alpha1/policyWaiver.ts';
import { selectedDevices } from '../../drift/deviceBaseline/source.ts';
import { reportsOnDevices } from '../../drift/driftReport/report.ts';
import { ownRunsOf } from '../../drift/ownRuns.ts';
import { rolloutOf } from '../../drift/revision/order.ts';
import { reportsBySource, waiversBySource } from '../../findings/indexes.ts';
import { sourceId } from '../../findings/source.ts';
import type { Evidence, ObjectiveEvidence } from '../verdict/evidence.ts';
import { flooredText } from '../../lib/numberText.ts';
import { objectiveGate } from '../serviceLevelObjective/gate.ts';
import type { Observing } from '../../runtime/feature.ts';
import type { Approving } from './approving.ts';

export interface RolloutWorld {
  readonly baseline?: DeviceBaseline;
  /** An older rollout of the same baseline, which alone counts. */
  readonly older?: CanaryRollout;
  /** The hosts of the baseline, by name. */
  readonly devices: readonly Device[];
  /** Reports on the baseline, by the name of their Device. */
  readonly reports: ReadonlyMap<string, DriftReport>;
  /** The runs that the baseline created. */
  readonly runs: readonly AnsibleRun[];
  readonly waivers: readonly PolicyWaiver[];
  /** The window of the rollout, where it names one. */
  readonly window?: MaintenanceWindow;
  /** The window of the baseline, where it names one. */
  readonly baselineWindow?: MaintenanceWindow;
  /** The answers that the gates need; undefined when none is due. */
  readonly asked?: Omit<Evidence, 'fleet' | 'objectives'>;
  /** What was approved, where the rollout asks for approvals. */
  readonly approving?: Approving;
  /** Of the gates. */
  readonly objectives: readonly ObjectiveEvidence[];
}

export function observeRollout(rollout: CanaryRollout, { read, now }: Pick<Observing, 'read' | 'now'>): RolloutWorld {
  const { namespace = '' } = rollout.metadata;
  const { name } = rollout.spec.target.deviceBaselineRef;
  const baseline = read.get(resources.DeviceBaseline, { namespace, name });
  const windowNamed = (window: string | undefined) =>
    window === undefined ? undefined : read.get(resources.MaintenanceWindow, { namespace, name: window });
  const window = windowNamed(rollout.spec.windowRef?.name);
  const objectives = (rollout.spec.gates?.objectives ?? []).map((gate) =>
    objectiveOf(gate.name, read.get(resources.ServiceLevelObjective, { namespace, name: gate.name }), now),
  );
  const nothing = { devices: [], reports: new Map(), runs: [], waivers: [], objectives, ...(window && { window }) };
  if (!baseline || baseline.metadata.deletionTimestamp) return nothing;
  const oldest = rolloutOf(baseline, read.list(resources.CanaryRollout, namespace));
  const devices = selectedDevices(baseline, read);
  const baselineWindow = windowNamed(baseline.spec.remediation?.windowRef?.name);
  const source = sourceId(resources.DeviceBaseline.kind, name);
  return {
    ...nothing,
    baseline,
    ...(baselineWindow && { baselineWindow }),
    ...(oldest && oldest.metadata.uid !== rollout.metadata.uid && { older: oldest }),
    devices,
    reports: reportsOnDevices(read.by(reportsBySource, namespace, source), devices, name),
    runs: ownRunsOf(baseline, read.list(resources.AnsibleRun, namespace)),
    waivers: read.by(waiversBySource, namespace, source),
  };
}

/** As its own pass has evaluated it last. */
function objectiveOf(name: string, slo: ServiceLevelObjective | undefined, now: Date): ObjectiveEvidence {
  if (!slo) return { name, is: 'unknown', reason: 'Missing', message: `ServiceLevelObjective ${name} does not exist` };
  const { is, reason, message, samples, remainingPercent } = objectiveGate(slo, now);
  const observedTime = slo.status?.observedTime;
  return {
    name,
    is,
    reason,
    message: `ServiceLevelObjective ${name} ${message}`,
    ...(remainingPercent !== undefined && { remainingPercent: flooredText(remainingPercent, 6) }),
    ...(samples !== undefined && { samples }),
    ...(observedTime !== undefined && { observedTime }),
  };
}

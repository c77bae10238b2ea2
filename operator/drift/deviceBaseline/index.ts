/** The feature of DeviceBaseline: sums up its hosts' reports, and asks for corrections in mode Enforce. */
import { resources } from '../../api/generated/resources.ts';
import type { AnsibleRun } from '../../api/v1alpha1/ansibleRun.ts';
import type { Device } from '../../api/v1alpha1/device.ts';
import type { CanaryRollout } from '../../api/v1alpha1/canaryRollout.ts';
import type { CanaryRolloutStatus } from '../../api/v1alpha1/canaryRolloutStatus.ts';
import type { Seal } from '../../api/seal.ts';
import type { DeviceBaseline } from '../../api/v1alpha1/deviceBaseline.ts';
import type { DriftReport } from '../../api/v1alpha1/driftReport.ts';
import type { MaintenanceWindow } from '../../api/v1alpha1/maintenanceWindow.ts';
import { waiversAbout } from '../../findings/waiver/watch.ts';
import { feature, on, writes, type Key, type Observing, type Reader } from '../../runtime/feature.ts';
import { selects } from '../../api/selector.ts';
import { reportsBySource, waiversBySource } from '../../findings/indexes.ts';
import { correctionGauges } from '../correctionMetrics.ts';
import { devicesOf } from '../indexes.ts';
import { baselineAlerts } from './alerts.ts';
import { decideBaseline } from './decide.ts';
import { withGates } from './gates.ts';
import { deviceBaselineSource, selectingBaselines } from './source.ts';
import { believedBaseline, hasForgedAssignment, lacksAssignment, sealedAssignment } from '../revision/assignment.ts';
import { controllerRevisions } from '../revision/kept.ts';
import type { Revisions } from '../revision/store.ts';
import { observeBaselineNow, type BaselineWorld } from './observe.ts';

export interface BaselineNeeds {
  readonly revisions: Revisions;
  readonly seal: Seal;
}

/** Reports of many hosts change together; one pass for all of them is enough. */
const settleSeconds = 0.5;
const { kind } = deviceBaselineSource.kind;

export const deviceBaseline = feature({
  kind: resources.DeviceBaseline,
  fetches: [resources.AnsibleRun],
  indexes: [reportsBySource, waiversBySource],
  writes: [writes(resources.AnsibleRun, 'create', 'delete'), writes(controllerRevisions, 'apply', 'delete')],
  // All of a baseline are read where something depends on that there are no others.
  access: [{ group: 'apps', resources: [controllerRevisions.plural], verbs: ['list'] }],
  watches: [
    on(resources.Device, 'declaration', selectingBaselines, { settleSeconds }),
    on(resources.DriftReport, 'any', reportedBaseline, { settleSeconds }),
    on(resources.AnsibleRun, 'any', concernedBaselines, { settleSeconds }),
    on(resources.DeviceBaseline, 'declaration', rivalBaselines),
    on(resources.DeviceBaseline, 'any', unassignedBaseline),
    on(resources.MaintenanceWindow, 'declaration', waitingBaselines),
    on(resources.CanaryRollout, 'any', rolledOut),
    waiversAbout(resources.DeviceBaseline),
  ],
  gauges: correctionGauges,
  alerts: baselineAlerts,
  open: ({ revisions, seal }: BaselineNeeds) => ({
    keeps: (baseline: DeviceBaseline) => believedBaseline(baseline, seal),
    observe: async (baseline: DeviceBaseline, observing: Observing) =>
      withGates(baseline, await observeBaselineNow(baseline, revisions, observing), observing),
    decide(baseline: DeviceBaseline, world: BaselineWorld, now: Date) {
      const plan = decideBaseline(baseline, world, now);
      const clears = hasForgedAssignment(baseline) ? { clears: ['assignment'] } : {};
      return { ...plan, ...clears, status: sealedAssignment(baseline, plan.status, seal) };
    },
  }),
});

/** A rollout says how far its status is, and that is what counts of it. */
function rolledOut({ metadata, spec, status }: CanaryRollout, _: Reader, before?: CanaryRollout): Key[] {
  const isSame =
    before !== undefined &&
    before.metadata.generation === metadata.generation &&
    before.metadata.deletionTimestamp === metadata.deletionTimestamp &&
    equalPosition(before.status, status);
  return isSame ? [] : [{ namespace: metadata.namespace ?? '', name: spec.target.deviceBaselineRef.name }];
}

function equalPosition(a: CanaryRolloutStatus = {}, b: CanaryRolloutStatus = {}): boolean {
  return (
    a.revision === b.revision &&
    a.exposedPercent === b.exposedPercent &&
    a.completionTime === b.completionTime &&
    a.rollback?.startTime === b.rollback?.startTime
  );
}

/** Somebody else wrote its assignment, or removed it: it is written again. */
function unassignedBaseline(baseline: DeviceBaseline): Key[] {
  const { namespace = '', name } = baseline.metadata;
  return lacksAssignment(baseline) ? [{ namespace, name }] : [];
}

function reportedBaseline({ metadata, status }: DriftReport): Key[] {
  if (status?.source?.kind !== kind) return [];
  return [{ namespace: metadata.namespace ?? '', name: status.source.name }];
}

/** The baseline that asked for a run; when it begins, ends or goes, all baselines of its hosts, which may wait for it. */
function concernedBaselines(run: AnsibleRun, read: Reader, before?: AnsibleRun): Key[] {
  const { metadata, spec, status } = run;
  const namespace = metadata.namespace ?? '';
  const asking = spec.baselineRef ? [spec.baselineRef.name] : [];
  const isSame =
    before &&
    before.status?.startTime === status?.startTime &&
    before.status?.completionTime === status?.completionTime;
  const devices = isSame ? [] : devicesNamed(devicesOf(run), namespace, read);
  return namesOf([...asking, ...selecting(devices, namespace, read)], namespace);
}

/** Other baselines that are, or were before the change, about the same hosts: their checks may exclude each other. */
function rivalBaselines(baseline: DeviceBaseline, read: Reader, before?: DeviceBaseline): Key[] {
  const namespace = baseline.metadata.namespace ?? '';
  const selectors = [baseline, before].flatMap((version) => (version ? [version.spec.selector] : []));
  const devices = read
    .list(resources.Device, namespace)
    .filter(({ metadata }) => selectors.some((selector) => selects(selector, metadata.labels)));
  const rivals = selecting(devices, namespace, read).filter((name) => name !== baseline.metadata.name);
  return namesOf(rivals, namespace);
}

function devicesNamed(names: readonly string[], namespace: string, read: Reader): Device[] {
  return names.flatMap((name) => read.get(resources.Device, { namespace, name }) ?? []);
}

function selecting(devices: readonly Device[], namespace: string, read: Reader): string[] {
  if (!devices.length) return [];
  return read
    .list(resources.DeviceBaseline, namespace)
    .filter(({ spec }) => devices.some(({ metadata }) => selects(spec.selector, metadata.labels)))
    .map(({ metadata }) => metadata.name);
}

function namesOf(names: readonly string[], namespace: string): Key[] {
  return [...new Set(names)].map((name) => ({ namespace, name }));
}

function waitingBaselines({ metadata }: MaintenanceWindow, read: Reader): Key[] {
  const namespace = metadata.namespace ?? '';
  return read
    .list(resources.DeviceBaseline, namespace)
    .filter(({ spec }) => spec.remediation?.windowRef?.name === metadata.name)
    .map((baseline) => ({ namespace, name: baseline.metadata.name }));
}

/** The feature of Device: looks at a host every so often and when its baselines change, and keeps its reports. */
import { resources } from '../../api/generated/resources.ts';
import type { AnsibleRun } from '../../api/v1alpha1/ansibleRun.ts';
import type { Device } from '../../api/v1alpha1/device.ts';
import type { DeviceBaseline } from '../../api/v1alpha1/deviceBaseline.ts';
import type { PolicyWaiver } from '../../api/v1alpha1/policyWaiver.ts';
import { coverageChanged } from '../../findings/waiver/coverage.ts';
import { matches } from '../../findings/waiver/subject.ts';
import { feature, on, writes, type Access, type Key, type Observing, type Reader } from '../../runtime/feature.ts';
import { selects } from '../../api/selector.ts';
import type { Conceal } from '../checks/checkType.ts';
import { grants } from '../grants.ts';
import { reportsBySource, waiversBySource } from '../../findings/indexes.ts';
import { sourceId } from '../../findings/source.ts';
import { devicesOf, reportsByDevice, runsByDevice } from '../indexes.ts';
import { deviceGauges } from '../metrics.ts';
import { decideDevice } from './decide.ts';
import { deviceAlerts } from './alerts.ts';
import { LastLooks, saidBy } from './lastLooks.ts';
import { assignedOtherwise } from '../revision/assignment.ts';
import { controllerRevisions } from '../revision/kept.ts';
import type { Revisions } from '../revision/store.ts';
import { observeDevice, type DeviceWorld, type Probe } from './observe.ts';
import { overdueGauge } from './overdue.ts';
import { SharedReads } from './sharedReads.ts';

/** Which networks the cluster has: hosts are not there (`operator/wiring/ownNetworks.ts`). */
const readNetworks: readonly Access[] = [
  { group: 'config.openshift.io', resources: ['networks'], verbs: ['get'], resourceNames: ['cluster'] },
  { group: 'networking.k8s.io', resources: ['servicecidrs'], verbs: ['list'] },
];

export interface DeviceNeeds {
  readonly probe: Probe;
  readonly conceal: Conceal;
  readonly revisions: Revisions;
}

export const device = feature({
  kind: resources.Device,
  // A pass mostly waits for its host.
  workers: 128,
  shareOf: ({ status }: Device) => ({
    isSlow: status?.conditions?.find(({ type }) => type === 'Reachable')?.status !== 'True',
  }),
  indexes: [reportsByDevice, runsByDevice, waiversBySource],
  writes: [writes(resources.DriftReport, 'apply', 'status', 'delete')],
  access: [...readNetworks, { group: 'apps', resources: [controllerRevisions.plural], verbs: ['get'] }],
  grants: [grants.credentials],
  watches: [
    on(resources.DeviceBaseline, 'declaration', selectedDevices),
    on(resources.DeviceBaseline, 'any', reassignedDevices),
    on(resources.AnsibleRun, 'any', correctedDevices),
    on(resources.PolicyWaiver, 'any', waivedDevices),
  ],
  gauges: deviceGauges,
  alerts: deviceAlerts,
  open({ probe, conceal, revisions }: DeviceNeeds) {
    const lastLooks = new LastLooks();
    const secrets = new SharedReads();
    return {
      gauges: [overdueGauge(lastLooks)],
      observe: (device: Device, observing: Observing) =>
        observeDevice(device, { probe, lastLooks, revisions, secrets }, observing),
      decide(device: Device, world: DeviceWorld, now: Date) {
        const plan = decideDevice(device, world, conceal, now);
        lastLooks.say(device.metadata.uid ?? '', saidBy(plan));
        return plan;
      },
    };
  },
});

/** Devices that a baseline selects, selected before the change, or still has a report on. */
function selectedDevices(baseline: DeviceBaseline, read: Reader, before?: DeviceBaseline): Key[] {
  const { namespace = '', name } = baseline.metadata;
  const selectors = [baseline, before].flatMap((version) => (version ? [version.spec.selector] : []));
  const selected = read
    .list(resources.Device, namespace)
    .filter(({ metadata }) => selectors.some((selector) => selects(selector, metadata.labels)))
    .map(({ metadata }) => metadata.name);
  const reported = read
    .by(reportsBySource, namespace, sourceId(resources.DeviceBaseline.kind, name))
    .flatMap(({ status }) => (status?.target ? [status.target.name] : []));
  return [...new Set([...selected, ...reported])].map((device) => ({ namespace, name: device }));
}

/** Devices that are assigned otherwise than before. */
function reassignedDevices(baseline: DeviceBaseline, read: Reader, before?: DeviceBaseline): Key[] {
  const isOther = before && assignedOtherwise(before, baseline);
  if (!isOther) return [];
  const { namespace = '' } = baseline.metadata;
  return read
    .list(resources.Device, namespace)
    .filter(({ metadata }) => selects(baseline.spec.selector, metadata.labels) && isOther(metadata.name))
    .map(({ metadata }) => ({ namespace, name: metadata.name }));
}

/** Devices of a run that is complete, or was deleted while it was at work: their reports are to be made anew. */
function correctedDevices(run: AnsibleRun, _: Reader, before?: AnsibleRun): Key[] {
  const mayBeDeleted = !before && run.status?.startTime !== undefined;
  if (!run.status?.completionTime && !mayBeDeleted) return [];
  return devicesOf(run).map((name) => ({ namespace: run.metadata.namespace ?? '', name }));
}

/** Devices whose findings a waiver covers otherwise than before. */
function waivedDevices(waiver: PolicyWaiver, read: Reader, before?: PolicyWaiver): Key[] {
  const { kind } = resources.DeviceBaseline;
  if (waiver.spec.source.kind !== kind && before?.spec.source.kind !== kind) return [];
  if (!coverageChanged(before, waiver)) return [];
  const namespace = waiver.metadata.namespace ?? '';
  return read
    .list(resources.Device, namespace)
    .map(({ metadata }) => ({ name: metadata.name, labels: metadata.labels }))
    .filter((target) => matches(waiver, target) || (before && matches(before, target)))
    .map(({ name }) => ({ namespace, name }));
}

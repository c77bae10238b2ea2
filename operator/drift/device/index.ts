/** The feature of Device: looks at a host every so often and when its baselines change, and keeps its reports. */
import { resources } from '../../api/generated/resources.ts';
import type { AnsibleRun } from '../../api/v1alpha1/ansibleRun.ts';
import type { Device } from '../../api/v1alpha1/device.ts';
import type { DeviceBaseline } from '../../api/v1alpha1/deviceBaseline.ts';
import type { DriftReport } from '../../api/v1alpha1/driftReport.ts';
import type { PolicyWaiver } from '../../api/v1alpha1/policyWaiver.ts';
import { coverageChanged } from '../../findings/waiver/coverage.ts';
import { matches } from '../../findings/waiver/subject.ts';
import type { Feature, Key, Reader } from '../../runtime/feature.ts';
import { selects } from '../../api/selector.ts';
import type { Conceal } from '../checks/checkType.ts';
import { readSecrets } from '../credentials.ts';
import { devicesOf, reportsByBaseline, reportsByDevice, runsByDevice, waiversByBaseline } from '../indexes.ts';
import { decideDevice } from './decide.ts';
import { observeDevice, type DeviceWorld, type Probe } from './observe.ts';

export interface DeviceParts {
  readonly probe: Probe;
  readonly conceal: Conceal;
  readonly clock: () => Date;
}

export function deviceFeature({ probe, conceal, clock }: DeviceParts): Feature<Device, DeviceWorld> {
  return {
    kind: resources.Device,
    // A pass mostly waits for its host; a dead one must not hold up the others.
    workers: 128,
    indexes: [reportsByDevice, runsByDevice, waiversByBaseline],
    access: [
      readSecrets,
      {
        group: 'holdfast.dev',
        resources: ['driftreports', 'driftreports/status'],
        verbs: ['patch', 'create', 'delete'],
      },
    ],
    watches: [
      { kind: resources.DeviceBaseline, on: 'declaration', keysOf: selectedDevices },
      { kind: resources.AnsibleRun, on: 'any', keysOf: correctedDevices },
      { kind: resources.DriftReport, on: 'declaration', keysOf: () => [] },
      { kind: resources.PolicyWaiver, on: 'any', keysOf: waivedDevices },
    ],
    observe: (device, read, signal) => observeDevice(device, read, probe, clock(), signal),
    decide: (device, world, now) => decideDevice(device, world, conceal, now),
  };
}

/** Devices that a baseline selects, selected before the change, or still has a report on. */
function selectedDevices(object: unknown, read: Reader, before?: unknown): Key[] {
  const baseline = object as DeviceBaseline;
  const { namespace = '', name } = baseline.metadata;
  const selectors = [baseline, before as DeviceBaseline | undefined].flatMap((version) =>
    version ? [version.spec.selector] : [],
  );
  const selected = read
    .list<Device>(resources.Device, namespace)
    .filter(({ metadata }) => selectors.some((selector) => selects(selector, metadata.labels)))
    .map(({ metadata }) => metadata.name);
  const reported = read
    .list<DriftReport>(resources.DriftReport, namespace, {
      index: reportsByBaseline.name,
      value: `DeviceBaseline/${name}`,
    })
    .flatMap(({ status }) => (status?.target ? [status.target.name] : []));
  return [...new Set([...selected, ...reported])].map((device) => ({ namespace, name: device }));
}

/** Devices of a run that is complete, or was deleted while it was at work: their reports are to be made anew. */
function correctedDevices(object: unknown, _: Reader, before?: unknown): Key[] {
  const run = object as AnsibleRun;
  const mayBeDeleted = !before && run.status?.startTime !== undefined;
  if (!run.status?.completionTime && !mayBeDeleted) return [];
  return devicesOf(run).map((name) => ({ namespace: run.metadata.namespace ?? '', name }));
}

/** Devices whose findings a waiver covers otherwise than before. */
function waivedDevices(object: unknown, read: Reader, earlier?: unknown): Key[] {
  const [waiver, before] = [object as PolicyWaiver, earlier as PolicyWaiver | undefined];
  if (waiver.spec.source.kind !== 'DeviceBaseline' && before?.spec.source.kind !== 'DeviceBaseline') return [];
  if (!coverageChanged(before, waiver)) return [];
  const namespace = waiver.metadata.namespace ?? '';
  return read
    .list<Device>(resources.Device, namespace)
    .map(({ metadata }) => ({ device: metadata.name, labels: metadata.labels }))
    .filter((target) => matches(waiver, target) || (before && matches(before, target)))
    .map(({ device }) => ({ namespace, name: device }));
}

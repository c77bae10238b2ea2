/** The feature of DeviceBaseline: sums up its hosts' reports, and asks for corrections in mode Enforce. */
import { resources } from '../../api/generated/resources.ts';
import type { AnsibleRun } from '../../api/v1alpha1/ansibleRun.ts';
import type { Device } from '../../api/v1alpha1/device.ts';
import type { DeviceBaseline } from '../../api/v1alpha1/deviceBaseline.ts';
import type { DriftReport } from '../../api/v1alpha1/driftReport.ts';
import type { PolicyWaiver } from '../../api/v1alpha1/policyWaiver.ts';
import type { Resource } from '../../api/v1alpha1/shared.ts';
import type { Feature, Key, Reader } from '../../runtime/feature.ts';
import { selects } from '../../api/selector.ts';
import { devicesOf, reportsByBaseline, waiversByBaseline } from '../indexes.ts';
import { decideBaseline } from './decide.ts';
import { observeBaseline, type BaselineWorld } from './observe.ts';

/** Reports of many hosts change together; one pass for all of them is enough. */
const settleSeconds = 0.5;

export function deviceBaselineFeature(): Feature<DeviceBaseline, BaselineWorld> {
  return {
    kind: resources.DeviceBaseline,
    indexes: [reportsByBaseline, waiversByBaseline],
    access: [{ group: 'holdfast.dev', resources: ['ansibleruns'], verbs: ['create', 'delete'] }],
    watches: [
      { kind: resources.Device, on: 'declaration', keysOf: selectingBaselines, settleSeconds },
      { kind: resources.DriftReport, on: 'any', keysOf: reportedBaseline, settleSeconds },
      { kind: resources.AnsibleRun, on: 'any', keysOf: concernedBaselines, settleSeconds },
      { kind: resources.DeviceBaseline, on: 'declaration', keysOf: rivalBaselines },
      { kind: resources.MaintenanceWindow, on: 'declaration', keysOf: waitingBaselines },
      { kind: resources.PolicyWaiver, on: 'any', keysOf: waivedBaselines },
    ],
    observe: observeBaseline,
    decide: decideBaseline,
  };
}

function selectingBaselines(
  device: { metadata: { namespace?: string; labels?: Record<string, string> } },
  read: Reader,
  before?: { metadata: { labels?: Record<string, string> } },
): Key[] {
  const namespace = device.metadata.namespace ?? '';
  return read
    .list<DeviceBaseline>(resources.DeviceBaseline, namespace)
    .filter(
      ({ spec }) =>
        selects(spec.selector, device.metadata.labels) || (before && selects(spec.selector, before.metadata.labels)),
    )
    .map(({ metadata }) => ({ namespace, name: metadata.name }));
}

function reportedBaseline(object: unknown): Key[] {
  const { metadata, status } = object as DriftReport;
  if (status?.source?.kind !== 'DeviceBaseline') return [];
  return [{ namespace: metadata.namespace ?? '', name: status.source.name }];
}

/** The baseline that asked for a run; when it begins, ends or goes, all baselines of its hosts, which may wait for it. */
function concernedBaselines(object: unknown, read: Reader, earlier?: unknown): Key[] {
  const [run, before] = [object as AnsibleRun, earlier as AnsibleRun | undefined];
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
function rivalBaselines(object: unknown, read: Reader, earlier?: unknown): Key[] {
  const [baseline, before] = [object as DeviceBaseline, earlier as DeviceBaseline | undefined];
  const namespace = baseline.metadata.namespace ?? '';
  const selectors = [baseline, before].flatMap((version) => (version ? [version.spec.selector] : []));
  const devices = read
    .list<Device>(resources.Device, namespace)
    .filter(({ metadata }) => selectors.some((selector) => selects(selector, metadata.labels)));
  const rivals = selecting(devices, namespace, read).filter((name) => name !== baseline.metadata.name);
  return namesOf(rivals, namespace);
}

function devicesNamed(names: readonly string[], namespace: string, read: Reader): Device[] {
  return names.flatMap((name) => read.get<Device>(resources.Device, { namespace, name }) ?? []);
}

function selecting(devices: readonly Device[], namespace: string, read: Reader): string[] {
  if (!devices.length) return [];
  return read
    .list<DeviceBaseline>(resources.DeviceBaseline, namespace)
    .filter(({ spec }) => devices.some(({ metadata }) => selects(spec.selector, metadata.labels)))
    .map(({ metadata }) => metadata.name);
}

function namesOf(names: readonly string[], namespace: string): Key[] {
  return [...new Set(names)].map((name) => ({ namespace, name }));
}

function waitingBaselines({ metadata }: { metadata: Resource['metadata'] }, read: Reader): Key[] {
  const namespace = metadata.namespace ?? '';
  return read
    .list<DeviceBaseline>(resources.DeviceBaseline, namespace)
    .filter(({ spec }) => spec.remediation?.windowRef?.name === metadata.name)
    .map((baseline) => ({ namespace, name: baseline.metadata.name }));
}

/** The baseline of a waiver, and the one that it was about before. */
function waivedBaselines(waiver: unknown, _: Reader, before?: unknown): Key[] {
  return [waiver, before].flatMap((one) => {
    if (!one) return [];
    const { metadata, spec } = one as PolicyWaiver;
    return spec.source.kind === 'DeviceBaseline'
      ? [{ namespace: metadata.namespace ?? '', name: spec.source.name }]
      : [];
  });
}

/** Reads whether a run may change hosts now. */
import { resources } from '../../api/generated/resources.ts';
import type { AnsibleRun } from '../../api/v1alpha1/ansibleRun.ts';
import type { Device } from '../../api/v1alpha1/device.ts';
import type { DeviceBaseline } from '../../api/v1alpha1/deviceBaseline.ts';
import { selects } from '../../api/selector.ts';
import { declaredIn, waiversIn, whyOutdated } from '../../findings/current.ts';
import { reportsBySource, waiversBySource } from '../../findings/indexes.ts';
import { sourceId } from '../../findings/source.ts';
import type { Observing, Reader } from '../../runtime/feature.ts';
import { isReportOn } from '../driftReport/report.ts';
import { devicesOf } from '../indexes.ts';
import { isUnrecorded, ownRunsOf } from '../ownRuns.ts';
import { whyUnwanted } from './wanted.ts';
import type { KeptWindow, Permission } from './world.ts';

/** Of a run that is recorded and not started, as of one that has not begun: the operator may have been away for hours since the record. */
export async function permissionOf(run: AnsibleRun, observing: Observing): Promise<Permission> {
  const { metadata, spec } = run;
  const { namespace = '' } = metadata;
  const name = spec.revertOf ? undefined : spec.baselineRef?.name;
  const baseline = name === undefined ? undefined : observing.read.get(resources.DeviceBaseline, { namespace, name });
  return {
    readAt: observing.now,
    windows: windowsOf(run, baseline, observing.read),
    ...unwantedWorld(run, baseline, observing),
    ...(await outdatedWorld(run, observing)),
  };
}

export function unwantedWorld(
  run: AnsibleRun,
  baseline: DeviceBaseline | undefined,
  { read, now }: Pick<Observing, 'read' | 'now'>,
): Pick<Permission, 'unwanted'> {
  if (!baseline) return {};
  const { namespace = '', name } = baseline.metadata;
  const source = sourceId(resources.DeviceBaseline.kind, name);
  const wanting = {
    baseline,
    waivers: read.by(waiversBySource, namespace, source),
    deviceOf: (device: string) => read.get(resources.Device, { namespace, name: device }),
    reportOn: (device: Device) =>
      read.by(reportsBySource, namespace, source).find((report) => isReportOn(report, device, name)),
  };
  const unwanted = whyUnwanted(run, wanting, now);
  return unwanted === undefined ? {} : { unwanted };
}

/** Asked of the apiserver where the cache has no record of it: that may be late. */
export async function unrecordedWorld(
  run: AnsibleRun,
  { read, signal }: Observing,
): Promise<Pick<Permission, 'unwanted'>> {
  const { metadata, spec } = run;
  const key = { namespace: metadata.namespace ?? '', name: spec.baselineRef?.name ?? '' };
  const cached = key.name === '' ? undefined : read.get(resources.DeviceBaseline, key);
  if (!cached || !isUnrecorded(run, cached)) return {};
  const baseline = await read.fetch(resources.DeviceBaseline, key, signal);
  if (!baseline || !isUnrecorded(run, baseline)) return {};
  return {
    unwanted: `DeviceBaseline ${key.name} has no record that it created this run, and creates another if one is needed`,
  };
}

export async function outdatedWorld(run: AnsibleRun, observing: Observing): Promise<Pick<Permission, 'outdated'>> {
  const { namespace = '' } = run.metadata;
  const { Device, DeviceBaseline: baselines, MaintenanceWindow } = resources;
  const outdated = await whyOutdated(
    [waiversIn(namespace), ...declaredIn(namespace, Device, baselines, MaintenanceWindow)],
    observing,
  );
  return outdated === undefined ? {} : { outdated };
}

/** A correction keeps the window of its baseline. What others create, whatever it says of itself, keeps those of all baselines of its hosts. */
export function windowsOf(run: AnsibleRun, baseline: DeviceBaseline | undefined, read: Reader): KeptWindow[] {
  const { namespace = '' } = run.metadata;
  const isItsOwn = baseline !== undefined && ownRunsOf(baseline, [run]).length > 0;
  const hosts = isItsOwn ? [] : devicesOf(run).map((name) => read.get(resources.Device, { namespace, name }));
  const all = read
    .list(resources.DeviceBaseline, namespace)
    .filter(({ spec }) => hosts.some((host) => host && selects(spec.selector, host.metadata.labels)));
  const refs = [...(baseline ? [baseline] : []), ...all].flatMap(({ spec }) => spec.remediation?.windowRef ?? []);
  return [...new Set(refs.map(({ name }) => name))].map((name) => {
    const window = read.get(resources.MaintenanceWindow, { namespace, name });
    return { ref: { name }, ...(window && { window }) };
  });
}

/** DeviceBaseline as a source of findings: its targets are the Devices that it selects. */
import { resources } from '../../api/generated/resources.ts';
import { selects } from '../../api/selector.ts';
import type { Device } from '../../api/v1alpha1/device.ts';
import type { DeviceBaseline } from '../../api/v1alpha1/deviceBaseline.ts';
import { reportsBySource } from '../../findings/indexes.ts';
import { controlsOf } from '../../findings/severity.ts';
import { sourceId, subjectOf, type FindingSource, type Known, type TargetEvaluation } from '../../findings/source.ts';
import type { WaivedSubject } from '../../findings/waiver/subject.ts';
import { canonicalJson } from '../../lib/digest.ts';
import { on, type Key, type Reader } from '../../runtime/feature.ts';
import { isReportOn, reportsOnDevices } from '../driftReport/report.ts';
import { checksInForce } from '../revision/checks.ts';
import { hostEvaluation } from './evaluation.ts';

export const deviceBaselineSource: FindingSource<DeviceBaseline> = {
  kind: resources.DeviceBaseline,
  home: ({ metadata }) => metadata.namespace ?? '',
  rules: ({ spec }) => spec.waivers,
  checks: checksInForce,
  controls: ({ spec }) => controlsOf(spec.checks),
  known: knownDevices,
  evaluations: hostEvaluations,
  changes: [
    // Labels of many hosts change together.
    on(resources.Device, 'declaration', selectingBaselines, { settleSeconds: 0.5 }),
    on(resources.DeviceBaseline, 'any', baselineOfOtherChecks),
  ],
};

/** A host under a baseline. */
export function deviceSubject(baseline: DeviceBaseline, { metadata }: Pick<Device, 'metadata'>): WaivedSubject {
  const { name, labels } = metadata;
  return subjectOf({ source: deviceBaselineSource, object: baseline }, { name, ...(labels && { labels }) });
}

/** Keys of the baselines that select the Device, or selected it before the change. */
export function selectingBaselines(device: Device, read: Reader, before?: Device): Key[] {
  const namespace = device.metadata.namespace ?? '';
  return read
    .list(resources.DeviceBaseline, namespace)
    .filter(
      ({ spec }) =>
        selects(spec.selector, device.metadata.labels) || (before && selects(spec.selector, before.metadata.labels)),
    )
    .map(({ metadata }) => ({ namespace, name: metadata.name }));
}

/** Hosts were assigned a revision with other checks, or are assigned one no longer. */
function baselineOfOtherChecks({ metadata, status }: DeviceBaseline, _: Reader, before?: DeviceBaseline): Key[] {
  const [was, is] = [before?.status?.assignment?.checks, status?.assignment?.checks];
  const isSame = canonicalJson(was ?? []) === canonicalJson(is ?? []);
  return isSame ? [] : [{ namespace: metadata.namespace ?? '', name: metadata.name }];
}

/** The Devices that it selects, by name. */
export function selectedDevices({ metadata: { namespace = '' }, spec }: DeviceBaseline, read: Reader): Device[] {
  return read
    .list(resources.Device, namespace)
    .filter(({ metadata }) => !metadata.deletionTimestamp && selects(spec.selector, metadata.labels))
    .sort((a, b) => a.metadata.name.localeCompare(b.metadata.name));
}

function knownDevices(baseline: DeviceBaseline, read: Reader): Known {
  const { namespace = '', name } = baseline.metadata;
  const reports = read.by(reportsBySource, namespace, sourceId('DeviceBaseline', name));
  const devices = selectedDevices(baseline, read);
  const byDevice = reportsOnDevices(reports, devices, name);
  const targets = devices.map((device) => {
    const status = byDevice.get(device.metadata.name)?.status;
    const findings = (status?.findings ?? []).filter(({ result }) => result === 'Fail');
    const isKnown = status?.summary !== undefined && status.summary.unknown === 0;
    return { subject: deviceSubject(baseline, device), findings, isKnown };
  });
  return { targets, listsAll: true, isComplete: true };
}

function* hostEvaluations(baseline: DeviceBaseline, read: Reader, now: Date): Iterable<TargetEvaluation> {
  const { namespace = '', name } = baseline.metadata;
  const devices = selectedDevices(baseline, read);
  const reports = read.by(reportsBySource, namespace, sourceId('DeviceBaseline', name));
  // Whether it is on the host is asked when it is the turn of that: of many hosts, it takes long.
  const byTarget = Map.groupBy(reports, ({ status }) => status?.target?.name);
  for (const device of devices) {
    const report = byTarget.get(device.metadata.name)?.findLast((one) => isReportOn(one, device, name));
    // The same for all of its findings.
    let subject: WaivedSubject | undefined;
    yield {
      ...hostEvaluation({ baseline, device, report }, now),
      subjectOf: () => (subject ??= deviceSubject(baseline, device)),
    };
  }
}

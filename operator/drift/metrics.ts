/** Hosts counted by the results of their reports, read from the cache when they are asked for, with the waivers of that instant. */
import { resources } from '../api/generated/resources.ts';
import type { CheckResult, DriftReport } from '../api/v1alpha1/driftReport.ts';
import type { Finding } from '../api/v1alpha1/finding.ts';
import { resultAt } from '../findings/report.ts';
import { waiversBySource } from '../findings/indexes.ts';
import { sourceId } from '../findings/source.ts';
import { marking } from '../findings/waiver/marking.ts';
import type { Gauge, Reader, Sample } from '../runtime/feature.ts';
import { isReportOn } from './driftReport/report.ts';
import { deviceBaselineSource, deviceSubject } from './deviceBaseline/source.ts';

const statuses = ['True', 'False', 'Unknown'] as const;
const results = ['Pass', 'Waived', 'Fail', 'Unknown', 'NotApplicable'] as const;

export const deviceGauges: readonly Gauge[] = [
  {
    name: 'holdfast_devices',
    help: 'Hosts by the result of their DriftReport.',
    labels: ['resource_namespace', 'baseline', 'result'],
    samples: deviceSamples,
  },
  {
    name: 'holdfast_device_reachability',
    help: 'Hosts by the status of the condition Reachable of their Device.',
    labels: ['resource_namespace', 'status'],
    samples: reachabilitySamples,
  },
];

/** Hosts by namespace and status of `Reachable`, which is Unknown before the first evaluation. */
function reachabilitySamples(read: Reader): Sample[] {
  const byNamespace = Map.groupBy(read.list(resources.Device, ''), ({ metadata }) => metadata.namespace ?? '');
  return [...byNamespace].flatMap(([resource_namespace, devices]) => {
    const found = devices.map(({ status }) => status?.conditions?.find(({ type }) => type === 'Reachable')?.status);
    return statuses.map((status) => ({
      labels: { resource_namespace, status },
      value: found.filter((one = 'Unknown') => one === status).length,
    }));
  });
}

interface Counted {
  readonly namespace: string;
  readonly baseline: string;
  readonly hosts: Map<CheckResult, number>;
}

/** Hosts by namespace, baseline and result. */
export function deviceSamples(read: Reader, now: Date): Sample[] {
  const { kind } = deviceBaselineSource.kind;
  const reports = read.list(resources.DriftReport, '').filter((report) => {
    const { source, target } = report.status ?? {};
    if (source?.kind !== kind || !target) return false;
    const device = read.get(resources.Device, { namespace: report.metadata.namespace ?? '', name: target.name });
    return device !== undefined && isReportOn(report, device, source.name);
  });
  const counts = new Map<string, Counted>();
  for (const report of reports) {
    const { namespace = '' } = report.metadata;
    const baseline = report.status?.source?.name ?? '';
    const id = `${namespace}/${baseline}`;
    let counted = counts.get(id);
    if (!counted) counts.set(id, (counted = { namespace, baseline, hosts: new Map() }));
    const outcome = resultAt(report.status, marked(report, read, now));
    if (outcome) counted.hosts.set(outcome, (counted.hosts.get(outcome) ?? 0) + 1);
  }
  return [...counts.values()].flatMap(({ namespace, baseline, hosts }) =>
    results.map((result) => ({
      labels: { resource_namespace: namespace, baseline, result },
      value: hosts.get(result) ?? 0,
    })),
  );
}

/** The findings of a report with the waivers of now. */
function marked({ metadata, status }: DriftReport, read: Reader, now: Date): readonly Finding[] {
  const { namespace = '' } = metadata;
  const { findings = [], source, target } = status ?? {};
  if (!findings.length || !source) return findings;
  const waivers = read.by(waiversBySource, namespace, sourceId(source.kind, source.name));
  const baseline = read.get(resources.DeviceBaseline, { namespace, name: source.name });
  const device = read.get(resources.Device, { namespace, name: target?.name ?? '' });
  // What cannot be evaluated is not waived.
  if (!baseline || !device) return findings.map((finding) => ({ ...finding, waiver: undefined }));
  return marking(deviceSubject(baseline, device), waivers, now)(findings);
}

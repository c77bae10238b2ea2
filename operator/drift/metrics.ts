/** Hosts counted by the results of their reports, read from the cache when they are asked for, with the waivers of that instant. */
import { resources } from '../api/generated/resources.ts';
import type { Device } from '../api/v1alpha1/device.ts';
import type { DeviceBaseline } from '../api/v1alpha1/deviceBaseline.ts';
import type { CheckResult, DriftReport } from '../api/v1alpha1/driftReport.ts';
import type { Finding } from '../api/v1alpha1/finding.ts';
import type { PolicyWaiver } from '../api/v1alpha1/policyWaiver.ts';
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
  const byNamespace = new Map<string, Record<(typeof statuses)[number], number>>();
  for (const { metadata, status } of read.list(resources.Device, '')) {
    const { namespace = '' } = metadata;
    let hosts = byNamespace.get(namespace);
    if (!hosts) byNamespace.set(namespace, (hosts = { True: 0, False: 0, Unknown: 0 }));
    hosts[status?.conditions?.find(({ type }) => type === 'Reachable')?.status ?? 'Unknown'] += 1;
  }
  return [...byNamespace].flatMap(([resource_namespace, hosts]) =>
    statuses.map((status) => ({ labels: { resource_namespace, status }, value: hosts[status] })),
  );
}

interface Counted {
  readonly namespace: string;
  readonly baseline: string;
  /** Undefined when it is gone. */
  readonly object: DeviceBaseline | undefined;
  readonly waivers: readonly PolicyWaiver[];
  readonly hosts: Map<CheckResult, number>;
}

/** Hosts by namespace, baseline and result. */
export function deviceSamples(read: Reader, now: Date): Sample[] {
  const { kind } = deviceBaselineSource.kind;
  const counts = new Map<string, Counted>();
  for (const report of read.list(resources.DriftReport, '')) {
    const { source, target } = report.status ?? {};
    if (source?.kind !== kind || !target) continue;
    const { namespace = '' } = report.metadata;
    const device = read.get(resources.Device, { namespace, name: target.name });
    if (!device || !isReportOn(report, device, source.name)) continue;
    const id = `${namespace}/${source.name}`;
    let counted = counts.get(id);
    if (!counted) {
      const waivers = read.by(waiversBySource, namespace, sourceId(kind, source.name));
      const object = read.get(resources.DeviceBaseline, { namespace, name: source.name });
      counts.set(id, (counted = { namespace, baseline: source.name, object, waivers, hosts: new Map() }));
    }
    const outcome = resultAt(report.status, marked(report, device, counted, now));
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
function marked({ status }: DriftReport, device: Device, { object, waivers }: Counted, now: Date): readonly Finding[] {
  const { findings = [] } = status ?? {};
  // What cannot be evaluated is not waived.
  if (!object) return findings.map((finding) => ({ ...finding, waiver: undefined }));
  return marking(deviceSubject(object, device), waivers, now)(findings);
}

/** Measurements of the domain: what is counted is read from the cache when it is asked for, so that it cannot differ from what `kubectl` shows. */
import { resources } from '../api/generated/resources.ts';
import type { DriftReport } from '../api/v1alpha1/driftReport.ts';
import type { Finding } from '../api/v1alpha1/finding.ts';
import type { Gauge, Reader, Sample } from '../runtime/feature.ts';
import { waiversByBaseline } from './indexes.ts';
import { marking, resultAt } from './waived.ts';

const severities: readonly Finding['severity'][] = ['Critical', 'High', 'Medium', 'Low'];
const results = ['Pass', 'Waived', 'Fail', 'Unknown', 'NotApplicable'] as const;

export const deviceGauges: readonly Gauge[] = [
  {
    name: 'holdfast_device_findings',
    help: 'Failing checks by severity, without what is waived.',
    labels: ['namespace', 'baseline', 'device', 'severity'],
    samples: findingSamples,
  },
  {
    name: 'holdfast_device_waived_findings',
    help: 'Failing checks of which something is waived, by severity.',
    labels: ['namespace', 'baseline', 'device', 'severity'],
    samples: waivedSamples,
  },
  {
    name: 'holdfast_devices',
    help: 'Hosts by the result of their report.',
    labels: ['namespace', 'baseline', 'result'],
    samples: deviceSamples,
  },
];

/** Failing checks that are not waived, by namespace, baseline, host and severity. */
export function findingSamples(read: Reader, now: Date): Sample[] {
  return bySeverity(read, now, (findings) => findings.filter(({ waiver }) => waiver === undefined));
}

/** Checks of which something is waived, counted apart: what is waived still fails. */
export function waivedSamples(read: Reader, now: Date): Sample[] {
  return bySeverity(read, now, (findings) => findings.filter(({ waiver }) => waiver !== undefined));
}

/** Hosts by namespace, baseline and result. */
export function deviceSamples(read: Reader, now: Date): Sample[] {
  return hostReports(read).flatMap((report) => {
    const outcome = resultAt(report.status, marked(report, read, now));
    return results.map((result) => ({ labels: { ...labelsOf(report), result }, value: outcome === result ? 1 : 0 }));
  });
}

function bySeverity(read: Reader, now: Date, only: (findings: readonly Finding[]) => readonly Finding[]): Sample[] {
  return hostReports(read).flatMap((report) => {
    const labels = { ...labelsOf(report), device: report.status?.target?.name ?? '' };
    const findings = only(marked(report, read, now));
    return severities.map((severity) => ({ labels: { ...labels, severity }, value: failing(findings, severity) }));
  });
}

function hostReports(read: Reader): readonly DriftReport[] {
  return read.list(resources.DriftReport, '').filter(({ status }) => status?.source?.kind === 'DeviceBaseline');
}

/** The findings of a report with the waivers of now. */
function marked({ metadata, status }: DriftReport, read: Reader, now: Date): readonly Finding[] {
  const { namespace = '' } = metadata;
  const findings = status?.findings ?? [];
  const name = status?.source?.name ?? '';
  if (!findings.length) return findings;
  const waivers = read.by(waiversByBaseline, namespace, `DeviceBaseline/${name}`);
  const baseline = read.get(resources.DeviceBaseline, { namespace, name });
  const device = read.get(resources.Device, { namespace, name: status?.target?.name ?? '' });
  // What cannot be judged is not waived.
  if (!baseline || !device) return findings.map((finding) => ({ ...finding, waiver: undefined }));
  return marking(baseline, device, waivers, now)(findings);
}

function failing(findings: readonly Finding[], severity: Finding['severity']): number {
  return new Set(
    findings.filter((finding) => finding.result === 'Fail' && finding.severity === severity).map(({ check }) => check),
  ).size;
}

function labelsOf({ metadata, status }: DriftReport): Sample['labels'] {
  return { namespace: metadata.namespace ?? '', baseline: status?.source?.name ?? '' };
}

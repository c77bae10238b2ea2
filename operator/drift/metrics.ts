/** Measurements of the domain: what is counted is read from the cache when it is asked for, so that it cannot differ from what `kubectl` shows. */
import { resources } from '../api/generated/resources.ts';
import type { Device } from '../api/v1alpha1/device.ts';
import type { DeviceBaseline } from '../api/v1alpha1/deviceBaseline.ts';
import type { DriftReport } from '../api/v1alpha1/driftReport.ts';
import type { Finding } from '../api/v1alpha1/finding.ts';
import type { PolicyWaiver } from '../api/v1alpha1/policyWaiver.ts';
import type { Reader } from '../runtime/feature.ts';
import { waiversByBaseline } from './indexes.ts';
import { marking, resultAt } from './waived.ts';

/** One value under its labels. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const severities: readonly Finding['severity'][] = ['Critical', 'High', 'Medium', 'Low'];
const results = ['Pass', 'Waived', 'Fail', 'Unknown', 'NotApplicable'] as const;

/** Failing checks that are not waived, by namespace, baseline and severity; by host as well when `byHost` is set. */
export function findingSamples(read: Reader, byHost: boolean, now: Date): Sample[] {
  return bySeverity(read, byHost, now, (findings) => findings.filter(({ waiver }) => waiver === undefined));
}

/** Checks of which something is waived, counted apart: what is waived still fails. */
export function waivedSamples(read: Reader, byHost: boolean, now: Date): Sample[] {
  return bySeverity(read, byHost, now, (findings) => findings.filter(({ waiver }) => waiver !== undefined));
}

/** Hosts by namespace, baseline and result. */
export function deviceSamples(read: Reader, now: Date): Sample[] {
  const reports = hostReports(read);
  return merged(Map.groupBy(reports, (report) => labelsOf(report, false))).flatMap(({ labels, reports: members }) => {
    const outcomes = members.map((report) => resultAt(report.status, marked(report, read, now)));
    return results.map((result) => ({
      labels: { ...labels, result },
      value: outcomes.filter((outcome) => outcome === result).length,
    }));
  });
}

function bySeverity(
  read: Reader,
  byHost: boolean,
  now: Date,
  only: (findings: readonly Finding[]) => readonly Finding[],
): Sample[] {
  const reports = hostReports(read);
  const groups = Map.groupBy(reports, (report) => labelsOf(report, byHost));
  return merged(groups).flatMap(({ labels, reports: members }) => {
    const found = members.map((report) => only(marked(report, read, now)));
    return severities.map((severity) => ({
      labels: { ...labels, severity },
      value: found.reduce((sum, findings) => sum + failing(findings, severity), 0),
    }));
  });
}

function hostReports(read: Reader): readonly DriftReport[] {
  return read
    .list<DriftReport>(resources.DriftReport, '')
    .filter(({ status }) => status?.source?.kind === 'DeviceBaseline');
}

/** The findings of a report with the waivers of now. */
function marked({ metadata, status }: DriftReport, read: Reader, now: Date): readonly Finding[] {
  const { namespace = '' } = metadata;
  const findings = status?.findings ?? [];
  const name = status?.source?.name ?? '';
  if (!findings.length) return findings;
  const waivers = read.list<PolicyWaiver>(resources.PolicyWaiver, namespace, {
    index: waiversByBaseline.name,
    value: `DeviceBaseline/${name}`,
  });
  const baseline = read.get<DeviceBaseline>(resources.DeviceBaseline, { namespace, name });
  const device = read.get<Device>(resources.Device, { namespace, name: status?.target?.name ?? '' });
  // What cannot be judged is not waived.
  if (!baseline || !device) return findings.map((finding) => ({ ...finding, waiver: undefined }));
  return marking(baseline, device, waivers, now)(findings);
}

function failing(findings: readonly Finding[], severity: Finding['severity']): number {
  return new Set(
    findings.filter((finding) => finding.result === 'Fail' && finding.severity === severity).map(({ check }) => check),
  ).size;
}

function labelsOf({ metadata, status }: DriftReport, byHost: boolean): string {
  return JSON.stringify({
    namespace: metadata.namespace ?? '',
    baseline: status?.source?.name ?? '',
    ...(byHost && { device: status?.target?.name ?? '' }),
  });
}

function merged(groups: Map<string, DriftReport[]>): { labels: Record<string, string>; reports: DriftReport[] }[] {
  return [...groups].map(([labels, reports]) => ({ labels: JSON.parse(labels) as Record<string, string>, reports }));
}

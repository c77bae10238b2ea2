/** Measurements of the domain: what is counted is read from the cache when it is asked for, so that it cannot differ from what `kubectl` shows. */
import { resources } from '../api/generated/resources.ts';
import type { DriftReport, Finding } from '../api/v1alpha1/driftReport.ts';
import type { Reader } from '../runtime/feature.ts';

/** One value under its labels. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const severities: readonly Finding['severity'][] = ['Critical', 'High', 'Medium', 'Low'];
const results = ['Pass', 'Fail', 'Unknown'] as const;

/** Failing checks by namespace, baseline and severity; by host as well when `byHost` is set. */
export function findingSamples(read: Reader, byHost: boolean): Sample[] {
  const reports = read.list<DriftReport>(resources.DriftReport, '');
  const groups = Map.groupBy(reports, (report) => labelsOf(report, byHost));
  return merged(groups).flatMap(({ labels, reports: members }) =>
    severities.map((severity) => ({
      labels: { ...labels, severity },
      value: members.reduce((sum, { status }) => sum + failing(status?.findings ?? [], severity), 0),
    })),
  );
}

/** Hosts by namespace, baseline and result. */
export function deviceSamples(read: Reader): Sample[] {
  const reports = read.list<DriftReport>(resources.DriftReport, '');
  return merged(Map.groupBy(reports, (report) => labelsOf(report, false))).flatMap(({ labels, reports: members }) =>
    results.map((result) => ({
      labels: { ...labels, result },
      value: members.filter(({ status }) => status?.result === result).length,
    })),
  );
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

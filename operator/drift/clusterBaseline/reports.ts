/**
 * The DriftReports of a cluster baseline, in its home namespace: one for each namespace of which there is something to tell, and one for
 * what lies in none. The status of the baseline shows the worst alone. Pure.
 */
import { resources } from '../../api/generated/resources.ts';
import type { ClusterBaseline } from '../../api/v1alpha1/clusterBaseline.ts';
import type { DriftReport, DriftReportStatus, ReportTarget } from '../../api/v1alpha1/driftReport.ts';
import type { Finding } from '../../api/v1alpha1/finding.ts';
import { joinedName } from '../../lib/names.ts';
import type { Action, Found } from '../../runtime/feature.ts';
import { unfold } from '../../findings/finding.ts';
import { failuresReported, isReportOf, mostFindings, reportIntent } from '../../findings/report.ts';
import { revisionOf } from './revision.ts';

const mostReports = 100;
export const reportLabel = 'holdfast.dev/clusterbaseline';

/** Those of them that the baseline made itself. */
export function ownReports(baseline: ClusterBaseline, reports: readonly DriftReport[]): readonly DriftReport[] {
  return reports.filter((report) => {
    const { kind, name = '' } = report.status?.target ?? {};
    const namespace = kind === 'Namespace' ? name : '';
    return isReportOf(report, baseline, reportName(baseline.metadata.name, namespace));
  });
}

/** Everything that the reports say, each finding with its time. */
export function reportedFindings(reports: readonly DriftReport[]): readonly Finding[] {
  return reports.flatMap(({ status }) => unfold(status));
}

export interface Reporting {
  /** What makes the reports say this, and no others be there. */
  readonly actions: readonly Action[];
  /** Findings for which no report has room. */
  readonly unreported: number;
}

/** `findings` come worst first; `reports` are those there are; `isCut` when there are more findings than these. */
export function reporting(
  baseline: ClusterBaseline,
  findings: readonly Finding[],
  reports: readonly DriftReport[],
  { now, isCut }: { readonly now: Date; readonly isCut: boolean },
): Reporting {
  const byName = new Map(reports.map((report) => [report.metadata.name, report]));
  const all = [...Map.groupBy(findings, ({ object }) => object?.namespace ?? '')];
  const groups = all.slice(0, mostReports);
  const beyond = new Map(
    all.slice(mostReports).map(([namespace, own]) => [reportName(baseline.metadata.name, namespace), own]),
  );
  const wanted = groups.map(([namespace, own]) => {
    const name = reportName(baseline.metadata.name, namespace);
    const found = { findings: own, isCut };
    return { name, status: statusOf(baseline, namespace, own), before: byName.get(name)?.status, found };
  });
  const names = new Set(wanted.map(({ name }) => name));
  const stale = reports.filter(({ metadata }) => !names.has(metadata.name));
  const shown = groups.reduce((sum, [, own]) => sum + Math.min(own.length, mostFindings), 0);
  return {
    actions: [
      ...wanted.map((report) => applied(baseline, report, now)),
      ...stale.map((report) => deleted(report, { findings: beyond.get(report.metadata.name) ?? [], isCut })),
    ],
    unreported: findings.length - shown,
  };
}

function deleted({ metadata: { namespace = '', name, uid = '' } }: DriftReport, found: Found): Action {
  return { do: 'delete', kind: resources.DriftReport, key: { namespace, name }, uid, found };
}

/** The reports stay, and say that nobody looks. */
export function blindReports(
  baseline: ClusterBaseline,
  reports: readonly DriftReport[],
  message: string,
  now: Date,
): Action[] {
  return reports.map(({ metadata, status: before }) => {
    const status = { ...before, result: 'Unknown' as const, message };
    return applied(baseline, { name: metadata.name, status, before, found: { findings: undefined } }, now);
  });
}

function reportName(baseline: string, namespace: string): string {
  // Three parts: no report of a host is called so.
  return namespace ? joinedName(baseline, 'namespace', namespace) : joinedName(baseline, 'cluster', 'scope');
}

function statusOf(baseline: ClusterBaseline, namespace: string, findings: readonly Finding[]): DriftReportStatus {
  const source = { kind: baseline.kind, name: baseline.metadata.name, revision: revisionOf(baseline) };
  const target: ReportTarget = namespace
    ? { kind: 'Namespace', name: namespace }
    : { kind: 'Cluster', name: 'cluster' };
  return failuresReported(source, target, findings);
}

interface Report {
  readonly name: string;
  readonly status: DriftReportStatus;
  readonly before: DriftReportStatus | undefined;
  readonly found: Found;
}

function applied(baseline: ClusterBaseline, { found, ...report }: Report, now: Date): Action {
  const { metadata, spec } = baseline;
  const object = reportIntent({
    ...report,
    owner: baseline,
    namespace: spec.serviceAccountRef.namespace,
    labels: { [reportLabel]: metadata.name },
    now,
  });
  return { do: 'apply', kind: resources.DriftReport, object, found };
}

/**
 * A DriftReport as the Report of openreports.io, which dashboards for policies read, or the PolicyReport of wgpolicyk8s.io, which it grew out of. It lists
 * what does not pass, as the DriftReport does; the summary counts all. What is unknown is an error, and never a pass. Pure.
 */
import type { DriftReport, DriftReportStatus } from '../../api/v1alpha1/driftReport.ts';
import type { Finding } from '../../api/v1alpha1/finding.ts';
import { unfold } from '../../findings/finding.ts';
import { mostFindings } from '../../findings/report.ts';
import type { Intent } from '../../runtime/feature.ts';
import { findingText } from './results.ts';

/** Kinds of reports by their group. */
export const policyReportKinds = {
  'openreports.io': { version: 'v1alpha1', kind: 'Report', plural: 'reports' },
  'wgpolicyk8s.io': { version: 'v1alpha2', kind: 'PolicyReport', plural: 'policyreports' },
} as const;

export type PolicyReportGroup = keyof typeof policyReportKinds;

/** Name of the engine in reports. */
const source = 'Holdfast';

/** Undefined while the DriftReport says nothing. */
export function policyReport(
  group: PolicyReportGroup,
  { kind, apiVersion, metadata, status }: DriftReport,
): Intent | undefined {
  const { source: baseline, target, summary } = status ?? {};
  if (!status || !baseline || !target || !summary) return undefined;
  const { name, namespace = '', uid = '' } = metadata;
  const { version, kind: reportKind } = policyReportKinds[group];
  const scope = scopeOf(target, namespace);
  return {
    apiVersion: `${group}/${version}`,
    kind: reportKind,
    metadata: {
      name,
      namespace,
      labels: metadata.labels ?? {},
      ownerReferences: [{ apiVersion, kind, name, uid, controller: true }],
    },
    ...(scope && { scope }),
    // The predecessor has neither.
    ...(group === 'openreports.io' && {
      source,
      configuration: { limits: { maxResults: mostFindings, statusFilter: ['fail', 'error', 'skip'] } },
    }),
    summary: {
      pass: summary.pass ?? 0,
      fail: summary.fail,
      warn: 0,
      error: summary.unknown,
      skip: summary.waived + (summary.notApplicable ?? 0),
    },
    results: resultsOf(status, baseline),
  };
}

/** Of the cluster there is no object that it could name. */
function scopeOf({ kind, name }: NonNullable<DriftReportStatus['target']>, namespace: string): object | undefined {
  if (kind === 'Device') return { apiVersion: 'holdfast.dev/v1alpha1', kind, namespace, name };
  return kind === 'Namespace' ? { apiVersion: 'v1', kind, name } : undefined;
}

type Source = NonNullable<DriftReportStatus['source']>;

function resultsOf(status: DriftReportStatus, { kind, name }: Source): object[] {
  const about = { source, policy: name, properties: { baseline: kind } };
  // Nothing is known of the target then, and there may be no finding that says so.
  const blind = status.message === undefined ? [] : [{ ...about, result: 'error', message: status.message }];
  const time = timestamp(status.observedTime);
  return [
    ...blind.map((one) => ({ ...one, ...(time && { timestamp: time }) })),
    ...unfold(status).map((finding) => {
      const { check, severity, controls, object, since, path, expected, found, waiver } = finding;
      const seen = timestamp(since);
      return {
        ...about,
        rule: check,
        result: resultOf(finding),
        severity: severity.toLowerCase(),
        message: findingText(finding),
        ...(seen && { timestamp: seen }),
        ...(object && { resources: [{ ...object }] }),
        properties: textsOf({ ...about.properties, controls, path, expected, found, waiver }),
      };
    }),
  ];
}

function resultOf({ result, waiver }: Finding): 'fail' | 'error' | 'skip' {
  if (result === 'Unknown') return 'error';
  return result === 'NotApplicable' || waiver !== undefined ? 'skip' : 'fail';
}

function textsOf(values: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  );
}

/** In seconds and nanoseconds since 1970. */
function timestamp(time: string | undefined): { seconds: number; nanos: number } | undefined {
  const milliseconds = Date.parse(time ?? '');
  if (Number.isNaN(milliseconds)) return undefined;
  const seconds = Math.floor(milliseconds / 1000);
  return { seconds, nanos: (milliseconds - seconds * 1000) * 1_000_000 };
}

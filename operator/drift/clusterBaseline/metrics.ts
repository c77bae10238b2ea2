/** Measurements of cluster baselines, read from the cache when they are asked for. */
import { resources } from '../../api/generated/resources.ts';
import type { ClusterBaseline } from '../../api/v1alpha1/clusterBaseline.ts';
import type { DriftReport } from '../../api/v1alpha1/driftReport.ts';
import type { PolicyWaiver } from '../../api/v1alpha1/policyWaiver.ts';
import type { Severity } from '../../api/v1alpha1/shared.ts';
import { waiverFor } from '../../findings/waiver/waiverFor.ts';
import type { Reader } from '../../runtime/feature.ts';
import type { Sample } from '../metrics.ts';
import { reportsByBaseline, waiversByBaseline } from '../indexes.ts';
import { reportedFindings } from './reports.ts';
import { subjectOf } from './standing.ts';

const severities: readonly Severity[] = ['Critical', 'High', 'Medium', 'Low'];
const states = ['compliant', 'drifted', 'waived', 'unknown'] as const;

/** Objects by baseline and state, as they were last judged. */
export function objectSamples(read: Reader): Sample[] {
  return baselines(read).flatMap(({ metadata, status }) =>
    states.map((state) => ({ labels: { baseline: metadata.name, state }, value: status?.objects?.[state] ?? 0 })),
  );
}

/** Differences that are not waived now, by baseline and severity, of those that its DriftReports show. */
export function objectFindingSamples(read: Reader, now: Date): Sample[] {
  return baselines(read).flatMap((baseline) => {
    const value = `ClusterBaseline/${baseline.metadata.name}`;
    const waivers = read.list<PolicyWaiver>(resources.PolicyWaiver, '', { index: waiversByBaseline.name, value });
    const home = baseline.spec.serviceAccountRef.namespace;
    const reports = read.list<DriftReport>(resources.DriftReport, home, { index: reportsByBaseline.name, value });
    const failing = reportedFindings(reports).filter(
      (finding) =>
        finding.result === 'Fail' &&
        !(finding.object && waiverFor(finding, subjectOf(baseline, finding.object), waivers, now)),
    );
    return severities.map((severity) => ({
      labels: { baseline: baseline.metadata.name, severity },
      value: failing.filter((finding) => finding.severity === severity).length,
    }));
  });
}

function baselines(read: Reader): readonly ClusterBaseline[] {
  return read.list<ClusterBaseline>(resources.ClusterBaseline, '');
}

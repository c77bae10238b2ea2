/** Measurements of cluster baselines, read from the cache when they are asked for. */
import { resources } from '../../api/generated/resources.ts';
import type { ClusterBaseline } from '../../api/v1alpha1/clusterBaseline.ts';
import type { Severity } from '../../api/v1alpha1/shared.ts';
import { waiverFor } from '../../findings/waiver/waiverFor.ts';
import type { Gauge, Reader, Sample } from '../../runtime/feature.ts';
import { reportsByBaseline, waiversByBaseline } from '../indexes.ts';
import { reportedFindings } from './reports.ts';
import { subjectOf } from './standing.ts';

const severities: readonly Severity[] = ['Critical', 'High', 'Medium', 'Low'];
const states = ['compliant', 'drifted', 'waived', 'unknown'] as const;

export const clusterGauges: readonly Gauge[] = [
  {
    name: 'holdfast_cluster_findings',
    help: 'Differences of cluster objects by severity, without what is waived.',
    labels: ['baseline', 'severity'],
    samples: objectFindingSamples,
  },
  {
    name: 'holdfast_cluster_objects',
    help: 'Cluster objects by how they stand to a baseline.',
    labels: ['baseline', 'state'],
    samples: objectSamples,
  },
];

/** Objects by baseline and state, as they were last judged. */
function objectSamples(read: Reader): Sample[] {
  return baselines(read).flatMap(({ metadata, status }) =>
    states.map((state) => ({ labels: { baseline: metadata.name, state }, value: status?.objects?.[state] ?? 0 })),
  );
}

/** Differences that are not waived now, by baseline and severity, of those that its DriftReports show. */
function objectFindingSamples(read: Reader, now: Date): Sample[] {
  return baselines(read).flatMap((baseline) => {
    const value = `ClusterBaseline/${baseline.metadata.name}`;
    const waivers = read.by(waiversByBaseline, '', value);
    const home = baseline.spec.serviceAccountRef.namespace;
    const reports = read.by(reportsByBaseline, home, value);
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
  return read.list(resources.ClusterBaseline, '');
}

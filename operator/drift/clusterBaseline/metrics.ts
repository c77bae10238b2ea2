/** Measurements of cluster baselines, read from the cache when they are asked for. */
import { resources } from '../../api/generated/resources.ts';
import type { ClusterBaseline } from '../../api/v1alpha1/clusterBaseline.ts';
import type { PolicyWaiver } from '../../api/v1alpha1/policyWaiver.ts';
import type { Severity } from '../../api/v1alpha1/shared.ts';
import { waiverFor } from '../../governance/policyWaiver/waiverFor.ts';
import type { Reader } from '../../runtime/feature.ts';
import type { Sample } from '../metrics.ts';
import { waiversByBaseline } from '../indexes.ts';
import { subjectOf } from './standing.ts';

const severities: readonly Severity[] = ['Critical', 'High', 'Medium', 'Low'];
const states = ['compliant', 'drifted', 'waived', 'unknown'] as const;

/** Objects by baseline and state, as they were last judged. */
export function objectSamples(read: Reader): Sample[] {
  return baselines(read).flatMap(({ metadata, status }) =>
    states.map((state) => ({ labels: { baseline: metadata.name, state }, value: status?.objects?.[state] ?? 0 })),
  );
}

/** Differences that are not waived now, by baseline and severity, of those that the status shows. */
export function objectFindingSamples(read: Reader, now: Date): Sample[] {
  return baselines(read).flatMap((baseline) => {
    const by = { index: waiversByBaseline.name, value: `ClusterBaseline/${baseline.metadata.name}` };
    const waivers = read.list<PolicyWaiver>(resources.PolicyWaiver, '', by);
    const failing = (baseline.status?.findings ?? []).filter(
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

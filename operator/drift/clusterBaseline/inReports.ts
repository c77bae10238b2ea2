/**
 * What the reports of a cluster baseline say, for evidence. They show what does not pass; what is not in them passes where the baseline's own,
 * sealed status says that everything was evaluated as it is declared now. Pure.
 */
import { isSuspended } from '../../api/suspension.ts';
import type { ClusterBaseline } from '../../api/v1alpha1/clusterBaseline.ts';
import type { DriftReport } from '../../api/v1alpha1/driftReport.ts';
import { unfold } from '../../findings/finding.ts';
import type { TargetEvaluation } from '../../findings/source.ts';
import { revisionOf } from './revision.ts';

type InReports = Omit<TargetEvaluation, 'subjectOf'>;

/** The cluster first, which stands for all that no report is about; then its namespaces by name. `reports` are its own. */
export function evaluationsIn(baseline: ClusterBaseline, reports: readonly DriftReport[], now: Date): InReports[] {
  const state = stateOf(baseline, now);
  const unlisted = baseline.status?.moreFindings ?? 0;
  const inCluster = reports.filter(({ status }) => status?.target?.kind === 'Cluster');
  const cluster: InReports = {
    target: { kind: 'Cluster', name: 'cluster' },
    ...state,
    findings: inCluster.flatMap(({ status }) => unfold(status)),
    unlisted,
    rest: state.state === 'Seen' && unlisted === 0 ? 'Pass' : 'Unknown',
  };
  const namespaces = reports
    .filter(({ status }) => status?.target?.kind === 'Namespace')
    .map(({ status }): InReports => ({
      target: status!.target!,
      ...state,
      findings: unfold(status),
      unlisted: 0,
    }))
    .sort((a, b) => (a.target.name < b.target.name ? -1 : 1));
  return [cluster, ...namespaces];
}

function stateOf(baseline: ClusterBaseline, now: Date): Pick<InReports, 'state' | 'reason'> {
  const { spec, status } = baseline;
  if (isSuspended(spec.suspend, now)) return { state: 'Stale', reason: 'the baseline is suspended' };
  // Of a status whose seal does not fit, the cache has nothing else.
  if (status?.seal === undefined || !status.objects) return { state: 'Unknown', reason: 'it was not evaluated yet' };
  if (status.revision !== revisionOf(baseline))
    return { state: 'Stale', reason: 'it was evaluated against other checks than those that are declared now' };
  const compliant = status.conditions?.find(({ type }) => type === 'Compliant');
  if (compliant?.reason === 'NothingEvaluated' || compliant?.reason === 'NotEvaluated')
    return { state: 'Unknown', reason: compliant.message };
  return { state: 'Seen' };
}

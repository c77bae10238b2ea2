/** ClusterBaseline as a source of findings: its targets are objects of a cluster, of which those are known that fail. */
import { resources } from '../../api/generated/resources.ts';
import type { ClusterBaseline } from '../../api/v1alpha1/clusterBaseline.ts';
import type { ObjectRef } from '../../api/v1alpha1/finding.ts';
import { reportsBySource } from '../../findings/indexes.ts';
import { controlsOf, severitiesOf } from '../../findings/severity.ts';
import { sourceId, subjectOf, type FindingSource, type Known, type TargetEvaluation } from '../../findings/source.ts';
import { targetId, type KnownTarget, type WaivedSubject } from '../../findings/waiver/subject.ts';
import { on, type Reader } from '../../runtime/feature.ts';
import { evaluationsIn } from './inReports.ts';
import { ownReports } from './reports.ts';

export const clusterBaselineSource: FindingSource<ClusterBaseline> = {
  kind: resources.ClusterBaseline,
  home: ({ spec }) => spec.serviceAccountRef.namespace,
  rules: ({ spec }) => spec.waivers,
  checks: ({ spec }) => severitiesOf([...(spec.objects ?? []), ...(spec.checks ?? [])]),
  controls: ({ spec }) => controlsOf([...(spec.objects ?? []), ...(spec.checks ?? [])]),
  known: knownObjects,
  evaluations: clusterEvaluations,
  idle: ({ status }) => status?.idleChecks ?? [],
  // Its status says whether all that fails is reported.
  changes: [
    on(resources.ClusterBaseline, 'any', ({ metadata: { name } }) => [{ namespace: '', name }], { settleSeconds: 0.5 }),
  ],
};

/** An object under a baseline. */
export function objectSubject(baseline: ClusterBaseline, object: ObjectRef): WaivedSubject {
  return subjectOf({ source: clusterBaselineSource, object: baseline }, { object });
}

function knownObjects(baseline: ClusterBaseline, read: Reader): Known {
  const { metadata, spec, status } = baseline;
  const reports = read.by(
    reportsBySource,
    spec.serviceAccountRef.namespace,
    sourceId('ClusterBaseline', metadata.name),
  );
  const failing = ownReports(baseline, reports)
    .flatMap((report) => report.status?.findings ?? [])
    .filter(({ result, object }) => result === 'Fail' && object);
  const byObject = Map.groupBy(failing, ({ object }) => targetId({ object: object! }));
  return {
    targets: [...byObject.values()].map((findings): KnownTarget => ({
      subject: objectSubject(baseline, findings[0]!.object!),
      findings,
      isKnown: true,
    })),
    listsAll: false,
    isComplete: status?.objects !== undefined && status.objects.unknown === 0 && !status.moreFindings,
  };
}

function* clusterEvaluations(baseline: ClusterBaseline, read: Reader, now: Date): Iterable<TargetEvaluation> {
  const home = baseline.spec.serviceAccountRef.namespace;
  const reports = read.by(reportsBySource, home, sourceId('ClusterBaseline', baseline.metadata.name));
  for (const evaluation of evaluationsIn(baseline, ownReports(baseline, reports), now))
    yield {
      ...evaluation,
      subjectOf: ({ object }) => (object ? objectSubject(baseline, object) : ofCluster(baseline)),
    };
}

/** Of a finding about no object in particular: no waiver names it. */
function ofCluster(baseline: ClusterBaseline): WaivedSubject {
  return subjectOf({ source: clusterBaselineSource, object: baseline }, { object: { apiVersion: '', kind: '' } });
}

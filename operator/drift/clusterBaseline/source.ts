/** ClusterBaseline as a source of findings: its targets are objects of a cluster, of which those are known that fail. */
import { resources } from '../../api/generated/resources.ts';
import type { ClusterBaseline } from '../../api/v1alpha1/clusterBaseline.ts';
import type { ObjectRef } from '../../api/v1alpha1/finding.ts';
import { reportsBySource } from '../../findings/indexes.ts';
import { severitiesOf } from '../../findings/severity.ts';
import { sourceId, subjectOf, type FindingSource, type Known } from '../../findings/source.ts';
import { targetId, type KnownTarget, type WaivedSubject } from '../../findings/waiver/subject.ts';
import { on, type Reader } from '../../runtime/feature.ts';
import { ownReports } from './reports.ts';

export const clusterBaselineSource: FindingSource<ClusterBaseline> = {
  kind: resources.ClusterBaseline,
  home: ({ spec }) => spec.serviceAccountRef.namespace,
  rules: ({ spec }) => spec.waivers,
  checks: ({ spec }) => severitiesOf([...(spec.objects ?? []), ...(spec.checks ?? [])]),
  known: knownObjects,
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

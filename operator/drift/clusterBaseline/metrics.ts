/** Measurements of cluster baselines, read from the cache when they are asked for. */
import { resources } from '../../api/generated/resources.ts';
import type { Gauge, Reader, Sample } from '../../runtime/feature.ts';

const states = ['compliant', 'drifted', 'waived', 'unknown'] as const;

export const clusterGauges: readonly Gauge[] = [
  {
    name: 'holdfast_cluster_objects',
    help: 'Cluster objects by baseline and state.',
    labels: ['baseline', 'state'],
    samples: objectSamples,
  },
];

/** Objects by baseline and state, as they were last evaluated. */
function objectSamples(read: Reader): Sample[] {
  return read
    .list(resources.ClusterBaseline, '')
    .flatMap(({ metadata, status }) =>
      states.map((state) => ({ labels: { baseline: metadata.name, state }, value: status?.objects?.[state] ?? 0 })),
    );
}

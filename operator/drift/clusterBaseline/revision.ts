import type { ClusterBaseline } from '../../api/v1alpha1/clusterBaseline.ts';
import { digestOf } from '../../lib/digest.ts';

/** Digest of what is declared: what a rollout moves a cluster to. */
export function revisionOf({ spec }: ClusterBaseline): string {
  return digestOf([spec.objects ?? [], spec.checks ?? []]);
}

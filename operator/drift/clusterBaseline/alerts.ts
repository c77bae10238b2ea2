/** What people are woken by about objects of the cluster. Pure. */
import { known } from '../../lib/promql.ts';
import type { Alert } from '../../runtime/feature.ts';

export const clusterAlerts: readonly Alert[] = [
  {
    name: 'HoldfastObjectsUnknown',
    severity: 'warning',
    expr: `${known('holdfast_cluster_objects{state="unknown"}', 'baseline')} > 0`,
    for: '2h',
    summary: 'The compliance of cluster objects is unknown.',
    description:
      'For two hours, {{ $value }} objects of ClusterBaseline {{ $labels.baseline }} could not be evaluated. Run `kubectl describe clusterbaseline {{ $labels.baseline }}`.',
  },
];

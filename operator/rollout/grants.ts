/** Rights to keep generated rules: the operator has none of them until whoever rules a namespace, or the cluster, grants them. Pure. */
import type { Grant } from '../runtime/feature.ts';

/** A ClusterRole for each is in `manifests/rbac/grants.yaml`. Nothing is deleted: an object goes with its owner. */
export const rolloutGrants = {
  PrometheusRule: {
    name: 'holdfast-prometheus-rules',
    access: [{ group: 'monitoring.coreos.com', resources: ['prometheusrules'], verbs: ['create', 'get', 'patch'] }],
    allows: 'change every PrometheusRule',
  },
  ConfigMap: {
    name: 'holdfast-rule-configmaps',
    access: [{ group: '', resources: ['configmaps'], verbs: ['create', 'get', 'patch'] }],
    allows: 'change every ConfigMap',
  },
} as const satisfies Record<string, Grant>;

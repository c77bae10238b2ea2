/** Rights over what belongs to a namespace: the operator has none of them until whoever rules it, or the cluster, grants them. Pure. */
import type { Grant } from '../runtime/feature.ts';

/** A ClusterRole for each is in `manifests/rbac/grants.yaml`; they are those of hosts too. */
export const evidenceGrants = {
  credentials: {
    name: 'holdfast-credentials',
    access: [{ group: '', resources: ['secrets'], verbs: ['get'] }],
    allows: 'read every Secret',
  },
  frameworks: {
    name: 'holdfast-playbooks',
    access: [{ group: '', resources: ['configmaps'], verbs: ['get'] }],
    allows: 'read every ConfigMap',
  },
} as const satisfies Record<string, Grant>;

/** Rights over what belongs to a namespace: the operator has none of them until whoever rules it, or the cluster, grants them. Pure. */
import type { Grant } from '../runtime/feature.ts';

/** A ClusterRole for each is in `manifests/rbac/grants.yaml`; the one for credentials is that of Devices too. */
export const evidenceGrants = {
  credentials: {
    name: 'holdfast-credentials',
    access: [{ group: '', resources: ['secrets'], verbs: ['get'] }],
    allows: 'read every Secret',
  },
} as const satisfies Record<string, Grant>;

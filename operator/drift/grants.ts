/** Rights over what belongs to a namespace: the operator has none of them until whoever rules it, or the cluster, grants them. */
import { readingGrants } from '../governance/grants.ts';
import type { Grant } from '../runtime/feature.ts';

/** A ClusterRole for each is in `manifests/rbac/grants.yaml`. */
export const grants = {
  ...readingGrants,
  jobs: {
    name: 'holdfast-jobs',
    access: [
      { group: 'batch', resources: ['jobs'], verbs: ['create', 'get', 'patch'] },
      { group: '', resources: ['configmaps'], verbs: ['create', 'get'] },
      { group: '', resources: ['pods'], verbs: ['list'] },
    ],
    allows: 'start pods, which can mount any Secret and use any service account there',
  },
  accounts: {
    name: 'holdfast-accounts',
    access: [{ group: '', resources: ['serviceaccounts'], verbs: ['get', 'impersonate'] }],
    allows: 'do whatever any service account may do',
  },
} as const satisfies Record<string, Grant>;

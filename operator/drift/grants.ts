/** Rights over what belongs to a namespace: the operator has none of them until whoever rules it, or the cluster, grants them. */
import type { Grant } from '../runtime/feature.ts';

/** A ClusterRole for each is in `manifests/rbac/grants.yaml`. */
export const grants = {
  credentials: {
    name: 'holdfast-credentials',
    access: [{ group: '', resources: ['secrets'], verbs: ['get'] }],
    allows: 'read every Secret',
  },
  playbooks: {
    name: 'holdfast-playbooks',
    access: [{ group: '', resources: ['configmaps'], verbs: ['get'] }],
    allows: 'read every ConfigMap',
  },
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

/** What the operator may not do, and how to allow it. `commands` is empty where it has been granted meanwhile. */
export function ungrantedWords(what: string, commands = ''): string {
  return `Holdfast may not ${what}; ${commands ? `to allow it, run \`${commands}\`` : 'it will be tried again'}`;
}

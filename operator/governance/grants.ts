/** Rights over what belongs to a namespace, which several domains need: the operator has none of them until whoever rules it, or the cluster, grants them. Pure. */
import type { Grant } from '../runtime/feature.ts';

/** A ClusterRole for each is in `manifests/rbac/grants.yaml`. */
export const readingGrants = {
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
} as const satisfies Record<string, Grant>;

/** What the operator may not do, and how to allow it. `commands` is empty where it has been granted meanwhile. */
export function ungrantedWords(what: string, commands = ''): string {
  return `Holdfast may not ${what}; ${commands ? `to allow it, run \`${commands}\`` : 'it will be tried again'}`;
}

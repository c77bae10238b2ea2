/** Bindings of what is shipped in `manifests/rbac/grants.yaml` to the operator of a test. */
import { resolve } from 'node:path';
import { grants } from '../../operator/drift/grants.ts';

export const grantsFile = resolve(import.meta.dirname, '../../manifests/rbac/grants.yaml');

const group = 'rbac.authorization.k8s.io';

/** Of all grants in one namespace. */
export function grantedIn(namespace: string, user: string): object[] {
  return Object.values(grants).map(({ name }) => ({
    apiVersion: `${group}/v1`,
    kind: 'RoleBinding',
    metadata: { name, namespace },
    roleRef: { apiGroup: group, kind: 'ClusterRole', name },
    subjects: [{ kind: 'User', name: user, apiGroup: group }],
  }));
}

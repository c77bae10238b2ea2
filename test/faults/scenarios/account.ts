/** The namespace of a place, with a service account that may do all to what is in the cluster, and that the operator may act as. */
import { operatorAccount } from '../../operator/bed.ts';
import { writer } from '../../operator/clusterOnly.ts';
import { grantedIn } from '../../operator/grants.ts';

export const accountName = 'writer';

export function accountIn(id: string): object[] {
  const rbac = 'rbac.authorization.k8s.io';
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: id } },
    ...grantedIn(id, operatorAccount),
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: accountName, namespace: id } },
    {
      apiVersion: `${rbac}/v1`,
      kind: 'ClusterRoleBinding',
      metadata: { name: id },
      roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: writer },
      subjects: [{ kind: 'ServiceAccount', name: accountName, namespace: id }],
    },
  ];
}

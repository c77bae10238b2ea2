/** The Lease of the operators in a bed, and the right to hold it. */
import { operatorAccount } from '../../operator/bed.ts';

const namespace = 'holdfast';
const name = 'holdfast-operator';
const apiGroup = 'rbac.authorization.k8s.io';

export const leaseFlags: readonly string[] = ['--lease', `${namespace}/${name}`];

/** As `manifests/rbac/operator.yaml` grants it. */
export const leaseRights: readonly object[] = [
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
  {
    apiVersion: `${apiGroup}/v1`,
    kind: 'Role',
    metadata: { name, namespace },
    rules: [
      { apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: ['create'] },
      { apiGroups: ['coordination.k8s.io'], resources: ['leases'], resourceNames: [name], verbs: ['get', 'patch'] },
    ],
  },
  {
    apiVersion: `${apiGroup}/v1`,
    kind: 'RoleBinding',
    metadata: { name, namespace },
    roleRef: { apiGroup, kind: 'Role', name },
    subjects: [{ kind: 'User', name: operatorAccount, apiGroup }],
  },
];

/** What the operators of a bed share: a Lease, the right to hold it, and a key. */
import { join } from 'node:path';
import { digestKey } from '../../../operator/wiring/digestKey.ts';
import { operatorAccount } from '../../operator/bed.ts';

const namespace = 'holdfast';
const name = 'holdfast-operator';
const apiGroup = 'rbac.authorization.k8s.io';

export const leaseFlags: readonly string[] = ['--lease', `${namespace}/${name}`];

/** One key for all operators of a bed, as a Secret is: with another, nothing is believed of what the other has sealed. */
export function sharedKey(folder: string): readonly string[] {
  const file = join(folder, 'digest-key');
  digestKey(file);
  return ['--digest-key-file', file];
}

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

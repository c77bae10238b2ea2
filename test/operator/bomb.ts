/** A ClusterBaseline that would take minutes to evaluate, with all that it needs in a namespace of its own. */
import { apiVersion, operatorAccount } from './bed.ts';
import { grantedIn } from './grants.ts';

const account = 'bomber';
const rbac = 'rbac.authorization.k8s.io';
const keys = Object.fromEntries(Array.from({ length: 40 }, (_, at) => [`key-${at}`, `value-${at}`]));

/** Four loops in each other over 40 keys: 2,560,000 turns for each of 40 objects. */
const expression = (at: number): string =>
  `object.data.all(a, object.data.all(b, object.data.all(c, object.data.all(d, a + b + c + d != '${at}'))))`;

/** The namespace, an account that may read ConfigMaps, and 40 of these. */
export function bombObjects(namespace: string): object[] {
  const rules = [{ apiGroups: [''], resources: ['configmaps', 'namespaces'], verbs: ['get', 'list', 'watch'] }];
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: account, namespace } },
    { apiVersion: `${rbac}/v1`, kind: 'ClusterRole', metadata: { name: account }, rules },
    {
      apiVersion: `${rbac}/v1`,
      kind: 'ClusterRoleBinding',
      metadata: { name: account },
      roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: account },
      subjects: [{ kind: 'ServiceAccount', name: account, namespace }],
    },
    ...grantedIn(namespace, operatorAccount),
    ...Array.from({ length: 40 }, (_, at) => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: `a-${at}`, namespace, labels: { few: `${at < 5}` } },
      data: keys,
    })),
  ];
}

export function bombBaseline(namespace: string): object {
  const checks = Array.from({ length: 100 }, (_, at) => ({
    name: `bomb-${at}`,
    resource: { kind: 'ConfigMap' },
    namespaceSelector: { include: [namespace] },
    expression: expression(at),
  }));
  const spec = { serviceAccountRef: { namespace, name: account }, checks };
  return { apiVersion, kind: 'ClusterBaseline', metadata: { name: 'bomb' }, spec };
}

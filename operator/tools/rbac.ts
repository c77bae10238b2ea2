/** What the operator needs to reach → RBAC that grants exactly that, as files of `manifests/`. */
import { accessOf, accessOfElection, accessOfKey, mergeAccess } from '../runtime/access.ts';
import type { Access, Declaration, Grant } from '../runtime/feature.ts';
import { toYaml } from './crd.ts';

/** A rule of a ClusterRole. */
export interface PolicyRule {
  apiGroups: string[];
  resources: readonly string[];
  resourceNames?: readonly string[];
  verbs: readonly string[];
}

/** Rules without repetition, sorted. Throws for a wildcard, an empty list or a rule that could never apply. */
export function rbacRules(access: readonly Access[]): PolicyRule[] {
  return mergeAccess(access).map(({ group, resources, resourceNames, verbs }) => ({
    apiGroups: [group],
    resources,
    ...(resourceNames && { resourceNames }),
    verbs,
  }));
}

const group = 'rbac.authorization.k8s.io';
const apiVersion = `${group}/v1`;
export const operatorName = 'holdfast-operator';
const namespace = 'holdfast';
export const digestKeySecret = 'holdfast-digest-key';
const labels = { 'app.kubernetes.io/name': 'holdfast' };
const subjects = [{ kind: 'ServiceAccount', name: operatorName, namespace }];
const header = 'Generated from operator/features.ts; change that and run `make generate`.';

export const rolePath = 'manifests/rbac/role.yaml';

/** The files as path → text. What is optional has no rights but those that somebody grants. */
export function rbacFiles(
  features: readonly Declaration[],
  optional: readonly Declaration[] = [],
): [path: string, text: string][] {
  const grants = [
    ...new Map([...features, ...optional].flatMap(({ grants = [] }) => grants).map((one) => [one.name, one])).values(),
  ];
  return [
    [rolePath, clusterRoleYaml(accessOf(features))],
    ['manifests/rbac/operator.yaml', yaml([header, ...whoItIs], ...operatorObjects())],
    ['manifests/rbac/grants.yaml', yaml([header, ...whatGrantsAre], ...grants.map(roleOf))],
    [
      'manifests/rbac/Kustomization',
      kustomization('Kustomization', ['grants.yaml', 'operator.yaml', 'people.yaml', 'role.yaml']),
    ],
    ...grants.flatMap((grant): [string, string][] => [
      [`${everywhere(grant)}/binding.yaml`, yaml([header, ...priceOf(grant)], clusterBinding(grant.name, grant.name))],
      [`${everywhere(grant)}/Kustomization`, kustomization('Component', ['binding.yaml'])],
    ]),
  ];
}

/** The ClusterRole of the operator as YAML. */
export function clusterRoleYaml(access: readonly Access[]): string {
  return yaml([header], clusterRole(operatorName, access));
}

const whoItIs = [
  'The account of the operator, its role in all namespaces, its election by Lease holdfast-operator in its own namespace, and the key that replicas',
  'share by `--digest-key-secret holdfast-digest-key`.',
];

const whatGrantsAre = [
  'Bound to nobody. Whoever rules a namespace binds them there, or grants the right to one object by name: the condition that misses it has the command.',
  'In manifests/everywhere/ they are bound in all namespaces.',
];

function priceOf({ allows }: Grant): string[] {
  return [
    `With this binding the operator can, in all namespaces, ${allows}.`,
    'Prefer to grant it where it is needed.',
  ];
}

function everywhere({ name }: Grant): string {
  return `manifests/everywhere/${name.replace('holdfast-', '')}`;
}

function operatorObjects(): object[] {
  const metadata = { name: operatorName, namespace, labels };
  const rules = rbacRules([...accessOfElection(operatorName), ...accessOfKey(digestKeySecret)]);
  const roleRef = { apiGroup: group, kind: 'Role', name: operatorName };
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, labels } },
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata },
    clusterBinding(operatorName, operatorName),
    { apiVersion, kind: 'Role', metadata, rules },
    { apiVersion, kind: 'RoleBinding', metadata, roleRef, subjects },
  ];
}

function roleOf({ name, access }: Grant): object {
  return clusterRole(name, access);
}

function clusterRole(name: string, access: readonly Access[]): object {
  return { apiVersion, kind: 'ClusterRole', metadata: { name, labels }, rules: rbacRules(access) };
}

function clusterBinding(name: string, role: string): object {
  const roleRef = { apiGroup: group, kind: 'ClusterRole', name: role };
  return { apiVersion, kind: 'ClusterRoleBinding', metadata: { name, labels }, roleRef, subjects };
}

function kustomization(kind: 'Kustomization' | 'Component', resources: readonly string[]): string {
  const version = kind === 'Component' ? 'v1alpha1' : 'v1beta1';
  return yaml([header], { apiVersion: `kustomize.config.k8s.io/${version}`, kind, resources });
}

function yaml(comments: readonly string[], ...objects: readonly object[]): string {
  return `${comments.map((line) => `# ${line}\n`).join('')}${objects.map((object) => toYaml(object)).join('---\n')}`;
}

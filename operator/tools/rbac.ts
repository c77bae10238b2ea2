/** What the operator needs to reach → RBAC rules that grant exactly that. */
import { mergeAccess } from '../runtime/access.ts';
import type { Access } from '../runtime/feature.ts';
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

/** The ClusterRole of the operator as YAML. */
export function clusterRoleYaml(access: readonly Access[]): string {
  const metadata = { name: 'holdfast-operator', labels: { 'app.kubernetes.io/name': 'holdfast' } };
  const role = { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata, rules: rbacRules(access) };
  return `# Generated from operator/features.ts; change that and run \`make generate\`.\n${toYaml(role)}`;
}

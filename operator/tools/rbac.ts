/** What the operator needs to reach → the smallest set of RBAC rules that grants exactly that. */
import { toYaml } from './crd.ts';

/** One need: these verbs on these resources of one API group, perhaps only on objects of these names. */
export interface Access {
  group: string;
  resources: readonly string[];
  verbs: readonly string[];
  resourceNames?: readonly string[];
}

/** A rule of a ClusterRole. */
export interface PolicyRule {
  apiGroups: string[];
  resources: string[];
  resourceNames?: string[];
  verbs: string[];
}

interface Grant {
  group: string;
  resource: string;
  names: string[];
  verbs: Set<string>;
}

/** Rules without repetition, sorted. Throws for a wildcard, an empty list or a rule that could never apply. */
export function rbacRules(access: readonly Access[]): PolicyRule[] {
  const grants = new Map<string, Grant>();
  for (const need of access) {
    rejectUnsafe(need);
    for (const resource of need.resources) addGrant(grants, need, resource);
  }
  for (const grant of grants.values()) {
    const everywhere = grant.names.length > 0 ? grants.get(keyOf(grant.group, grant.resource, [])) : undefined;
    for (const verb of everywhere?.verbs ?? []) grant.verbs.delete(verb);
  }
  return collect([...grants.values()].filter((grant) => grant.verbs.size > 0));
}

/** The ClusterRole of the operator as YAML. */
export function clusterRoleYaml(access: readonly Access[]): string {
  const metadata = { name: 'holdfast-operator', labels: { 'app.kubernetes.io/name': 'holdfast' } };
  const role = { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata, rules: rbacRules(access) };
  return `# Generated from operator/access.ts; change that and run \`make generate\`.\n${toYaml(role)}`;
}

function rejectUnsafe({ group, resources, verbs, resourceNames = [] }: Access): void {
  const what = `Access to ${resources.join(', ') || 'nothing'} in group '${group}'`;
  if ([group, ...resources, ...verbs, ...resourceNames].some((word) => word.includes('*'))) {
    throw new Error(`${what} has a wildcard; name every group, resource and verb that is needed.`);
  }
  if (resources.length === 0 || verbs.length === 0) {
    throw new Error(`${what} names no resource or no verb; say what is needed, or remove it.`);
  }
  if (resourceNames.length > 0 && verbs.includes('create')) {
    throw new Error(
      `${what} limits create to names, which never applies: a new object has no name yet. Grant create apart.`,
    );
  }
}

function addGrant(grants: Map<string, Grant>, { group, verbs, resourceNames = [] }: Access, resource: string): void {
  const names = sorted(resourceNames);
  const key = keyOf(group, resource, names);
  const grant = grants.get(key) ?? { group, resource, names, verbs: new Set<string>() };
  for (const verb of verbs) grant.verbs.add(verb);
  grants.set(key, grant);
}

function keyOf(group: string, resource: string, names: readonly string[]): string {
  return JSON.stringify([group, resource, names]);
}

/** Puts resources of one group with the same verbs and names into one rule. */
function collect(grants: readonly Grant[]): PolicyRule[] {
  const rules = new Map<string, PolicyRule>();
  for (const { group, resource, names, verbs } of grants) {
    const key = JSON.stringify([group, names, sorted(verbs)]);
    const rule = rules.get(key) ?? {
      apiGroups: [group],
      resources: [],
      ...(names.length > 0 ? { resourceNames: names } : {}),
      verbs: sorted(verbs),
    };
    rules.set(key, { ...rule, resources: sorted([...rule.resources, resource]) });
  }
  const place = (rule: PolicyRule) =>
    JSON.stringify([rule.apiGroups, rule.resources, rule.resourceNames?.join() ?? '', rule.verbs]);
  return [...rules.values()].sort((a, b) => (place(a) < place(b) ? -1 : 1));
}

function sorted(words: Iterable<string>): string[] {
  return [...new Set(words)].sort();
}

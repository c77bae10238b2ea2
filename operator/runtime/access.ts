/** The rights that features need, as data: what RBAC is generated from. */
import type { Access, AnyFeature } from './feature.ts';
import { EVENT } from './events.ts';
import { LEASE } from './lease.ts';

/**
 * All rights of the operator over the objects it watches, sorted and without repetition. Rights to what actions write
 * are those that features declare: `apply` needs create and patch, and with a status patch on the status too.
 */
export function accessOf(features: readonly AnyFeature[]): Access[] {
  return merge([
    ...features.flatMap(accessOfFeature),
    { group: EVENT.group, resources: [EVENT.plural], verbs: ['create', 'patch'] },
  ]);
}

/** Rights in the operator's own namespace, for the election. */
export function accessOfElection(leaseName: string): Access[] {
  return [
    { group: LEASE.group, resources: [LEASE.plural], verbs: ['create'] },
    { group: LEASE.group, resources: [LEASE.plural], verbs: ['get', 'patch'], resourceNames: [leaseName] },
  ];
}

function accessOfFeature(feature: AnyFeature): Access[] {
  const { kind, watches = [], access = [] } = feature;
  const { group, plural } = kind;
  const read = [kind, ...watches.map((watch) => watch.kind)].map((seen): Access => ({
    group: seen.group,
    resources: [seen.plural],
    verbs: ['get', 'list', 'watch'],
  }));
  const status: Access = { group, resources: [`${plural}/status`], verbs: ['patch'] };
  // OpenShift demands it of those who set owner references that block deletion.
  const own: Access = { group, resources: [`${plural}/finalizers`], verbs: ['update'] };
  const finalizers: Access[] = feature.cleanUp ? [{ group, resources: [plural], verbs: ['patch'] }] : [];
  return [...read, status, own, ...finalizers, ...access];
}

/** One rule for all resources of a group that have the same verbs. */
function merge(rules: readonly Access[]): Access[] {
  const verbs = new Map<
    string,
    { group: string; resource: string; names: readonly string[] | undefined; verbs: Set<string> }
  >();
  for (const rule of rules) {
    for (const resource of rule.resources) {
      const names = rule.resourceNames?.toSorted();
      const id = JSON.stringify([rule.group, resource, names]);
      const known = verbs.get(id) ?? { group: rule.group, resource, names, verbs: new Set<string>() };
      for (const verb of rule.verbs) known.verbs.add(verb);
      verbs.set(id, known);
    }
  }
  const merged = new Map<
    string,
    { group: string; resources: string[]; verbs: string[]; resourceNames?: readonly string[] }
  >();
  for (const { group, resource, names, verbs: set } of verbs.values()) {
    const sorted = [...set].sort();
    const id = JSON.stringify([group, sorted, names]);
    const rule = merged.get(id) ?? { group, resources: [], verbs: sorted, ...(names ? { resourceNames: names } : {}) };
    rule.resources.push(resource);
    merged.set(id, rule);
  }
  const order = (rule: Access): string => JSON.stringify([rule.group, rule.resources, rule.resourceNames ?? []]);
  return [...merged.values()]
    .map((rule) => ({ ...rule, resources: rule.resources.sort() }))
    .sort((a, b) => (order(a) < order(b) ? -1 : 1));
}

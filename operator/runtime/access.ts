/** The rights that features need, as data: what RBAC is generated from. */
import type { Access, Declaration, Written } from './feature.ts';
import { EVENT } from './events.ts';
import { LEASE } from './lease.ts';
import { ACCESS_REVIEW, TOKEN_REVIEW } from './metricsAccess.ts';

/** On the resource: to write its status, as `policies/status.yaml` asks. */
const STATUS_VERB = 'write-status';

const verbsOf: Record<Exclude<Written['verbs'][number], 'status'>, readonly string[]> = {
  apply: ['create', 'patch'],
  create: ['create'],
  delete: ['delete'],
};

interface Grant {
  readonly group: string;
  readonly resource: string;
  readonly names: readonly string[];
  readonly verbs: Set<string>;
}

/** All rights of the operator over the objects that its features declare. */
export function accessOf(features: readonly Declaration[]): Access[] {
  return mergeAccess([
    ...features.flatMap(accessOfFeature),
    // Whether another operator leads elsewhere.
    { group: LEASE.group, resources: [LEASE.plural], verbs: ['list'] },
    { group: EVENT.group, resources: [EVENT.plural], verbs: ['create', 'patch'] },
    // For who asks for metrics over the network.
    ...[TOKEN_REVIEW, ACCESS_REVIEW].map(({ group, plural }) => ({ group, resources: [plural], verbs: ['create'] })),
  ]);
}

/** Rights in the operator's own namespace, for the election. */
export function accessOfElection(leaseName: string): Access[] {
  return [
    { group: LEASE.group, resources: [LEASE.plural], verbs: ['create'] },
    { group: LEASE.group, resources: [LEASE.plural], verbs: ['get', 'patch'], resourceNames: [leaseName] },
  ];
}

/** Rights in the operator's own namespace, for the key that its replicas share: no other Secret can be read. */
export function accessOfKey(secretName: string): Access[] {
  return [
    { group: '', resources: ['secrets'], verbs: ['create'] },
    { group: '', resources: ['secrets'], verbs: ['get'], resourceNames: [secretName] },
  ];
}

function accessOfFeature({
  kind,
  reads = [],
  watches = [],
  writes = [],
  access = [],
  fetches = [],
  grants = [],
  finalizes,
  mirrors = false,
}: Declaration): Access[] {
  const { group, plural } = kind;
  const read = [kind, ...reads, ...watches.map((watch) => watch.kind)].map((seen): Access => ({
    group: seen.group,
    resources: [seen.plural],
    verbs: ['list', 'watch'],
  }));
  const fetched = fetches.map((one): Access => ({ group: one.group, resources: [one.plural], verbs: ['get'] }));
  const written = writes.flatMap((one) =>
    one.verbs.flatMap((verb): Access[] =>
      verb === 'status'
        ? accessToStatus(one.kind)
        : [{ group: one.kind.group, resources: [one.kind.plural], verbs: verbsOf[verb] }],
    ),
  );
  // OpenShift demands it of those who set owner references that block deletion.
  const creates = [
    ...writes.flatMap(({ verbs }) => verbs),
    ...grants.flatMap((one) => one.access.flatMap((a) => a.verbs)),
  ];
  const isOwner = creates.some((verb) => verb === 'apply' || verb === 'create');
  const own: Access[] = isOwner ? [{ group, resources: [`${plural}/finalizers`], verbs: ['update'] }] : [];
  const finalizers: Access[] = finalizes ? [{ group, resources: [plural], verbs: ['patch'] }] : [];
  return [...read, ...fetched, ...written, ...(mirrors ? [] : accessToStatus(kind)), ...own, ...finalizers, ...access];
}

/** The verb is what admission asks for: the right to patch a status may be granted by whoever rules a namespace. */
function accessToStatus({ group, plural }: Declaration['kind']): Access[] {
  return [
    { group, resources: [`${plural}/status`], verbs: ['patch'] },
    { group, resources: [plural], verbs: [STATUS_VERB] },
  ];
}

/** The smallest set of rules that grants exactly that, sorted. Throws for a wildcard, an empty list or a rule that could never apply. */
export function mergeAccess(access: readonly Access[]): Access[] {
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

function rejectUnsafe({ group, resources, verbs, resourceNames = [] }: Access): void {
  const what = `Access to ${resources.join(', ') || 'nothing'} in group '${group}'`;
  if ([group, ...resources, ...verbs, ...resourceNames].some((word) => word.includes('*'))) {
    throw new Error(`${what} has a wildcard; name every group, resource and verb that is needed.`);
  }
  if (resources.length === 0 || verbs.length === 0) {
    throw new Error(`${what} does not name a resource or a verb; name what is needed, or remove it.`);
  }
  if (resourceNames.length > 0 && verbs.includes('create')) {
    throw new Error(
      `${what} restricts create to names, which never matches, because a new object has no name yet. Grant create separately.`,
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
function collect(grants: readonly Grant[]): Access[] {
  const rules = new Map<string, Access>();
  for (const { group, resource, names, verbs } of grants) {
    const key = JSON.stringify([group, names, sorted(verbs)]);
    const rule = rules.get(key) ?? {
      group,
      resources: [],
      verbs: sorted(verbs),
      ...(names.length > 0 && { resourceNames: names }),
    };
    rules.set(key, { ...rule, resources: sorted([...rule.resources, resource]) });
  }
  const place = (rule: Access): string =>
    JSON.stringify([rule.group, rule.resources, rule.resourceNames?.join() ?? '', rule.verbs]);
  return [...rules.values()].sort((a, b) => (place(a) < place(b) ? -1 : 1));
}

function sorted(words: Iterable<string>): string[] {
  return [...new Set(words)].sort();
}

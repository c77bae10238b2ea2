/** Policies of Open Cluster Management as baselines on a real cluster: what they enforce, what they leave alone, and what is only shown. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { ClusterBaseline } from '../../operator/api/v1alpha1/clusterBaseline.ts';
import { jsonOf, parseJson } from '../../operator/lib/json.ts';
import { configuration, imported } from '../builders/ocm.ts';
import { conditionOf } from '../operator/bed.ts';
import { home, startClusterOnly, writer, type ClusterOnlyBed } from '../operator/clusterOnly.ts';
import { until } from '../operator/until.ts';
import { clusterRole, configMap, metadata, oauth, rbac, readAll, readPods, type Json } from './clusterCase.ts';

interface Case {
  readonly given: readonly Json[];
  /** Of the ConfigurationPolicy, which enforces. */
  readonly spec: Json;
  readonly mode: 'Enforce' | 'Inform';
  readonly compliant: 'True' | 'False' | 'Unknown';
  /** What the first of the given objects is in the end, as JSON; null when it is not there. */
  readonly left?: Json | null;
  /** A field that it has not. */
  readonly absent?: string;
}

const musthave = (objectDefinition: Json, more: Json = {}): Json => ({
  'object-templates': [{ complianceType: 'musthave', objectDefinition, ...more }],
});
const provider = (name: string, type = 'OpenID'): Json => ({ name, type, mappingMethod: 'claim' });
const binding: Json = {
  apiVersion: rbac,
  kind: 'RoleBinding',
  metadata: metadata('admins'),
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'admin' },
};
const alice = { kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: 'alice' };
const networkPolicy = (spec: Json): Json => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: metadata('web'),
  spec,
});
const grace = 9007199254740993n;
const podTemplate = (more: Json): Json => ({
  apiVersion: 'v1',
  kind: 'PodTemplate',
  metadata: metadata('grace'),
  template: { spec: { containers: [{ name: 'app', image: 'app:1' }], ...more } },
});

const cases: Record<string, Case> = {
  'three identity providers beside two': {
    given: [oauth({ identityProviders: [provider('a', 'LDAP'), provider('b')] })],
    spec: musthave(oauth({ identityProviders: ['c', 'd', 'e'].map((name) => provider(name)) })),
    mode: 'Enforce',
    compliant: 'True',
    left: {
      spec: { identityProviders: [provider('a', 'LDAP'), ...['b', 'c', 'd', 'e'].map((name) => provider(name))] },
    },
  },
  'an identity provider of a name that is there': {
    given: [oauth({ identityProviders: [provider('a', 'LDAP'), provider('b')] })],
    spec: musthave(oauth({ identityProviders: [{ name: 'a', type: 'GitHub' }] })),
    mode: 'Enforce',
    compliant: 'True',
    left: { spec: { identityProviders: [provider('a', 'GitHub'), provider('b')] } },
  },
  'a rule beside that of somebody else': {
    given: [clusterRole([readAll])],
    spec: musthave(clusterRole([{ ...readPods, verbs: ['list', 'get'] }])),
    mode: 'Enforce',
    compliant: 'True',
    left: { rules: [readAll, { ...readPods, verbs: ['list', 'get'] }] },
  },
  'a rule that is there with more verbs': {
    given: [clusterRole([{ ...readPods, verbs: ['watch', 'list', 'get'] }])],
    spec: musthave(clusterRole([{ ...readPods, verbs: ['get', 'list'] }])),
    mode: 'Enforce',
    compliant: 'True',
    left: { rules: [{ ...readPods, verbs: ['watch', 'list', 'get'] }] },
  },
  'white space in an item': {
    given: [podTemplate({ containers: [{ name: 'app', image: 'app:1', args: ['-x'] }] })],
    spec: musthave(podTemplate({ containers: [{ name: 'app', args: [' -v\n'] }] })),
    mode: 'Enforce',
    compliant: 'True',
    left: { template: { spec: { containers: [{ name: 'app', args: ['-x', ' -v\n'] }] } } },
  },
  'a selector with more labels': {
    given: [networkPolicy({ podSelector: { matchLabels: { app: 'web', tier: 'front' } }, policyTypes: ['Ingress'] })],
    spec: musthave(networkPolicy({ podSelector: { matchLabels: { app: 'web' } } })),
    mode: 'Enforce',
    compliant: 'True',
    left: { spec: { podSelector: { matchLabels: { app: 'web', tier: 'front' } } } },
  },
  'a whole number beyond 2^53': {
    given: [podTemplate({ terminationGracePeriodSeconds: 9007199254740992n })],
    spec: musthave(podTemplate({ terminationGracePeriodSeconds: grace })),
    mode: 'Enforce',
    compliant: 'True',
    left: { template: { spec: { terminationGracePeriodSeconds: grace } } },
  },
  'a binding that must have no subjects': {
    given: [{ ...binding, subjects: [alice] }],
    spec: { 'object-templates': [{ complianceType: 'mustonlyhave', objectDefinition: binding }] },
    mode: 'Enforce',
    compliant: 'True',
    left: { roleRef: { name: 'admin' } },
    absent: 'subjects',
  },
  'mustnothave with a name is about the name': {
    given: [configMap({ a: '1' })],
    spec: { 'object-templates': [{ complianceType: 'mustnothave', objectDefinition: configMap({ a: '2' }) }] },
    mode: 'Enforce',
    compliant: 'True',
    left: null,
  },
  'at least one object is like this': {
    given: [configMap({ a: '1' }), { ...configMap({ a: '2' }), metadata: metadata('other') }],
    spec: musthave({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace: 'NS' }, data: { a: '2' } }),
    mode: 'Inform',
    compliant: 'True',
    left: { data: { a: '1' } },
  },
  'no object is like this': {
    given: [configMap({ a: '1' })],
    spec: musthave({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace: 'NS' }, data: { a: '2' } }),
    mode: 'Inform',
    compliant: 'False',
    left: { data: { a: '1' } },
  },
  'what means something else is only shown': {
    given: [configMap({ a: '1' })],
    spec: musthave(configMap({ a: '2' }), { recreateOption: 'Always' }),
    mode: 'Inform',
    compliant: 'False',
    left: { data: { a: '1' } },
  },
};

let bed: ClusterOnlyBed;
const nameOf = (what: string) => `import-${String(Object.keys(cases).indexOf(what)).padStart(2, '0')}`;

beforeAll(async () => {
  bed = await startClusterOnly();
  await bed.kubectl.apply(
    ...Object.keys(cases).map((what) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: nameOf(what) } })),
  );
  for (const [what, { given }] of Object.entries(cases)) for (const object of given) await apply(named(object, what));
  await bed.operator();
}, 900_000);

afterAll(() => bed.stop(), 60_000);

/** With whole numbers as they are. */
function named<T>(value: T, what: string): T {
  if (typeof value === 'string') return value.replaceAll('NS', nameOf(what)) as T;
  if (Array.isArray(value)) return value.map((one: unknown) => named(one, what)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, named(one as unknown, what)])) as T;
}

async function apply(object: object): Promise<void> {
  const { code, stderr } = await bed.kubectl.try(['apply', '--server-side', '--filename', '-'], jsonOf(object) ?? '');
  if (code !== 0) throw new Error(stderr);
}

test.each(Object.entries(cases))('%s', async (what, { given, spec, mode, compliant, left, absent }) => {
  const name = nameOf(what);
  const { specs, names } = imported([configuration(name, { remediationAction: 'enforce', ...named(spec, what) })], {
    serviceAccountRef: { namespace: home, name: writer },
  });
  expect(specs.map((one) => one.mode)).toEqual([mode]);
  await apply({
    apiVersion: 'holdfast.dev/v1alpha1',
    kind: 'ClusterBaseline',
    metadata: { name: names[0] },
    spec: specs[0],
  });
  const read = () => bed.kubectl.get<ClusterBaseline>('clusterbaseline', name);
  await until(
    `${name} is as expected`,
    async () => {
      const seen = await read();
      return seen?.status?.observedGeneration === 1 && conditionOf(seen, 'Compliant')?.status === compliant
        ? seen
        : undefined;
    },
    { seconds: 30, seen: async () => (await read())?.status },
  );
  const { kind, metadata: first } = named(given[0], what) as { kind: string; metadata: Json };
  const flags = first['namespace'] ? ['--namespace', name] : [];
  const { code, stdout } = await bed.kubectl.try(
    ['get', kind, String(first['name']), ...flags, '--output', 'json'],
    '',
  );
  if (left === null) return expect(code).not.toBe(0);
  expect(code).toBe(0);
  expect(parseJson(stdout)).toMatchObject(named(left ?? {}, what));
  if (absent !== undefined) expect(parseJson(stdout)).not.toHaveProperty(absent);
});

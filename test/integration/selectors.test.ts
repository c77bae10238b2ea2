/** Label selectors and names that nothing can ever have are refused where they are written; what is stored already stays usable. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { resources } from '../../operator/api/generated/resources.ts';
import type { Kind } from '../../operator/api/kind.ts';
import { hasStatus } from '../../operator/runtime/apiError.ts';
import { Client } from '../../operator/runtime/client.ts';
import { systemClock } from '../../operator/runtime/clock.ts';
import { connect } from '../../operator/runtime/connection.ts';
import { startCluster, type Cluster } from '../cluster/cluster.ts';
import { apiVersion, crds } from '../operator/bed.ts';
import { Kubectl } from '../operator/kubectl.ts';
import { until } from '../operator/until.ts';

let cluster: Cluster;
let kubectl: Kubectl;
let client: Client;

beforeAll(async () => {
  cluster = await startCluster({ controllerManager: false, manifests: [crds] });
  kubectl = new Kubectl(cluster);
  client = new Client(await connect({ clock: systemClock, environment: {}, kubeconfig: cluster.kubeconfig }));
}, 900_000);

afterAll(async () => {
  await client.close();
  await cluster.stop();
}, 60_000);

const check = { name: 'motd', file: { path: '/etc/motd', state: 'Present' } };
const template = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x' } };
const account = { namespace: 'default', name: 'writer' };
const resource = { kind: 'ConfigMap' };
const waiver = {
  source: { kind: 'DeviceBaseline', name: 'rhel9' },
  checks: ['motd'],
  reason: 'migration',
  requestedBy: 'alice',
  expiryTime: '2100-01-01T00:00:00Z',
};

/** Wherever a selector stands. */
const places: readonly [string, string, (selector: object) => object][] = [
  ['of Devices', 'DeviceBaseline', (selector) => ({ selector, checks: [check] })],
  ['of waived targets', 'PolicyWaiver', (selector) => ({ ...waiver, targets: { selector } })],
  [
    'of namespaces of a template',
    'ClusterBaseline',
    (namespaceSelector) => ({ serviceAccountRef: account, objects: [{ name: 'x', template, namespaceSelector }] }),
  ],
  [
    'of objects of a template',
    'ClusterBaseline',
    (objectSelector) => ({ serviceAccountRef: account, objects: [{ name: 'x', template, objectSelector }] }),
  ],
  [
    'of namespaces of a check',
    'ClusterBaseline',
    (namespaceSelector) => ({
      serviceAccountRef: account,
      checks: [{ name: 'x', resource, expression: 'true', namespaceSelector }],
    }),
  ],
  [
    'of objects of a check',
    'ClusterBaseline',
    (objectSelector) => ({
      serviceAccountRef: account,
      checks: [{ name: 'x', resource, expression: 'true', objectSelector }],
    }),
  ],
];

const longest = `${'a'.repeat(253)}/${'b'.repeat(63)}`;
const keys: readonly [string, boolean][] = [
  ['os', true],
  ['A.b_c-D', true],
  ['example.com/os', true],
  [longest, true],
  ['', false],
  ['a b', false],
  ['-a', false],
  ['a-', false],
  ['a'.repeat(64), false],
  ['/a', false],
  ['a/', false],
  ['a/b/c', false],
  ['a..b/c', false],
  ['a.-b/c', false],
  ['.a/c', false],
  ['A.b/c', false],
  [`${'a'.repeat(254)}/b`, false],
];
const values: readonly [string, boolean][] = [
  ['', true],
  ['A.b_c-9', true],
  ['a'.repeat(63), true],
  ['a'.repeat(64), false],
  ['a b', false],
  ['-a', false],
  ['a.', false],
  ['a/b', false],
  ['ä', false],
];
const expressions: readonly [object, boolean][] = [
  [{ key: 'a', operator: 'In', values: ['b'] }, true],
  [{ key: 'a', operator: 'In' }, false],
  [{ key: 'a', operator: 'NotIn', values: [] }, false],
  [{ key: 'a', operator: 'Exists' }, true],
  [{ key: 'a', operator: 'Exists', values: ['b'] }, false],
  [{ key: 'a', operator: 'DoesNotExist', values: ['b'] }, false],
  [{ key: 'a', operator: 'in', values: ['b'] }, false],
  [{ key: 'a', operator: 'Gt', values: ['1'] }, false],
];
const selectors: readonly [object, boolean][] = [
  ...keys.flatMap(([key, is]): [object, boolean][] => [
    [{ matchLabels: { [key]: 'x' } }, is],
    [{ matchExpressions: [{ key, operator: 'Exists' }] }, is],
  ]),
  ...values.flatMap(([value, is]): [object, boolean][] => [
    [{ matchLabels: { a: value } }, is],
    [{ matchExpressions: [{ key: 'a', operator: 'In', values: ['b', value] }] }, is],
  ]),
  ...expressions.map(([expression, is]): [object, boolean] => [{ matchExpressions: [expression] }, is]),
];

async function isAccepted(kind: string, spec: object): Promise<boolean> {
  const metadata = { name: 'a', ...(kind !== 'ClusterBaseline' && { namespace: 'default' }) };
  const object = { apiVersion, kind, metadata, spec };
  const of = resources[kind as keyof typeof resources] as Kind;
  return client.create(of, object, { manager: 'test', how: 'dryRun' }).then(
    () => true,
    (error: unknown) => {
      if (hasStatus(error, 400, 422)) return false;
      throw error;
    },
  );
}

describe('a selector', () => {
  test.each(places)(
    '%s is one that labels can match',
    async (_, kind, specOf) => {
      const found: [object, boolean][] = [];
      for (const [selector] of selectors) found.push([selector, await isAccepted(kind, specOf(selector))]);
      expect(found).toEqual(selectors);
    },
    120_000,
  );
});

describe('a name', () => {
  const named = (name: string, namespace = 'default') => ({
    serviceAccountRef: { namespace, name },
    checks: [{ name: 'x', resource, expression: 'true' }],
  });
  const of = (kind: object) => ({ ...named('a'), checks: [{ name: 'x', resource: kind, expression: 'true' }] });
  const within = (include: string) => ({
    serviceAccountRef: account,
    objects: [{ name: 'x', template, namespaceSelector: { include: [include] } }],
  });
  test.each<[string, object, boolean]>([
    ['an account', named('a.b'), true],
    ['an account with an empty part', named('a..b'), false],
    ['an account with a part that ends in -', named('a-.b'), false],
    ['a namespace with a dot', named('a', 'a.b'), false],
    ['a namespace of 64 characters', named('a', 'a'.repeat(64)), false],
    ['a kind', of({ group: 'apps', version: 'v1', kind: 'Deployment' }), true],
    ['a plural', of({ group: 'apps', kind: 'deployments' }), false],
    ['a group with a version', of({ group: 'apps/v1', kind: 'Deployment' }), false],
    ['a version that there cannot be', of({ group: 'apps', version: '1', kind: 'Deployment' }), false],
    ['a pattern of namespaces', within('team-*'), true],
    ['a pattern that no namespace matches', within('team.*'), false],
  ])('%s', async (_, spec, is) => {
    expect(await isAccepted('ClusterBaseline', spec)).toBe(is);
  });
});

test('what was stored before is read, told about and deleted', async () => {
  const file = join(crds, 'holdfast.dev_devicebaselines.yaml');
  const before = load(readFileSync(file, 'utf8')) as object;
  const lax = JSON.parse(JSON.stringify(before), (name, value: unknown) =>
    name === 'x-kubernetes-validations' || name === 'pattern' ? undefined : value,
  ) as object;
  await kubectl.apply(lax);
  const bad = {
    apiVersion,
    kind: 'DeviceBaseline',
    metadata: { name: 'old', namespace: 'default' },
    spec: { selector: { matchLabels: { 'a b': 'c d' } }, checks: [check] },
  };
  await until('it is stored', async () => (await kubectl.tryApply(bad)).code === 0);
  await kubectl.apply(before);
  await until('the rules are back', async () => !(await isAccepted('DeviceBaseline', bad.spec)));
  const status = JSON.stringify({ status: { summary: { compliant: '0/0' } } });
  for (const args of [
    ['patch', 'devicebaseline', 'old', '--subresource=status', '--type=merge', '-p', status],
    ['annotate', 'devicebaseline', 'old', 'a=b'],
    ['patch', 'devicebaseline', 'old', '--type=merge', '-p', JSON.stringify({ spec: { mode: 'Enforce' } })],
    ['get', 'devicebaseline', 'old'],
    ['delete', 'devicebaseline', 'old'],
  ])
    expect(await kubectl.try(args)).toMatchObject({ code: 0 });
});

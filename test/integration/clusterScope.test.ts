/** What a baseline is about: selectors that match nothing or cannot be right, namespaces by name, a status, and fields that there are not. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ClusterBaseline, ClusterBaselineSpec } from '../../operator/api/v1alpha1/clusterBaseline.ts';
import { apiVersion, conditionOf } from '../operator/bed.ts';
import { account, home, startClusterOnly, writer, type ClusterOnlyBed } from '../operator/clusterOnly.ts';
import { until } from '../operator/until.ts';

type Json = Record<string, unknown>;
let bed: ClusterOnlyBed;

const configMap = (namespace: string | undefined, name: string | undefined, data: Json = { a: '1' }): Json => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { ...(name && { name }), ...(namespace && { namespace }) },
  data,
});
const namespace = (name: string, labels: Json = {}): Json => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name, labels },
});
const get = (name: string) => bed.kubectl.get<ClusterBaseline>('clusterbaseline', name);

/** Once the newest declaration was evaluated, and is as asked. */
function evaluated(name: string, is: (seen: ClusterBaseline) => boolean = () => true): Promise<ClusterBaseline> {
  return until(
    `${name} is evaluated`,
    async () => {
      const seen = await get(name);
      return seen?.status?.observedGeneration === seen?.metadata.generation && seen && is(seen) ? seen : undefined;
    },
    { seconds: 90, seen: async () => (await get(name))?.status },
  );
}

const baselineOf = (name: string, spec: object, accountName = writer): Json => ({
  apiVersion,
  kind: 'ClusterBaseline',
  metadata: { name },
  spec: { serviceAccountRef: { namespace: home, name: accountName }, ...spec },
});
async function declare(name: string, spec: Partial<ClusterBaselineSpec> | Json, accountName?: string): Promise<void> {
  await bed.kubectl.apply(baselineOf(name, spec, accountName));
}
const told = ({ status }: ClusterBaseline): string[] =>
  (status?.findings ?? []).map(({ result, object, path, message }) =>
    `${result} ${object?.namespace ?? ''} ${path ?? ''} ${message ?? ''}`.trim(),
  );
const isCompliant = (status: string) => (seen: ClusterBaseline) => conditionOf(seen, 'Compliant')?.status === status;

beforeAll(async () => {
  bed = await startClusterOnly();
  const held = {
    ...configMap('dying', 'held'),
    metadata: { name: 'held', namespace: 'dying', finalizers: ['scope.example/held'] },
  };
  await bed.kubectl.apply(
    namespace('one', { team: 'a' }),
    namespace('two'),
    namespace('dying'),
    held,
    configMap('one', 'settings'),
  );
  await bed.kubectl.run('delete', 'namespace', 'dying', '--wait=false');
  await bed.operator();
}, 900_000);

afterAll(() => bed.stop(), 60_000);

describe('namespaces named plainly', () => {
  const item = (include: string[], more: Json = {}): Json => ({
    objects: [
      { name: 'settings', namespaceSelector: { include }, template: configMap(undefined, 'settings'), ...more },
    ],
  });

  test.each<[string, string[], string[], string]>([
    ['one that is there', ['one'], [], '1/1'],
    ['one that is not, beside one that is', ['one', 'nowhere'], [], '1/1'],
    ['one that is being deleted, beside one that is not', ['one', 'dying'], [], '1/1'],
    ['one without the object', ['one', 'two', 'nowhere'], ['Fail two'], '1/2'],
    ['the same as patterns', ['one*', 'two*', 'nowhere*', 'dying*'], ['Fail two'], '1/2'],
    [
      'none that is there',
      ['nowhere', 'dying'],
      ['Unknown   namespaceSelector matches no namespace; compare it with `kubectl get namespaces --show-labels`'],
      '0/1',
    ],
  ])('%s', async (what, include, findings, compliant) => {
    const name = `plain-${what.replaceAll(/\W+/g, '-')}`;
    await declare(name, item(include));
    const seen = await evaluated(name);
    expect(told(seen)).toEqual(findings);
    expect(seen.status?.summary?.compliant).toBe(compliant);
  });

  test('one that comes to be counts at once', async () => {
    await declare('later', item(['one', 'later-on']));
    await evaluated('later', isCompliant('True'));
    await bed.kubectl.apply(namespace('later-on'));
    expect(told(await evaluated('later', isCompliant('False')))).toEqual(['Fail later-on']);
  }, 120_000);

  test.each([
    ['may get them', [{ apiGroups: [''], resources: ['namespaces'], verbs: ['get'] }], ['Fail two']],
    [
      'may not read them: what is not there is missed, and never a pass',
      [],
      ['Fail dying', 'Fail nowhere', 'Fail two'],
    ],
  ])('of an account that may not list namespaces and %s', async (_, rules, findings) => {
    const name = `without-list-${rules.length}`;
    await bed.kubectl.apply(
      ...account(name, [{ apiGroups: [''], resources: ['configmaps'], verbs: ['get', 'list', 'watch'] }, ...rules]),
    );
    await declare(name, item(['one', 'two', 'nowhere', 'dying']), name);
    const words = told(await evaluated(name)).sort();
    expect(words.map((one) => one.split('  ')[0])).toEqual(findings);
    // It may not create them either, which is told in mode Inform, too.
    for (const one of words) expect(one).toMatch(/a correction would fail: .* may not create configmaps; grant it/);
  });
});

describe('selectors that cannot be right are refused', () => {
  const within = (namespaceSelector: object): Json => ({
    objects: [{ name: 'x', namespaceSelector, template: configMap(undefined, 'x') }],
  });
  const expression = (key: string, operator: string, values?: string[]): object => ({
    matchExpressions: [{ key, operator, ...(values && { values }) }],
  });

  test.each<[string, Json, RegExp | undefined]>([
    ['In without values', within(expression('team', 'In', [])), /`In` and `NotIn` require `values`/],
    ['In with no values at all', within(expression('team', 'In')), /`In` and `NotIn` require `values`/],
    ['NotIn without values', within(expression('team', 'NotIn', [])), /`In` and `NotIn` require `values`/],
    ['Exists with values', within(expression('team', 'Exists', ['a'])), /`Exists` and `DoesNotExist` must have none/],
    ['Exists with an empty list', within(expression('team', 'Exists', [])), undefined],
    ['a key with a space', within(expression('my team', 'Exists')), /matchExpressions\[0\]\.key/],
    ['a key of a domain', within(expression('example.com/team', 'Exists')), undefined],
    ['a key with two slashes', within(expression('a/b/c', 'Exists')), /matchExpressions\[0\]\.key/],
    ['a value that no label has', within(expression('team', 'In', ['a b'])), /values\[0\]/],
    ['an empty value, which labels may have', within(expression('team', 'In', [''])), undefined],
    [
      'a label that cannot be',
      within({ matchLabels: { 'no such/la bel': 'x' } }),
      /a label key must consist of letters/,
    ],
    ['a label with a value that cannot be', within({ matchLabels: { team: '-a' } }), /matchLabels\.team/],
    ['labels as they are', within({ matchLabels: { 'kubernetes.io/metadata.name': 'one', team: '' } }), undefined],
    ['no names', within({ include: [] }), /include/],
    [
      'a selector of objects',
      { objects: [{ name: 'x', objectSelector: expression('a', 'In', []), template: configMap('one', 'x') }] },
      /require `values`/,
    ],
    [
      'a selector of a check',
      {
        checks: [
          { name: 'x', resource: { kind: 'Pod' }, objectSelector: expression('a', 'In', []), expression: 'true' },
        ],
      },
      /require `values`/,
    ],
  ])('%s', async (_, spec, message) => {
    const object = JSON.stringify(baselineOf('refused', spec));
    const { code, stderr } = await bed.kubectl.try(['create', '--dry-run=server', '--filename', '-'], object);
    if (message) expect(stderr).toMatch(message);
    else expect([code, stderr]).toEqual([0, '']);
  });
});

describe('a baseline that evaluated nothing', () => {
  const nowhere = { matchLabels: { nobody: 'has' } };
  test.each<[string, Json, string, RegExp]>([
    [
      'MustHave by a pattern that no object matches',
      { objects: [{ name: 'x', template: configMap('one', 'no-such-*') }] },
      'Unknown',
      /^nothing was evaluated: x: it applies to no ConfigMap; compare it with `kubectl get configmaps --all-namespaces --show-labels`/,
    ],
    [
      'MustHave by labels that no object has',
      { objects: [{ name: 'x', objectSelector: nowhere, template: configMap('one', undefined) }] },
      'Unknown',
      /^nothing was evaluated/,
    ],
    [
      'MustHave in no namespace',
      { objects: [{ name: 'x', namespaceSelector: nowhere, template: configMap(undefined, 'x') }] },
      'Unknown',
      /matches no namespace/,
    ],
    [
      'MustNotHave in no namespace',
      {
        objects: [{ name: 'x', match: 'MustNotHave', namespaceSelector: nowhere, template: configMap(undefined, 'x') }],
      },
      'Unknown',
      /^nothing was evaluated: x: namespaceSelector matches no namespace/,
    ],
    [
      'MustNotHave of what is not there',
      { objects: [{ name: 'x', match: 'MustNotHave', template: configMap('one', 'no-such-*') }] },
      'True',
      /^no forbidden object exists$/,
    ],
    [
      'an expression over nothing',
      { checks: [{ name: 'x', resource: { kind: 'ConfigMap' }, objectSelector: nowhere, expression: 'true' }] },
      'Unknown',
      /^nothing was evaluated/,
    ],
    [
      'an expression in no namespace',
      { checks: [{ name: 'x', resource: { kind: 'ConfigMap' }, namespaceSelector: nowhere, expression: 'true' }] },
      'Unknown',
      /matches no namespace/,
    ],
    ['nothing at all', { objects: [] }, 'Unknown', /^nothing was evaluated: declare `objects` or `checks`$/],
    [
      'something beside nothing',
      {
        objects: [
          { name: 'x', template: configMap('one', 'no-such-*') },
          { name: 'y', template: configMap('one', 'settings') },
        ],
      },
      'True',
      /^1 object complies$/,
    ],
  ])('%s', async (what, spec, status, message) => {
    const name = `nothing-${what.toLowerCase().replaceAll(/\W+/g, '-')}`;
    await declare(name, spec);
    const seen = await evaluated(name);
    expect(conditionOf(seen, 'Compliant')).toMatchObject({ status, message: expect.stringMatching(message) });
  });
});

describe('a status, which no write of a baseline changes', () => {
  const crd = (status: Json): Json => ({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'things.scope.example' },
    spec: {
      group: 'scope.example',
      scope: 'Namespaced',
      names: { kind: 'Thing', plural: 'things', singular: 'thing', listKind: 'ThingList' },
      versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }],
    },
    status,
  });
  const enforce = (template: Json): Json => ({ mode: 'Enforce', objects: [{ name: 'x', template }] });

  test.each<[string, Json]>([
    ['as generators write it', { acceptedNames: { kind: '', plural: '' }, conditions: [], storedVersions: [] }],
    ['with null', { acceptedNames: null, conditions: null, storedVersions: null }],
    ['empty', {}],
  ])('%s: no finding, and nothing is written', async (what, status) => {
    await bed.kubectl.apply(crd({}));
    const name = `status-${what.replaceAll(' ', '-')}`;
    await declare(name, enforce(crd(status)));
    const seen = await evaluated(name);
    expect(told(seen)).toEqual([]);
    expect(seen.status?.corrections).toBeUndefined();
  });

  test('with something that is not so: a finding, no correction, and nobody is blamed', async () => {
    await bed.kubectl.apply(crd({}));
    await declare('status-wish', enforce(crd({ storedVersions: ['v2'] })));
    const seen = await evaluated('status-wish', isCompliant('False'));
    expect(seen.status?.findings?.map(({ path }) => path)).toEqual(['status.storedVersions[-]']);
    expect(seen.status?.corrections).toBeUndefined();
    expect(conditionOf(seen, 'Contended')).toBeUndefined();
    expect(conditionOf(seen, 'CorrectionBlocked')).toBeUndefined();
  });

  test('beside something that can be corrected: that is corrected once', async () => {
    const deployment = (status: Json, replicas: number): Json => ({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'app', namespace: 'one' },
      spec: {
        replicas,
        selector: { matchLabels: { app: 'app' } },
        template: { metadata: { labels: { app: 'app' } }, spec: { containers: [{ name: 'app', image: 'app:1' }] } },
      },
      status,
    });
    await bed.kubectl.apply(deployment({}, 0));
    await declare('status-beside', enforce(deployment({ readyReplicas: 7 }, 2)));
    const seen = await evaluated(
      'status-beside',
      ({ status }) => status?.findings?.length === 1 && Boolean(status.corrections),
    );
    expect(seen.status?.findings?.map(({ path }) => path)).toEqual(['status.readyReplicas']);
    expect(seen.status?.corrections?.map(({ rounds }) => rounds)).toEqual([1]);
    expect(conditionOf(seen, 'Contended')).toBeUndefined();
  });

  test('the rules of a ClusterRole that a controller writes: the same', async () => {
    const role = (more: Json): Json => ({
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: { name: 'aggregated' },
      ...more,
    });
    await bed.kubectl.apply(role({ aggregationRule: { clusterRoleSelectors: [{ matchLabels: { nobody: 'has' } }] } }));
    await declare('aggregated', enforce(role({ rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }] })));
    const seen = await evaluated('aggregated', isCompliant('False'));
    expect(seen.status?.findings?.map(({ path }) => path)).toEqual(['aggregationRule']);
    expect(seen.status?.corrections).toBeUndefined();
  });
});

describe('fields that there are not', () => {
  const policy = (spec: Json, name = 'deny'): Json => ({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name, namespace: 'one' },
    spec,
  });
  const typo = { podSelectr: { matchLabels: { app: 'x' } }, policyTypes: ['Ingress'] };
  const message =
    'the template does not validate: spec.podSelectr: unknown field (did you mean podSelector?). Nothing is written';
  const readOnly = [{ apiGroups: ['*'], resources: ['*'], verbs: ['get', 'list', 'watch'] }];

  test.each<[string, Json, string]>([
    ['Inform, and the object is not there', { objects: [{ name: 'x', template: policy(typo) }] }, writer],
    [
      'Enforce, and the object is not there',
      { mode: 'Enforce', objects: [{ name: 'x', template: policy(typo) }] },
      writer,
    ],
    [
      'Enforce, and the object is there',
      { mode: 'Enforce', objects: [{ name: 'x', template: policy(typo, 'there') }] },
      writer,
    ],
    [
      'MustOnlyHave',
      { mode: 'Enforce', objects: [{ name: 'x', match: 'MustOnlyHave', template: policy(typo, 'there') }] },
      writer,
    ],
    [
      'MustNotHave, which no object would ever meet',
      { objects: [{ name: 'x', match: 'MustNotHave', template: policy(typo, '*') }] },
      writer,
    ],
    ['an account that may only read', { objects: [{ name: 'x', template: policy(typo, 'there') }] }, 'scope-reader'],
  ])('%s', async (what, spec, accountName) => {
    await bed.kubectl.apply(
      ...account('scope-reader', readOnly),
      policy({ podSelector: { matchLabels: { app: 'y' } } }, 'there'),
    );
    const version = () =>
      bed.kubectl.run(
        'get',
        'networkpolicy',
        'there',
        '--namespace',
        'one',
        '--output',
        'jsonpath={.metadata.resourceVersion}',
      );
    const before = await version();
    const name = `typo-${what.toLowerCase().replaceAll(/\W+/g, '-')}`;
    await declare(name, spec, accountName);
    const seen = await evaluated(name, isCompliant('Unknown'));
    expect(seen.status?.findings?.map((one) => one.message)).toEqual([message]);
    expect(await version()).toBe(before);
    expect(await bed.kubectl.run('get', 'networkpolicy', 'deny', '--namespace', 'one', '--ignore-not-found')).toBe('');
  });

  test('once it is mended, it is corrected', async () => {
    await declare('mended', { mode: 'Enforce', objects: [{ name: 'x', template: policy(typo, 'mended') }] });
    await evaluated('mended', isCompliant('Unknown'));
    await declare('mended', {
      mode: 'Enforce',
      objects: [
        {
          name: 'x',
          template: policy({ podSelector: { matchLabels: { app: 'x' } }, policyTypes: ['Ingress'] }, 'mended'),
        },
      ],
    });
    await evaluated('mended', isCompliant('True'));
  });
});

describe('two templates of a baseline about one object', () => {
  test.each([
    ['data', { a: 'right' }, { b: 'right' }],
    ['the same field', { a: 'right' }, { a: 'right', b: 'right' }],
    ['a field that one of them wants away', { a: 'right' }, { b: 'right', c: null }],
  ])(
    '%s: each is corrected once, and neither undoes the other',
    async (what, first, second) => {
      const name = `shared-${what.replaceAll(' ', '-')}`;
      await bed.kubectl.apply(configMap('one', name, { a: 'wrong', b: 'wrong', c: 'c', d: 'd' }));
      const objects = [first, second].map((data, at) => ({
        name: `item-${at}`,
        template: configMap('one', name, data),
      }));
      await declare(name, { mode: 'Enforce', objects });
      await evaluated(name, isCompliant('True'));
      // What was corrected stays so when something is corrected again.
      await bed.kubectl.apply(configMap('one', name, { a: 'wrong', c: 'c', d: 'd' }));
      const seen = await evaluated(
        name,
        ({ status }) => status?.corrections?.some(({ rounds }) => rounds === 2) ?? false,
      );
      await evaluated(name, isCompliant('True'));
      expect(conditionOf(seen, 'Contended')).toBeUndefined();
      const now = await bed.kubectl.run('get', 'configmap', name, '--namespace', 'one', '--output', 'jsonpath={.data}');
      expect(JSON.parse(now)).toEqual({ a: 'right', b: 'right', d: 'd', ...('c' in second ? {} : { c: 'c' }) });
    },
    180_000,
  );
});

describe('null, for what must not be there', () => {
  test.each<[string, Json, Json, string?]>([
    ['alone', { c: null }, { a: 'wrong', d: 'd' }],
    ['beside what differs', { a: 'right', c: null }, { a: 'right', d: 'd' }],
    ['of what is not there, beside what differs', { a: 'right', nothing: null }, { a: 'right', c: 'c', d: 'd' }],
    ['of everything that is there', { a: null, c: null, d: null }, {}],
    ['where nothing else may be', { a: 'right', c: null }, { a: 'right' }, 'MustOnlyHave'],
  ])('%s', async (what, declared, expected, match = 'MustHave') => {
    const name = `null-${what.replaceAll(/\W+/g, '-')}`;
    await bed.kubectl.apply(configMap('one', name, { a: 'wrong', c: 'c', d: 'd' }));
    await declare(name, {
      mode: 'Enforce',
      objects: [{ name: 'x', match, template: configMap('one', name, declared) }],
    });
    const seen = await evaluated(name, isCompliant('True'));
    expect(seen.status?.corrections?.map(({ rounds }) => rounds)).toEqual([1]);
    const now = await bed.kubectl.run('get', 'configmap', name, '--namespace', 'one', '--output', 'jsonpath={.data}');
    expect(JSON.parse(now || '{}')).toEqual(expected);
  });

  test('in an object that is made', async () => {
    await declare('null-made', {
      mode: 'Enforce',
      objects: [{ name: 'x', template: configMap('one', 'null-made', { a: 'right', c: null }) }],
    });
    await evaluated('null-made', isCompliant('True'));
    const now = await bed.kubectl.run(
      'get',
      'configmap',
      'null-made',
      '--namespace',
      'one',
      '--output',
      'jsonpath={.data}',
    );
    expect(JSON.parse(now)).toEqual({ a: 'right' });
  });
});

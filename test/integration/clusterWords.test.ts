/** What a ClusterBaseline says where it cannot be sure or cannot correct, and what it leaves to others: on the real apiserver. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ClusterBaseline } from '../../operator/api/v1alpha1/clusterBaseline.ts';
import type { ObjectTemplate } from '../../operator/api/v1alpha1/objectTemplate.ts';
import { apiVersion, conditionOf } from '../operator/bed.ts';
import { account, home, startClusterOnly, writer, type ClusterOnlyBed } from '../operator/clusterOnly.ts';
import { until } from '../operator/until.ts';
import { configMap, containersOf, deployment, metadata, type Json } from './clusterCase.ts';
import { inWay, leftToOthers, mustOnlyHave, nulls } from './wordCases.ts';

let bed: ClusterOnlyBed;
const reader = 'reader';

beforeAll(async () => {
  bed = await startClusterOnly();
  await bed.kubectl.apply(
    ...account(reader, [{ apiGroups: ['*'], resources: ['*'], verbs: ['get', 'list', 'watch'] }]),
  );
  await bed.operator();
}, 900_000);

afterAll(() => bed.stop(), 60_000);

let count = 0;

/** A namespace of its own; `NS` in objects stands for it. */
async function space(): Promise<{ name: string; named: <T>(value: T) => T }> {
  const name = `words-${(count += 1)}`;
  await bed.kubectl.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  return { name, named: <T>(value: T): T => JSON.parse(JSON.stringify(value).replaceAll('NS', name)) as T };
}

function apply(object: object, manager = 'someone'): Promise<void> {
  return bed.kubectl.applyAs(manager, object);
}

type Item = Omit<ObjectTemplate, 'name' | 'template'> & { template: Json };
const declared = (name: string, item: Item, spec: object = {}, as = writer) => ({
  apiVersion,
  kind: 'ClusterBaseline',
  metadata: { name },
  spec: { serviceAccountRef: { namespace: home, name: as }, objects: [{ name: 'item', ...item }], ...spec },
});

async function change(name: string, spec: object): Promise<void> {
  await bed.kubectl.merge('clusterbaseline', name, { spec });
}

function when(name: string, is: (seen: ClusterBaseline) => boolean): Promise<ClusterBaseline> {
  const get = () => bed.kubectl.get<ClusterBaseline>('clusterbaseline', name);
  return until(
    `${name} is as asked`,
    async () => {
      const seen = await get();
      return seen?.status?.observedGeneration === seen?.metadata.generation && seen && is(seen) ? seen : undefined;
    },
    { seconds: 30, seen: async () => (await get())?.status },
  );
}

const holds = (seen: ClusterBaseline) => conditionOf(seen, 'Compliant')?.status === 'True';
const drifts = (seen: ClusterBaseline) => conditionOf(seen, 'Compliant')?.status === 'False';
const told = ({ status }: ClusterBaseline): Record<string, string> =>
  Object.fromEntries((status?.findings ?? []).map(({ path = '', message = '' }) => [path, message]));
const live = async (object: Json): Promise<Json> => {
  const { name, namespace } = object['metadata'] as { name: string; namespace?: string };
  return (await bed.kubectl.get<Json>(String(object['kind']), name, namespace))!;
};

// kubernetes/kubernetes#88975: the apiserver reads what is applied as YAML, which is not all of JSON.
describe('characters that YAML does not have', () => {
  const odd = 'a\u007fb\u0085c\u009b2Jd\u2028e\u2029f\ufeffg\ufffeh\uffff';

  test('are corrected to what is declared, and are the same afterwards', async () => {
    const { name, named } = await space();
    await apply(named(configMap({ odd: 'another' })));
    await apply(declared(name, { template: named(configMap({ odd })) }, { mode: 'Enforce' }));
    const { status } = await when(name, holds);
    expect(status?.corrections?.map(({ rounds }) => rounds)).toEqual([1]);
    expect(await live(named(configMap({})))).toMatchObject({ data: { odd } });
  });

  test('in a message, which whoever may write an object chooses, do not keep a baseline as it was', async () => {
    const { name, named } = await space();
    const check = {
      name: 'odd',
      resource: { kind: 'ConfigMap' },
      namespaceSelector: { include: [name] },
      expression: '!has(object.data.odd)',
      messageExpression: "'it is ' + object.data.odd",
    };
    await apply(named(configMap({ other: 'x' })));
    await apply({
      apiVersion,
      kind: 'ClusterBaseline',
      metadata: { name },
      spec: { serviceAccountRef: { namespace: home, name: writer }, checks: [check] },
    });
    await when(name, holds);
    await apply(named(configMap({ odd })));
    const { status } = await when(name, drifts);
    expect(status?.findings).toMatchObject([{ found: expect.stringMatching(/^it is a\\u007fb\\u0085c\\u009b2Jd/) }]);
  });
});

// kubernetes/kubernetes#129456: kubectl removes it before the apiserver sees it.
test('null in a template that kubectl apply removed is no pass, and is there with --server-side', async () => {
  const { name, named } = await space();
  await apply(named(configMap({ debug: 'on', level: '1' })));
  const template = { apiVersion: 'v1', kind: 'ConfigMap', metadata: metadata('settings'), data: { debug: null } };
  const text = JSON.stringify(declared(name, { template: named(template) }));
  const { code } = await bed.kubectl.try(['apply', '--filename', '-'], text);
  expect(code).toBe(0);
  const { status } = await when(name, (seen) => conditionOf(seen, 'Compliant')?.reason !== undefined);
  expect(status?.findings).toMatchObject([
    {
      result: 'Unknown',
      message: expect.stringContaining('kubectl removed what the template has as null (data.debug)'),
    },
  ]);
  expect((await bed.kubectl.try(['apply', '--server-side', '--filename', '-'], text)).code).toBe(0);
  expect((await when(name, drifts)).status?.findings).toMatchObject([{ path: 'data.debug', found: '"on"' }]);
});

describe('null in a template takes away what is there, with the rest, at once', () => {
  test.each(Object.entries(nulls))('%s', async (_, { given, template, becomes }) => {
    const { name, named } = await space();
    await apply(named(given));
    await apply(declared(name, { template: named(template) }, { mode: 'Enforce' }));
    await when(name, holds);
    expect((await live(named(given)))['spec']).toMatchObject(becomes);
    const { status } = await when(name, holds);
    expect(status?.corrections?.map(({ rounds }) => rounds)).toEqual([1]);
  });

  test('what is not there is not written', async () => {
    const { name, named } = await space();
    const given = named(deployment());
    await apply(given);
    const before = await live(given);
    const template = named(
      containersOf({ name: 'app', workingDir: null, securityContext: null, imagePullPolicy: null }),
    );
    await apply(declared(name, { template }, { mode: 'Enforce' }));
    expect((await when(name, holds)).status?.corrections ?? []).toEqual([]);
    expect((await live(given))['metadata']).toEqual(before['metadata']);
  });
});

describe('what is in the way of an apply is a finding of its own, in Inform too', () => {
  test.each(Object.entries(inWay))('%s', async (_, { given, template, path, advice }) => {
    const { name, named } = await space();
    await apply(named(given));
    await apply(declared(name, { template: named(template) }));
    const messages = told(await when(name, drifts));
    expect(messages[path]).toMatch(advice);
    expect(Object.values(messages).join()).toMatch(/the apiserver would refuse the correction/);
  });
});

describe('what nobody can confirm says so', () => {
  const other = { template: configMap({ a: '2' }) };

  test('of an account that may only read', async () => {
    const { name, named } = await space();
    await apply(named(configMap({ a: '1' })));
    await apply(declared(name, named(other), {}, reader));
    const seen = await when(name, drifts);
    expect(told(seen)['data.a']).toMatch(/^not confirmed: ServiceAccount platform\/reader may not patch configmaps/);
    expect(conditionOf(seen, 'Compliant')?.message).toMatch(/1 not confirmed, see their findings/);
  });

  test('but what is missing is certain: only its correction is in doubt', async () => {
    const { name, named } = await space();
    await apply(declared(name, named(other), {}, reader));
    expect(told(await when(name, drifts))['']).toMatch(/^a correction would fail: .* may not create configmaps/);
  });

  test('nor is there any doubt where the apiserver was asked', async () => {
    const { name, named } = await space();
    await apply(named(configMap({ a: '1' })));
    await apply(declared(name, named(other)));
    expect(told(await when(name, drifts))).toEqual({ 'data.a': '' });
  });

  test('a field that cannot be changed is confirmed by what a new object would be', async () => {
    const { name, named } = await space();
    const another = { selector: { matchLabels: { app: 'b' } }, template: { metadata: { labels: { app: 'b' } } } };
    await apply(named(deployment()));
    await apply(
      declared(name, {
        template: named({
          ...deployment(),
          spec: {
            ...(deployment()['spec'] as object),
            ...another,
            template: { ...another.template, spec: { containers: [{ name: 'app', image: 'registry.example/app:1' }] } },
          },
        }),
      }),
    );
    expect(Object.values(told(await when(name, drifts)))[0]).toMatch(
      /^the apiserver would refuse the correction: .*immutable/,
    );
  });
});

describe('MustOnlyHave tells no default as drift, also where its correction is refused', () => {
  describe.each([writer, reader])('as %s', (as) => {
    test.each(Object.entries(mustOnlyHave))('%s', async (_, { given, template, paths }) => {
      const { name, named } = await space();
      await apply(named(given));
      await apply(declared(name, { match: 'MustOnlyHave', template: named(template) }, {}, as));
      if (!paths.length) await when(name, holds);
      else expect(Object.keys(told(await when(name, drifts))).sort()).toEqual(paths);
    });
  });
});

describe('ignored paths', () => {
  test.each(Object.entries(leftToOthers))('%s', async (_, { given, item, stays, becomes, ignored }) => {
    const { name, named } = await space();
    await apply(named(given));
    await apply(declared(name, named(item), { mode: 'Enforce' }));
    const seen = await when(name, holds);
    expect(await live(named(given))).toMatchObject(named({ ...stays, ...becomes }));
    expect(seen.status?.ignored).toEqual([{ check: 'item', path: ignored, objects: 1 }]);
    expect(conditionOf(seen, 'Compliant')?.message).toMatch(/except for ignored paths, see `status.ignored`/);
  });

  test('what the baseline itself wrote before it is ignored is not taken away by a later correction', async () => {
    const { name, named } = await space();
    const template = named({ ...deployment({ replicas: 3 }, { image: 'registry.example/app:2' }) });
    await apply(named(deployment({ replicas: 1 })));
    await apply(declared(name, { template }, { mode: 'Enforce' }));
    await when(name, holds);
    // Nobody else wrote the 3: an apply that leaves it out would make it 1.
    await change(name, { objects: [{ name: 'item', template, ignoredPaths: ['spec.replicas'] }] });
    await when(name, holds);
    await apply(named(deployment({}, { image: 'registry.example/app:3' })));
    await until('the image is corrected', async () =>
      JSON.stringify(await live(template)).includes('registry.example/app:2') ? true : undefined,
    );
    expect((await live(template))['spec']).toMatchObject({ replicas: 3 });
  });

  test('are sent when the object is made', async () => {
    const { name, named } = await space();
    const template = named(configMap({ a: '1', b: '2' }));
    await apply(declared(name, { template, ignoredPaths: ['data.b'] }, { mode: 'Enforce' }));
    await when(name, holds);
    expect((await live(template))['data']).toEqual({ a: '1', b: '2' });
  });

  test.each<[string, boolean, string?]>([
    ['spec.replicas', true],
    ['metadata.labels.app', true],
    ['metadata.annotations["example.com/owner"]', true],
    ['spec.template.spec.containers[name=app].image', true],
    ['spec.ports[port=80,protocol=TCP].nodePort', true],
    ['webhooks[*].clientConfig.caBundle', true],
    ['status', true],
    ['metadata', false],
    ['metadata.name', false],
    ['metadata["name"]', false],
    ['metadata.namespace', false],
    ['kind', false],
    ['apiVersion', false],
    ['', false],
    ['spec..replicas', false],
    ['spec.containers[', false],
    ['/spec/replicas', false],
    ['.spec.replicas', false],
  ])('%j: admitted %s', async (path, isAdmitted) => {
    const object = declared('syntax', { template: configMap({ a: '1' }), ignoredPaths: [path] });
    const { code } = await bed.kubectl.try(['create', '--dry-run=server', '-f', '-'], JSON.stringify(object));
    expect(code === 0).toBe(isAdmitted);
  });

  test('say nothing of what must not be', async () => {
    const object = declared('not', { match: 'MustNotHave', template: configMap({ a: '1' }), ignoredPaths: ['data.a'] });
    const { stderr } = await bed.kubectl.try(['create', '--dry-run=server', '-f', '-'], JSON.stringify(object));
    expect(stderr).toMatch(/remove the field from the template instead/);
  });

  test.each([
    ['spec.replica', /did you mean replicas\?/],
    ['spec.template.spec.containers[name=app].name', /name identifies the items of the list/],
    ['spec.template.spec.containers[0].image', /identified by name, not by position/],
  ])('that cannot be stall the baseline: %s', async (path, expected) => {
    const { name, named } = await space();
    await apply(declared(name, { template: named(deployment()), ignoredPaths: [path] }));
    const seen = await when(name, (one) => conditionOf(one, 'Stalled') !== undefined);
    expect(conditionOf(seen, 'Stalled')?.message).toMatch(expected);
  });
});

describe('what goes with a baseline', () => {
  test('what an older version wrote does not say for which baseline: a person is told, and nothing is deleted', async () => {
    const { name, named } = await space();
    const [old, mine, theirs] = ['old', 'settings', 'theirs'].map((one) =>
      named({ ...configMap({ a: '1' }), metadata: metadata(one) }),
    );
    await apply(old!, 'holdfast');
    await apply(mine!, `holdfast:${name}/settings`);
    await apply(theirs!);
    const objects = ['old', 'settings', 'theirs'].map((one) => ({
      name: one,
      template: named({ ...configMap({ a: '1' }), metadata: metadata(one) }),
    }));
    await apply({
      ...declared(name, { template: {} }),
      spec: { serviceAccountRef: { namespace: home, name: writer }, objects, prune: 'All' },
    });
    await when(name, holds);
    await bed.kubectl.run('delete', 'clusterbaseline', name, '--wait=false');
    const stuck = await until('it says what it cannot know', async () => {
      const seen = await bed.kubectl.get<ClusterBaseline>('clusterbaseline', name);
      return conditionOf(seen, 'Ready')?.reason === 'PruneFailed' ? seen : undefined;
    });
    expect(conditionOf(stuck, 'Ready')?.message).toBe(
      `configmap/${name}/old was written by an older version (field manager holdfast), which did not record for which baseline; delete it manually, or set \`prune: Created\` to keep it`,
    );
    const left = async () =>
      (await bed.kubectl.run('get', 'configmaps', '-n', name, '-o', 'name')).match(/old|settings|theirs/g);
    expect(await left()).toEqual(['old', 'theirs']);
    await change(name, { prune: 'Created' });
    await until('it is gone', async () => !(await bed.kubectl.get('clusterbaseline', name)));
    expect(await left()).toEqual(['old', 'theirs']);
  });
});

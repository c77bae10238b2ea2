/**
 * A correction changes nothing that did not differ: by chance, over objects of ten kinds on a real apiserver. What was before and after is
 * compared as the apiserver wrote it, number by number in its own digits, so that nothing of the operator is believed.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ClusterBaseline } from '../../operator/api/v1alpha1/clusterBaseline.ts';
import type { ObjectTemplate } from '../../operator/api/v1alpha1/objectTemplate.ts';
import type { Resource } from '../../operator/api/v1alpha1/shared.ts';
import { confirm } from '../../operator/drift/clusterBaseline/confirm.ts';
import { suspect } from '../../operator/drift/clusterBaseline/suspicion.ts';
import { problemsOf } from '../../operator/drift/objects/problems.ts';
import { schemaOf, type FieldSchema } from '../../operator/drift/objects/schema.ts';
import { Followers, writeAs } from '../../operator/runtime/accountReader.ts';
import { Client } from '../../operator/runtime/client.ts';
import { connectionOf } from '../../operator/runtime/connection.ts';
import { Discovery } from '../../operator/runtime/discovery.ts';
import type { Kind } from '../../operator/api/kind.ts';
import type { AccountReader } from '../../operator/runtime/feature.ts';
import { Http } from '../../operator/runtime/http.ts';
import { keyOf } from '../../operator/runtime/identity.ts';
import { objectPath } from '../../operator/runtime/paths.ts';
import { systemClock } from '../../operator/runtime/clock.ts';
import { numbers } from '../builders/seeded.ts';
import { apiVersion, conditionOf } from '../operator/bed.ts';
import { home, startClusterOnly, writer, type ClusterOnlyBed } from '../operator/clusterOnly.ts';
import { until } from '../operator/until.ts';
import { definitions, sampleOf, type Sample } from './randomObjects.ts';

/** HOLDFAST_TEST_OBJECTS says another number; each kind has its share. */
const count = Number(process.env['HOLDFAST_TEST_OBJECTS'] ?? 1000);
const atOnce = 16;
const namespace = 'samples';

let bed: ClusterOnlyBed;
let http: Http;
let client: Client;
let account: AccountReader;

beforeAll(async () => {
  bed = await startClusterOnly();
  await bed.kubectl.apply(...definitions, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  const connection = await connectionOf(bed.cluster.kubeconfig);
  http = new Http(connection, { timeoutSeconds: 60, userAgent: 'holdfast-test' });
  client = new Client(connection, { timeoutSeconds: 60 });
  const discovery = new Discovery(client, systemClock);
  const services = { client, discovery, caches: undefined, following: undefined } as never;
  account = new Followers(services).reader('test', () => undefined).as({ namespace: home, name: writer });
  await until(
    'the kinds are served',
    async () =>
      (await account.kindOf('numbers.example', 'v1', 'Free')) &&
      (await schemaFor(await kindOf('numbers.example/v1', 'Typed'))),
  );
}, 900_000);

afterAll(async () => {
  await client.close();
  await http.close();
  await bed.stop();
}, 60_000);

const schemas = new Map<string, Promise<FieldSchema | undefined>>();

function schemaFor(kind: Kind): Promise<FieldSchema | undefined> {
  const id = `${kind.group}/${kind.version}/${kind.kind}`;
  const known =
    schemas.get(id) ?? account.openApi(kind.group, kind.version).then((document) => schemaOf(document, kind));
  schemas.set(id, known);
  void known.then((schema) => schema ?? schemas.delete(id));
  return known;
}

async function kindOf(version: string, kind: string): Promise<Kind> {
  const [first = '', second] = version.split('/');
  const found = await account.kindOf(second === undefined ? '' : first, second ?? first, kind);
  if (!found) throw new Error(`there is no ${kind}`);
  return found;
}

/** The object in the apiserver's own words. */
async function wordsOf(kind: Kind, object: Pick<Resource, 'metadata'>): Promise<string> {
  const chunks: Buffer[] = [];
  await http.stream({ verb: 'get', method: 'GET', path: objectPath(kind, keyOf(object)) }, (chunk) =>
    chunks.push(chunk),
  );
  return Buffer.concat(chunks).toString('utf8');
}

/** Each scalar and each empty object or list by its JSON pointer, as it is written. */
function leavesOf(text: string): Map<string, string> {
  const leaves = new Map<string, string>();
  const sources = JSON as unknown as {
    parse(
      text: string,
      revive: (this: object, key: string, value: unknown, context: { source?: string }) => unknown,
    ): unknown;
  };
  const tree = sources.parse(text, (_, value, { source }) =>
    typeof value === 'object' && value !== null ? value : { source },
  );
  const walk = (value: unknown, pointer: string): void => {
    const { source } = value as { source?: unknown };
    if (typeof source === 'string' && Object.keys(value as object).length === 1)
      return void leaves.set(pointer, source);
    const members = Object.entries(value as object);
    if (members.length === 0) leaves.set(pointer, Array.isArray(value) ? '[]' : '{}');
    for (const [name, member] of members)
      walk(member, `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`);
  };
  walk(tree, '');
  return leaves;
}

/** What every write changes. */
const bookkeeping = /^\/metadata\/(resourceVersion|generation|managedFields)(\/|$)|^\/status(\/|$)/;

async function correct({ object, template, match, wanted }: Sample): Promise<void> {
  const kind = await kindOf(object.apiVersion, object.kind);
  await client.create(kind, object, { manager: 'somebody' });
  const before = leavesOf(await wordsOf(kind, object));
  const live = (await client.get<Resource>(kind, keyOf(object)))!;
  const schema = await schemaFor(kind);
  const item = { name: 'sample', match, template } as unknown as ObjectTemplate;
  expect(problemsOf(template, schema, match)).toEqual([]);
  const suspicion = suspect(item, live, schema, () => '(concealed)');
  if (suspicion.is === 'holds') throw new Error(`the change is not seen: ${object.metadata.name}`);
  const { namespace: within = '', name } = object.metadata;
  const evaluated = await confirm(suspicion, {
    item,
    kind,
    spot: { namespace: within, name, object: live },
    schema,
    baseline: { name: 'samples', uid: 'u' },
    account,
    accountName: 'writer',
    conceal: () => '(concealed)',
    signal: new AbortController().signal,
  });
  if (evaluated === 'holds' || evaluated.is !== 'fails' || !evaluated.fix || evaluated.fix.obstacle !== undefined)
    throw new Error(`no correction of ${object.kind} ${name}: ${JSON.stringify(evaluated)}`);
  await writeAs(client, kind, evaluated.fix.write, { signal: new AbortController().signal, how: 'strict' });
  const after = leavesOf(await wordsOf(kind, object));
  for (const [pointer, text] of wanted) expect([pointer, after.get(pointer)]).toEqual([pointer, text]);
  const changed = [...new Set([...before.keys(), ...after.keys()])].filter(
    (pointer) => !bookkeeping.test(pointer) && before.get(pointer) !== after.get(pointer) && !isWanted(pointer, wanted),
  );
  expect({
    name,
    kind: object.kind,
    match,
    changed: changed.map((one) => `${one}: ${before.get(one)} → ${after.get(one)}`),
  }).toEqual({
    name,
    kind: object.kind,
    match,
    changed: [],
  });
}

/** Where something is put, an empty object may have been, or nothing. */
function isWanted(pointer: string, wanted: Sample['wanted']): boolean {
  return [...wanted.keys()].some((one) => one === pointer || one.startsWith(`${pointer}/`));
}

test(`a correction changes nothing that did not differ: ${count} objects of ten kinds`, async () => {
  const chance = numbers(20_260_101);
  const samples = Array.from({ length: count }, (_, at) => sampleOf(chance, at, namespace));
  const faults: unknown[] = [];
  const lanes = Array.from({ length: atOnce }, async () => {
    for (let sample = samples.pop(); sample; sample = samples.pop())
      await correct(sample).catch((error: unknown) => faults.push((error as Error).stack));
  });
  await Promise.all(lanes);
  expect(faults.slice(0, 5)).toEqual([]);
}, 900_000);

describe('a baseline over whole numbers beyond 2^53', () => {
  const free = (name: string, spec: string): string =>
    `{"apiVersion":"numbers.example/v1","kind":"Free","metadata":{"name":"${name}","namespace":"${namespace}"},"spec":${spec}}`;

  const given = async (text: string): Promise<void> => {
    const { code, stderr } = await bed.kubectl.try(['apply', '--server-side', '--filename', '-'], text);
    if (code !== 0) throw new Error(stderr);
  };
  const declare = (name: string, spec: string): Promise<void> =>
    given(
      `{"apiVersion":"${apiVersion}","kind":"ClusterBaseline","metadata":{"name":"${name}"},"spec":{"serviceAccountRef":{"namespace":"${home}","name":"${writer}"},${spec}}}`,
    );
  const evaluated = (name: string): Promise<ClusterBaseline> =>
    until(
      `${name} is evaluated`,
      async () => {
        const seen = await bed.kubectl.get<ClusterBaseline>('clusterbaseline', name);
        return seen?.status?.observedGeneration === seen?.metadata.generation ? seen : undefined;
      },
      { seconds: 60, seen: async () => (await bed.kubectl.get<ClusterBaseline>('clusterbaseline', name))?.status },
    );
  const raw = (name: string): Promise<string> =>
    bed.kubectl.run('get', '--raw', `/apis/numbers.example/v1/namespaces/${namespace}/frees/${name}`);

  beforeAll(async () => {
    await bed.operator();
    await given(
      free(
        'numbers',
        '{"n":9007199254740993,"low":-9007199254740993,"f":1e300,"one":1.0,"list":[9007199254740995],"other":"x"}',
      ),
    );
  }, 120_000);

  test.each([
    ['the same', '{"n":9007199254740993}', []],
    ['the one before', '{"n":9007199254740992}', ['spec.n: 9007199254740992 → 9007199254740993']],
    ['the one after', '{"n":9007199254740994}', ['spec.n: 9007199254740994 → 9007199254740993']],
    ['a negative one', '{"low":-9007199254740992}', ['spec.low: -9007199254740992 → -9007199254740993']],
    ['one in a list', '{"list":[9007199254740996]}', ['spec.list[0]: 9007199254740996 → 9007199254740995']],
    ['text for a number', '{"n":"9007199254740993"}', ['spec.n: "9007199254740993" → 9007199254740993']],
    ['doubles, and whole ones', '{"f":1e300,"one":1}', []],
  ])('MustHave: %s', async (what, spec, expected) => {
    const name = `must-have-${what.replaceAll(/\W+/g, '-')}`;
    await declare(name, `"objects":[{"name":"free","template":${free('numbers', spec)}}]`);
    const { status } = await evaluated(name);
    expect((status?.findings ?? []).map(({ path, expected: one, found }) => `${path}: ${one} → ${found}`)).toEqual(
      expected,
    );
  });

  test.each([
    ['the same', '{"n":9007199254740993}', 1],
    ['the one before', '{"n":9007199254740992}', 0],
    ['the one after', '{"n":9007199254740994}', 0],
    ['one in a list', '{"list":[9007199254740995]}', 1],
  ])('MustNotHave: %s', async (what, spec, drifted) => {
    const name = `must-not-have-${what.replaceAll(/\W+/g, '-')}`;
    await declare(name, `"objects":[{"name":"free","match":"MustNotHave","template":${free('numbers', spec)}}]`);
    expect((await evaluated(name)).status?.objects?.drifted).toBe(drifted);
  });

  test.each([
    ['object.spec.n == 9007199254740993', 'True'],
    ['object.spec.n == 9007199254740992', 'False'],
    ['object.spec.n + 1 == 9007199254740994', 'True'],
    ['object.spec.n > 9007199254740992 && string(object.spec.n) == "9007199254740993"', 'True'],
    ['object.spec.low < -9007199254740992', 'True'],
    ['object.spec.list.exists(one, one == 9007199254740995)', 'True'],
    ['object.spec.f > 1e299', 'True'],
  ])('CEL: %s', async (expression, status) => {
    const name = `cel-${Buffer.from(expression).toString('hex').slice(0, 40)}-${expression.length}`;
    const resource = '"resource":{"group":"numbers.example","kind":"Free"}';
    const scope = `"namespaceSelector":{"include":["${namespace}"]},"objectSelector":{"matchLabels":{"numbers":"yes"}}`;
    await bed.kubectl.run(
      'label',
      '--overwrite',
      '--namespace',
      namespace,
      'frees.numbers.example',
      'numbers',
      'numbers=yes',
    );
    await declare(name, `"checks":[{"name":"n",${resource},${scope},"expression":${JSON.stringify(expression)}}]`);
    expect(conditionOf(await evaluated(name), 'Compliant')?.status).toBe(status);
  });

  test('Enforce of another field leaves them as they are, and says the truth', async () => {
    await declare(
      'enforced',
      `"mode":"Enforce","objects":[{"name":"free","template":${free('numbers', '{"n":9007199254740993,"other":"y"}')}}]`,
    );
    const text = await until('it is corrected', async () => {
      const now = await raw('numbers');
      return now.includes('"other":"y"') ? now : undefined;
    });
    for (const number of ['"n":9007199254740993', '"low":-9007199254740993', '"f":1e+300', '"list":[9007199254740995]'])
      expect(text).toContain(number);
  });

  test('an object that is missing is made with them', async () => {
    await declare(
      'made',
      `"mode":"Enforce","objects":[{"name":"free","template":${free('made', '{"n":9223372036854775807,"deep":{"n":-9223372036854775808}}')}}]`,
    );
    const text = await until('it is made', () => raw('made').catch(() => undefined));
    for (const number of ['"n":9223372036854775807', '"deep":{"n":-9223372036854775808}'])
      expect(text).toContain(number);
  });
});

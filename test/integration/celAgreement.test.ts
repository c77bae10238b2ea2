/** A real apiserver says the same as our evaluator: of expressions without objects, and of expressions over objects as the cache holds them. */
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { Resource } from '../../operator/api/v1alpha1/shared.ts';
import { compile, type Result } from '../../operator/cel/compile.ts';
import { Cache } from '../../operator/runtime/cache.ts';
import { Client } from '../../operator/runtime/client.ts';
import { connectionOf } from '../../operator/runtime/connection.ts';
import type { Kind } from '../../operator/api/kind.ts';
import { aboutObjects, failing, holding, refused } from '../builders/celCases.ts';
import { startCluster, type Cluster } from '../cluster/cluster.ts';
import { until } from '../operator/until.ts';
import { asked, celKinds, celObjects } from './celObjects.ts';
import { CelPolicies } from './celPolicies.ts';

jest.setTimeout(120_000);

let cluster: Cluster;
let client: Client;
let withoutObjects: CelPolicies;
let overObjects: CelPolicies;

beforeAll(async () => {
  cluster = await startCluster({ controllerManager: false });
  const connection = await connectionOf(cluster.kubeconfig);
  client = new Client(connection, { timeoutSeconds: 60 });
  for (const { kind, object } of celObjects)
    await until(`there is ${kind.kind} ${object.metadata.name}`, () =>
      client.apply(kind, { ...object }, { manager: 'somebody' }).then(
        () => true,
        (error: unknown) => {
          // A kind that was just defined is not there at once.
          if (/404|not found|could not find/i.test(String(error))) return undefined;
          throw error;
        },
      ),
    );
  withoutObjects = new CelPolicies(connection, 'plain', [...holding, ...failing]);
  overObjects = new CelPolicies(connection, 'object', aboutObjects);
}, 900_000);

afterAll(async () => {
  await withoutObjects?.close();
  await overObjects?.close();
  await client?.close();
  await cluster?.stop();
}, 60_000);

describe('expressions without objects', () => {
  test('hold, or have no value', async () => {
    const { kind, object } = asked[0]!;
    const current = await live(kind, object);
    await withoutObjects.open(client, kind, current);
    const theirs = await withoutObjects.verdicts(kind, current);
    expect([...theirs]).toEqual([
      ...holding.map((expression) => [expression, 'holds']),
      ...failing.map((expression) => [expression, 'error']),
    ]);
  });

  test('are refused', async () => {
    const taken: string[] = [];
    for (const expression of refused) if (await withoutObjects.takes(expression)) taken.push(expression);
    expect(taken).toEqual([]);
    expect(await withoutObjects.takes('1 < 2')).toBe(true);
  });
});

describe('expressions over objects of the cache', () => {
  beforeAll(async () => {
    const { kind, object } = asked[0]!;
    await overObjects.open(client, kind, await live(kind, object));
  });

  test.each(asked.map((one) => [`${one.kind.kind} ${one.object.metadata.name}`, one] as const))(
    '%s',
    async (_, { kind, object }) => {
      const [cached, namespaceObject] = await Promise.all([
        heard(kind, object.metadata),
        object.metadata.namespace ? heard(celKinds.Namespace, { name: object.metadata.namespace }) : undefined,
      ]);
      const theirs = await overObjects.verdicts(kind, await live(kind, object));
      const verdicts = aboutObjects.map((expression) => [expression, ours(expression, cached, namespaceObject)]);
      expect(verdicts).toEqual([...theirs]);
      // Whatever the object, expressions tell something of it.
      expect(new Set(theirs.values())).toEqual(new Set(['holds', 'fails', 'error']));
    },
  );
});

function ours(expression: string, object: Resource, namespaceObject: Resource | undefined): Result['is'] {
  const compiled = compile({ expression });
  if (compiled.is === 'invalid') throw new Error(compiled.message);
  return compiled.program.run({ object, namespaceObject }).is;
}

/** The object as a cache holds it that heard the list of the apiserver. */
async function heard(kind: Kind, { namespace = '', name }: Resource['metadata']): Promise<Resource> {
  const cache = new Cache(kind, {
    onFault: (error) => {
      throw error;
    },
  });
  const { items, resourceVersion } = await listed(kind, namespace);
  cache.beginList(0);
  for (const item of items) cache.listed(item);
  cache.endList(resourceVersion);
  return cache.get({ namespace, name })!;
}

async function live(kind: Kind, { metadata }: Resource): Promise<Resource> {
  const { items } = await listed(kind, metadata.namespace ?? '');
  const found = items.find(({ metadata: { name } }) => name === metadata.name)!;
  const apiVersion = kind.group ? `${kind.group}/${kind.version}` : kind.version;
  return { ...found, apiVersion, kind: kind.kind };
}

function listed(kind: Kind, namespace: string) {
  return client.list(kind, namespace, '', { signal: new AbortController().signal });
}

/**
 * A real apiserver says the same as our evaluator: of expressions without objects, and of expressions over objects as the cache holds them.
 * One ValidatingAdmissionPolicy has a validation for each expression; which of them is asked, a request says by its field manager.
 */
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { compile, type Answer } from '../../operator/cel/compile.ts';
import { Cache } from '../../operator/runtime/cache.ts';
import { Client, type Body } from '../../operator/runtime/client.ts';
import { connectionOf } from '../../operator/runtime/connection.ts';
import type { Resource } from '../../operator/api/v1alpha1/shared.ts';
import type { Kind } from '../../operator/runtime/feature.ts';
import { Http } from '../../operator/runtime/http.ts';
import { objectPath } from '../../operator/runtime/paths.ts';
import { aboutObjects, failing, holding, refused } from '../builders/celCases.ts';
import { startCluster, type Cluster } from '../cluster/cluster.ts';
import { until } from '../operator/until.ts';
import { celKinds, celObjects } from './celObjects.ts';

jest.setTimeout(120_000);

const policies: Kind = kindOf('admissionregistration.k8s.io', 'ValidatingAdmissionPolicy', false);
const bindings: Kind = kindOf('admissionregistration.k8s.io', 'ValidatingAdmissionPolicyBinding', false);
const sentinel = 'sentinel';

let cluster: Cluster;
let http: Http;
let client: Client;

beforeAll(async () => {
  cluster = await startCluster({ controllerManager: false });
  const connection = await connectionOf(cluster.kubeconfig);
  http = new Http(connection, { timeoutSeconds: 60, userAgent: 'holdfast-test', connections: 16 });
  client = new Client(connection, { timeoutSeconds: 60 });
  for (const { kind, object } of celObjects)
    await until(`there is ${kind.kind} ${object.metadata.name}`, () =>
      client.apply(kind, object as Body, 'somebody').then(
        () => true,
        (error: unknown) => {
          // A kind that was just defined is not there at once.
          if (/404|not found|could not find/i.test(String(error))) return undefined;
          throw error;
        },
      ),
    );
  await client.apply(policies, policyOf([...holding, ...failing, ...aboutObjects]), 'test');
  await client.apply(bindings, named(bindings, { policyName: 'agreement', validationActions: ['Deny'] }), 'test');
  const [{ kind, object }] = celObjects as [(typeof celObjects)[number]];
  await until(
    'the policy is heeded',
    async () => (await told(kind, await live(kind, object), sentinel)) !== 'holds' || undefined,
  );
}, 900_000);

afterAll(async () => {
  await http?.close();
  await client?.close();
  await cluster?.stop();
}, 60_000);

describe('expressions without objects', () => {
  test.each([
    ['hold', holding, 'holds'],
    ['have no value', failing, 'error'],
  ])('%s', async (_, expressions, verdict) => {
    const { kind, object } = celObjects[0]!;
    const current = await live(kind, object);
    const said = await all(expressions, async (expression) => [expression, await told(kind, current, expression)]);
    expect(said).toEqual(expressions.map((expression) => [expression, verdict]));
  });

  test('are refused', async () => {
    const said = await all(refused, async (expression) => [expression, await takes(expression)]);
    expect(said).toEqual(refused.map((expression) => [expression, false]));
  });
});

describe('expressions over objects of the cache', () => {
  test.each(celObjects.map((one) => [`${one.kind.kind} ${one.object.metadata.name}`, one] as const))(
    '%s',
    async (_, { kind, object }) => {
      const current = await live(kind, object);
      const [cached, namespaceObject] = await Promise.all([
        heard(kind, object.metadata),
        object.metadata.namespace ? heard(celKinds.Namespace, { name: object.metadata.namespace }) : undefined,
      ]);
      const theirs = await all(aboutObjects, async (expression) => [expression, await told(kind, current, expression)]);
      expect(aboutObjects.map((expression) => [expression, ours(expression, cached, namespaceObject)])).toEqual(theirs);
      // Whatever the object, expressions tell something of it.
      expect(new Set(theirs.map(([, verdict]) => verdict))).toEqual(new Set(['holds', 'fails', 'error']));
    },
  );
});

function ours(expression: string, object: Resource, namespaceObject: Resource | undefined): Answer['is'] {
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
  const { items, resourceVersion } = await client.list(kind, namespace, '', new AbortController().signal);
  cache.beginList(0);
  for (const item of items) cache.listed(item);
  cache.endList(resourceVersion);
  return cache.get({ namespace, name })!;
}

async function live(kind: Kind, { metadata }: Pick<Resource, 'metadata'>): Promise<Resource> {
  const path = objectPath(kind, { namespace: metadata.namespace ?? '', name: metadata.name });
  return http.json<Resource>({ verb: 'get', method: 'GET', path });
}

/** What the apiserver says when the object is put back as it is: the policy looks at it, and nothing is stored. */
async function told(kind: Kind, object: Resource, expression: string): Promise<Answer['is']> {
  const { namespace = '', name } = object.metadata;
  const path = `${objectPath(kind, { namespace, name })}?dryRun=All&fieldManager=${nameOf(expression)}`;
  try {
    await http.json({ verb: 'update', method: 'PUT', path, body: object });
    return 'holds';
  } catch (error) {
    const text = String(error);
    if (/denied request: it does not hold/.test(text)) return 'fails';
    if (/resulted in error:/.test(text)) return 'error';
    throw error;
  }
}

/** Whether the apiserver takes a policy of that expression. */
async function takes(expression: string): Promise<boolean> {
  const body = { ...policyOf([expression]), metadata: { name: 'refused' } };
  const path = `/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies?dryRun=All`;
  try {
    await http.json({ verb: 'create', method: 'POST', path, body });
    return true;
  } catch (error) {
    if (/spec\.validations\[1\]\.expression: Invalid value/.test(String(error))) return false;
    throw error;
  }
}

/** Each validation applies to the requests of one field manager alone. */
function policyOf(expressions: readonly string[]) {
  return named(policies, {
    failurePolicy: 'Fail',
    matchConstraints: {
      resourceRules: [{ apiGroups: ['*'], apiVersions: ['*'], operations: ['UPDATE'], resources: ['*'] }],
    },
    matchConditions: [{ name: 'asked', expression: "request.options.?fieldManager.orValue('').startsWith('cel-')" }],
    validations: [sentinelValidation, ...expressions.map(validationOf)],
  });
}

const sentinelValidation = {
  expression: `request.options.fieldManager != '${nameOf(sentinel)}'`,
  message: 'it does not hold',
};

function validationOf(expression: string) {
  return {
    expression: `request.options.fieldManager != '${nameOf(expression)}' || (${expression})`,
    message: 'it does not hold',
  };
}

function nameOf(expression: string): string {
  const at = [...holding, ...failing, ...aboutObjects].indexOf(expression);
  return `cel-${expression === sentinel ? sentinel : at}`;
}

function named(kind: Kind, spec: object) {
  return { apiVersion: `${kind.group}/${kind.version}`, kind: kind.kind, metadata: { name: 'agreement' }, spec };
}

function kindOf(group: string, kind: string, namespaced: boolean): Kind {
  const plural = kind.endsWith('y') ? `${kind.slice(0, -1).toLowerCase()}ies` : `${kind.toLowerCase()}s`;
  return { group, version: 'v1', kind, plural, namespaced };
}

/** Sixteen at a time, in the order of the expressions. */
async function all<T>(expressions: readonly string[], ask: (expression: string) => Promise<T>): Promise<T[]> {
  const answers: T[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let at = next++; at < expressions.length; at = next++) answers[at] = await ask(expressions[at]!);
  };
  await Promise.all(Array.from({ length: 16 }, lane));
  return answers;
}

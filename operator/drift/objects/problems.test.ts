import { describe, expect, test } from '@jest/globals';
import { problemsOf } from './problems.ts';
import { schemaOf } from './schema.ts';

const text = { type: 'string' };
const int32 = { type: 'integer', format: 'int32' };
const int64 = { type: 'integer', format: 'int64' };
const refers = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const gvk = { group: 'example.com', version: 'v1', kind: 'Thing' };
const schemas = {
  'com.example.v1.Thing': {
    type: 'object',
    'x-kubernetes-group-version-kind': [gvk],
    properties: {
      apiVersion: text,
      kind: text,
      metadata: refers('meta.v1.ObjectMeta'),
      spec: refers('example.v1.Spec'),
      free: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true, properties: { known: int64 } },
    },
  },
  'meta.v1.ObjectMeta': {
    type: 'object',
    properties: {
      name: text,
      labels: { type: 'object', additionalProperties: text },
      finalizers: { type: 'array', items: text, 'x-kubernetes-list-type': 'set' },
    },
  },
  'example.v1.Spec': {
    type: 'object',
    properties: {
      replicas: int32,
      seconds: int64,
      ratio: { type: 'number' },
      paused: { type: 'boolean' },
      podSelector: { type: 'object' },
      serviceAccountName: text,
      port: { 'x-kubernetes-int-or-string': true },
      other: { oneOf: [{ type: 'integer' }, { type: 'string' }], format: 'int-or-string' },
      size: { oneOf: [{ type: 'string' }, { type: 'number' }] },
      ports: {
        type: 'array',
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-list-map-keys': ['port', 'protocol'],
        items: { type: 'object', properties: { port: int32, protocol: { ...text, default: 'TCP' }, name: text } },
      },
      args: { type: 'array', items: text },
      self: refers('example.v1.Props'),
    },
  },
  'example.v1.Props': {
    type: 'object',
    properties: {
      'x-kubernetes-preserve-unknown-fields': { type: 'boolean' },
      nullable: { type: 'boolean' },
      properties: { type: 'object', additionalProperties: refers('example.v1.Props') },
    },
  },
};
const schema = schemaOf({ components: { schemas } }, gvk);
const thing = (spec: object, more: object = {}) => ({
  apiVersion: 'example.com/v1',
  kind: 'Thing',
  metadata: { name: 'x' },
  spec,
  ...more,
});
const items = (problem: string): string => `${problem}; an apply merges them`;

test.each<[object, ...string[]]>([
  [
    {
      replicas: 3,
      seconds: 9007199254740993n,
      ratio: 0.5,
      paused: false,
      port: 'http',
      other: 80,
      size: 1,
      args: ['a', 'a'],
      podSelector: {},
    },
  ],
  [{ replicas: null, nothing: undefined, seconds: 3 }, 'spec.nothing: unknown field'],
  [{ podSelectr: {} }, 'spec.podSelectr: unknown field (did you mean podSelector?)'],
  [{ PodSelector: {} }, 'spec.PodSelector: unknown field (did you mean podSelector?)'],
  [{ serviceAccountname: 'x' }, 'spec.serviceAccountname: unknown field (did you mean serviceAccountName?)'],
  [{ persistentVolumeReclaimPolicy: 'x' }, 'spec.persistentVolumeReclaimPolicy: unknown field'],
  [{ constructor: 'x', 'a b': 1 }, 'spec.constructor: unknown field', 'spec["a b"]: unknown field'],
  [
    { self: { properties: { a: { properties: { b: { x_kubernetes_preserve_unknown_fields: true } } } } } },
    'spec.self.properties.a.properties.b.x_kubernetes_preserve_unknown_fields: unknown field (did you mean x-kubernetes-preserve-unknown-fields?)',
  ],
  [{ replicas: '3' }, 'spec.replicas: must be an integer, not a string; remove the quotes'],
  [{ replicas: 1.5 }, 'spec.replicas: must be an integer, not a fraction'],
  [{ replicas: true }, 'spec.replicas: must be an integer, not true'],
  [{ replicas: 2147483647, seconds: 2147483648 }],
  [{ replicas: 2147483648 }, 'spec.replicas: 2147483648 does not fit into 32 bits'],
  [{ replicas: -2147483649 }, 'spec.replicas: -2147483649 does not fit into 32 bits'],
  [{ seconds: 1e300 }, 'spec.seconds: 1e+300 does not fit into 64 bits'],
  [{ ratio: 9007199254740993n }],
  [{ ratio: '1' }, 'spec.ratio: must be a number, not a string; remove the quotes'],
  [{ paused: 'true' }, 'spec.paused: must be true or false, not a string; remove the quotes'],
  [{ serviceAccountName: 1 }, 'spec.serviceAccountName: must be a string, not a number; put it in quotes'],
  [{ args: 'a' }, 'spec.args: must be a list, not a string'],
  [{ args: ['a', 1] }, 'spec.args[1]: must be a string, not a number; put it in quotes'],
  [{ podSelector: ['a'] }, 'spec.podSelector: must be an object, not a list'],
  [
    { ports: [{ port: 93 }, { port: 93, protocol: 'TCP' }] },
    items('spec.ports: has two items with port=93,protocol="TCP"'),
  ],
  [{ ports: [{ port: 93 }, { port: 93, protocol: 'UDP' }, { name: 'a' }, { name: 'a' }] }],
])('%j', (spec, ...problems) => expect(problemsOf(thing(spec), schema, 'MustHave')).toEqual(problems));

describe('beside the spec', () => {
  test.each<[object, ...string[]]>([
    [
      { metadata: { labels: { enabled: true } } },
      'metadata.labels.enabled: must be a string, not true; put it in quotes',
    ],
    [{ metadata: { finalizers: ['a/b', 'a/b'] } }, items('metadata.finalizers: has two items with "a/b"')],
    [{ free: { anything: { goes: 1 }, known: 1 } }],
    [{ free: { known: '1' } }, 'free.known: must be an integer, not a string; remove the quotes'],
    [{ specc: {} }, 'specc: unknown field (did you mean spec?)'],
  ])('%j', (more, ...problems) => expect(problemsOf(thing({}, more), schema, 'MustHave')).toEqual(problems));
});

test('what is not applied may stand there twice', () => {
  const twice = thing({ ports: [{ port: 93 }, { port: 93 }] });
  expect(problemsOf(twice, schema, 'MustNotHave')).toEqual([]);
  expect(problemsOf(twice, schema, 'MustOnlyHave')).toEqual([]);
});

test('of a kind of which nothing is known, nothing is evaluated', () => {
  expect(problemsOf(thing({ x: 1 }), undefined, 'MustHave')).toEqual([]);
});

test('a hostile template is told in few words, soon', () => {
  const names = Object.fromEntries(Array.from({ length: 5000 }, (_, at) => [`podSelectr${at}`.repeat(6), 1]));
  expect(problemsOf(thing(names), schema, 'MustHave')).toHaveLength(8);
});

import { describe, expect, test } from '@jest/globals';
import { identity, thing, thingSchema, type Json } from '../../../test/builders/thing.ts';
import { storedDifferences } from './sameStored.ts';

const metadata = (version: string, more: Json = {}): Json => ({
  metadata: {
    name: 'a',
    uid: version,
    resourceVersion: version,
    generation: Number(version),
    creationTimestamp: version,
    managedFields: [{ manager: version }],
    ...more,
  },
});

/** What a dry run of the template would change of the live object. */
function changes(template: Json, live: Json, result: Json): string[] {
  return storedDifferences({ template, live, schema: thingSchema }, result).map(
    (one) => `${one.kind} ${one.path} ${one.expected} ${one.actual}`,
  );
}

describe('a dry run', () => {
  test.each<[string, Json, Json, Json, ...string[]]>([
    [
      'changes nothing but versions',
      thing({ replicas: 2 }),
      thing({ replicas: 2 }, metadata('1')),
      thing({ replicas: 2 }, metadata('2')),
    ],
    [
      'changes what was declared',
      thing({ replicas: 2 }),
      thing({ replicas: 3 }),
      thing({ replicas: 2 }),
      'different spec.replicas 2 3',
    ],
    ['keeps what a webhook makes of it', thing({ replicas: 2 }), thing({ replicas: 3 }), thing({ replicas: 3 })],
    ['changes words, not meaning', thing({ size: '1000m' }), thing({ size: '1' }), thing({ size: '1000m' })],
    [
      'adds what a default is',
      thing({ replicas: 2 }),
      thing({ replicas: 2 }),
      thing({ replicas: 2, mode: 'Auto', args: [], limits: {} }),
    ],
    [
      'takes away what the last declaration had',
      thing({ name: 'x' }),
      thing({ name: 'x', paused: true }),
      thing({ name: 'x' }),
      'extra spec.paused absent true',
    ],
    [
      'adds an item',
      thing({ containers: [{ name: 'a' }] }),
      thing({ containers: [{ name: 'b' }] }),
      thing({ containers: [{ name: 'b' }, { name: 'a' }] }),
      'missing spec.containers[name=a] {"name":"a"} absent',
    ],
    [
      'stamps what nobody declared',
      thing({ name: 'x' }),
      thing({ name: 'x' }, metadata('1', { annotations: { stamp: '1' } })),
      thing({ name: 'x' }, { ...metadata('2', { annotations: { stamp: '2' } }), data: { x: 'y' } }),
    ],
    [
      'changes a declared label',
      thing({}, { metadata: { labels: { a: '1' }, annotations: { b: null } } }),
      thing({}, { metadata: { labels: { a: '2', c: '3' }, annotations: { b: 'x' } } }),
      thing({}, { metadata: { labels: { a: '1', c: '4' } } }),
      'different metadata.labels.a "1" "2"',
      'extra metadata.annotations.b absent "x"',
    ],
    [
      'adds a finalizer',
      { ...identity, metadata: { finalizers: ['a'] } },
      { ...identity, metadata: {} },
      { ...identity, metadata: { finalizers: ['a'] } },
      'missing metadata.finalizers ["a"] absent',
    ],
    [
      'cannot excuse a status',
      thing({}, { status: { phase: 'Up' } }),
      thing({}, { status: { phase: 'Down' } }),
      thing({}, { status: { phase: 'Down' } }),
      'different status.phase "Up" "Down"',
    ],
    [
      'is not about a status that nobody declares',
      thing({}),
      thing({}, { status: { phase: 'Down' } }),
      thing({}, { status: { phase: 'Up' } }),
    ],
  ])('%s', (_what, template, live, result, ...expected) => {
    expect(changes(template, live, result)).toEqual(expected);
  });

  test('shows no value of a Secret, and compares its stringData as data', () => {
    const secret = (more: Json): Json => ({ apiVersion: 'v1', kind: 'Secret', ...more });
    const found = storedDifferences(
      {
        template: secret({ stringData: { a: 'new' } }),
        live: secret({ data: { a: 'b2xk' } }),
        schema: undefined,
        conceal: (text) => `<${text.length}>`,
      },
      secret({ data: { a: 'bmV3' } }),
    );
    expect(found).toEqual([
      {
        path: 'data.a',
        pointer: '/data/a',
        fields: ['f:data', 'f:a'],
        expected: '<4>',
        actual: '<4>',
        kind: 'different',
      },
    ]);
  });

  test('leaves the rules of an aggregated ClusterRole to their controller, but not a template that declares rules there', () => {
    const role = (more: Json): Json => ({ apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', ...more });
    const live = role({ aggregationRule: { clusterRoleSelectors: [] }, rules: [{ verbs: ['*'] }] });
    const result = role({ aggregationRule: { clusterRoleSelectors: [] }, rules: [{ verbs: ['get'] }] });
    expect(changes(role({ aggregationRule: { clusterRoleSelectors: [] }, rules: [] }), live, result)).toEqual([]);
    expect(changes(role({ rules: [{ verbs: ['get'] }] }), live, result)).toEqual([
      'extra aggregationRule absent {"clusterRoleSelectors":[]}',
    ]);
  });
});

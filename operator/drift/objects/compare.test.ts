import { describe, expect, test } from '@jest/globals';
import { identity, thing, thingSchema, told, type Json } from '../../../test/builders/thing.ts';
import { differences, holds } from './compare.ts';

const app = { name: 'app', image: 'a:1' };
const log = { name: 'log', image: 'l:1' };
const metadata = {
  name: 'other',
  namespace: 'elsewhere',
  uid: 'u',
  labels: { app: 'a', tier: 'b' },
  annotations: { 'example.com/owner': 'me' },
  finalizers: ['x/y', 'foreground'],
  ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', name: 'p', uid: 'u1', controller: true }],
};
const metadataCases: [name: string, declared: Json, ...differences: string[]][] = [
  ['its name is not compared', { name: 'thing', namespace: 'here', uid: 'v', generateName: 'x' }],
  ['labels that are there', { labels: { app: 'a' }, annotations: {}, finalizers: ['foreground'] }],
  ['a label that differs', { labels: { app: 'b' } }, 'different metadata.labels.app "b" "a"'],
  ['a label that is missing', { labels: { zone: 'z' } }, 'missing metadata.labels.zone "z" absent'],
  ['a label that must not be there', { labels: { tier: null } }, 'extra metadata.labels.tier absent "b"'],
  [
    'an annotation',
    { annotations: { 'example.com/owner': 'you' } },
    'different metadata.annotations["example.com/owner"] "you" "me"',
  ],
  ['what kubectl keeps', { annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{}' } }],
  ['a finalizer', { finalizers: ['z'] }, 'missing metadata.finalizers["z"] "z" absent'],
  ['an owner, whose uid nobody knows', { ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', name: 'p' }] }],
  [
    'an owner by its uid',
    { ownerReferences: [{ uid: 'u1', name: 'q' }] },
    'different metadata.ownerReferences[uid=u1].name "q" "p"',
  ],
  ['null is nothing declared', { labels: null, annotations: null }],
];

describe.each(['MustHave', 'MustOnlyHave'] as const)('metadata for %s', (match) => {
  test.each(metadataCases)('%s', (_name, declared, ...expected) => {
    expect(told({ ...identity, metadata: declared }, { ...identity, metadata }, match)).toEqual(expected);
  });
  test('is needed where the live object has none', () => {
    expect(told({ ...identity, metadata: { labels: { a: 'b' } } }, identity, match)).toEqual([
      'missing metadata.labels.a "b" absent',
    ]);
  });
});

describe('status', () => {
  const live = thing(
    {},
    {
      status: {
        phase: 'Down',
        conditions: [
          { type: 'Ready', status: 'False' },
          { type: 'Up', status: 'True' },
        ],
      },
    },
  );
  test.each(['MustHave', 'MustOnlyHave'] as const)('is compared as far as the template names it, for %s', (match) => {
    expect(told(thing({}), live, match)).toEqual([]);
    expect(told(thing({}, { status: {} }), live, match)).toEqual([]);
    const status = {
      conditions: [
        { type: 'Up', status: 'True' },
        { type: 'Ready', status: 'True' },
      ],
    };
    expect(told(thing({}, { status }), live, match)).toEqual([
      'different status.conditions[type=Ready].status "True" "False"',
    ]);
  });
  test('of a kind that is not known is searched for each item, wherever it stands', () => {
    const seen = {
      ...thing({}),
      status: {
        conditions: [
          { type: 'Up', status: 'True' },
          { type: 'Ready', status: 'False' },
        ],
      },
    };
    const asked = (...conditions: Json[]) =>
      differences({ template: { ...thing({}), status: { conditions } }, live: seen, schema: undefined }, 'MustHave');
    expect(asked({ type: 'Ready', status: 'False' })).toEqual([]);
    expect(asked({ type: 'Ready', status: 'True' })).toMatchObject([{ kind: 'missing', path: 'status.conditions[-]' }]);
  });
});

describe('an aggregated ClusterRole', () => {
  const role = (more: Json): Json => ({ apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', ...more });
  const aggregationRule = { clusterRoleSelectors: [{ matchLabels: { a: 'b' } }] };
  const mine = [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }];
  const theirs = [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }];
  const live = role({ aggregationRule, rules: theirs });

  test.each(['MustHave', 'MustOnlyHave'] as const)('has the rules of a controller, for %s', (match) => {
    expect(told(role({ aggregationRule, rules: mine }), live, match)).toEqual([]);
    expect(told(role({ aggregationRule, rules: [] }), live, match)).toEqual([]);
    expect(told(role({ rules: [] }), live, match)).toEqual([]);
  });
  test('is not what a template with rules of its own declares', () => {
    expect(told(role({ rules: mine }), live)).toEqual([
      'extra aggregationRule absent {"clusterRoleSelectors":[{"matchLabels":{"a":"b"}}]}',
    ]);
  });
  test('is forbidden for its rules, whoever wrote them', () => {
    expect(holds({ template: role({ rules: [{ verbs: ['*'] }] }), live, schema: undefined })).toBe(true);
  });
});

describe('what must not be', () => {
  test.each<[boolean, string, Json, Json]>([
    [true, 'the object, by its name alone', identity, thing({ name: 'x' })],
    [true, 'all that is said', thing({ replicas: 2, name: 'x' }), thing({ replicas: 2, name: 'x', paused: true })],
    [false, 'only a part of it', thing({ replicas: 2, name: 'x' }), thing({ replicas: 2 })],
    [
      true,
      'a container with it, whatever its name',
      thing({ containers: [{ image: 'l:1' }] }),
      thing({ containers: [app, log] }),
    ],
    [false, 'no container with it', thing({ containers: [{ image: 'x' }] }), thing({ containers: [app, log] })],
    [true, 'a value in a list, wherever', thing({ args: ['b'] }), thing({ args: ['a', 'b', 'c'] })],
    [true, 'values in another order', thing({ args: ['b', 'a'] }), thing({ args: ['a', 'b'] })],
    [false, 'a value that is not there', thing({ args: ['b', 'x'] }), thing({ args: ['a', 'b'] })],
    [
      true,
      'a rule with more',
      thing({ subjects: [{ name: 'a' }] }),
      thing({
        subjects: [
          { kind: 'User', name: 'a' },
          { kind: 'User', name: 'b' },
        ],
      }),
    ],
    [
      true,
      'a part of a selector',
      thing({ selector: { matchLabels: { a: 'b' } } }),
      thing({ selector: { matchLabels: { a: 'b', c: 'd' } } }),
    ],
    [true, 'a selector of everything', thing({ selector: { matchLabels: {} } }), thing({ selector: {} })],
    [false, 'a selector of less', thing({ selector: {} }), thing({ selector: { matchLabels: { a: 'b' } } })],
    [true, 'an empty item', thing({ subjects: [{}] }), thing({ subjects: [{ name: 'a' }, {}] })],
    [false, 'no empty item', thing({ subjects: [{}] }), thing({ subjects: [{ name: 'a' }] })],
    [true, 'a quantity', thing({ limits: { cpu: '1000m' } }), thing({ limits: { cpu: '1' } })],
    [true, 'a label', { ...identity, metadata: { labels: { app: 'a' } } }, { ...identity, metadata }],
    [false, 'another label', { ...identity, metadata: { labels: { app: 'b' } } }, { ...identity, metadata }],
    [true, 'a status', thing({}, { status: { phase: 'Down' } }), thing({}, { status: { phase: 'Down', x: 1 } })],
    [false, 'another status', thing({}, { status: { phase: 'Down' } }), thing({}, { status: { phase: 'Up' } })],
    [true, 'the absence of a field', thing({ pointer: null }), thing({ name: 'x' })],
    [false, 'the absence of a field that is there', thing({ pointer: null }), thing({ pointer: {} })],
  ])('is there: %j, with %s', (held, _name, template, live) => {
    expect(holds({ template, live, schema: thingSchema })).toBe(held);
  });
});

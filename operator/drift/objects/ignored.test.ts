import { describe, expect, test } from '@jest/globals';
import { ignoredProblems, leaving, pathAbove } from './ignored.ts';
import { schemaOf } from './schema.ts';

const properties = {
  replicas: { type: 'integer' },
  strategy: { type: 'object', properties: { type: { type: 'string' } } },
  labels: { type: 'object', additionalProperties: { type: 'string' } },
  containers: {
    type: 'array',
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-list-map-keys': ['name'],
    items: { type: 'object', properties: { name: { type: 'string' }, image: { type: 'string' }, args: {} } },
  },
  rules: { type: 'array', items: { type: 'object', properties: { verbs: {}, resources: {} } } },
};
const thing = {
  type: 'object',
  properties: { spec: { type: 'object', properties } },
  'x-kubernetes-group-version-kind': [{ group: 'x', version: 'v1', kind: 'Thing' }],
};
const schema = schemaOf({ components: { schemas: { thing } } }, { group: 'x', version: 'v1', kind: 'Thing' });

type Spec = Record<string, unknown>;
const left = (path: string, spec: Spec, live: Spec, how: 'omitted' | 'asLive' = 'omitted'): unknown =>
  leaving({ template: { spec }, live: { spec: live }, schema }, [path], how)['spec'];
const app = (image: string, name = 'app'): object => ({ name, image });

describe('what an ignored path takes out of a template', () => {
  test.each<[string, Spec, Spec, unknown]>([
    ['spec.replicas', { replicas: 1, x: 1 }, { replicas: 2 }, { x: 1 }],
    ['spec.replicas', { x: 1 }, { replicas: 2 }, { x: 1 }],
    ['spec.labels["a.b/c"]', { labels: { 'a.b/c': '1', d: '2' } }, {}, { labels: { d: '2' } }],
    // Nothing else was said of it.
    ['spec.strategy.type', { strategy: { type: 'A' } }, { strategy: { type: 'B' } }, undefined],
    [
      'spec.containers[name=app].image',
      { containers: [app('1'), app('1', 'b')] },
      { containers: [app('2', 'b'), app('2')] },
      { containers: [{ name: 'app' }, app('1', 'b')] },
    ],
    [
      'spec.containers[*].image',
      { containers: [app('1'), app('1', 'b')] },
      { containers: [app('2', 'b'), app('2')] },
      { containers: [{ name: 'app' }, { name: 'b' }] },
    ],
    // An item that is not there is made whole.
    [
      'spec.containers[*].image',
      { containers: [app('1')] },
      { containers: [app('2', 'b')] },
      { containers: [app('1')] },
    ],
    [
      'spec.containers[name=app]',
      { containers: [app('1'), app('1', 'b')] },
      { containers: [app('2')] },
      { containers: [app('1', 'b')] },
    ],
    // An apply replaces such a list as a whole.
    [
      'spec.rules[0].verbs',
      { rules: [{ verbs: [1], resources: [1] }] },
      { rules: [{ verbs: [2], resources: [2] }] },
      { rules: [{ verbs: [2], resources: [1] }] },
    ],
    // Something too much, which a controller added.
    [
      'spec.rules[1]',
      { rules: [{ verbs: [1] }] },
      { rules: [{ verbs: [1] }, { verbs: [2] }] },
      { rules: [{ verbs: [1] }, { verbs: [2] }] },
    ],
    [
      'spec.rules[0]',
      { rules: [{ verbs: [1] }] },
      { rules: [{ verbs: [2] }, { verbs: [1] }] },
      { rules: [{ verbs: [2] }, { verbs: [1] }] },
    ],
    ['spec.rules[0]', { rules: [{ verbs: [1] }] }, { rules: [{ verbs: [2] }] }, { rules: [{ verbs: [2] }] }],
    ['spec.rules[5]', { rules: [{ verbs: [1] }] }, { rules: [{ verbs: [2] }] }, { rules: [{ verbs: [1] }] }],
    [
      'spec.rules[*].verbs',
      { rules: [{ verbs: [1] }, { verbs: [1] }] },
      { rules: [{ verbs: [2] }] },
      { rules: [{ verbs: [2] }, { verbs: [1] }] },
    ],
  ])('%s of %j over %j', (path, spec, live, expected) => {
    expect(left(path, spec, live)).toEqual(expected);
  });

  test.each<[string, Spec, Spec, unknown]>([
    ['spec.replicas', { replicas: 1 }, { replicas: 2 }, { replicas: 2 }],
    ['spec.replicas', { replicas: 1, x: 1 }, {}, { x: 1 }],
    [
      'spec.containers[name=app].image',
      { containers: [app('1')] },
      { containers: [app('2')] },
      { containers: [app('2')] },
    ],
    [
      'spec.containers[name=b]',
      { containers: [app('1')] },
      { containers: [app('1'), app('2', 'b')] },
      { containers: [app('1'), app('2', 'b')] },
    ],
  ])('as it is there: %s of %j over %j', (path, spec, live, expected) => {
    expect(left(path, spec, live, 'asLive')).toEqual(expected);
  });
});

test.each<[string, string, boolean]>([
  ['spec.replicas', 'spec.replicas', true],
  ['spec.replicasOfAnother', 'spec.replicas', false],
  ['spec.containers[name=app].image', 'spec.containers[*].image', true],
  ['spec.containers[name=app].image', 'spec.containers[name=app]', true],
  ['spec.containers[name=app].image', 'spec.containers[name=b].image', false],
  ['data["a]b"].x', 'data["a]b"]', true],
  ['spec', 'spec.replicas', false],
])('%s is at or below %s: %s', (place, path, isSo) => {
  expect(pathAbove(place, [path])).toBe(isSo ? path : undefined);
});

test.each<[string, RegExp | undefined]>([
  ['spec.replicas', undefined],
  ['spec.containers[name=app].image', undefined],
  ['spec.labels["anything"]', undefined],
  ['metadata.annotations["a/b"]', undefined],
  ['spec.rules[0].verbs', undefined],
  ['spec.replica', /did you mean replicas\?/],
  ['spec.containers[0].image', /identified by name/],
  ['spec.containers[name=app].name', /identifies the items of the list/],
  ['spec.containers[*].name', /identifies the items of the list/],
  ['spec.replicas[0]', /there is no list/],
])('what is wrong with %s: %s', (path, expected) => {
  const problems = ignoredProblems([path], schema);
  if (expected) expect(problems.join()).toMatch(expected);
  else expect(problems).toEqual([]);
});

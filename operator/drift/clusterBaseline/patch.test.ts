import { expect, test } from '@jest/globals';
import type { Resource } from '../../api/v1alpha1/shared.ts';
import { schemaOf } from '../objects/schema.ts';
import { patchTo } from './patch.ts';

const byName = { 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['name'] };
const item = { type: 'object', properties: { name: {}, image: {}, from: {}, value: {} } };
const thing = {
  type: 'object',
  properties: {
    spec: {
      type: 'object',
      properties: {
        items: { type: 'array', ...byName, items: item },
        finalizers: { type: 'array', 'x-kubernetes-list-type': 'set', items: {} },
        rules: { type: 'array', items: item },
        whole: { type: 'object', 'x-kubernetes-map-type': 'atomic', properties: { a: {}, b: {} } },
        'a/b~c': {},
      },
    },
  },
  'x-kubernetes-group-version-kind': [{ group: '', version: 'v1', kind: 'Thing' }],
};
const schema = schemaOf({ components: { schemas: { thing } } }, { group: '', version: 'v1', kind: 'Thing' });
const object = (spec: object) => ({ apiVersion: 'v1', kind: 'Thing', metadata: { name: 'x' }, spec });

test.each<[string, object, object, readonly unknown[]]>([
  [
    'nothing where nothing differs',
    { items: [{ name: 'a' }] },
    { items: [{ name: 'b' }, { name: 'a', image: '1' }] },
    [],
  ],
  ['nothing for null where nothing is', { items: [{ name: 'a', image: null }] }, { items: [{ name: 'a' }] }, []],
  [
    'at the place of the live item',
    { items: [{ name: 'a', value: null, from: 'x' }] },
    { items: [{ name: 'b' }, { name: 'a', value: '1' }] },
    [
      'test /spec/items/1/name "a"',
      'test /spec/items/1/value "1"',
      'remove /spec/items/1/value',
      'add /spec/items/1/from "x"',
    ],
  ],
  [
    'a new item without its nulls',
    { items: [{ name: 'a', value: null }] },
    { items: [{ name: 'b' }] },
    ['add /spec/items/- {"name":"a"}'],
  ],
  [
    'each missing value of a set',
    { finalizers: ['a', 'b'] },
    { finalizers: ['b', 'c'] },
    ['add /spec/finalizers/- "a"'],
  ],
  [
    'a list as a whole',
    { rules: [{ name: 'a', image: null }] },
    { rules: [{ name: 'b' }, { name: 'a' }] },
    ['test /spec/rules [{"name":"b"},{"name":"a"}]', 'replace /spec/rules [{"name":"a"}]'],
  ],
  [
    'an object as a whole',
    { whole: { a: 1 } },
    { whole: { a: 1, b: 2 } },
    ['test /spec/whole {"a":1,"b":2}', 'replace /spec/whole {"a":1}'],
  ],
  ['names as pointers write them', { 'a/b~c': null }, { 'a/b~c': 1 }, ['test /spec/a~1b~0c 1', 'remove /spec/a~1b~0c']],
  ['what is not there', { items: [{ name: 'a' }] }, {}, ['add /spec/items [{"name":"a"}]']],
])('a patch says %s', (_, wanted, live, expected) => {
  const operations = patchTo(object(wanted), object(live), schema);
  const words = operations.map(({ op, path, value }) => [op, path, JSON.stringify(value)].filter(Boolean).join(' '));
  expect(words).toEqual(expected);
});

test('of metadata it says labels and annotations alone, and of the status nothing', () => {
  const declared = {
    ...object({}),
    metadata: { name: 'x', uid: null, finalizers: ['f'], labels: { a: null, b: '1' } },
    status: { a: 1 },
  };
  const live = { ...object({}), metadata: { name: 'x', uid: 'u', labels: { a: '1' } } } as Resource;
  expect(patchTo(declared, live, schema)).toEqual([
    { op: 'test', path: '/metadata/labels/a', value: '1' },
    { op: 'remove', path: '/metadata/labels/a' },
    { op: 'add', path: '/metadata/labels/b', value: '1' },
  ]);
});

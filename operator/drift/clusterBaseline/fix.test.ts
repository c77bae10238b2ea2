import { describe, expect, test } from '@jest/globals';
import type { Resource } from '../../api/v1alpha1/shared.ts';
import type { AccountWrite } from '../../runtime/feature.ts';
import { CREATED_BY, addition, bodyOf, creation, managerOf, patching, replacement } from './fix.ts';
import { patchTo } from './patch.ts';

const template = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { labels: { 'a/b': 'c' } },
  spec: { replicas: 1, paused: false },
  status: { replicas: 1 },
};
const place = { namespace: 'shop', name: 'web' };

describe('the body of a correction', () => {
  test('has the name of the object, and no status', () => {
    expect(bodyOf(template, place)).toEqual({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { labels: { 'a/b': 'c' }, name: 'web', namespace: 'shop' },
      spec: { replicas: 1, paused: false },
    });
  });
  test('lacks what an exported object has of its own, and keeps what may be misspelt', () => {
    const annotations = { 'kubectl.kubernetes.io/last-applied-configuration': '{}', mine: 'a' };
    const own = { uid: '1', resourceVersion: '2', generation: 3, creationTimestamp: null, managedFields: [] };
    const exported = { ...template, metadata: { ...own, annotations, lables: { a: 'b' } } };
    expect(bodyOf(exported, place).metadata).toEqual({
      name: 'web',
      namespace: 'shop',
      annotations: { mine: 'a' },
      lables: { a: 'b' },
    });
  });
  test('lacks what belongs to an autoscaler', () => {
    expect(bodyOf(template, place, ['/spec/replicas'])).toMatchObject({ spec: { paused: false } });
    expect(bodyOf(template, place, ['/spec/replicas'])['spec']).not.toHaveProperty('replicas');
  });
  test('leaves the template as it was', () => {
    const before = structuredClone(template);
    bodyOf(template, place, ['/spec/replicas', '/spec/absent/deeper', '/spec']);
    expect(template).toEqual(before);
  });
  test('of a kind without namespaces has none', () => {
    expect(bodyOf(template, { namespace: '', name: 'web' }).metadata.namespace).toBeUndefined();
  });
});

test('what is created says by which baseline', () => {
  expect(creation(bodyOf(template, place), 'holdfast:b', 'uid-1')).toMatchObject({
    create: { metadata: { name: 'web', annotations: { [CREATED_BY]: 'uid-1' } } },
    manager: 'holdfast:b',
  });
});

test('what must be so and no otherwise is replaced as a whole, on the very version that was evaluated', () => {
  const live = {
    ...template,
    metadata: { ...place, resourceVersion: '7', labels: { x: 'y' } },
  } as unknown as Resource;
  expect(replacement(bodyOf({ ...template, data: {} } as typeof template, place), live, 'm')).toEqual({
    key: place,
    manager: 'm',
    patch: [
      { op: 'test', path: '/metadata/resourceVersion', value: '7' },
      { op: 'replace', path: '/spec', value: { replicas: 1, paused: false } },
      { op: 'add', path: '/data', value: {} },
      { op: 'add', path: '/metadata/labels/a~1b', value: 'c' },
    ],
  });
});

test('the field manager fits into 128 characters', () => {
  expect(managerOf('b', 'settings')).toBe('holdfast:b/settings');
  const long = ['x', 'y'].map((item) => managerOf('b'.repeat(253), item));
  expect(long.map(({ length }) => length)).toEqual([128, 128]);
  expect(new Set(long).size).toBe(2);
});

describe('null', () => {
  const declared = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'x', creationTimestamp: null, labels: { a: null, b: 'b' } },
    data: { 'a/b': null, c: null, d: 'd', toString: null },
    spec: { list: [{ a: null }], deep: { a: null } },
    other: null,
    status: null,
  };
  const live = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name: 'x',
      namespace: 'n',
      uid: 'u',
      resourceVersion: '7',
      creationTimestamp: 'now',
      labels: { a: 'a' },
    },
    data: { 'a/b': '', c: null },
    spec: { deep: 'text' },
    other: {},
    status: {},
  };

  test('is not sent', () => {
    expect(bodyOf(declared, { namespace: 'n', name: 'x' })).toEqual({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'x', namespace: 'n', labels: { b: 'b' } },
      data: { d: 'd' },
      spec: { list: [{}], deep: {} },
    });
  });

  test('takes away what is there as it was seen', () => {
    const operations = patchTo(declared, live, undefined);
    expect(patching(operations, live as never, 'holdfast:b/x', 'uid')).toEqual({
      key: { namespace: 'n', name: 'x' },
      manager: 'holdfast:b/x',
      patch: [
        { op: 'test', path: '/metadata/uid', value: 'u' },
        { op: 'test', path: '/metadata/labels/a', value: 'a' },
        { op: 'remove', path: '/metadata/labels/a' },
        { op: 'add', path: '/metadata/labels/b', value: 'b' },
        { op: 'test', path: '/data/a~1b', value: '' },
        { op: 'remove', path: '/data/a~1b' },
        { op: 'add', path: '/data/d', value: 'd' },
        { op: 'add', path: '/spec/list', value: [{}] },
        { op: 'test', path: '/spec/deep', value: 'text' },
        { op: 'replace', path: '/spec/deep', value: {} },
        { op: 'test', path: '/other', value: {} },
        { op: 'remove', path: '/other' },
      ],
    });
  });

  test('goes with what is replaced, and beside it', () => {
    const body = bodyOf(declared, { namespace: 'n', name: 'x' });
    const { patch } = replacement(body, live, 'holdfast:b/x', [
      '/metadata/labels/a',
      '/data/a~1b',
      '/other',
    ]) as Extract<AccountWrite, { patch: unknown }>;
    expect(patch.filter(({ op }) => op === 'remove').map(({ path }) => path)).toEqual(['/metadata/labels/a', '/other']);
  });
});

test('what is missing is put in one by one, on the very version that was evaluated, and with what must be around it', () => {
  const live = {
    ...template,
    metadata: { ...place, resourceVersion: '7' },
    spec: { args: null },
  } as unknown as Resource;
  const changes = [
    { kind: 'missing', pointer: '/metadata/labels/a~1b', value: 'c' },
    { kind: 'missing', pointer: '/metadata/labels/d', value: 'e' },
    { kind: 'missing', pointer: '/spec/list/-', value: { a: 1, b: null } },
    { kind: 'different', pointer: '/spec/paused', value: false },
    { kind: 'extra', pointer: '/spec/replicas', value: undefined },
  ] as const;
  expect(addition(changes.slice(0, 2), live, 'm')).toEqual({
    key: place,
    manager: 'm',
    patch: [
      { op: 'test', path: '/metadata/resourceVersion', value: '7' },
      { op: 'add', path: '/metadata/labels', value: {} },
      { op: 'add', path: '/metadata/labels/a~1b', value: 'c' },
      { op: 'add', path: '/metadata/labels/d', value: 'e' },
    ],
  });
  const full = { ...live, spec: { list: [] } } as unknown as Resource;
  expect(addition(changes.slice(2), full, 'm')).toMatchObject({
    patch: [
      { op: 'test' },
      { op: 'add', path: '/spec/list/-', value: { a: 1 } },
      { op: 'replace', path: '/spec/paused', value: false },
      { op: 'remove', path: '/spec/replicas' },
    ],
  });
});

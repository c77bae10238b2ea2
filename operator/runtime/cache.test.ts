import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Resource } from '../api/v1alpha1/shared.ts';
import { Cache, type CacheOptions } from './cache.ts';

const kind = { group: 'holdfast.dev', version: 'v1', kind: 'Thing', plural: 'things', namespaced: true };
let changes: string[];
let faults: unknown[];

beforeEach(() => {
  changes = [];
  faults = [];
});

function object(name: string, version: number, uid = `uid-${name}`, labels: Record<string, string> = {}): Resource {
  return {
    apiVersion: 'holdfast.dev/v1',
    kind: 'Thing',
    metadata: { name, namespace: 'default', uid, resourceVersion: String(version), labels },
    spec: { large: 'text' },
  };
}

function cacheOf(options: Partial<CacheOptions> = {}): Cache {
  const cache = new Cache(kind, { onFault: (error) => faults.push(error), ...options });
  const tell = (one: Resource | undefined): string =>
    one ? `${one.metadata.uid}@${one.metadata.resourceVersion}` : '-';
  cache.listen((before, after) => changes.push(`${tell(before)} ${tell(after)}`));
  return cache;
}

function list(cache: Cache, version: number, objects: readonly Resource[], at = 0): void {
  cache.beginList(at);
  for (const one of objects) cache.listed(one);
  cache.endList(String(version));
}

describe('a list', () => {
  test('makes the cache synced, and only when it is complete', async () => {
    const cache = cacheOf();
    cache.beginList(0);
    cache.listed(object('a', 1));
    expect(cache.isSynced).toBe(false);
    cache.endList('5');
    await cache.synced;
    expect(cache).toMatchObject({ isSynced: true, resourceVersion: '5', size: 1 });
  });

  test('after a gap is told as the differences: changed, made, and deleted', () => {
    const cache = cacheOf();
    list(cache, 5, [object('same', 1), object('changed', 2), object('gone', 3)]);
    changes = [];
    list(cache, 9, [object('same', 1), object('changed', 7), object('new', 8)]);
    expect(changes).toEqual(['uid-changed@2 uid-changed@7', '- uid-new@8', 'uid-gone@3 -']);
    expect(cache.size).toBe(3);
  });

  test('that breaks off deletes nothing', () => {
    const cache = cacheOf();
    list(cache, 5, [object('a', 1), object('b', 2)]);
    cache.beginList(1);
    cache.listed(object('a', 1));
    expect(cache.size).toBe(2);
    list(cache, 6, [object('b', 2)]);
    expect(cache.list('').map(({ metadata }) => metadata.name)).toEqual(['b']);
  });

  test('has objects of APIs that give them neither a uid nor a version, as listed last', () => {
    const cache = cacheOf();
    const bare = (level: number): Resource => ({
      ...{ apiVersion: 'holdfast.dev/v1', kind: 'Thing', metadata: { name: 'a', namespace: 'default' } },
      spec: { level },
    });
    list(cache, '' as never, [bare(1)]);
    list(cache, '' as never, [bare(2)]);
    expect(cache.list('')).toMatchObject([{ metadata: { name: 'a' }, spec: { level: 2 } }]);
    list(cache, '' as never, []);
    expect(cache.size).toBe(0);
  });

  test('shows that an object was deleted and made again under its name', () => {
    const cache = cacheOf();
    list(cache, 5, [object('a', 1, 'first')]);
    changes = [];
    list(cache, 9, [object('a', 8, 'second')]);
    expect(changes).toEqual(['first@1 -', '- second@8']);
  });
});

describe('changes', () => {
  test('put another object in place, and deletion takes it away', () => {
    const cache = cacheOf();
    cache.changed(object('a', 1));
    cache.changed(object('a', 2));
    cache.deleted(object('a', 3));
    cache.deleted(object('a', 3));
    expect(changes).toEqual(['- uid-a@1', 'uid-a@1 uid-a@2', 'uid-a@2 -']);
    expect(cache.get({ namespace: 'default', name: 'a' })).toBeUndefined();
  });

  test('to a successor of the same name are a deletion and a creation', () => {
    const cache = cacheOf();
    cache.changed(object('a', 1, 'first'));
    cache.changed(object('a', 2, 'second'));
    expect(changes.slice(1)).toEqual(['first@1 -', '- second@2']);
    expect(cache.size).toBe(1);
  });
});

describe('what is kept', () => {
  test('has no managedFields and no copy of what kubectl applied, has its kind, and cannot be changed', () => {
    const cache = cacheOf();
    const item = { ...object('a', 1), apiVersion: undefined, kind: undefined } as unknown as Resource;
    Object.assign(item.metadata, { managedFields: [{ manager: 'x' }] });
    item.metadata.annotations = { mine: 'x', 'kubectl.kubernetes.io/last-applied-configuration': '{}' };
    cache.listed(item);
    const kept = cache.get({ namespace: 'default', name: 'a' })!;
    expect(kept).toMatchObject({ apiVersion: 'holdfast.dev/v1', kind: 'Thing' });
    expect(JSON.parse(JSON.stringify(kept.metadata))).toEqual({
      name: 'a',
      namespace: 'default',
      uid: 'uid-a',
      resourceVersion: '1',
      labels: {},
      annotations: { mine: 'x' },
    });
    expect(() => {
      kept.metadata.labels!.new = 'x';
    }).toThrow(TypeError);
  });

  test('has no member that the object has not', () => {
    const cache = cacheOf();
    const bare = object('a', 1);
    delete bare.metadata.labels;
    Object.assign(bare.metadata, { generateName: 'a-', deletionGracePeriodSeconds: 0 });
    cache.changed(bare);
    const { metadata } = cache.get({ namespace: 'default', name: 'a' })!;
    expect(Object.keys(metadata)).toEqual([
      'name',
      'namespace',
      'generateName',
      'uid',
      'resourceVersion',
      'deletionGracePeriodSeconds',
    ]);
  });

  test('is what the projection leaves of it', () => {
    const cache = cacheOf({ project: (one) => ({ ...one, spec: undefined }) });
    cache.changed(object('a', 1));
    expect(cache.get({ namespace: 'default', name: 'a' })?.spec).toBeUndefined();
  });

  test('is the whole object when the projection fails on it', () => {
    const cache = cacheOf({
      project: () => {
        throw new Error('bug');
      },
    });
    cache.changed(object('a', 1));
    expect(cache.get({ namespace: 'default', name: 'a' })?.spec).toEqual({ large: 'text' });
    expect(faults).toHaveLength(1);
  });
});

describe('an index', () => {
  const byTeam = {
    kind,
    name: 'team',
    valuesOf: ({ metadata }: Resource) => (metadata.labels?.team ?? '').split(' ').filter((team) => team !== ''),
  };
  const names = (cache: Cache, value: string, namespace = ''): string[] =>
    cache
      .list(namespace, { index: 'team', value })
      .map(({ metadata }) => metadata.name)
      .sort();

  test('finds objects under all their values, and follows their changes', () => {
    const cache = cacheOf();
    cache.addIndex(byTeam);
    cache.addIndex(byTeam);
    cache.changed(object('a', 1, 'a', { team: 'red blue' }));
    cache.changed(object('b', 2, 'b', { team: 'red' }));
    expect([names(cache, 'red'), names(cache, 'blue'), names(cache, 'green')]).toEqual([['a', 'b'], ['a'], []]);
    cache.changed(object('a', 3, 'a', { team: 'green' }));
    cache.deleted(object('b', 4, 'b'));
    expect([names(cache, 'red'), names(cache, 'blue'), names(cache, 'green')]).toEqual([[], [], ['a']]);
    expect(names(cache, 'green', 'other')).toEqual([]);
  });

  test('that fails on one object leaves the others be found', () => {
    const cache = cacheOf();
    cache.addIndex({ ...byTeam, valuesOf: ({ metadata }) => [metadata.labels!.team!.toUpperCase()] });
    cache.changed(object('a', 1));
    cache.changed(object('b', 2, 'b', { team: 'red' }));
    expect(names(cache, 'RED')).toEqual(['b']);
    expect(cache.size).toBe(2);
    expect(faults.length).toBeGreaterThan(0);
  });

  test('must have a name of its own, and be named to be used', () => {
    const cache = cacheOf();
    cache.addIndex(byTeam);
    expect(() => cache.addIndex({ ...byTeam })).toThrow("Two indexes of Thing are named 'team'; rename one.");
    expect(() => cache.list('', { index: 'other', value: 'x' })).toThrow("There is no index 'other' of Thing");
  });
});

test('whoever waits for a version is called when the cache has come to it, or has listed everything anew', () => {
  const cache = cacheOf();
  const called: string[] = [];
  for (const version of ['10', '20', '30']) cache.whenSeen(version, () => called.push(version));
  cache.reached('9');
  expect(called).toEqual([]);
  cache.reached('20');
  expect(called).toEqual(['10', '20']);
  list(cache, 5, []);
  expect(called).toEqual(['10', '20', '30']);
});

test('what is equal is kept once: of an object before its change, and of those that are listed after each other', () => {
  const cache = cacheOf();
  const specOf = (name: string): unknown => cache.get({ namespace: 'default', name })?.spec;
  list(cache, 5, [object('a', 1), object('b', 2, 'uid-b', { app: 'b' })]);
  expect(specOf('b')).toBe(specOf('a'));
  const before = specOf('b');
  cache.changed(object('b', 6, 'uid-b', { app: 'c' }));
  expect(specOf('b')).toBe(before);
  expect(cache.get({ namespace: 'default', name: 'b' })?.metadata.labels).toEqual({ app: 'c' });
  expect(cache.get({ namespace: 'default', name: 'a' })?.metadata.labels).toEqual({});
});

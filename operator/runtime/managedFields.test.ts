/** What is cut is that list and nothing else, whatever stands around it: over random objects whose strings imitate what is looked for. */
import { expect, test } from '@jest/globals';
import { seeded } from '../../test/builders/seeded.ts';
import { canonicalJson } from '../lib/digest.ts';
import { withoutManagedFields } from './managedFields.ts';

const words = [
  ...[
    'name',
    'managedFields',
    '"name":"',
    '],"name":"',
    ',"managedFields":[',
    '"managedFields":[',
    '],',
    '"',
    '\\',
    '\\"',
  ],
  ...['{', '}', '[', ']', ':', ',', 'a', 'metadata', '"metadata":{', 'ü', '日本', '😀', '\u2028', '\n', ''],
];

function makeRandom(random: () => number) {
  const below = (count: number): number => Math.floor(random() * count);
  const pick = <T>(list: readonly T[]): T => list[below(list.length)]!;
  const text = (): string => Array.from({ length: below(4) }, () => pick(words)).join('');
  // JSON.parse of Node 24.21 reads a key with an escape as another, if one with a backslash came before: keys have none.
  const key = (): string => text().replaceAll(/[\\"\n]/g, '');
  const map = <T>(value: () => T): Record<string, T> =>
    Object.fromEntries(Array.from({ length: below(4) }, () => [key(), value()]));
  const list = <T>(value: () => T): T[] => Array.from({ length: below(4) }, value);
  const any = (depth = 3): unknown =>
    depth === 0
      ? text()
      : pick([text, () => below(99), () => null, () => map(() => any(depth - 1)), () => list(() => any(depth - 1))])();
  const maybe = <T>(part: T): T | object => (random() < 0.5 ? part : {});
  const fields = (): object => ({ [`f:${key()}`]: { [`k:{"name":"${key()}"}`]: {}, [`v:"${key()}`]: {}, '.': {} } });
  const managed = (): object => ({
    apiVersion: 'v1',
    fieldsType: 'FieldsV1',
    fieldsV1: fields(),
    manager: text(),
    operation: 'Apply',
  });
  const metadata = (): object => ({
    ...maybe({ annotations: map(text) }),
    ...maybe({ labels: map(text) }),
    ...maybe({ finalizers: list(text) }),
    ...maybe({ generateName: text(), generation: below(9) }),
    ...maybe({ managedFields: list(managed) }),
    ...maybe({ ownerReferences: list(() => ({ kind: text(), name: text() })) }),
    name: text(),
    namespace: text(),
    resourceVersion: String(below(9)),
  });
  return (): object => ({
    ...maybe({ [pick(['data', 'items', 'spec'])]: any() }),
    ...maybe({ status: any() }),
    apiVersion: 'example.com/v1',
    kind: 'Widget',
    metadata: metadata(),
  });
}

function lineOf(object: object, json: (value: unknown) => string): Buffer {
  return Buffer.from(`{"type":"MODIFIED","object":${json(object)}}`);
}

function withoutIt(object: object): object {
  const metadata = { ...(object as { metadata: Record<string, unknown> }).metadata };
  delete metadata['managedFields'];
  return { type: 'MODIFIED', object: { ...object, metadata } };
}

test('of objects as the apiserver writes those of CRDs, nothing else is missing', () => {
  const make = makeRandom(seeded(1));
  const counts = { cut: 0, whole: 0 };
  for (let round = 0; round < 4000; round++) {
    const object = make();
    const read = canonicalJson(JSON.parse(withoutManagedFields(lineOf(object, canonicalJson))));
    const isCut = read !== canonicalJson({ type: 'MODIFIED', object });
    counts[isCut ? 'cut' : 'whole']++;
    if (isCut) expect(read).toBe(canonicalJson(withoutIt(object)));
  }
  expect(counts.cut).toBeGreaterThan(400);
});

test('of objects with keys in another order, only that list is ever missing', () => {
  const random = seeded(2);
  const make = makeRandom(random);
  const shuffled = (object: object): object => Object.fromEntries(Object.entries(object).sort(() => random() - 0.5));
  for (let round = 0; round < 4000; round++) {
    const object = make() as { metadata: object };
    const other = shuffled({ ...object, metadata: shuffled(object.metadata) });
    const read = canonicalJson(JSON.parse(withoutManagedFields(lineOf(other, JSON.stringify))));
    expect([canonicalJson({ type: 'MODIFIED', object }), canonicalJson(withoutIt(object))]).toContain(read);
  }
});

test('an ordinary object loses it, also where an annotation quotes it', () => {
  const object = {
    apiVersion: 'example.com/v1',
    kind: 'Widget',
    metadata: {
      annotations: { last: '{"managedFields":[{"a":1}],"name":"x"}' },
      managedFields: [{ manager: 'kubectl', fieldsV1: { 'f:spec': { 'k:{"name":"a"}': {} } } }],
      name: 'a',
    },
    spec: { managedFields: ['kept'], name: 'b' },
  };
  expect(JSON.parse(withoutManagedFields(lineOf(object, canonicalJson)))).toEqual(withoutIt(object));
});

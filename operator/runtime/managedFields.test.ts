/** What is cut is that list and nothing else, whatever stands around it: over random objects whose strings imitate what is looked for. */
import { expect, test } from '@jest/globals';
import { seeded } from '../../test/builders/seeded.ts';
import { makeRandom } from '../../test/builders/widgets.ts';
import { canonicalJson } from '../lib/digest.ts';
import { withoutManagedFields } from './managedFields.ts';

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

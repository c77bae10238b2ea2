/** A page in pieces is the page: over random objects whose strings and members imitate what is looked for. */
import { expect, test } from '@jest/globals';
import { seeded } from '../../test/builders/seeded.ts';
import { makeRandom } from '../../test/builders/widgets.ts';
import { canonicalJson } from '../lib/digest.ts';
import { Received } from '../lib/received.ts';
import { parsePage } from './page.ts';

const pageOf = (items: object): Buffer =>
  Buffer.from(
    canonicalJson({ apiVersion: 'example.com/v1', items, kind: 'WidgetList', metadata: { resourceVersion: '7' } }),
  );
const stripped = (items: readonly object[]): unknown[] =>
  items.map((one) => ({ ...one, metadata: { ...(one as { metadata: object }).metadata, managedFields: undefined } }));

test('of a page, nothing but that list of its items is ever missing', () => {
  const random = seeded(3);
  const make = makeRandom(random);
  const counts = { cut: 0, whole: 0 };
  for (let round = 0; round < 3000; round++) {
    // Some hold another object, with a list of its own that is to stay.
    const items = Array.from({ length: Math.floor(random() * 4) }, () =>
      random() < 0.1 ? { ...make(), spec: { templates: [make(), make()] } } : make(),
    );
    const read = parsePage(pageOf(items)) as { items: object[] };
    expect(canonicalJson(stripped(read.items))).toBe(canonicalJson(stripped(items)));
    expect(canonicalJson({ ...read, items: 0 })).toBe(
      canonicalJson({ ...JSON.parse(String(pageOf(items))), items: 0 }),
    );
    counts[read.items.some((item) => 'managedFields' in (item as { metadata: object }).metadata) ? 'whole' : 'cut']++;
  }
  expect(counts.cut).toBeGreaterThan(400);
});

const managedFields = [{ manager: 'kubectl', fieldsV1: { 'f:spec': { 'k:{"name":"a"}': {} } } }];
const item = (name: string, spec: object, managed: object = { managedFields }): object => ({
  apiVersion: 'example.com/v1',
  kind: 'Widget',
  metadata: { namespace: 'x', name, annotations: { last: ',"managedFields":[{"a":1}],"name":"x"}' }, ...managed },
  spec,
});

test.each<[string, object[]]>([
  ['an object that holds another', [item('a', item('b', {}))]],
  ['an object without the list that holds another', [item('a', item('b', {}), {}), item('c', {})]],
  ['a member of the same name beside a name', [item('a', { a: 1, managedFields: ['b'], name: 'c' }), item('d', {})]],
  ['a list in which lists are', [item('a', {}, { managedFields: [{ lists: [['x'], 'y'], name: 'z' }] })]],
  ['items without metadata', [{ spec: { a: 1, managedFields: ['b'], name: 'c' } }, { metadata: null }]],
  [
    'a number in the place of the list',
    [item('a', {}, { managedFields: 0 }), item('b', { a: 1, managedFields: [], name: 'c' })],
  ],
])('of a page with %s, all else is there', (_, items) => {
  const read = parsePage(pageOf(items)) as { items: object[] };
  const specs = (list: readonly object[]): unknown[] => list.map((one) => ({ ...one, metadata: 0 }));
  expect(specs(read.items)).toEqual(specs(items));
});

test('an ordinary page loses all of them, and characters of any length stay', () => {
  const items = ['ä', '日本', '😀'].map((text) => item('a', { text }));
  const read = parsePage(pageOf(items)) as { items: { metadata: { managedFields?: unknown } }[] };
  expect(read.items.map(({ metadata }) => metadata.managedFields)).toEqual([undefined, undefined, undefined]);
  expect(canonicalJson(read.items)).toBe(canonicalJson(stripped(items)));
});

test('a page that is not JSON is none', () => {
  expect(() => parsePage(Buffer.from('<html>'))).toThrow(SyntaxError);
  expect(() => parsePage(Buffer.from('{"items":[{"metadata":{"a":1,"managedFields":[],"name":"x"}}'))).toThrow(
    SyntaxError,
  );
});

test('what comes in pieces of any size is what was sent, and the memory is used again', () => {
  const gathered = new Received();
  for (const size of [1, 7, 65_536, 200_000]) {
    const sent = Buffer.alloc(300_000, `${size} `);
    gathered.clear();
    for (let at = 0; at < sent.length; at += size) gathered.add(sent.subarray(at, at + size));
    expect(gathered.content.equals(sent)).toBe(true);
  }
});

import { expect, test } from '@jest/globals';
import { numbers } from '../../test/builders/seeded.ts';
import { share } from './sharing.ts';

test('a changed object has all that did not change from the one before', () => {
  const before = { labels: { a: 'b' }, spec: { ports: [{ port: 1 }, { port: 2 }], name: 'x' }, list: [[1], [2]] };
  const after = structuredClone(before);
  after.spec.ports[1]!.port = 3;
  after.list.push([3]);
  const expected = structuredClone(after);
  share(before, after);
  expect(after).toEqual(expected);
  expect(after.labels).toBe(before.labels);
  expect(after.spec).not.toBe(before.spec);
  expect(after.spec.ports[0]).toBe(before.spec.ports[0]);
  expect(after.spec.ports[1]).not.toBe(before.spec.ports[1]);
  expect(after.list[0]).toBe(before.list[0]);
});

test.each([
  ['fewer members', '{"a":{"b":1,"c":2}}', '{"a":{"b":1}}'],
  ['more members', '{"a":{"b":1}}', '{"a":{"b":1,"c":2}}'],
  ['fewer items', '{"a":[1,2]}', '{"a":[1]}'],
  ['no items instead of no members', '{"a":{}}', '{"a":[]}'],
  ['no members instead of no items', '{"a":[]}', '{"a":{}}'],
  ['null instead of an object', '{"a":{}}', '{"a":null}'],
  ['an object instead of null', '{"a":null}', '{"a":{}}'],
  ['a text instead of a number', '{"a":1}', '{"a":"1"}'],
  ['a member that all objects inherit', '{"a":{"constructor":{}}}', '{"a":{"toString":{}}}'],
  ['a prototype that is a member', '{"a":{}}', '{"a":{"__proto__":{}}}'],
  ['a prototype that is a member of both', '{"a":{"__proto__":{"x":1}}}', '{"a":{"__proto__":{"x":2}}}'],
  ['no prototype that is a member', '{"a":{"__proto__":{}}}', '{"a":{}}'],
])('what differs by %s stays as it came', (_, before, after) => {
  const fresh = JSON.parse(after) as object;
  share(JSON.parse(before) as object, fresh);
  expect(JSON.stringify(fresh)).toBe(after);
  expect(Object.getPrototypeOf(Object.values(fresh)[0] ?? {})).toBe(
    Object.getPrototypeOf(Object.values(JSON.parse(after) as object)[0] ?? {}),
  );
});

test('over random values, the text stays the same, and an equal part is the one that was there', () => {
  const below = numbers(10);
  const any = (depth: number): unknown => {
    const kind = below(depth === 0 ? 3 : 6);
    if (kind < 3) return [below(3), ['', 'a', 'ü'][below(3)], null][kind];
    if (kind === 3) return Array.from({ length: below(4) }, () => any(depth - 1));
    return Object.fromEntries(
      Array.from({ length: below(4) }, () => [`${'ab__proto__'.slice(below(3))}`, any(depth - 1)]),
    );
  };
  for (let round = 0; round < 20_000; round++) {
    const [before, text] = [{ is: any(4) }, JSON.stringify({ is: any(4) })];
    const [kept, after] = [JSON.stringify(before), JSON.parse(text) as { is: unknown }];
    share(before, after);
    expect(JSON.stringify(after)).toBe(text);
    expect(JSON.stringify(before)).toBe(kept);
    if (kept === text && !text.includes('__proto__')) expect(after.is).toBe(before.is);
  }
});

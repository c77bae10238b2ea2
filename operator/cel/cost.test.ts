/** Expressions that would run for long are stopped, by what they cost and not by a clock, so that each row fails for the same reason everywhere. */
import { describe, expect, test } from '@jest/globals';
import { compile } from './compile.ts';

const items = Array.from({ length: 2000 }, (_, at) => `item-${at}`);
const members = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, at) => [`k${at}`, at]));
const object = {
  items,
  text: 'x'.repeat(100_000),
  big: 'x'.repeat(1_000_000),
  // Equal, and not the same in memory: to compare them is to read both.
  same: 'x'.repeat(1_000_000),
  longs: Array.from({ length: 50 }, () => 'y'.repeat(20_000)),
  digits: '9'.repeat(1_000_000),
  dots: '1.'.repeat(500_000),
  url: `http://a/?${'a&'.repeat(4000)}`,
  map: members(50_000),
  other: members(50_000),
};
const often = (test: string) => `object.items.all(a, object.items.all(b, ${test}))`;

function run(expression: string) {
  const compiled = compile({ expression });
  return compiled.is === 'compiled' ? compiled.program.run({ object }) : compiled;
}

describe('costs too much', () => {
  test.each([
    ['loops in loops', 'object.items.all(a, object.items.all(b, object.items.all(c, a != b || b != c || true)))'],
    ['lists of lists', 'object.items.map(a, object.items.map(b, a + b)).size() > 0'],
    ['lists compared', 'object.items.filter(a, object.items == object.items).size() > 0'],
    ['ranges', 'lists.range(100000).all(a, lists.range(100000).size() > 0)'],
    ['sets', 'sets.contains(object.items, object.items) && sets.equivalent(object.items, object.items)'],
    ['long texts compared', often('object.big == object.same')],
    ['long texts ordered', often('object.big <= object.same')],
    ['long texts in lists', often('(object.big in object.longs) || true')],
    ['long texts sorted', often('object.longs.isSorted()')],
    ['the least of long texts', often("object.longs.min() != ''")],
    ['the start of a long text', often('object.big.startsWith(object.same)')],
    ['one character of a long text', often("object.text.charAt(5) == 'x'")],
    ['bytes of a long text', often("bytes(object.big) != b''")],
    ['numbers in a long text', often('int(object.digits) == 1 || true')],
    ['a long text as a double', often('double(object.digits) == 1.0 || true')],
    ['a long text as a version', often('isSemver(object.dots, true) || true')],
    ['a long text as a range', often('!isCIDR(object.big)')],
    ['URLs', often('url(object.url).getQuery().size() > 0')],
    ['the size of a map', often('object.map.size() > 0')],
    ['a loop over a map that ends at once', often('object.map.exists(k, true)')],
    ['maps compared', often('object.map == object.other')],
    ['maps as text', often("'%s'.format([object.map]) != ''")],
    ['errors that are absorbed', often("object.absent == '' || true")],
    ['a pattern of exponential time elsewhere', "object.items.all(a, !object.text.matches('(x+x+)+y'))"],
    ['a pattern that is short and large', often("object.longs[0].matches('(x{1000}|y{999})z')")],
    ['patterns that are made', often("'x'.matches('(x{20}){20}' + a + b) || true")],
    ['searches that each read to the end', "object.text.findAll('x.*z|x').size() > 0"],
  ])('%s', (_, expression) => {
    expect(run(expression)).toEqual({ is: 'error', message: expect.stringMatching(/^costs too much; /) });
  });

  test('a text that grows', () => {
    expect(run("object.items.all(a, object.text.replace('x', object.text).size() > 0)")).toMatchObject({ is: 'error' });
  });

  test('lists that hold themselves twice, again and again, are not written out', () => {
    const names = Array.from({ length: 16 }, (_, at) => `cel.bind(v${at + 1}, [v${at}, v${at}], `);
    const expression = `cel.bind(v0, [object.items], ${names.join('')}'%s'.format([v16]) == ''${')'.repeat(17)}`;
    expect(run(expression)).toEqual({ is: 'error', message: expect.stringMatching(/^costs too much; /) });
  });
});

describe('what policies need is affordable', () => {
  const containers = Array.from({ length: 40 }, (_, at) => ({
    image: `registry.example/team/application-${at}:1.2.3-r4`,
    resources: { limits: { memory: '1.5Gi' } },
  }));
  test.each([
    "object.c.all(x, x.image.matches('^registry[.]example/[a-z0-9-]+(/[a-z0-9._-]+)*:[a-z0-9._-]+$'))",
    "object.c.all(x, quantity(x.resources.limits.memory).compareTo(quantity('2Gi')) <= 0)",
    'object.c.all(a, object.c.exists_one(b, a.image == b.image))',
  ])('%s', (expression) => {
    const compiled = compile({ expression });
    expect(compiled.is === 'compiled' && compiled.program.run({ object: { c: containers } })).toEqual({ is: 'holds' });
  });
});

/** Expressions that would run for long are stopped, by what they cost and not by a clock, so that each row fails for the same reason everywhere. */
import { describe, expect, test } from '@jest/globals';
import { compile } from './compile.ts';
import { EvaluationThread } from './thread.ts';

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

function program(expression: string) {
  const compiled = compile({ expression });
  if (compiled.is === 'invalid') throw new Error(compiled.message);
  return compiled.program;
}

const tooMuch = { is: 'error', message: expect.stringMatching(/^costs too much; /) };

describe('costs more than the event loop can spare', () => {
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
    expect(program(expression).runQuickly({ input: { object } })).toBe('costly');
  });

  test('a text that grows', () => {
    const grows = "object.items.all(a, object.text.replace('x', object.text).size() > 0)";
    expect(program(grows).run({ object })).toMatchObject({ is: 'error' });
  });

  test('lists that hold themselves twice, again and again, are not written out', () => {
    const names = Array.from({ length: 16 }, (_, at) => `cel.bind(v${at + 1}, [v${at}, v${at}], `);
    const expression = `cel.bind(v0, [object.items], ${names.join('')}'%s'.format([v16]) == ''${')'.repeat(17)}`;
    expect(program(expression).runQuickly({ input: { object } })).toBe('costly');
  });
});

describe('costs too much at all', () => {
  test.each([
    ['loops in loops', 'object.items.all(a, object.items.all(b, object.items.all(c, true)))'],
    ['lists of lists', 'lists.range(100000).map(a, lists.range(100)).flatten().size() > 0'],
    ['a pattern of exponential time elsewhere', "object.items.all(a, !object.text.matches('(x+x+)+y'))"],
  ])('%s', (_, expression) => {
    expect(program(expression).run({ object })).toEqual(tooMuch);
  });

  test('the message is paid for with the expression, and an object whose message cannot be made still fails', () => {
    const compiled = compile({
      expression: 'object.items.size() == 0',
      messageExpression: "object.items.map(a, object.items.map(b, object.items.join())).size() > 0 ? 'a' : 'b'",
    });
    if (compiled.is === 'invalid') throw new Error(compiled.message);
    expect(compiled.program.runQuickly({ input: { object } })).toBe('costly');
    expect(compiled.program.run({ object })).toEqual({ is: 'fails' });
  });

  test('a pattern costs the same, whether or not others have compiled it before', () => {
    const long = program(`object.items.all(a, !a.matches('${'b'.repeat(999)}'))`);
    const inputs = { input: { object: { items: ['a'] } } };
    expect([long.runQuickly(inputs), long.runQuickly(inputs)]).toEqual(['costly', 'costly']);
    expect(long.run(inputs.input)).toEqual({ is: 'holds' });
  });

  test('what is nested too deeply is an error', () => {
    let deep: unknown = 1;
    for (let at = 0; at < 100_000; at += 1) deep = [deep];
    expect(program('object.deep == object.deep').run({ object: { deep } })).toMatchObject({
      is: 'error',
      message: expect.stringMatching(/nested too deeply/),
    });
  });
});

/** What Kubernetes ends after a million units of its cost, and that costs at most so much there, has a result. */
describe('what Kubernetes evaluates, is evaluated', () => {
  const rules = Array.from({ length: 250 }, () => ({ regex: 'a|b'.repeat(3000) }));
  const text = 'lorem ipsum dolor '.repeat(5000);
  const quantities = Array.from({ length: 2000 }, () => '1.5Gi');
  test.each([
    ['200,000 turns of a loop', 'object.items.all(a, object.items.filter(b, b == a).size() < 2 || true)', 100],
    ['quantities', "object.quantities.all(a, quantity(a).isLessThan(quantity('2Gi')))", 2000],
    ['patterns of relabeling rules', "object.rules.all(r, r.regex.matches('^[a-zA-Z0-9_.|()*+-]+$'))", 1],
    ['a long string', "!object.text.matches('(lorem|ipsum) [a-z]{1,20} sit') && object.text.find('[0-9]+') == ''", 1],
  ])('%s', (_, expression, count) => {
    const found = program(expression).run({
      object: { items: items.slice(0, count * 4), quantities: quantities.slice(0, count), rules, text },
    });
    expect(found).toEqual({ is: 'holds' });
  });
});

describe('the thread for what is costly', () => {
  const thread = new EvaluationThread(() => 0);
  const ask = async (expression: string, more: object = {}) =>
    (await thread.evaluate({ source: { expression }, input: { object: { ...object, ...more } } })).result;

  test('finds what would be found here, one after the other', async () => {
    const answers = await Promise.all([
      ask('object.items.all(a, a in object.items)'),
      ask('object.items.exists(a, object.items.all(b, a == b))'),
      ask('object.big.size() == object.absent'),
      ask('object.number == 9007199254740993', { number: 9007199254740993n }),
    ]);
    expect(answers).toEqual([
      { is: 'holds' },
      { is: 'fails' },
      { is: 'error', message: "there is no field 'absent'" },
      { is: 'holds' },
    ]);
  });

  test('answers what takes more memory than it has, and what is asked after it', async () => {
    const small = new EvaluationThread(() => 0, { megabytes: 24 });
    const input = { object };
    const source = { expression: 'lists.range(100000).map(a, lists.range(20)).flatten().size() > 0' };
    const [first, second] = await Promise.all([
      small.evaluate({ source, input }),
      small.evaluate({ source: { expression: 'true' }, input: { object: {} } }),
    ]);
    expect(first.result).toEqual({ is: 'error', message: expect.stringMatching(/^it needs too much memory; /) });
    expect(second.result).toEqual({ is: 'holds' });
  });

  test('ends one that does not end by itself, when the next is asked for', async () => {
    const time = { now: 0 };
    const stuck = new EvaluationThread(() => time.now);
    const first = stuck.evaluate({
      source: { expression: 'object.items.all(a, a in object.items)' },
      input: { object },
    });
    time.now += 60_001;
    const second = stuck.evaluate({ source: { expression: 'true' }, input: { object: {} } });
    expect((await first).result).toEqual({ is: 'error', message: expect.stringMatching(/^it takes too long; /) });
    expect((await second).result).toEqual({ is: 'holds' });
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
    expect(program(expression).runQuickly({ input: { object: { c: containers } } })).toEqual({ is: 'holds' });
  });
});

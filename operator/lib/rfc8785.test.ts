import { expect, test } from '@jest/globals';
import { numbers } from '../../test/builders/seeded.ts';
import { rfc8785, rfc8785Bytes } from './rfc8785.ts';

test('the example of section 3.2.2 of the RFC', () => {
  const value: unknown = JSON.parse(String.raw`{
    "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
    "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
    "literals": [null, true, false]
  }`);
  // Section 3.2.4, as bytes.
  const bytes = `
    7b 22 6c 69 74 65 72 61 6c 73 22 3a 5b 6e 75 6c 6c 2c 74 72 75 65 2c 66 61 6c 73 65 5d 2c 22 6e 75 6d 62 65 72 73 22
    3a 5b 33 33 33 33 33 33 33 33 33 2e 33 33 33 33 33 33 33 2c 31 65 2b 33 30 2c 34 2e 35 2c 30 2e 30 30 32 2c 31 65 2d
    32 37 5d 2c 22 73 74 72 69 6e 67 22 3a 22 e2 82 ac 24 5c 75 30 30 30 66 5c 6e 41 27 42 5c 22 5c 5c 5c 5c 5c 22 2f 22 7d`;
  expect(rfc8785Bytes(value).toString('hex')).toBe(bytes.replaceAll(/\s/g, ''));
});

test('names are sorted as section 3.2.3 has them', () => {
  const value = {
    '\u20ac': 'Euro Sign',
    '\r': 'Carriage Return',
    '\ufb33': 'Hebrew Letter Dalet With Dagesh',
    '1': 'One',
    '\ud83d\ude00': 'Emoji: Grinning Face',
    '\u0080': 'Control',
    '\u00f6': 'Latin Small Letter O With Diaeresis',
  };
  expect(
    Object.values(JSON.parse(rfc8785({ list: Object.entries(value).map(([key]) => ({ [key]: 0 })) })) as object),
  ).toHaveLength(1);
  expect([...rfc8785(value).matchAll(/:"([^"]+)"/g)].map(([, word]) => word)).toEqual([
    'Carriage Return',
    'One',
    'Control',
    'Latin Small Letter O With Diaeresis',
    'Euro Sign',
    'Emoji: Grinning Face',
    'Hebrew Letter Dalet With Dagesh',
  ]);
});

/** Appendix B of the RFC: the bits of a double, and its text. */
test.each<[bits: string, text: string]>([
  ['0000000000000000', '0'],
  ['8000000000000000', '0'],
  ['0000000000000001', '5e-324'],
  ['8000000000000001', '-5e-324'],
  ['7fefffffffffffff', '1.7976931348623157e+308'],
  ['ffefffffffffffff', '-1.7976931348623157e+308'],
  ['4340000000000000', '9007199254740992'],
  ['c340000000000000', '-9007199254740992'],
  ['4430000000000000', '295147905179352830000'],
  ['44b52d02c7e14af5', '9.999999999999997e+22'],
  ['44b52d02c7e14af6', '1e+23'],
  ['44b52d02c7e14af7', '1.0000000000000001e+23'],
  ['444b1ae4d6e2ef4e', '999999999999999700000'],
  ['444b1ae4d6e2ef4f', '999999999999999900000'],
  ['444b1ae4d6e2ef50', '1e+21'],
  ['3eb0c6f7a0b5ed8c', '9.999999999999997e-7'],
  ['3eb0c6f7a0b5ed8d', '0.000001'],
  ['41b3de4355555553', '333333333.3333332'],
  ['41b3de4355555554', '333333333.33333325'],
  ['41b3de4355555555', '333333333.3333333'],
  ['41b3de4355555556', '333333333.3333334'],
  ['41b3de4355555557', '333333333.33333343'],
  ['becbf647612f3696', '-0.0000033333333333333333'],
  ['43143ff3c1cb0959', '1424953923781206.2'],
])('%s is %s', (bits, text) => {
  expect(rfc8785(Buffer.from(bits, 'hex').readDoubleBE())).toBe(text);
});

test.each<[string, unknown, string]>([
  ['not a number', { a: [1, NaN] }, '$.a[1] is not a finite number'],
  ['infinite', [Infinity], '$[0] is not a finite number'],
  ['half of a pair of surrogates', { a: '\ud83d' }, '$.a has half of a pair of surrogates'],
  ['in a name', { '\udc00': 1 }, '$ has a name with half of a pair'],
  ['an integer beyond doubles', { a: 2n ** 60n }, '$.a is a bigint'],
  ['nothing, in a list', [undefined], '$[0] is a undefined'],
  ['a date, which would be {}', { z: 1, a: new Date(0) }, '$.a is not a plain object'],
  ['bytes', { a: Buffer.of(1) }, '$.a is not a plain object'],
  ['a map', new Map(), '$ is not a plain object'],
])('%s is refused', (_, value, problem) => {
  expect(() => rfc8785(value)).toThrow(problem);
});

test('keys are in the order of UTF-16 code units, as in section 3.2.3', () => {
  const value = {
    '\u20ac': 'Euro Sign',
    '\r': 'Carriage Return',
    '\ufb33': 'Hebrew Letter Dalet With Dagesh',
    '1': 'One',
    '\ud83d\ude00': 'Emoji: Grinning Face',
    '\u0080': 'Control',
    '\u00f6': 'Latin Small Letter O With Diaeresis',
  };
  const names = Object.keys(JSON.parse(rfc8785(value)) as object).filter((name) => name !== '1');
  expect(names).toEqual(['\r', '\u0080', '\u00f6', '\u20ac', '\ud83d\ude00', '\ufb33']);
  expect(rfc8785(value).startsWith('{"\\r":"Carriage Return","1":"One",')).toBe(true);
});

test('strings are escaped as in section 3.2.2', () => {
  const value = {
    numbers: [333333333.33333329, 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
    string: '\u20ac$\u000f\u000aA\'\u0042\u0022\u005c\\"/',
    literals: [null, true, false],
  };
  expect(rfc8785(value)).toBe(
    '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
  );
});

/** Appendix B. */
test.each([
  [0, '0'],
  [-0, '0'],
  [5e-324, '5e-324'],
  [-1.7976931348623157e308, '-1.7976931348623157e+308'],
  [9007199254740992, '9007199254740992'],
  [295147905179352830000, '295147905179352830000'],
  [9.999999999999997e22, '9.999999999999997e+22'],
  [1e23, '1e+23'],
  [1.0000000000000001e23, '1.0000000000000001e+23'],
  [999999999999999700000, '999999999999999700000'],
  [1e21, '1e+21'],
  [9.999999999999997e-7, '9.999999999999997e-7'],
  [0.000001, '0.000001'],
  [333333333.33333325, '333333333.33333325'],
])('%p is written as %s', (value, text) => {
  expect(rfc8785(value)).toBe(text);
});

test('keys that look like numbers are ordered as text, at each depth', () => {
  expect(rfc8785({ a: { 10: 'a', 9: 'b' }, 2: [], 10: {} })).toBe('{"10":{},"2":[],"a":{"10":"a","9":"b"}}');
});

test('what is in order already and what is not are written alike', () => {
  expect(rfc8785({ a: 1, b: { c: [1, { d: 2, e: 3 }] } })).toBe(rfc8785({ b: { c: [1, { e: 3, d: 2 }] }, a: 1 }));
  expect(rfc8785({ a: undefined, b: 1 })).toBe('{"b":1}');
  expect(rfc8785({ b: 1, a: undefined })).toBe('{"b":1}');
});

test.each([
  ['NaN', NaN],
  ['Infinity', [Infinity]],
  ['a bigint', { a: 1n }],
  ['undefined', undefined],
  ['undefined in a list', [undefined]],
  ['a Date', { z: 1, a: new Date(0) }],
  ['a Map', new Map()],
  ['half of a surrogate pair', { a: '\ud83d' }],
  ['half of a surrogate pair in a name', { '\ude00': 1 }],
])('%s has no canonical form', (_, value) => {
  expect(() => rfc8785(value)).toThrow(TypeError);
});

/** As the RFC says it, without any thought for time. */
function plainly(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(plainly).join(',')}]`;
  if (value === null || typeof value !== 'object') {
    if (typeof value === 'string' && !value.isWellFormed()) throw new TypeError('half of a pair');
    return JSON.stringify(value);
  }
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return `{${members
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, member]) => `${plainly(name)}:${plainly(member)}`)
    .join(',')}}`;
}

test('random values are written as the RFC says, or refused as it says', () => {
  const pieces = [
    'a',
    'b',
    'ud83d',
    '\\',
    '\\ud83d',
    '"',
    '\ud83d',
    '\ude00',
    '\ud83d\ude00',
    'é',
    '\u2028',
    '\n',
    '1',
    '\u0000',
  ];
  const below = numbers(8785);
  const text = (): string => Array.from({ length: below(4) }, () => pieces[below(pieces.length)]).join('');
  const make = (depth: number): unknown => {
    switch (below(depth > 3 ? 4 : 7)) {
      case 0:
        return text();
      case 1:
        return [null, true, false][below(3)];
      case 2:
        return (below(2000) - 1000) / 2 ** below(8);
      case 3:
        return text();
      case 4:
        return Array.from({ length: below(4) }, () => make(depth + 1));
      default: {
        const members = Array.from({ length: below(5) }, () => [text(), below(8) === 0 ? undefined : make(depth + 1)]);
        const object = Object.fromEntries(members as [string, unknown][]);
        return below(2) ? object : Object.fromEntries(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1)));
      }
    }
  };
  const outcomes = { written: 0, refused: 0 };
  for (let round = 0; round < 3000; round++) {
    const value = make(0);
    let expected: string | undefined;
    try {
      expected = plainly(value);
    } catch {
      outcomes.refused++;
      expect(() => rfc8785(value)).toThrow(/half of a pair/);
      continue;
    }
    outcomes.written++;
    expect(rfc8785(value)).toBe(expected);
  }
  expect(Math.min(outcomes.written, outcomes.refused)).toBeGreaterThan(200);
});

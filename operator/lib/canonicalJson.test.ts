/** The values of RFC 8785 and of its appendix, and what has no canonical form. */
import { expect, test } from '@jest/globals';
import { canonicalJson } from './canonicalJson.ts';

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
  const names = Object.keys(JSON.parse(canonicalJson(value)) as object).filter((name) => name !== '1');
  expect(names).toEqual(['\r', '\u0080', '\u00f6', '\u20ac', '\ud83d\ude00', '\ufb33']);
  expect(canonicalJson(value).startsWith('{"\\r":"Carriage Return","1":"One",')).toBe(true);
});

test('strings are escaped as in section 3.2.2', () => {
  const value = {
    numbers: [333333333.33333329, 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
    string: '\u20ac$\u000f\u000aA\'\u0042\u0022\u005c\\"/',
    literals: [null, true, false],
  };
  expect(canonicalJson(value)).toBe(
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
  expect(canonicalJson(value)).toBe(text);
});

test('keys that look like numbers are ordered as text, at each depth', () => {
  expect(canonicalJson({ a: { 10: 'a', 9: 'b' }, 2: [], 10: {} })).toBe('{"10":{},"2":[],"a":{"10":"a","9":"b"}}');
});

test('what is in order already and what is not are written alike', () => {
  expect(canonicalJson({ a: 1, b: { c: [1, { d: 2, e: 3 }] } })).toBe(
    canonicalJson({ b: { c: [1, { e: 3, d: 2 }] }, a: 1 }),
  );
  expect(canonicalJson({ a: undefined, b: 1 })).toBe('{"b":1}');
  expect(canonicalJson({ b: 1, a: undefined })).toBe('{"b":1}');
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
  expect(() => canonicalJson(value)).toThrow(TypeError);
});

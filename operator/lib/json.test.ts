import { describe, expect, test } from '@jest/globals';
import { canonicalJson } from './digest.ts';
import { jsonOf, parseJson, yamlOf } from './json.ts';

describe('numbers', () => {
  test.each<[text: string, value: unknown, written?: string]>([
    ['9007199254740991', 9007199254740991],
    ['9007199254740992', 9007199254740992n],
    ['9007199254740993', 9007199254740993n],
    ['-9007199254740991', -9007199254740991],
    ['-9007199254740993', -9007199254740993n],
    ['9223372036854775807', 9223372036854775807n],
    ['-9223372036854775808', -9223372036854775808n],
    // Beyond 64 bits they are doubles to the apiserver too.
    ['9223372036854775808', 2 ** 63, '9223372036854776000'],
    ['18446744073709551615', 2 ** 64, '18446744073709552000'],
    ['1e300', 1e300, '1e+300'],
    ['9007199254740993.0', 9007199254740992, '9007199254740992'],
    ['9007199254740993e0', 9007199254740992, '9007199254740992'],
    ['1.0', 1, '1'],
    ['0.1', 0.1],
    ['1234567890123456', 1234567890123456],
  ])('%s', (text, value, written = text) => {
    for (const [before, after] of [
      ['', ''],
      ['[', ']'],
      ['[1, ', ']'],
      ['{"a":', '}'],
      ['{ "a" :\n  ', ' }'],
    ] as const) {
      const parsed = parseJson(`${before}${text}${after}`);
      const found = Array.isArray(parsed)
        ? (parsed as unknown[]).at(-1)
        : before.startsWith('{')
          ? (parsed as { a: unknown }).a
          : parsed;
      expect(found).toBe(value);
      if (written === text) expect(parseJson(jsonOf(parsed)!)).toEqual(parsed);
    }
    expect(jsonOf(value)).toBe(written);
    expect(canonicalJson({ b: [value], a: value })).toBe(`{"a":${written},"b":[${written}]}`);
  });

  test('what only looks like one, in a text', () => {
    const text = '{"uid":"x:1234567890123456789,","n":null,"__proto__":{"a":9007199254740993},"list":[]}';
    const parsed = parseJson(text) as Record<string, unknown>;
    expect(parsed['uid']).toBe('x:1234567890123456789,');
    expect(Object.hasOwn(parsed, '__proto__')).toBe(true);
    expect(jsonOf(parsed)).toBe(text);
  });
});

// Of all that JSON has as it is, YAML refuses some, and takes some for the end of a line.
test.each([
  ['\u007f\u0080\u009b\u009f', '\\u007f\\u0080\\u009b\\u009f'],
  ['a\u0085b\u2028c\u2029d', 'a\\u0085b\\u2028c\\u2029d'],
  ['\ufeff\ufffe\uffff', '\\ufeff\\ufffe\\uffff'],
  ['\ud83d', '\\ufffd'],
  ['\ude00x\\', '\\ufffdx\\\\'],
  ['\\ud83d \\\\ud83d 😀 \u00e9 \t\u0001', '\\\\ud83d \\\\\\\\ud83d 😀 é \\t\\u0001'],
])('%j is %s where it is read as YAML', (text, written) => {
  expect(yamlOf({ [text]: [text] })).toBe(`{"${written}":["${written}"]}`);
  expect(parseJson(yamlOf(text)!)).toBe(text.toWellFormed());
});

test('what is not JSON is an error', () => {
  for (const text of ['', '{', '[9007199254740993', '9007199254740993x'])
    expect(() => parseJson(text)).toThrow(SyntaxError);
  const circle: Record<string, unknown> = {};
  circle['circle'] = circle;
  expect(() => jsonOf(circle)).toThrow(TypeError);
});

test('what JSON has no word for is left out', () => {
  expect(jsonOf(undefined)).toBeUndefined();
  expect(jsonOf({ a: undefined, n: 9007199254740993n })).toBe('{"n":9007199254740993}');
});

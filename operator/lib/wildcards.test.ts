import { expect, test } from '@jest/globals';
import { fitsGlob, fitsPathGlob, fitsWildcards } from './wildcards.ts';

test.each<[pattern: string, text: string, plain: boolean, glob: boolean]>([
  ['a*c', 'abbc', true, true],
  ['a*c', 'abcd', false, false],
  ['*b*b*', 'abab', true, true],
  ['', '', true, true],
  ['*', '', true, true],
  ['a?c', 'abc', true, true],
  ['a?', 'a', false, false],
  ['a.c', 'abc', false, false],
  ['h[a-c]*', 'hbx', false, true],
  ['h[!a-c]', 'hb', false, false],
  ['h[]x]', 'h]', false, true],
  ['h[ab', 'h[ab', true, true],
  ['a\\*', 'a*', false, true],
  ['a\\*', 'ab', false, false],
  ['ü?', 'üä', true, true],
])('%j and %j', (pattern, text, plain, glob) => {
  expect([fitsWildcards(pattern, text), fitsGlob(pattern, text)]).toEqual([plain, glob]);
});

test('wildcards of paths match no slash', () => {
  expect(['net/*/x', 'net/*', 'net/*/*/x', '*'].map((pattern) => fitsPathGlob(pattern, 'net/a.b/x'))).toEqual([
    true,
    false,
    false,
    false,
  ]);
});

test('a pattern that a regular expression never ends with is decided', () => {
  const text = 'a'.repeat(10_000);
  expect(fitsWildcards(`${'*a'.repeat(100)}b`, text)).toBe(false);
  expect(fitsGlob(`${'*[a]'.repeat(100)}b`, text)).toBe(false);
  expect(fitsGlob(`${'*'.repeat(1000)}x`, text)).toBe(false);
});

import { expect, test } from '@jest/globals';
import { quoted, unquoted } from './promqlText.ts';

test.each<[literal: string, text: string | undefined]>([
  ['"a"', 'a'],
  ["'a'", 'a'],
  ['`a"\\n`', 'a"\\n'],
  ['`a\nb`', 'a\nb'],
  ['""', ''],
  [String.raw`"\x41\102\u0043\U00000044"`, 'ABCD'],
  [String.raw`"\a\b\f\n\r\t\v\\\""`, '\x07\b\f\n\r\t\v\\"'],
  [String.raw`'\''`, "'"],
  [String.raw`"é\U0001f600"`, 'é😀'],
  ['"', undefined],
  ['"a', undefined],
  [String.raw`"a\"`, undefined],
  [String.raw`"\'"`, undefined],
  [String.raw`'\"'`, undefined],
  [String.raw`"\q"`, undefined],
  [String.raw`"\x4"`, undefined],
  [String.raw`"\xff"`, undefined],
  [String.raw`"\377"`, undefined],
  [String.raw`"\ud800"`, undefined],
  [String.raw`"\U00110000"`, undefined],
  ['"a\nb"', undefined],
  ['"a"b"', undefined],
  ['`a`b`', undefined],
  ['"\ud800"', undefined],
  ['abc', undefined],
])('%s says %j', (literal, text) => {
  expect(unquoted(literal)).toBe(text);
});

test('what is quoted is printable ASCII, and says the same', () => {
  for (const text of ['', 'a', '"', '\\', '\\"', '\n\0', 'é', '😀', '`', "'", '\u2028', '${}']) {
    expect(quoted(text)).toMatch(/^"[ -~]*"$/);
    expect(unquoted(quoted(text))).toBe(text);
  }
});

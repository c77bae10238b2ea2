import { describe, expect, test } from '@jest/globals';
import { readYaml, writeYaml } from './yaml.ts';

describe('scalars mean what they mean to kubectl', () => {
  test.each([
    ['0644', 420],
    ['0o644', 420],
    ['0x1f', 31],
    ['1_000', 1000],
    ['-7', -7],
    ['089', 89],
    ['0', 0],
    ['9007199254740993', 9007199254740993n],
    ['1.5', 1.5],
    ['yes', true],
    ['off', false],
    ['"yes"', 'yes'],
    ['2024-01-01', '2024-01-01'],
    ['1:30', '1:30'],
    ['~', null],
    ['1_000.5', 1000.5],
    ['0_8', 8],
    ['0X1F', 31],
    ['0B11', 3],
    ['-0o17', -15],
    ['0b1_1', 3],
    ['1.', 1],
    ['+.5', 0.5],
    ['1_0e1', 100],
    ['1e400', '1e400'],
    ['-9223372036854775808', -(2n ** 63n)],
    ['9223372036854775808', 2 ** 63],
    ['18446744073709551616', 2 ** 64],
    ['0x1ffffffffffffffff', '0x1ffffffffffffffff'],
  ])('%s', (text, value) => {
    expect(readYaml(`a: ${text}`, 'f')).toEqual([{ a: value }]);
  });
});

test('several documents are read, empty ones are not documents, and anchors and merge keys work', () => {
  const text = '---\na: &a {b: 1}\n---\n---\nc: &c {d: 2}\ne: {<<: *c, f: 3}\n---\n';
  expect(readYaml(text, 'f')).toEqual([{ a: { b: 1 } }, { c: { d: 2 }, e: { d: 2, f: 3 } }]);
  const merged =
    'a: {<<: [{b: 1}, {b: 2, c: 2}], d: 3}\ne: {<<: {f: 1}, f: 2}\ng: {h: 1, <<: {i: 2}, j: 3}\n...\n---\nk: 1\n';
  expect(readYaml(merged, 'f')).toEqual([{ a: { b: 1, c: 2, d: 3 }, e: { f: 2 }, g: { h: 1, i: 2, j: 3 } }, { k: 1 }]);
});

test('what is written is read again as it was, and text stays text', () => {
  const value = {
    a: ['yes', '0644', '1e3', '2024-01-01', '{{ x }}', 'a: b', '', 'two\nlines\n'],
    n: 420,
    t: true,
    z: null,
  };
  expect(readYaml(writeYaml(value), 'f')).toEqual([value]);
});

describe('what is not sound is refused with the place and what to do', () => {
  const level = (n: number) =>
    `a${n}: &a${n} [${Array(10)
      .fill(`*a${n - 1}`)
      .join(',')}]\n`;
  const bomb = `a0: &a0 [x]\n${[1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map(level).join('')}`;
  const longText = `a: &a "${'x'.repeat(100_000)}"\nb: [${Array(1000).fill('*a').join(',')}]\n`;
  test.each([
    ['a tab', 'a:\n\tb: 1\n', /^f:2:1: .*; fix it\.$/],
    // go-yaml/yaml#922. What follows it is a line of its own to kubectl: `plan` would not show it, and an apply would write it.
    ['a line break of YAML 1.1 in a comment', '# c\u2028a: 1\n', /^f:1: kubectl does not read the character U\+2028/],
    ['another one', 'b: 1\na: |\n  b\u0085  c\n', /^f:3: .* U\+0085 .*; write it as an escape in double quotes/],
    ['a control character', 'a: "\u0001"\n', /^f:1: .* U\+0001 /],
    ['what follows the end of a document', 'a: 1\n...\nb: 2\n', /^f: kubectl ignores what follows `\.\.\.`; begin/],
    [
      // go-yaml/yaml#81
      'a key before a merge that has it',
      'a: {b: 1, <<: {b: 2}}\n',
      /^f: `b` precedes a `<<` that also has it: .*; put `<<` first/,
    ],
    ['no finite number', 'a: .inf\n', /^f: .*no object can have the number \.inf/],
    ['a key that is null', '~: 1\n', /^f:1:1: a key is not a string; fix it/],
    ['an open bracket', 'a: [1, 2\n', /^f:2:1: .*; fix it\.$/],
    ['a key twice', 'a: 1\na: 2\n', /^f:2:1: duplicated mapping key; fix it\.$/],
    ['an unknown tag', 'a: !other 1\n', /^f:1:\d+: .*; fix it\.$/],
    ['a template of a chart', 'a: {{ .Values.a }}\n', /^f:1:\d+: .*helm template/],
    ['many small aliases', bomb, /^f: a document is too large when its aliases are expanded/],
    ['long texts by aliases', longText, /^f: a document is too large when its aliases are expanded/],
    ['a circle', 'a: &a {b: *a}\n', /^f: a document is too large when its aliases are expanded/],
    ['a deep nest', '['.repeat(200), /^f:1:\d+: .*; fix it\.$/],
    ['more aliases than anybody writes', `a: &a 1\nb: [${'*a,'.repeat(10_001)}]`, /^f:2:\d+: .*; fix it\.$/],
  ])('%s', (_what, text, message) => {
    expect(() => readYaml(text, 'f')).toThrow(message);
  });
});

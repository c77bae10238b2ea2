import { expect, test } from '@jest/globals';
import { keywords } from './keywords.ts';

function foundIn(text: string, groups: readonly string[][]): number {
  const { classes, next, found, shift } = keywords(groups);
  let state = 0;
  let all = 0;
  for (const byte of Buffer.from(text)) {
    state = next[state | classes[byte]!]!;
    all |= found[state >>> shift]!;
  }
  return all;
}

const groups = [['she', 'hers'], ['he'], ['key-00'], ['akia'], ['e-0'], ['$0$']];

test.each([
  ['ushers', 0b11],
  ['her', 0b10],
  ['HERS', 0b11],
  ['a KEY-42', 0b100],
  ['key-4', 0],
  ['aakiakia', 0b1000],
  ['$6$', 0b100000],
  ['café é-1', 0],
  ['', 0],
])('%s', (text, bits) => {
  expect(foundIn(text, groups)).toBe(bits);
});

test('agrees with a search for each word', () => {
  const words = ['ab', 'aba', 'bb', 'abab', 'b0', '00'];
  for (let seed = 0; seed < 3 ** 7; seed++) {
    const text = [...seed.toString(3).padStart(7, '0')].map((digit) => 'ab5'[Number(digit)]).join('');
    const expected = words.reduce(
      (all, word, at) => (text.replaceAll('5', '0').includes(word) ? all | (1 << at) : all),
      0,
    );
    expect(
      foundIn(
        text,
        words.map((word) => [word]),
      ),
    ).toBe(expected);
  }
});

import { expect, test } from '@jest/globals';
import { outcomes, worse, worst } from './outcome.ts';

test.each([
  ['Pass', 'Pass', 'Pass'],
  ['Pass', 'Inconclusive', 'Inconclusive'],
  ['Pass', 'Error', 'Error'],
  ['Pass', 'Fail', 'Fail'],
  ['Inconclusive', 'Error', 'Error'],
  ['Inconclusive', 'Fail', 'Fail'],
  ['Error', 'Fail', 'Fail'],
] as const)('%s and %s are %s', (a, b, expected) => expect(worse(a, b)).toBe(expected));

test('it is commutative, associative and idempotent, and a pass changes nothing', () => {
  for (const a of outcomes) {
    expect(worse(a, a)).toBe(a);
    expect(worse('Pass', a)).toBe(a);
    for (const b of outcomes) {
      expect(worse(a, b)).toBe(worse(b, a));
      for (const c of outcomes) expect(worse(worse(a, b), c)).toBe(worse(a, worse(b, c)));
    }
  }
});

test('of none, nothing is known', () => expect(worst([])).toBe('Inconclusive'));

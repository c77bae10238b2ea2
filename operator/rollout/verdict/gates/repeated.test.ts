/** Against a reference that does it the slow way, over all strings of up to six outcomes. */
import { expect, test } from '@jest/globals';
import { outcomes } from '../outcome.ts';
import { failuresOf, remembered } from './repeated.ts';

const letters = ['P', 'I', 'E', 'F'];

function all(length: number): string[] {
  return length === 0 ? [''] : all(length - 1).flatMap((rest) => letters.map((letter) => letter + rest));
}

/** Walks back in time, one evaluation after another. */
function slow(
  recent: string,
  inRow: number | undefined,
  ofLast: { count: number; ofLast: number } | undefined,
): boolean {
  let row = 0;
  let isBroken = false;
  let known = 0;
  let failed = 0;
  for (const letter of recent) {
    if (letter === 'I' || letter === 'E') continue;
    known += 1;
    if (letter === 'P') isBroken = true;
    else if (!isBroken) row += 1;
    if (letter === 'F' && ofLast && known <= ofLast.ofLast) failed += 1;
  }
  return (inRow !== undefined && row >= inRow) || (ofLast !== undefined && failed >= ofLast.count);
}

test.each([
  [undefined, undefined],
  [1, undefined],
  [3, undefined],
  [undefined, { count: 2, ofLast: 3 }],
  [undefined, { count: 1, ofLast: 1 }],
  [3, { count: 3, ofLast: 5 }],
  [2, { count: 6, ofLast: 6 }],
])('%p in a row, %p', (consecutiveFailures, failures) => {
  const inRow = consecutiveFailures ?? (failures ? undefined : 1);
  let failing = 0;
  for (let length = 0; length <= 6; length += 1)
    for (const recent of all(length)) {
      const { fail } = failuresOf(recent, { consecutiveFailures, failures });
      expect({ recent, fail }).toEqual({ recent, fail: slow(recent, inRow, failures) });
      failing += Number(fail);
    }
  expect(failing).toBeGreaterThan(0);
});

test('the newest is first, and a hundred are kept', () => {
  expect(outcomes.map((outcome) => remembered(outcome, 'PF'))).toEqual(['PPF', 'IPF', 'EPF', 'FPF']);
  expect(remembered('Fail', 'P'.repeat(100))).toBe(`F${'P'.repeat(99)}`);
});

test.each([
  ['F', { consecutiveFailures: 3 }, '1 of 3 failures in a row'],
  ['FIFP', { consecutiveFailures: 3 }, '2 of 3 failures in a row'],
  ['FPF', { failures: { count: 2, ofLast: 3 } }, '2 of 2 failures in the last 3'],
  ['FPF', { consecutiveFailures: 4, failures: { count: 2, ofLast: 3 } }, '2 of 2 failures in the last 3'],
])('%s of %p is %s', (recent, gate, words) => expect(failuresOf(recent, gate).words).toBe(words));

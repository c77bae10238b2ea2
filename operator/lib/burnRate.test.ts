import { describe, expect, test } from '@jest/globals';
import {
  budgetOf,
  burnAlerts,
  burnOf,
  day,
  hour,
  leastSamples,
  remainingOf,
  secondsLeft,
  stateOf,
} from './burnRate.ts';

test.each([
  ['99.9', 0.001],
  ['99', 0.01],
  ['95', 0.05],
  ['99.999999', 0.00000001],
  ['0.000001', 0.99999999],
])('the budget of %s %% has no noise of binary fractions', (objective, budget) => {
  expect(budgetOf(objective)).toBe(budget);
});

/** Rollout research §5.3: kubernetes-mixin and Sloth agree; for 7 days, examples/windows/7d.yaml of Sloth. */
test.each([
  [30, [14.4, 6, 3, 1]],
  [28, [13.44, 5.6, 2.8, 0.9333333333333333]],
  [90, [43.2, 18, 9, 3]],
  [14, [6.72, 2.8, 1.4, 0.4666666666666667]],
  [7, [13.44, 3.5, 1.4, 0.98]],
])('factors of %i days', (days, factors) => {
  const all = burnAlerts(days, 0.0001).map(({ factor }) => factor);
  factors.forEach((factor, at) => expect(all[at]).toBeCloseTo(factor, 10));
});

test.each<[number, string, string[]]>([
  [30, '99.9', ['used', 'used', 'used', 'used']],
  // kcp-dev/kcp-glbc#287: with 50 % some alerts can never fire.
  [30, '50', ['Unreachable', 'Unreachable', 'Unreachable', 'used']],
  [30, '90', ['Unreachable', 'used', 'used', 'used']],
  [30, '95', ['used', 'used', 'used', 'used']],
  [30, '93.055555', ['Unreachable', 'used', 'used', 'used']],
  [30, '93.055556', ['used', 'used', 'used', 'used']],
  [28, '99.9', ['used', 'used', 'used', 'used']],
  [14, '99.9', ['used', 'used', 'used', 'WithinBudget']],
  [7, '99.9', ['used', 'used', 'used', 'used']],
  [3, '99.9', ['used', 'used', 'WithinBudget', 'TooLong']],
  [1, '99.9', ['used', 'WithinBudget', 'TooLong', 'TooLong']],
])('%i days at %s %%: which pairs can alert', (days, objective, is) => {
  expect(burnAlerts(days, budgetOf(objective)).map((pair) => pair.is)).toEqual(is);
});

test.each([
  [14.4, 695],
  [6, 1667],
  [3, 3334],
  [1, 10_000],
])('at 99.9 %% and %d times, ten of so many events must fail', (factor, least) => {
  expect(leastSamples(factor, 0.001)).toBe(least);
});

test.each([
  [{ total: 1000, bad: 0 }, 0, 1],
  [{ total: 1000, bad: 1 }, 1, 0],
  [{ total: 1000, bad: 3 }, 3, -2],
  [{ total: 0, bad: 0 }, undefined, undefined],
])('of %j', (count, burn, remaining) => {
  expect([burnOf(count, 0.001), remainingOf(count, 0.001)]).toEqual([burn, remaining]);
});

test.each([
  [0.5, 1, 15 * day],
  [0.5, 10, 1.5 * day],
  [0.5, 0.1, undefined],
  [0, 3, 0],
  [-1, 3, 0],
])('with %d left at %d, it is spent in %d s', (remaining, burn, seconds) => {
  expect(secondsLeft(remaining, burn, 30 * day)).toBe(seconds);
});

describe('a pair', () => {
  const pair = burnAlerts(30, 0.001).find(({ longSeconds }) => longSeconds === hour)!;
  const of = (total: number, bad: number) => ({ total, bad });
  test.each([
    ['burns in both windows', of(10_000, 200), of(800, 16), 'Burning'],
    ['is over in the short one', of(10_000, 200), of(800, 0), 'Quiet'],
    ['has begun in the short one', of(10_000, 100), of(800, 100), 'Quiet'],
    // pyrra-dev/pyrra#1925: one error of few.
    ['one of few fails', of(20, 1), of(5, 1), 'Unknown'],
    // vonrobak/fedora-homelab-containers#165: a guard by traffic alone never pages.
    ['a quiet service fails altogether', of(60, 60), of(5, 5), 'Burning'],
    ['few events succeed', of(20, 0), of(5, 0), 'Unknown'],
    ['enough succeed', of(1000, 0), of(80, 0), 'Quiet'],
    ['it has stopped while it burned', of(10_000, 500), of(0, 0), 'Unknown'],
    ['nothing is known of one', undefined, of(5, 5), 'Unknown'],
  ])('%s', (_, long, short, state) => {
    expect(stateOf(pair, { long, short }, 0.001)).toBe(state);
  });
});

/** Against values that mpmath 1.3 gives with 40 digits (binomial sums), and against published ones. */
import { describe, expect, test } from '@jest/globals';
import { seeded } from '../../test/builders/seeded.ts';
import {
  betaTails,
  combinedLogEvidence,
  failureUpperBound,
  logBeta,
  logEvidence,
  logGamma,
  logSum,
} from './statistics.ts';

/** Equal to so many digits, wherever the point is. */
function expectAlmost(actual: number, expected: number, digits = 11): void {
  const error = Math.abs(actual - expected) / Math.max(1, Math.abs(expected));
  expect({ actual, error: error < 10 ** -digits ? 0 : error }).toEqual({ actual, error: 0 });
}

test.each([
  [0.5, 0.572364942924700087],
  [1, 0],
  [2, 0],
  [3.7, 1.42807232666538792],
  [10, 12.8018274800814696],
  [171.5, 709.143163030928242],
  [1e6, 12815504.5691476117],
])('log Γ(%d)', (x, expected) => expectAlmost(logGamma(x), expected, 13));

test('log Γ follows its recurrence, and B is symmetrical', () => {
  const random = seeded(1);
  for (let round = 0; round < 200; round += 1) {
    const x = 0.01 + random() * 1000;
    expectAlmost(logGamma(x + 1), logGamma(x) + Math.log(x), 12);
    expect(logBeta(x, 3)).toBeCloseTo(logBeta(3, x), 10);
  }
});

describe('the regularized incomplete beta function', () => {
  test.each([
    [1, 1, 0.3, -1.203972804325936, -0.35667494393873238],
    [10, 10, 0.5, -0.69314718055994531, -0.69314718055994531],
    [100, 50, 0.7, -0.21635642824600735, -1.6370566538841166],
    [5, 1, 0.01, -23.025850929940457, -1.00000000005e-10],
    [3, 200, 0.2, -3.5063406557044391e-17, -37.889373635484777],
    [1000, 2000, 0.34, -0.24690476224423321, -1.519666183210831],
    [1000, 10, 0.1, -2254.1195100446574, 0],
    [2, 3, 0.9, -0.0037068619313264752, -5.5994224593319583],
  ])('a = %d, b = %d, x = %d', (a, b, x, below, above) => {
    const tails = betaTails(x, a, b);
    expectAlmost(tails.below, below);
    expectAlmost(tails.above, above);
  });

  test('its ends', () => {
    expect(betaTails(0, 2, 3)).toEqual({ below: -Infinity, above: 0 });
    expect(betaTails(1, 2, 3)).toEqual({ below: 0, above: -Infinity });
  });

  test('both sides add up to one, and it grows with x', () => {
    const random = seeded(2);
    for (let round = 0; round < 500; round += 1) {
      const [a, b, x] = [0.1 + random() * 300, 0.1 + random() * 300, random()];
      const { below, above } = betaTails(x, a, b);
      expectAlmost(Math.exp(below) + Math.exp(above), 1, 10);
      expect(betaTails(Math.min(1, x + 0.01), a, b).below).toBeGreaterThanOrEqual(below - 1e-12);
    }
  });
});

describe('Clopper-Pearson', () => {
  test.each([
    [0, 1, 0.95],
    [0, 5, 0.450719728346941],
    [0, 10, 0.258865550893052],
    [0, 20, 0.139108340668265],
    [0, 50, 0.0581550791169723],
    [0, 100, 0.0295130496070399],
    [0, 299, 0.00996914679289927],
    [1, 10, 0.394163302436505],
    [2, 20, 0.282618524885861],
    [5, 50, 0.198833002516418],
    [9, 10, 0.994883803108176],
    [10, 10, 1],
    [0, 0, 1],
  ])('%d of %d', (failures, trials, bound) => expectAlmost(failureUpperBound(failures, trials), bound, 9));

  test('the rule of three', () => expect(failureUpperBound(0, 1000)).toBeCloseTo(3 / 1000, 4));
});

describe('the sequential test', () => {
  test.each([
    [4, 5, 0.1, 6.0198090201171245],
    [14, 50, 0.1, 4.63575855028334251],
    [0, 10, 0.1, -2.39789527279837054],
    [1000, 10000, 0.1, -5.46392380370996242],
    [300, 1000, 0.5, -5.99763182866569289],
    [60, 100, 0.5, 0.578891123220601236],
    [5000, 20000, 0.2, 142.993257655751678],
    [0, 1000, 0.5, -6.90875477931522059],
  ])('%d of %d errors at a share of %d', (changed, all, share, expected) =>
    expectAlmost(logEvidence({ changed, all, share }), expected, 9),
  );

  test.each([
    [4, 5],
    [5, 8],
    [6, 10],
    [8, 20],
    [14, 50],
  ])('at a share of 0.1 and α = 1 %%, %d of %d errors stop, and one fewer do not', (changed, all) => {
    expect(logEvidence({ changed, all, share: 0.1 })).toBeGreaterThanOrEqual(Math.log(100));
    expect(logEvidence({ changed: changed - 1, all, share: 0.1 })).toBeLessThan(Math.log(100));
  });

  test('without errors there is no evidence', () =>
    expect(logEvidence({ changed: 0, all: 0, share: 0.3 })).toBeCloseTo(0, 12));

  test('it stays finite for the traffic of a large fleet', () => {
    expect(logEvidence({ changed: 3e6, all: 1e7, share: 0.1 })).toBeGreaterThan(1e5);
    const calm = logEvidence({ changed: 1e6, all: 1e7, share: 0.1 });
    expect(calm).toBeLessThan(0);
    expect(calm).toBeGreaterThan(-20);
  });

  /** The expectation is at most 1 under the null, exactly: the sum over all outcomes of n errors. */
  test.each([
    [1, 0.1],
    [20, 0.1],
    [20, 0.5],
    [60, 0.9],
  ])('it is an e-value: after %d errors at a share of %d it is 1 on average', (all, share) => {
    let expected = 0;
    for (let changed = 0; changed <= all; changed += 1) {
      const ways = -Math.log(all + 1) - logBeta(changed + 1, all - changed + 1);
      const probability = ways + changed * Math.log(share) + (all - changed) * Math.log(1 - share);
      expected += Math.exp(probability + logEvidence({ changed, all, share }));
    }
    expect(expected).toBeCloseTo(1, 9);
  });
});

describe('evidence of several periods', () => {
  test('of one is its own', () => {
    expect(combinedLogEvidence([3.2], 1)).toBeCloseTo(3.2, 12);
    expect(combinedLogEvidence([], 3)).toBeCloseTo(0, 12);
  });

  test('is the mean of the products that begin with each', () => {
    const [a, b] = [4, 0.5];
    expect(Math.exp(combinedLogEvidence([Math.log(a), Math.log(b)], 4))).toBeCloseTo((a * b + b + 1 + 1) / 4, 12);
  });

  test('a good first period cannot excuse a later one: it costs at most the number of periods', () => {
    const harmful = Math.log(1000);
    expect(combinedLogEvidence([-5000, harmful], 3)).toBeGreaterThanOrEqual(harmful - Math.log(3));
  });

  test('adds on logarithms', () => {
    expect(logSum(Math.log(2), Math.log(3))).toBeCloseTo(Math.log(5), 12);
    expect(logSum(-Infinity, -Infinity)).toBe(-Infinity);
    expect(logSum(-Infinity, 1)).toBe(1);
  });
});

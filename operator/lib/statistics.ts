/**
 * The statistics of rollouts, on logarithms, because the numbers of a day of traffic are beyond what a float can represent.
 * Pure.
 *
 * Sources: log Γ by the approximation of Lanczos with the coefficients of Paul Godfrey (g = 7, n = 9); the incomplete beta function by its
 * continued fraction, evaluated by the modified method of Lentz (Press et al., Numerical Recipes, 3rd edition, 6.4); C. Clopper and E. Pearson,
 * "The use of confidence or fiducial limits illustrated in the case of the binomial", Biometrika 26 (1934); J. Ville, "Étude critique de la
 * notion de collectif" (1939).
 */

const lanczos = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];

/** log Γ(x) for x > 0, to about 15 digits. */
export function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  const [first = 0, ...rest] = lanczos;
  const sum = rest.reduce((total, coefficient, index) => total + coefficient / (x + index), first);
  const base = x + 6.5;
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(base) - base + Math.log(sum);
}

export function logBeta(a: number, b: number): number {
  return logGamma(a) + logGamma(b) - logGamma(a + b);
}

/** The regularized incomplete beta function I_x(a, b) and what is above it, as logarithms. */
export interface BetaTails {
  /** log I_x(a, b): the probability of at most x. */
  readonly below: number;
  /** log (1 - I_x(a, b)), exact where that is tiny. */
  readonly above: number;
}

export function betaTails(x: number, a: number, b: number): BetaTails {
  if (x <= 0) return { below: -Infinity, above: 0 };
  if (x >= 1) return { below: 0, above: -Infinity };
  // The fraction converges fast on this side of the mean; the other side is the same function of the complement.
  if (x > (a + 1) / (a + b + 2)) {
    const { below, above } = betaTails(1 - x, b, a);
    return { below: above, above: below };
  }
  const front = a * Math.log(x) + b * Math.log1p(-x) - logBeta(a, b) - Math.log(a);
  const below = Math.min(0, front + Math.log(continuedFraction(x, a, b)));
  return { below, above: Math.log1p(-Math.exp(below)) };
}

/** More than the square root of the largest parameters needs. */
const mostTerms = 100_000;
const tiny = 1e-300;

function continuedFraction(x: number, a: number, b: number): number {
  const away = (value: number): number => (Math.abs(value) < tiny ? tiny : value);
  let c = 1;
  let d = 1 / away(1 - ((a + b) * x) / (a + 1));
  let result = d;
  for (let m = 1; m <= mostTerms; m += 1) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / away(1 + even * d);
    c = away(1 + even / c);
    result *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / away(1 + odd * d);
    c = away(1 + odd / c);
    const step = d * c;
    result *= step;
    if (Math.abs(step - 1) < 1e-15) break;
  }
  return result;
}

/**
 * The largest rate of failures that `failures` of `trials` leave possible with this confidence (Clopper-Pearson, one-sided), from 0 to 1:
 * 0 of 5 leave 0.45 at 95 %. Without trials, everything is possible.
 */
export function failureUpperBound(failures: number, trials: number, confidence = 0.95): number {
  if (failures >= trials) return 1;
  if (failures === 0) return -Math.expm1(Math.log1p(-confidence) / trials);
  let low = failures / trials;
  let high = 1;
  for (let step = 0; step < 60; step += 1) {
    const middle = (low + high) / 2;
    if (Math.exp(betaTails(middle, failures + 1, trials - failures).below) < confidence) low = middle;
    else high = middle;
  }
  return high;
}

/** Errors of two groups that serve at the same time. */
export interface ErrorCounts {
  /** Errors of the changed group. */
  readonly changed: number;
  /** Errors of both groups. */
  readonly all: number;
  /** The share of the changed group in what was served, between 0 and 1. */
  readonly share: number;
}

/**
 * The logarithm of the evidence (an e-value) that the changed group fails more often than its share of what was served explains. If it does not,
 * each of all errors is in the changed group with the probability `share`, whatever the rate of errors; against that stands every larger
 * probability alike (a prior Beta(1, 1) truncated to p > share):
 *
 *     E = B(1+x, 1+n-x) · [1 - I_p0(1+x, 1+n-x)] / (1 - p0) / (p0^x · (1-p0)^(n-x))
 *
 * As long as the groups are equal, it ever exceeds 1/α with a probability of at most α, however often it is evaluated (Ville's inequality).
 */
export function logEvidence({ changed, all, share }: ErrorCounts): number {
  const unchanged = all - changed;
  const [a, b] = [1 + changed, 1 + unchanged];
  const logNull = changed * Math.log(share) + unchanged * Math.log1p(-share);
  return logBeta(a, b) + betaTails(share, a, b).above - Math.log1p(-share) - logNull;
}

/**
 * The evidence of several periods, one after another, each with its share: the mixture of the products that begin with each of them, weighted alike
 * over all `periods` that are planned. A plain product is evidence too, but a good first period would let it forgive any later harm;
 * here, what came before a period can only cost it the factor `periods`. With one period, it is that of the period.
 */
export function combinedLogEvidence(logs: readonly number[], periods: number): number {
  const planned = Math.max(periods, logs.length, 1);
  const weight = -Math.log(planned);
  const begun = logs.reduce((carried, log) => logSum(carried, weight) + log, -Infinity);
  return logSum(begun, Math.log((planned - logs.length) / planned));
}

/** log (e^a + e^b) */
export function logSum(a: number, b: number): number {
  const most = Math.max(a, b);
  return most === -Infinity ? most : most + Math.log1p(Math.exp(Math.min(a, b) - most));
}

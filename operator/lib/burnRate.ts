/**
 * Error budgets and burn rates. With the budget B = 1 - objective and the ratio E(w) = bad/total events in the window w:
 * - burn(w) = E(w) / B, and remaining = 1 - E(W) / B over the time window W, which is negative when more was spent than there is;
 * - b % of the budget of W are spent in the long window L at the burn rate f = b · W / (100 · L);
 * - a factor with f · B ≥ 1 cannot be exceeded, however many events fail.
 * Sources: "Alerting on SLOs" in the Site Reliability Workbook of Google (multiwindow, multi-burn-rate alerts), from which 2 % in 1 h, 5 % in 6 h
 * and 10 % in 3 d for 30 days are; `kubernetes-mixin` for 10 % in 1 d and for how long each is pending; the catalog of Sloth for 7 days. Pure.
 */
import { decimalIn } from './numberText.ts';

export const hour = 3600;
export const day = 24 * hour;

/** The error budget as a share of the events: 0.001 for an objective of 99.9 %. Exact to the last digit of a double. */
export function budgetOf(objectivePercent: string): number {
  return Number(100n * scale - decimalIn(objectivePercent, places)) / Number(100n * scale);
}

const places = 6;
const scale = 10n ** BigInt(places);

/** A pair of windows: alerted on while both burn faster than the factor. */
export interface BurnAlert {
  readonly severity: 'Page' | 'Ticket';
  readonly budgetPercent: number;
  readonly longSeconds: number;
  readonly shortSeconds: number;
  /** Pending for so long before anyone is alerted. */
  readonly forSeconds: number;
  readonly factor: number;
  /** `used`, or why it is not: see `BurnAlertStatus`. */
  readonly is: 'used' | 'Unreachable' | 'WithinBudget' | 'TooLong';
}

const pairs = [
  { severity: 'Page', longSeconds: hour, shortSeconds: 300, forSeconds: 120 },
  { severity: 'Page', longSeconds: 6 * hour, shortSeconds: 1800, forSeconds: 900 },
  { severity: 'Ticket', longSeconds: day, shortSeconds: 2 * hour, forSeconds: hour },
  { severity: 'Ticket', longSeconds: 3 * day, shortSeconds: 6 * hour, forSeconds: 3 * hour },
] as const;

/** Shares of the budget, in percent. In a short time window, 2 % in an hour is no more than what the budget allows for. */
const shares = { long: [2, 5, 10, 10], short: [8, 12.5, 20, 42] } as const;
const shortBelowDays = 14;

/** At a lower rate the budget would last. 28 days have 0.93 and 7 days 0.98 in the catalogs. */
const leastFactor = 0.9;

/** The pairs for a time window and a budget. */
export function burnAlerts(windowDays: number, budget: number): readonly BurnAlert[] {
  const percents = windowDays < shortBelowDays ? shares.short : shares.long;
  return pairs.map((pair, at) => {
    const budgetPercent = percents[at]!;
    const factor = factorOf(budgetPercent, windowDays * day, pair.longSeconds);
    return { ...pair, budgetPercent, factor, is: fate(factor, pair.longSeconds) };
  });

  function fate(factor: number, longSeconds: number): BurnAlert['is'] {
    if (longSeconds >= windowDays * day) return 'TooLong';
    if (factor < leastFactor) return 'WithinBudget';
    return factor * budget >= 1 ? 'Unreachable' : 'used';
  }
}

/** The burn rate that spends so many percent of the budget of `windowSeconds` in `longSeconds`. */
export function factorOf(budgetPercent: number, windowSeconds: number, longSeconds: number): number {
  return (budgetPercent * windowSeconds) / (100 * longSeconds);
}

/** Bad events that make an alert. One of 69 requests that fails exceeds 14.4 at 99.9 %, and says nothing. */
export const leastErrors = 10;

/**
 * So many events that `leastErrors` of them fail at the factor: N ≥ 10/(f · B). With fewer, that nothing burns cannot be said. That something
 * burns can be said of fewer: as soon as 10 have failed, or a quiet service that fails altogether would alert nobody.
 */
export function leastSamples(factor: number, budget: number): number {
  return Math.ceil(round(leastErrors / (factor * budget)));
}

/** Events of one window. */
export interface Count {
  readonly total: number;
  readonly bad: number;
}

/** Undefined without events. */
export function burnOf({ total, bad }: Count, budget: number): number | undefined {
  return total > 0 ? bad / total / budget : undefined;
}

/** The share of the budget that is left; undefined without events. */
export function remainingOf(count: Count, budget: number): number | undefined {
  const burnt = burnOf(count, budget);
  return burnt === undefined ? undefined : 1 - burnt;
}

/** In how many seconds the budget is spent at that rate. Undefined if that is not within the time window; 0 if it is spent. */
export function secondsLeft(remaining: number, burn: number, windowSeconds: number): number | undefined {
  if (remaining <= 0) return 0;
  const seconds = (remaining * windowSeconds) / burn;
  return seconds <= windowSeconds ? seconds : undefined;
}

/** `Burning`, `Quiet`, or `Unknown` where there is too little of either. */
export function stateOf(
  { factor }: Pick<BurnAlert, 'factor'>,
  { long, short }: { readonly long: Count | undefined; readonly short: Count | undefined },
  budget: number,
): 'Quiet' | 'Burning' | 'Unknown' {
  if (!long || !short) return 'Unknown';
  const [inLong = 0, inShort = 0] = [long, short].map((count) => burnOf(count, budget));
  const isEnough = long.total >= leastSamples(factor, budget);
  if (inLong > factor && inShort > factor) return long.bad >= leastErrors ? 'Burning' : 'Unknown';
  // Both windows of a pair are needed: what the short one has nothing of may still burn.
  return isEnough && (short.total > 0 || inLong <= factor) ? 'Quiet' : 'Unknown';
}

/** Without the noise of binary fractions, which would make 695 of 694. */
function round(value: number): number {
  return Number(value.toPrecision(12));
}

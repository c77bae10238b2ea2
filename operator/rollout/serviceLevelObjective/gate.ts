/**
 * What a rollout may conclude from a ServiceLevelObjective. It believes only a status that Holdfast sealed, about the spec as it is now, and not older than three
 * intervals; everything else is unknown, and unknown is never a pass. Pure.
 */
import { isSuspended } from '../../api/suspension.ts';
import type { ServiceLevelObjective } from '../../api/v1alpha1/serviceLevelObjective.ts';
import { duration } from '../../lib/text.ts';
import { isUsable } from './reading.ts';
import { revisionOf, shapeOf } from './shape.ts';

export type ObjectiveGate = {
  /** Why, in one word, such as `BurnsFast`, `Quiet`, `Stale`, `TooFewSamples`. */
  readonly reason: string;
  /** Why, in a fragment that follows the name of the object. */
  readonly message: string;
  /** Seconds since Prometheus answered; undefined if it never did, or nothing that was said is believed. */
  readonly ageSeconds?: number;
  /** The time of that answer. */
  readonly observedTime?: string | undefined;
  /** Whether the figures are believed and fresh, even where they do not suffice for a verdict. Those below are given only then. */
  readonly isKnown: boolean;
  /** What is left of the error budget, in percent; may be negative. */
  readonly remainingPercent?: number;
  /** Events in the time window. */
  readonly samples?: number;
  /** The budget as a share of the events, and the time window: a rollout projects with them what it spends. */
  readonly budget: number;
  readonly windowSeconds: number;
  /** Burn rate of the last hour, where there were events. */
  readonly burnRate?: number;
} & ({ readonly is: 'burning' } | { readonly is: 'ok' } | { readonly is: 'unknown' });

/** An observation is believed for so many intervals. */
export const freshIntervals = 3;

/** `slo` is as the cache has it, where a status whose seal does not fit has been dropped (`believed`); undefined where there is none. */
export function objectiveGate(slo: ServiceLevelObjective, now: Date): ObjectiveGate {
  const { spec, status, metadata } = slo;
  const { budget, windowSeconds, intervalSeconds, alerts, minSamples } = shapeOf(slo);
  const about = { budget, windowSeconds };
  const blind = (reason: string, message: string, ageSeconds?: number): ObjectiveGate => ({
    is: 'unknown',
    isKnown: false,
    reason,
    message,
    ...about,
    ...(ageSeconds !== undefined && { ageSeconds, observedTime: status?.observedTime }),
  });
  if (metadata.deletionTimestamp !== undefined) return blind('Deleted', 'is being deleted');
  if (isSuspended(spec.suspend, now)) return blind('Suspended', 'is suspended; remove `spec.suspend`');
  if (status?.seal === undefined || status.revision === undefined)
    return blind('NotEvaluated', 'is not evaluated yet; see its conditions');
  if (status.revision !== revisionOf(spec)) return blind('Changed', 'has changed since it was evaluated');
  const age = status.observedTime === undefined ? undefined : (now.getTime() - Date.parse(status.observedTime)) / 1000;
  const problem = status.quality?.find((one) => !isUsable([one]));
  if (problem) return blind(problem.reason, `is unknown: ${problem.message}`, age);
  if (age === undefined) return blind('NotEvaluated', 'is not evaluated yet; see its conditions');
  // A clock that was put back makes nothing fresh.
  if (!(age >= -intervalSeconds && age <= freshIntervals * intervalSeconds))
    return blind('Stale', `was last observed ${duration(Math.abs(age))} ago; see its conditions`, age);
  const { samples, errorBudgetRemainingPercent: left, burnRates = [], alerts: pairs = [] } = status;
  const rate = burnRates.find(({ window }) => window === '1h')?.rate;
  const known = {
    ...about,
    isKnown: true,
    ageSeconds: age,
    observedTime: status.observedTime,
    ...(left !== undefined && { remainingPercent: Number(left) }),
    ...(samples !== undefined && { samples }),
    ...(rate !== undefined && { burnRate: Number(rate) }),
  };
  if (!alerts.some(({ severity, is }) => severity === 'Page' && is === 'used'))
    return {
      is: 'unknown',
      reason: 'NoFastBurn',
      message: 'has no burn rate that is fast at this objective and time window',
      ...known,
    };
  const pages = pairs.filter(({ severity }) => severity === 'Page');
  const burning = pages.find(({ state }) => state === 'Burning');
  if (burning) {
    const message = `burns its error budget more than ${burning.factor} times as fast as it may, in ${burning.longWindow} and in ${burning.shortWindow}`;
    return { is: 'burning', reason: 'BurnsFast', message, ...known };
  }
  const quiet = pages.find(({ state }) => state === 'Quiet');
  if (left === undefined || !quiet || (samples ?? 0) < minSamples) {
    const least = pages.find(({ leastSamples }) => leastSamples !== undefined);
    const needs = least ? `; at least ${least.leastSamples} in ${least.longWindow} are needed` : '';
    return {
      is: 'unknown',
      reason: 'TooFewSamples',
      message: `has too few events to say that it does not burn${needs}`,
      ...known,
    };
  }
  return { is: 'ok', reason: 'Quiet', message: `does not burn fast; ${left}% of its error budget is left`, ...known };
}

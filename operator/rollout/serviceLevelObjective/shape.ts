/** Facts of a spec that more than one file needs. Pure. */
import type { ServiceLevelObjective, ServiceLevelObjectiveSpec } from '../../api/v1alpha1/serviceLevelObjective.ts';
import { budgetOf, burnAlerts, day, type BurnAlert } from '../../lib/burnRate.ts';
import { digestOf } from '../../lib/digest.ts';

export const defaults = { windowDays: 30, intervalSeconds: 60, minSamples: 1 } as const;

export interface Shape {
  readonly windowDays: number;
  readonly windowSeconds: number;
  readonly intervalSeconds: number;
  readonly minSamples: number;
  /** The share of the events that may be bad. */
  readonly budget: number;
  readonly alerts: readonly BurnAlert[];
}

export function shapeOf({ spec }: Pick<ServiceLevelObjective, 'spec'>): Shape {
  const { windowDays, intervalSeconds, minSamples } = { ...defaults, ...spec };
  const budget = budgetOf(spec.objectivePercent);
  const windowSeconds = windowDays * day;
  return { windowDays, windowSeconds, intervalSeconds, minSamples, budget, alerts: burnAlerts(windowDays, budget) };
}

/** Of what the numbers in the status depend on. */
export function revisionOf({
  server,
  indicator,
  objectivePercent,
  windowDays,
  minSamples,
  intervalSeconds,
}: ServiceLevelObjectiveSpec): string {
  return digestOf({ server, indicator, objectivePercent, windowDays, minSamples, intervalSeconds });
}

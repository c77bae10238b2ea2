/** Facts of a spec that more than one file needs. Pure. */
import type { ServiceLevelObjective } from '../../api/v1alpha1/serviceLevelObjective.ts';
import { budgetOf, burnAlerts, day, type BurnAlert } from '../../lib/burnRate.ts';

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

export { objectiveRevision as revisionOf } from '../../api/objectiveRevision.ts';

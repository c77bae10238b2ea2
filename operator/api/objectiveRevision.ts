/** Which version of a ServiceLevelObjective the numbers in its status are about. Pure. */
import { digestOf } from '../lib/digest.ts';
import type { ServiceLevelObjectiveSpec } from './v1alpha1/serviceLevelObjective.ts';

/** Of what these numbers depend on. */
export function objectiveRevision({
  server,
  indicator,
  objectivePercent,
  windowDays,
  minSamples,
  intervalSeconds,
}: ServiceLevelObjectiveSpec): string {
  return digestOf({ server, indicator, objectivePercent, windowDays, minSamples, intervalSeconds });
}

/** A rollout as the verdict sees it, and what of a verdict goes into the status. Pure. */
import type { CanaryRollout } from '../../api/v1alpha1/canaryRollout.ts';
import type { GatedRollout, VerdictFields } from '../verdict/gate.ts';
import { gatedRollout } from '../verdict/verdict.ts';
import { isSkipped } from './requests.ts';
import { positionOf, type Position } from './rolling.ts';
import { stepsOf } from './steps.ts';

/** A soak that is ended by hand is as long as it was. */
export function gatedOf(rollout: CanaryRollout, status: Position): GatedRollout {
  const { step = 1 } = status;
  const isEnded = isSkipped(rollout, status, step);
  const steps = stepsOf(rollout).map((one, at) => (isEnded && at === step - 1 ? { ...one, soakSeconds: 0 } : one));
  return gatedRollout({ ...rollout.spec, steps }, status, rollout.metadata.generation);
}

/** The status with what an evaluation left, and without what the one before did. */
export function withVerdict(status: Position, fields: VerdictFields): Position {
  const { verdict, verdicts, blindSince, budgets, comparisons } = fields;
  return positionOf({ ...status, verdict, verdicts, blindSince, budgets, comparisons });
}

/** A plan whose status has a seal, and takes the place of whatever somebody else wrote there. Pure. */
import { forgedFields, sealed, type Seal } from '../api/seal.ts';
import type { Resource } from '../api/v1alpha1/shared.ts';
import type { Plan } from '../runtime/feature.ts';

export function sealedPlan<R extends Resource, Effect = never>(
  object: R,
  plan: Plan<R, Effect>,
  seal: Seal,
): Plan<R, Effect> {
  return { ...plan, status: sealed(object, plan.status, seal), clears: forgedFields(object) };
}

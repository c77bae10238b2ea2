/** Reads what was said of a rollout that asks for approvals, and makes sure before a step begins that it is known as it is now. */
import { resources } from '../../api/generated/resources.ts';
import type { CanaryRollout } from '../../api/v1alpha1/canaryRollout.ts';
import { declaredIn, whyOutdated } from '../../findings/current.ts';
import { readGuard, type ShippedPolicy } from '../../governance/approvalPolicies.ts';
import { approvalsBySubject, subjectId } from '../../governance/indexes.ts';
import type { Observing } from '../../runtime/feature.ts';
import { asksForApproval } from './approvals.ts';
import type { Approving } from './approving.ts';
import { decideRollout } from './decide.ts';
import type { RolloutWorld } from './observe.ts';

const unguarded = 'no step that needs approval begins until the apiserver checks who approves';

/** Undefined where the rollout asks for none. */
export async function approvingOf(
  rollout: CanaryRollout,
  policies: readonly ShippedPolicy[],
  { read, signal }: Observing,
): Promise<Approving | undefined> {
  if (!asksForApproval(rollout)) return undefined;
  const { namespace = '', name } = rollout.metadata;
  const guard = await readGuard(policies, read, signal, unguarded);
  return { guard, approvals: read.by(approvalsBySubject, namespace, subjectId({ kind: 'CanaryRollout', name })) };
}

/** A step that begins by an old list, though it was rejected meanwhile, reaches hosts. */
export async function withCurrentApprovals(
  rollout: CanaryRollout,
  world: RolloutWorld,
  observing: Observing,
): Promise<RolloutWorld> {
  const { approving } = world;
  if (!approving || !begins(rollout, world, observing.now)) return world;
  const outdated = await whyOutdated(declaredIn(rollout.metadata.namespace ?? '', resources.Approval), observing);
  return outdated === undefined ? world : { ...world, approving: { ...approving, outdated } };
}

/** One that is rolled out again, after it was taken back, begins with the revision and the step that it had. */
function begins(rollout: CanaryRollout, world: RolloutWorld, now: Date): boolean {
  const { stepStartTime } = decideRollout(rollout, world, now).status;
  return stepStartTime !== rollout.status?.stepStartTime;
}

/**
 * The approvals that a step needs before it begins. People approve a digest of what then happens: of the revision, of the step, and of what the
 * rollout says about steps, about their hosts, about when they begin, and about what stops it and takes it back. Pure.
 */
import type { Approval } from '../../api/v1alpha1/approval.ts';
import type { CanaryRollout } from '../../api/v1alpha1/canaryRollout.ts';
import type { AwaitedApproval } from '../../api/v1alpha1/canaryRolloutStatus.ts';
import { countedApprovals } from '../../governance/approval/counting.ts';
import { rolloutSubject } from '../../governance/approval/subject.ts';
import { digestOf } from '../../lib/digest.ts';
import { counted, listed } from '../../lib/text.ts';
import { timestamp } from '../../lib/timestamp.ts';
import type { Approving } from './approving.ts';
import type { Rolling } from './rolling.ts';
import { stepsOf, type Held } from './steps.ts';
import type { Progress } from './told.ts';

/** What a step waits for, and what it keeps it from beginning; undefined when nothing does. */
export interface Awaiting {
  readonly approval: AwaitedApproval;
  readonly held: Held;
}

const recheckSeconds = 300;
/** Of `stepTimeoutSeconds`, as its definition has it. */
const defaultTimeout = 3600;
/** What has just been said is seen a moment later. */
const soonSeconds = 2;

export function asksForApproval({ spec }: CanaryRollout): boolean {
  return (spec.approvals?.length ?? 0) > 0;
}

/** How many people must approve the step; where there are fewer steps by now, the last. */
export function approvalsNeeded(rollout: CanaryRollout, step: number): number {
  const number = Math.min(step, stepsOf(rollout).length);
  const asked = rollout.spec.approvals?.find(({ beforeStep }) => beforeStep === number);
  return asked ? (asked.count ?? 1) : 0;
}

export function stepDigest(rollout: CanaryRollout, revision: string, step: number): string {
  const { target, pinned, excluded, gates, maxFailed, windowRef, rollback, stepTimeoutSeconds } = rollout.spec;
  const uid = rollout.metadata.uid ?? '';
  const number = Math.min(step, stepsOf(rollout).length);
  const steps = stepsOf(rollout);
  // Of these, what is the default says the same as nothing.
  const more = {
    windowRef,
    ...(rollback?.automatic === false && { rollback: 'byHand' }),
    ...(stepTimeoutSeconds !== undefined && stepTimeoutSeconds !== defaultTimeout && { stepTimeoutSeconds }),
  };
  return digestOf({ uid, revision, step: number, steps, pinned, excluded, gates, maxFailed, target, ...more });
}

/** The step of a revision, and what is known. `before` is what it waited for in the pass before. */
export interface Asked {
  readonly rollout: CanaryRollout;
  readonly revision: string;
  readonly step: number;
  readonly before: AwaitedApproval | undefined;
}

export function awaitedBefore(asked: Asked, approving: Approving | undefined, now: Date): Awaiting | undefined {
  const { rollout, revision, step, before } = asked;
  const needed = approvalsNeeded(rollout, step);
  if (!needed) return undefined;
  const digest = stepDigest(rollout, revision, step);
  const time = before?.digest === digest ? before.time : timestamp(now);
  const as = (lacking: string, held: Omit<Held, 'recheckAfter'>, recheckAfter = recheckSeconds): Awaiting => ({
    approval: { step: Math.min(step, stepsOf(rollout).length), digest, time, lacking },
    held: { ...held, recheckAfter },
  });
  const { name } = rollout.metadata;
  if (!approving || approving.guard.is === 'broken') {
    const message = approving?.guard.is === 'broken' ? approving.guard.message : 'what was approved is not known';
    return as(counted(needed, 'approval'), { reason: 'ApprovalPolicyMissing', message });
  }
  const said = countedApprovals(rolloutSubject(rollout, { digest, time }), approving.approvals, approving.guard);
  const by = (decision: Approval['spec']['decision']) => said.filter(({ spec }) => spec.decision === decision);
  const approved = by('Approve').length;
  const more = needed - approved;
  const lacking = more > 0 ? `${counted(more, approved ? 'more approval' : 'approval')}` : 'none';
  const [rejection] = by('Reject');
  if (rejection) {
    const { approver, comment } = rejection.spec;
    const message = `${approver} rejects step ${step}${comment === undefined ? '' : `: ${comment}`}; change the revision or the rollout, or have ${approver} approve it`;
    return as(`a rejection by ${approver}`, { reason: 'StepRejected', message });
  }
  if (more > 0) {
    const questions = by('RequestInformation').map(({ spec }) => `${spec.approver} asks: ${spec.comment ?? ''}`);
    const question = questions.length ? `; ${listed(questions, 3)}` : '';
    const message = `step ${step} needs ${lacking} of digest ${digest}${question}; create an Approval of CanaryRollout ${name} with it`;
    return as(lacking, { reason: 'ApprovalNeeded', message });
  }
  // What was approved by an old list, though it was rejected since, could not be taken back from the hosts that it reaches.
  const { outdated } = approving;
  return outdated === undefined
    ? undefined
    : as(lacking, { reason: 'ApprovalsNotRead', message: outdated }, soonSeconds);
}

/** What may be begun at once: up to the step before the first, of those after this, that lacks an approval. */
export function reachable(
  from: number,
  to: number,
  awaiting: (step: number) => Awaiting | undefined,
): { step: number; awaiting?: Awaiting } {
  for (let step = from + 1; step <= to; step += 1) {
    const lacks = awaiting(step);
    if (lacks) return step === from + 1 ? { step, awaiting: lacks } : { step: step - 1 };
  }
  return { step: to };
}

/** What a step waits for stays in the status for as long as it is the same, whatever else holds the step: what was approved meanwhile counts. */
export function awaitingStill(
  { rollout, world, declared }: Pick<Rolling, 'rollout' | 'world' | 'declared'>,
  progress: Progress,
  now: Date,
): Progress {
  const { approval, ...rest } = progress.status;
  if (!approval) return progress;
  const isOver = !['held', 'converging', 'soaking'].includes(progress.is);
  const isSame = approval.digest === stepDigest(rollout, declared, approval.step);
  if (isOver || !isSame || !approvalsNeeded(rollout, approval.step)) return { ...progress, status: rest };
  const asked = { rollout, revision: declared, step: approval.step, before: approval };
  const { lacking } = awaitedBefore(asked, world.approving, now)?.approval ?? { lacking: 'none' };
  return { ...progress, status: { ...rest, approval: { ...approval, lacking } } };
}

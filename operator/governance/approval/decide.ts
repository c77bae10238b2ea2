/**
 * Whether an Approval counts, and why not. What is made while the apiserver does not check who approves never counts; what was seen
 * before says what it said. One that has never counted never will, unless its subject is only just being made: then a
 * person must make another, and it is stalled. Pure.
 */
import type { Approval } from '../../api/v1alpha1/approval.ts';
import type { Plan } from '../../runtime/feature.ts';
import type { Guard } from '../approvalPolicies.ts';
import { countingOf } from './counting.ts';
import type { Subject } from './subject.ts';

export interface ApprovalWorld {
  readonly subject?: Subject;
  /** All that was said of the subject, this Approval among it. */
  readonly approvals: readonly Approval[];
  readonly guard: Guard;
}

/** An Approval and its subject may be made at once, in any order; one that is older than its subject never counts. */
const subjectSeconds = 60;

export function decideApproval(
  approval: Approval,
  { subject, approvals, guard }: ApprovalWorld,
  now: Date,
): Plan<Approval> {
  const before = approval.status?.conditions?.find(({ type }) => type === 'Counts');
  // What let a step of a rollout begin counted: the next step waits for others, or nothing waits.
  const isPast = subject !== undefined && subject.digest === undefined && before?.status === 'True';
  const isKept = before !== undefined && (guard.is === 'broken' || isPast);
  const { counts, reason, message } = isKept
    ? { ...before, counts: before.status === 'True' }
    : countingOf(approval, subject, approvals, guard);
  return {
    outcome: outcomeOf(approval, { counts, reason, message }, now),
    conditions: { Counts: { status: counts ? 'True' : 'False', reason, message, warns: !counts } },
    status: {},
    actions: [],
  };
}

function outcomeOf(
  { metadata, status }: Approval,
  { counts, reason, message }: { counts: boolean; reason: string; message: string },
  now: Date,
): Plan<Approval>['outcome'] {
  const ready = status?.conditions?.find(({ type }) => type === 'Ready');
  // What counted once has done its work, whatever was decided or edited since.
  if (counts || (ready?.status === 'True' && ready.reason === 'Counted'))
    return { is: 'ready', reason: 'Counted', message: 'see condition Counts' };
  const left = subjectSeconds - (now.getTime() - Date.parse(metadata.creationTimestamp ?? '')) / 1000;
  if (reason === 'SubjectMissing' && left > 0) return { is: 'waiting', reason, message, recheckAfter: left };
  return { is: 'stalled', reason, message };
}

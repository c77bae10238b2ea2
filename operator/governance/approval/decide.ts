/**
 * Whether an Approval counts, and why not. What is first seen while the apiserver does not check who approves, says so, and never counts;
 * what was seen before stays as it was judged. Pure.
 */
import type { Approval } from '../../api/v1alpha1/approval.ts';
import type { PolicyWaiver } from '../../api/v1alpha1/policyWaiver.ts';
import type { Plan } from '../../runtime/feature.ts';
import type { Guard } from '../approvalPolicies.ts';
import { countingOf } from '../policyWaiver/approvals.ts';

export interface ApprovalWorld {
  readonly subject?: PolicyWaiver;
  /** All that was said of the subject, this Approval among it. */
  readonly approvals: readonly Approval[];
  readonly guard: Guard;
}

export function decideApproval(approval: Approval, { subject, approvals, guard }: ApprovalWorld): Plan<Approval> {
  const before = approval.status?.conditions?.find(({ type }) => type === 'Counts');
  const isKept = guard.is === 'broken' && before !== undefined;
  const { counts, reason, message } = isKept
    ? { ...before, counts: before.status === 'True' }
    : countingOf(approval, subject, approvals, guard);
  return {
    outcome: { is: 'ready', reason: 'Judged', message: 'see condition Counts' },
    conditions: { Counts: { status: counts ? 'True' : 'False', reason, message, warns: !counts } },
    status: {},
    actions: [],
  };
}

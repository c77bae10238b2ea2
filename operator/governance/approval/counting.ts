/**
 * Which Approvals count for a waiver as it stands, and why the others do not. People count once, by what they said last; the requester
 * never counts; what was said of another version, or before there was anything sound to decide, does not count. Pure.
 */
import type { Approval } from '../../api/v1alpha1/approval.ts';
import type { PolicyWaiver } from '../../api/v1alpha1/policyWaiver.ts';
import { waiverDigest } from '../../findings/waiver/digest.ts';
import type { Guard } from '../approvalPolicies.ts';
import { no, objectionTo, type Counting } from './checks.ts';

/** Of decisions of the same second, the most cautious is the last. */
const caution: readonly Approval['spec']['decision'][] = ['Approve', 'RequestInformation', 'Reject'];

/** What counts, in the order in which it was said. */
export function countedApprovals(waiver: PolicyWaiver, approvals: readonly Approval[], guard: Guard): Approval[] {
  const sound = soundApprovals(waiver, approvals, guard);
  return sound.filter((approval) => !decidedAgain(approval, sound)).sort(inOrder);
}

/** Whether an Approval counts, for people. `waiver` is its subject, undefined when there is none. */
export function countingOf(
  approval: Approval,
  waiver: PolicyWaiver | undefined,
  approvals: readonly Approval[],
  guard: Guard,
): Counting {
  const { approver, subjectRef } = approval.spec;
  if (!waiver) return no('SubjectMissing', `PolicyWaiver ${subjectRef.name} does not exist in this namespace`);
  const objection = objectionTo({ approval, subject: waiver, digest: waiverDigest(waiver.spec), guard });
  if (objection) return objection;
  if (decidedAgain(approval, soundApprovals(waiver, approvals, guard)))
    return no('Superseded', `${approver} has decided again since; only the last decision counts`);
  return {
    counts: true,
    reason: 'Counted',
    message: `counts for the current version of PolicyWaiver ${waiver.metadata.name}`,
  };
}

function soundApprovals(waiver: PolicyWaiver, approvals: readonly Approval[], guard: Guard): Approval[] {
  const digest = waiverDigest(waiver.spec);
  return approvals.filter((approval) => !objectionTo({ approval, subject: waiver, digest, guard }));
}

function decidedAgain(approval: Approval, approvals: readonly Approval[]): boolean {
  return approvals.some(
    (other) => other !== approval && other.spec.approver === approval.spec.approver && inOrder(approval, other) < 0,
  );
}

function inOrder(a: Approval, b: Approval): number {
  return (
    (a.metadata.creationTimestamp ?? '').localeCompare(b.metadata.creationTimestamp ?? '') ||
    caution.indexOf(a.spec.decision) - caution.indexOf(b.spec.decision) ||
    a.metadata.name.localeCompare(b.metadata.name)
  );
}

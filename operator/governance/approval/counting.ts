/**
 * Which Approvals count for their subject as it stands, and why the others do not. People count once, by what they said last; the requester
 * never counts; what was said of another version, or before there was anything sound to decide, does not count. Pure.
 */
import type { Approval } from '../../api/v1alpha1/approval.ts';
import type { Guard } from '../approvalPolicies.ts';
import { no, objectionTo, type Counting } from './checks.ts';
import { isSamePerson, type Subject } from './subject.ts';

/** Of decisions of the same second, the most cautious is the last. */
const caution: readonly Approval['spec']['decision'][] = ['Approve', 'RequestInformation', 'Reject'];

/** What counts, in the order in which it was said. */
export function countedApprovals(subject: Subject, approvals: readonly Approval[], guard: Guard): Approval[] {
  const sound = soundApprovals(subject, approvals, guard);
  return sound.filter((approval) => !decidedAgain(approval, sound)).sort(inOrder);
}

/** Whether an Approval counts, for people. `subject` is undefined when there is none. */
export function countingOf(
  approval: Approval,
  subject: Subject | undefined,
  approvals: readonly Approval[],
  guard: Guard,
): Counting {
  const { approver, subjectRef } = approval.spec;
  if (!subject) return no('SubjectMissing', `${subjectRef.kind} ${subjectRef.name} does not exist in this namespace`);
  const objection = objectionTo({ approval, subject, guard });
  if (objection) return objection;
  if (decidedAgain(approval, soundApprovals(subject, approvals, guard)))
    return no('Superseded', `${approver} has decided again since; only the last decision counts`);
  return {
    counts: true,
    reason: 'Counted',
    message: `counts for the current version of ${subject.kind} ${subject.name}`,
  };
}

function soundApprovals(subject: Subject, approvals: readonly Approval[], guard: Guard): Approval[] {
  return approvals.filter((approval) => !objectionTo({ approval, subject, guard }));
}

function decidedAgain(approval: Approval, approvals: readonly Approval[]): boolean {
  return approvals.some(
    (other) =>
      other !== approval && isSamePerson(other.spec.approver, approval.spec.approver) && inOrder(approval, other) < 0,
  );
}

function inOrder(a: Approval, b: Approval): number {
  return (
    (a.metadata.creationTimestamp ?? '').localeCompare(b.metadata.creationTimestamp ?? '') ||
    caution.indexOf(a.spec.decision) - caution.indexOf(b.spec.decision) ||
    a.metadata.name.localeCompare(b.metadata.name)
  );
}

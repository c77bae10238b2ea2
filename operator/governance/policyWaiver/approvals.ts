/**
 * Which Approvals count for a waiver as it stands, and why the others do not. People count once, by what they said last; the requester
 * never counts; what was said of another version, or before there was anything sound to decide, does not count. Pure.
 */
import type { Approval } from '../../api/v1alpha1/approval.ts';
import type { PolicyWaiver } from '../../api/v1alpha1/policyWaiver.ts';
import type { ApprovalRecord } from '../../api/v1alpha1/waiverRecords.ts';
import type { Guard } from '../approvalPolicies.ts';
import { waiverDigest } from './digest.ts';
import type { Rule } from './rules.ts';

export interface Counting {
  readonly counts: boolean;
  readonly reason: string;
  readonly message: string;
}

const mostRecords = 16;
/** Of decisions of the same second, the most cautious is the last. */
const caution: readonly Approval['spec']['decision'][] = ['Approve', 'RequestInformation', 'Reject'];

/** What counts, in the order in which it was said. */
export function countedApprovals(waiver: PolicyWaiver, approvals: readonly Approval[], guard: Guard): Approval[] {
  const sound = approvals.filter((approval) => !objectionTo(approval, waiver, guard));
  return sound.filter((approval) => isLast(approval, sound)).sort(inOrder);
}

/** Whether an Approval counts, for people. `waiver` is its subject, undefined when there is none. */
export function countingOf(
  approval: Approval,
  waiver: PolicyWaiver | undefined,
  approvals: readonly Approval[],
  guard: Guard,
): Counting {
  const objection = objectionTo(approval, waiver, guard);
  if (objection || !waiver) return objection ?? subjectMissing(approval);
  const sound = approvals.filter((other) => !objectionTo(other, waiver, guard));
  if (!isLast(approval, sound))
    return no('SaidOtherwise', `${approval.spec.approver} decided again later; that counts instead`);
  return { counts: true, reason: 'Counts', message: `counts for PolicyWaiver ${waiver.metadata.name} as it is now` };
}

function objectionTo(
  { spec, metadata, status }: Approval,
  waiver: PolicyWaiver | undefined,
  guard: Guard,
): Counting | undefined {
  const { name } = spec.subjectRef;
  const made = metadata.creationTimestamp ?? '';
  if (!waiver) return subjectMissing({ spec });
  const { ended, approved } = waiver.status ?? {};
  if (metadata.deletionTimestamp !== undefined) return no('Deleted', 'it is being deleted');
  if (spec.approver === waiver.spec.requestedBy)
    return no('OwnRequest', `${spec.approver} asked for PolicyWaiver ${name}; somebody else must decide`);
  if (spec.subjectDigest !== waiverDigest(waiver.spec))
    return no(
      'VoidedByEdit',
      `it is about another version: PolicyWaiver ${name} was edited, or the digest is wrong; read it and decide anew on its status.digest`,
    );
  if (made < (waiver.metadata.creationTimestamp ?? ''))
    return no('BeforeRequest', `it is older than PolicyWaiver ${name}; create another Approval`);
  // What was approved once is not dug out again after another version was approved or came to its end.
  if (approved && approved.digest !== spec.subjectDigest && made < approved.time)
    return no('Outdated', 'another version was approved since; create another Approval');
  if (ended && ended.digest !== spec.subjectDigest && made < ended.time)
    return no('Outdated', 'another version came to its end since; create another Approval');
  if (guard.is === 'broken') return no('ApprovalPolicyMissing', guard.message);
  const isSettled = approved?.digest === spec.subjectDigest && spec.decision === 'Approve';
  if (!isSettled && made < guard.since)
    return no('BeforePolicies', 'it was made before the policies that check who approves; create another Approval');
  if (!isSettled && wasUnchecked({ status }))
    return no('MadeUnchecked', 'it was made while the apiserver did not check who approves; create another Approval');
  return undefined;
}

/** It says so of itself, since it was first looked at. */
export function wasUnchecked({ status }: Pick<Approval, 'status'>): boolean {
  const reason = status?.conditions?.find(({ type }) => type === 'Counts')?.reason;
  return reason === 'ApprovalPolicyMissing' || reason === 'MadeUnchecked';
}

function subjectMissing({ spec }: Pick<Approval, 'spec'>): Counting {
  return no('SubjectMissing', `there is no PolicyWaiver ${spec.subjectRef.name} in this namespace`);
}

function no(reason: string, message: string): Counting {
  return { counts: false, reason, message };
}

function isLast(approval: Approval, approvals: readonly Approval[]): boolean {
  return !approvals.some(
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

/** What is still needed, in words; undefined when it is enough. Each person speaks for one role. */
export function lacking({ approvals, roles }: Rule, counted: readonly Approval[]): string | undefined {
  const yes = counted.filter(({ spec }) => spec.decision === 'Approve');
  const missing = roles.filter((role) => !yes.some(({ spec }) => spec.role === role));
  const more = Math.max(approvals - yes.length, missing.length);
  if (more <= 0) return undefined;
  const inRoles = missing.length ? ` (in ${missing.length === 1 ? 'role' : 'roles'} ${missing.join(', ')})` : '';
  return `${more}${yes.length ? ' more' : ''} ${more === 1 ? 'approval' : 'approvals'}${inRoles}`;
}

/** When there were enough, given that there are. */
export function completedTime(rule: Rule, counted: readonly Approval[]): string {
  const last = counted.findIndex((_, index) => lacking(rule, counted.slice(0, index + 1)) === undefined);
  return counted[last]?.metadata.creationTimestamp ?? '';
}

export function recordsOf(counted: readonly Approval[]): ApprovalRecord[] {
  return counted.slice(-mostRecords).map(({ metadata, spec }) => ({
    name: metadata.name,
    approver: spec.approver,
    ...(spec.role !== undefined && { role: spec.role }),
    decision: spec.decision,
    time: metadata.creationTimestamp ?? '',
  }));
}

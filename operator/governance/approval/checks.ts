/** Why an Approval does not count for its subject: facts, in the order in which they are told. Pure. */
import type { Approval } from '../../api/v1alpha1/approval.ts';
import type { PolicyWaiver } from '../../api/v1alpha1/policyWaiver.ts';
import { firstViolation, type Check } from '../../lib/violation.ts';
import type { Guard } from '../approvalPolicies.ts';

/** A word, and what it is about. */
export interface Word {
  readonly approval: Approval;
  readonly subject: PolicyWaiver;
  /** Of the subject as it stands. */
  readonly digest: string;
  readonly guard: Guard;
}

export interface Counting {
  readonly counts: boolean;
  readonly reason: string;
  readonly message: string;
}

/** The first that holds; undefined when it counts, unless the same person decided again later. */
export function objectionTo(word: Word): Counting | undefined {
  return firstViolation(objections, word);
}

export function no(reason: string, message: string): Counting {
  return { counts: false, reason, message };
}

const objections: readonly Check<Word, Counting>[] = [
  isBeingDeleted,
  isByRequester,
  isOfAnotherVersion,
  isOlderThanSubject,
  isNotLaterThanVersion,
  anotherWasApprovedSince,
  anotherEndedSince,
  policiesAreMissing,
  wasMadeBeforePolicies,
];

function isBeingDeleted({ approval: { metadata } }: Word): Counting | undefined {
  return metadata.deletionTimestamp === undefined ? undefined : no('Deleted', 'it is being deleted');
}

function isByRequester({ approval: { spec }, subject }: Word): Counting | undefined {
  if (spec.approver !== subject.spec.requestedBy && spec.approver !== subject.spec.submittedBy) return undefined;
  return no(
    'SelfApproval',
    `${spec.approver} requested PolicyWaiver ${spec.subjectRef.name}; someone else must decide`,
  );
}

function isOfAnotherVersion({ approval: { spec }, digest }: Word): Counting | undefined {
  if (spec.subjectDigest === digest) return undefined;
  return no(
    'ChangedAfterApproval',
    `it is for another version: PolicyWaiver ${spec.subjectRef.name} was changed, or the digest is wrong; review it and create another Approval with its \`status.digest\``,
  );
}

/** A rejection of the same request stays one when the request is deleted and made again. */
function isOlderThanSubject({ approval, subject: { metadata } }: Word): Counting | undefined {
  if (madeTime(approval) >= (metadata.creationTimestamp ?? '') || approval.spec.decision === 'Reject') return undefined;
  return no(
    'OlderThanRequest',
    `it is older than PolicyWaiver ${approval.spec.subjectRef.name}; create another Approval`,
  );
}

/**
 * The apiserver checks that who approves may not act as the service account that requests: of the version that it has then. What was
 * approved beforehand, be it in the same second, was not checked like this.
 */
function isNotLaterThanVersion({ approval, subject, digest }: Word): Counting | undefined {
  const { requestedBy, submittedBy = '' } = subject.spec;
  const isByAccount = [requestedBy, submittedBy].some((who) => who.startsWith('system:serviceaccount:'));
  if (!isByAccount || approval.spec.decision !== 'Approve') return undefined;
  const { digest: seen, requestTime = '', pauses = [] } = subject.status ?? {};
  const since = [requestTime, ...pauses.map(({ endTime }) => endTime)].reduce((a, b) => (b > a ? b : a));
  if (seen === digest && requestTime !== '' && madeTime(approval) > since) return undefined;
  return no(
    'OlderThanRequest',
    `a service account requested PolicyWaiver ${subject.metadata.name}, and it was not created after Holdfast had seen this version; create another Approval`,
  );
}

/** What was approved once is not dug out again after another version was approved. */
function anotherWasApprovedSince({ approval, subject: { status }, digest }: Word): Counting | undefined {
  const { approved } = status ?? {};
  if (!approved || approved.digest === digest || madeTime(approval) >= approved.time) return undefined;
  if (approval.spec.decision === 'Reject') return undefined;
  return no('Outdated', 'another version has been approved since; create another Approval');
}

function anotherEndedSince({ approval, subject: { status }, digest }: Word): Counting | undefined {
  const { ended } = status ?? {};
  if (!ended || ended.digest === digest || madeTime(approval) >= ended.time) return undefined;
  if (approval.spec.decision === 'Reject') return undefined;
  return no('Outdated', 'another version has ended since; create another Approval');
}

function policiesAreMissing({ guard }: Word): Counting | undefined {
  return guard.is === 'broken' ? no('ApprovalPolicyMissing', guard.message) : undefined;
}

function wasMadeBeforePolicies(word: Word): Counting | undefined {
  const { approval, guard } = word;
  if (guard.is === 'broken' || madeTime(approval) >= guard.since || isSettled(word)) return undefined;
  return no(
    'CreatedBeforePolicies',
    'it was created while the apiserver did not check who approves; create another Approval',
  );
}

/** What was approved already stays, whatever is known of those who did. */
function isSettled({ approval: { spec }, subject: { status }, digest }: Word): boolean {
  return status?.approved?.digest === digest && spec.decision === 'Approve';
}

function madeTime({ metadata }: Approval): string {
  return metadata.creationTimestamp ?? '';
}

/** Why an Approval does not count for its subject: facts, in the order in which they are told. Pure. */
import type { Approval } from '../../api/v1alpha1/approval.ts';
import { firstViolation, type Check } from '../../lib/violation.ts';
import type { Guard } from '../approvalPolicies.ts';
import { isSamePerson, type Subject } from './subject.ts';

/** A word, and what it is about. */
export interface Word {
  readonly approval: Approval;
  /** As it stands. */
  readonly subject: Subject;
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
  nothingIsAwaited,
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
  if (!subject.requesters.some((who) => isSamePerson(who, spec.approver))) return undefined;
  return no('SelfApproval', `${spec.approver} requested ${subject.kind} ${subject.name}; someone else must decide`);
}

function nothingIsAwaited({ subject: { kind, name, digest } }: Word): Counting | undefined {
  if (digest !== undefined) return undefined;
  return no('NothingToApprove', `${kind} ${name} does not wait for an approval now`);
}

function isOfAnotherVersion({ approval: { spec }, subject }: Word): Counting | undefined {
  if (spec.subjectDigest === subject.digest) return undefined;
  return no(
    'ChangedAfterApproval',
    `it is for another version: ${subject.kind} ${subject.name} was changed, or the digest is wrong; review it and create another Approval with its \`${subject.digestField}\``,
  );
}

/** A rejection of the same request stays one when the request is deleted and made again. */
function isOlderThanSubject({ approval, subject }: Word): Counting | undefined {
  if (madeTime(approval) >= subject.createdTime || approval.spec.decision === 'Reject') return undefined;
  return no('OlderThanRequest', `it is older than ${subject.kind} ${subject.name}; create another Approval`);
}

/** Where what the apiserver checks depends on the version that it has. */
function isNotLaterThanVersion({ approval, subject: { seen } }: Word): Counting | undefined {
  if (!seen || approval.spec.decision !== 'Approve') return undefined;
  if (seen.time !== undefined && madeTime(approval) > seen.time) return undefined;
  return no('OlderThanRequest', `${seen.otherwise}; create another Approval`);
}

/** What was approved once is not dug out again after another version was approved. */
function anotherWasApprovedSince({ approval, subject: { approved, digest } }: Word): Counting | undefined {
  if (!approved || approved.digest === digest || madeTime(approval) >= approved.time) return undefined;
  if (approval.spec.decision === 'Reject') return undefined;
  return no('Outdated', 'another version has been approved since; create another Approval');
}

function anotherEndedSince({ approval, subject: { ended, digest } }: Word): Counting | undefined {
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
function isSettled({ approval: { spec }, subject: { approved, digest } }: Word): boolean {
  return approved !== undefined && approved.digest === digest && spec.decision === 'Approve';
}

function madeTime({ metadata }: Approval): string {
  return metadata.creationTimestamp ?? '';
}

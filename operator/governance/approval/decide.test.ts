import { describe, expect, test } from '@jest/globals';
import type { Approval } from '../../api/v1alpha1/approval.ts';
import type { CanaryRollout } from '../../api/v1alpha1/canaryRollout.ts';
import type { PolicyWaiver } from '../../api/v1alpha1/policyWaiver.ts';
import { now } from '../../../test/builders/drift.ts';
import { digestOf } from '../../lib/digest.ts';
import { readerOf } from '../../../test/builders/reader.ts';
import { waiverDigest } from '../../findings/waiver/digest.ts';
import { daySeconds, makeApproval, makeWaiver, seconds } from '../../../test/builders/waiver.ts';
import type { Guard } from '../approvalPolicies.ts';
import { decideApproval } from './decide.ts';
import { saidOf } from '../indexes.ts';
import { rolloutSubject, waiverSubject } from './subject.ts';

const waiver = makeWaiver();
const approval = makeApproval(waiver);
const intact: Guard = { is: 'intact', since: seconds(-daySeconds), policies: 'sha256:1' };

interface Case {
  subject?: PolicyWaiver;
  others?: Approval[];
  guard?: Guard;
}

function counts(made: Approval, { others = [], guard = intact, ...rest }: Case = {}) {
  const subject = 'subject' in rest ? rest.subject : waiver;
  return decideApproval(
    made,
    { approvals: [made, ...others], guard, ...(subject && { subject: waiverSubject(subject) }) },
    now,
  );
}

test('one that counts', () => {
  expect(counts(approval)).toEqual({
    outcome: { is: 'ready', reason: 'Counted', message: 'see condition Counts' },
    conditions: {
      Counts: {
        status: 'True',
        reason: 'Counted',
        message: 'counts for the current version of PolicyWaiver legacy-motd',
        warns: false,
      },
    },
    status: {},
    actions: [],
  });
});

const edited: PolicyWaiver = { ...waiver, spec: { ...waiver.spec, reason: 'another' } };
test.each<[string, Approval, Case, string, RegExp]>([
  ['of nothing', approval, { subject: undefined }, 'SubjectMissing', /PolicyWaiver legacy-motd does not exist/],
  [
    'of a version that there is no more',
    approval,
    { subject: edited },
    'ChangedAfterApproval',
    /was changed.*create another Approval with its `status.digest`/,
  ],
  [
    'of the requester',
    makeApproval(waiver, { approver: 'alice' }),
    {},
    'SelfApproval',
    /alice requested PolicyWaiver legacy-motd; someone else must decide/,
  ],
  [
    'of the requester in other letters',
    makeApproval(waiver, { approver: 'Alice' }),
    {},
    'SelfApproval',
    /Alice requested PolicyWaiver legacy-motd; someone else must decide/,
  ],
  ['older than what it approves', makeApproval(waiver, {}, seconds(-3601)), {}, 'OlderThanRequest', /is older than/],
  [
    'older than the policies',
    approval,
    { guard: { is: 'intact', since: seconds(-60), policies: 'sha256:1' } },
    'CreatedBeforePolicies',
    /create another/,
  ],
  [
    'while nobody checks',
    approval,
    { guard: { is: 'broken', message: 'kubectl apply -f policies/' } },
    'ApprovalPolicyMissing',
    /kubectl apply/,
  ],
  [
    'of who said otherwise later',
    approval,
    { others: [makeApproval(waiver, { decision: 'Reject' }, seconds(-60))] },
    'Superseded',
    /bob has decided again since/,
  ],
  [
    'after another version was approved',
    approval,
    { subject: { ...waiver, status: { approved: { digest: 'sha256:0', time: seconds(-60) } } } },
    'Outdated',
    /another version has been approved since/,
  ],
  [
    'after another version came to its end',
    approval,
    { subject: { ...waiver, status: { ended: { digest: 'sha256:0', time: seconds(-60) } } } },
    'Outdated',
    /another version has ended since/,
  ],
  [
    'that is being deleted',
    { ...approval, metadata: { ...approval.metadata, deletionTimestamp: seconds(-1) } },
    {},
    'Deleted',
    /being deleted/,
  ],
])('one %s does not count', (_, made, given, reason, message) => {
  expect(counts(made, given).conditions?.['Counts']).toEqual({
    status: 'False',
    reason,
    message: expect.stringMatching(message),
    warns: true,
  });
});

describe('of a request by a service account', () => {
  const account = 'system:serviceaccount:argocd:syncer';
  const seen = (spec: Partial<PolicyWaiver['spec']>, status: PolicyWaiver['status'] = {}): PolicyWaiver => {
    const made = makeWaiver(spec);
    return { ...made, status: { digest: waiverDigest(made.spec), requestTime: seconds(-1900), ...status } };
  };
  const reasonOf = (subject: PolicyWaiver, spec: Partial<Approval['spec']> = {}) =>
    counts(makeApproval(subject, spec), { subject }).conditions?.['Counts']?.reason;

  test.each<[string, PolicyWaiver, string]>([
    ['one that is later counts', seen({ requestedBy: account }), 'Counted'],
    [
      'one of the same second does not',
      seen({ requestedBy: account }, { requestTime: seconds(-1800) }),
      'OlderThanRequest',
    ],
    [
      'one that is earlier does not',
      seen({ submittedBy: account }, { requestTime: seconds(-1700) }),
      'OlderThanRequest',
    ],
    [
      'one that is earlier than an answer does not',
      seen({ submittedBy: account }, { pauses: [{ startTime: seconds(-1850), endTime: seconds(-1790) }] }),
      'OlderThanRequest',
    ],
    [
      'one of a version that was not seen yet does not',
      seen({ requestedBy: account }, { digest: 'sha256:0' }),
      'OlderThanRequest',
    ],
    ['one of a request by a person counts at once', seen({}, { digest: 'sha256:0' }), 'Counted'],
  ])('%s', (_, subject, reason) => {
    expect(reasonOf(subject)).toBe(reason);
  });

  test('a rejection counts whenever it was made', () => {
    expect(reasonOf(seen({ requestedBy: account }, { digest: 'sha256:0' }), { decision: 'Reject' })).toBe('Counted');
  });
});

test('one of who submitted the request for someone else does not count', () => {
  const subject = makeWaiver({ submittedBy: 'robot' });
  expect(counts(makeApproval(subject, { approver: 'robot' }), { subject }).conditions?.['Counts']?.reason).toBe(
    'SelfApproval',
  );
});

test('what the same person says in other letters replaces it', () => {
  const again = makeApproval(waiver, { approver: 'BOB', decision: 'Reject' }, seconds(-60));
  expect(counts(approval, { others: [again] }).conditions?.['Counts']?.reason).toBe('Superseded');
});

test('what another person says does not replace it', () => {
  const other = makeApproval(waiver, { approver: 'carol', decision: 'Reject' }, seconds(-60));
  expect(counts(approval, { others: [other] }).conditions?.['Counts']?.status).toBe('True');
});

test('while nobody checks, it says what it said', () => {
  const broken: Guard = { is: 'broken', message: 'kubectl apply -f policies/' };
  const Counts = {
    type: 'Counts',
    status: 'True',
    reason: 'Counted',
    message: '',
    lastTransitionTime: seconds(0),
  } as const;
  const told = counts({ ...approval, status: { conditions: [Counts] } }, { guard: broken });
  expect(told.conditions?.['Counts']).toMatchObject({ status: 'True', reason: 'Counted' });
});

test('whatever its status says: that is not what is believed', () => {
  const Counts = {
    type: 'Counts',
    status: 'False',
    reason: 'CreatedBeforePolicies',
    message: '',
    lastTransitionTime: seconds(0),
  } as const;
  const rejection = makeApproval(waiver, { decision: 'Reject' });
  expect(counts({ ...rejection, status: { conditions: [Counts] } }).conditions?.['Counts']?.status).toBe('True');
});

test.each<[string, PolicyWaiver]>([
  [
    'the request was made again',
    { ...waiver, metadata: { ...waiver.metadata, uid: 'b', creationTimestamp: seconds(-60) } },
  ],
  ['another version was approved', { ...waiver, status: { approved: { digest: 'sha256:0', time: seconds(-60) } } }],
  ['another version ended', { ...waiver, status: { ended: { digest: 'sha256:0', time: seconds(-60) } } }],
])('a rejection counts, however old, after %s', (_, subject) => {
  const rejection = makeApproval(waiver, { decision: 'Reject' });
  expect(counts(rejection, { subject }).conditions?.['Counts']?.status).toBe('True');
});

describe('for those who wait for it', () => {
  const edited: PolicyWaiver = { ...waiver, spec: { ...waiver.spec, reason: 'another' } };
  const young = makeApproval(waiver, {}, seconds(-10));
  const told: Approval = {
    ...approval,
    status: {
      conditions: [{ type: 'Ready', status: 'True', reason: 'Counted', message: '', lastTransitionTime: seconds(0) }],
    },
  };
  test.each<[string, Approval, Case, string]>([
    ['one that counts is done', approval, {}, 'ready Counted'],
    ['one of the requester is stalled', makeApproval(waiver, { approver: 'alice' }), {}, 'stalled SelfApproval'],
    ['one of another version is stalled', approval, { subject: edited }, 'stalled ChangedAfterApproval'],
    [
      'one that is older than its subject is stalled',
      makeApproval(waiver, {}, seconds(-3601)),
      {},
      'stalled OlderThanRequest',
    ],
    ['one that counted before an edit is done', told, { subject: edited }, 'ready Counted'],
    ['one that counted before the waiver went is done', told, { subject: undefined }, 'ready Counted'],
    ['one whose subject may be on its way is waited for', young, { subject: undefined }, 'waiting SubjectMissing'],
    ['one of nothing is stalled', approval, { subject: undefined }, 'stalled SubjectMissing'],
  ])('%s', (_, made, given, expected) => {
    const { outcome } = counts(made, given);
    expect(`${outcome.is} ${outcome.reason}`).toBe(expected);
  });
});

describe('of a step of a rollout', () => {
  const digest = digestOf('step 2');
  const rollout = (awaits?: { digest: string; time: string }): CanaryRollout => ({
    apiVersion: 'holdfast.dev/v1alpha1',
    kind: 'CanaryRollout',
    metadata: { name: 'rhel9', namespace: 'fleet', uid: 'uid-rhel9', creationTimestamp: seconds(-7200) },
    spec: { target: { deviceBaselineRef: { name: 'rhel9' } } },
    status: awaits ? { approval: { step: 2, lacking: '1 approval', ...awaits } } : {},
  });
  const made = (spec: Partial<Approval['spec']> = {}): Approval =>
    makeApproval(waiver, {
      subjectRef: { kind: 'CanaryRollout', name: 'rhel9' },
      subjectDigest: digest,
      ...spec,
    });
  const of = (subject: CanaryRollout, approval = made(), others: Approval[] = []) =>
    decideApproval(approval, { approvals: [approval, ...others], guard: intact, subject: rolloutSubject(subject) }, now)
      .conditions?.['Counts'];

  test.each<[string, CanaryRollout, Approval, string, RegExp]>([
    ['one that is later counts', rollout({ digest, time: seconds(-1801) }), made(), 'Counted', /CanaryRollout rhel9/],
    [
      'one of the second in which the wait began does not',
      rollout({ digest, time: seconds(-1800) }),
      made(),
      'OlderThanRequest',
      /it was not created after CanaryRollout rhel9 had begun to wait for it; create another Approval/,
    ],
    [
      'a rejection counts whenever it was made',
      rollout({ digest, time: seconds(-60) }),
      made({ decision: 'Reject' }),
      'Counted',
      /counts/,
    ],
    [
      'one of another step, revision or version does not',
      rollout({ digest: digestOf('step 3'), time: seconds(-1900) }),
      made(),
      'ChangedAfterApproval',
      /CanaryRollout rhel9 was changed.*with its `status.approval.digest`/,
    ],
    ['one of which nobody waits does not', rollout(), made(), 'NothingToApprove', /does not wait for an approval now/],
  ])('%s', (_, subject, approval, reason, message) => {
    expect(of(subject, approval)).toMatchObject({ reason, message: expect.stringMatching(message) });
  });

  test('one that counted says so when the step has begun', () => {
    const Counts = { type: 'Counts', status: 'True', reason: 'Counted', message: 'counts' } as const;
    const before = { ...made(), status: { conditions: [{ ...Counts, lastTransitionTime: seconds(-60) }] } };
    expect(of(rollout(), before)).toMatchObject({ status: 'True', reason: 'Counted' });
    expect(of(rollout({ digest: digestOf('step 3'), time: seconds(-60) }), before)?.status).toBe('False');
  });

  test('who decides again takes back what they said', () => {
    const subject = rollout({ digest, time: seconds(-1900) });
    const rejection = { ...made({ decision: 'Reject' }), metadata: { ...made().metadata, name: 'second' } };
    expect(of(subject, made(), [rejection])?.reason).toBe('Superseded');
    expect(of(subject, rejection, [made()])?.reason).toBe('Counted');
  });

  test('a rejection rejects no waiver, whatever its digest is', () => {
    const rejection = made({ decision: 'Reject', subjectDigest: waiverDigest(waiver.spec) });
    const ofSameName = made({ subjectRef: { kind: 'CanaryRollout', name: waiver.metadata.name } });
    expect(saidOf(waiver, readerOf(rejection, ofSameName))).toEqual([]);
    expect(saidOf(waiver, readerOf(approval))).toEqual([approval]);
  });
});

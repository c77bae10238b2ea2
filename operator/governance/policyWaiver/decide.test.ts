import { describe, expect, test } from '@jest/globals';
import { fingerprintOf } from '../../api/fingerprint.ts';
import type { Approval } from '../../api/v1alpha1/approval.ts';
import type { DeviceBaselineSpec } from '../../api/v1alpha1/deviceBaseline.ts';
import type { Finding } from '../../api/v1alpha1/finding.ts';
import type { PolicyWaiver, PolicyWaiverSpec } from '../../api/v1alpha1/policyWaiver.ts';
import { makeBaseline, makeDevice, makeFinding, motd, now, rootLogin } from '../../../test/builders/drift.ts';
import { approved, daySeconds, makeApproval, makeWaiver, seconds } from '../../../test/builders/waiver.ts';
import { admissionOf } from '../admission.ts';
import type { Guard } from '../approvalPolicies.ts';
import { deviceBaselineSource } from '../../drift/deviceBaseline/source.ts';
import { subjectOf } from '../../findings/source.ts';
import { waivedSource } from './source.ts';
import { decideWaiver } from './decide.ts';
import { waiverDigest } from '../../findings/waiver/digest.ts';
import { waiverFor } from '../../findings/waiver/waiverFor.ts';
import type { WaiverWorld } from './observe.ts';

interface Scene {
  waiver?: PolicyWaiver;
  approvals?: Approval[];
  /** Findings by Device. */
  hosts?: Record<string, Finding[]>;
  baseline?: Partial<DeviceBaselineSpec> | null;
  guard?: Guard;
  time?: string;
}

const drift = makeFinding(motd);
const intact: Guard = { is: 'intact', since: seconds(-30 * daySeconds), policies: 'sha256:1' };
const broken: Guard = { is: 'broken', message: 'ValidatingAdmissionPolicy x is missing; kubectl apply -f policies/' };

function decided({
  waiver = makeWaiver(),
  approvals = [],
  hosts = { 'web-01': [drift] },
  baseline = {},
  guard = intact,
  time,
}: Scene) {
  const of = baseline && waivedSource(deviceBaselineSource, makeBaseline(baseline));
  const at = time === undefined ? now : new Date(time);
  const { admission: before } = waiver.status ?? {};
  const written = { metadata: waiver.metadata, digest: waiverDigest(waiver.spec), ...(before && { before }) };
  const world: WaiverWorld = {
    guard,
    admission: admissionOf(written, guard, at),
    approvals,
    isComplete: true,
    listsAll: true,
    isSourceNamespaced: true,
    ...(of && { source: of }),
    targets: of
      ? Object.entries(hosts).map(([name, findings]) => {
          const { labels } = makeDevice(name).metadata;
          return { subject: subjectOf(of, { name, labels }), findings, isKnown: true };
        })
      : [],
  };
  return decideWaiver(waiver, world, at);
}

/** The waiver as it is after a pass. */
function next(
  waiver: PolicyWaiver,
  scene: Omit<Scene, 'waiver'> = {},
  spec: Partial<PolicyWaiverSpec> = {},
): PolicyWaiver {
  const { status } = decided({ waiver, ...scene });
  return { ...waiver, spec: { ...waiver.spec, ...spec }, status };
}

const by = (waiver: PolicyWaiver, approver: string, spec: Partial<Approval['spec']> = {}, time?: string): Approval =>
  makeApproval(waiver, { approver, ...spec }, time);

describe('what a pending request needs', () => {
  const strict: Scene = {
    baseline: { waivers: { severities: [{ severity: 'Low', approvals: 2, roles: ['security'], maxDays: 40 }] } },
  };
  const lax: Scene = { baseline: { waivers: {} } };
  const both = { approvals: 2, roles: ['security'], maxDays: 40 };

  test('is not eased by an edit of its baseline, nor by another of that name', () => {
    const asked = next(makeWaiver(), strict);
    expect(asked.status?.required).toEqual(both);
    const alone = [by(asked, 'bob')];
    const eased = next(asked, { ...lax, approvals: alone });
    expect(eased.status).toMatchObject({ decision: 'Pending', required: both });
    const gone = next(eased, { baseline: null });
    expect(next(gone, { ...lax, approvals: alone }).status).toMatchObject({ decision: 'Pending', required: both });
    const enough = [...alone, by(asked, 'carol', { role: 'security' })];
    expect(next(gone, { ...lax, approvals: enough }).status).toMatchObject({ decision: 'Approved' });
  });

  test('is more when its baseline asks for more', () => {
    expect(next(next(makeWaiver(), lax), strict).status?.required).toEqual(both);
  });

  test('stays when it answers a question, and is new when it is another request', () => {
    const asked = next(makeWaiver(), strict);
    const questioned = next(asked, { ...lax, approvals: [by(asked, 'bob', { decision: 'RequestInformation' })] });
    expect(next(next(questioned, {}, { reason: 'an answer' }), lax).status?.required).toEqual(both);
    const later = { ...lax, time: seconds(60) };
    expect(next(next(asked, {}, { reason: 'another' }), later).status?.required).toEqual({ approvals: 1, maxDays: 90 });
  });
});

describe('a request', () => {
  test('says what must be approved, how and by when', () => {
    // Sunday noon: two business days end with Tuesday.
    const { status, conditions, outcome } = decided({});
    expect(status).toEqual({
      digest: waiverDigest(makeWaiver().spec),
      decision: 'Pending',
      requestTime: '2026-03-01T12:00:00Z',
      decisionDueTime: '2026-03-04T00:00:00Z',
      required: { approvals: 1, maxDays: 90 },
      matchedFindings: 1,
      admission: { generation: 1, digest: waiverDigest(makeWaiver().spec), checked: true, policies: 'sha256:1' },
      summary: expect.stringMatching(
        /^it needs 1 approval with subjectDigest sha256:[0-9a-f]{64}, by 2026-03-04T00:00:00Z$/,
      ),
    });
    expect(conditions).toEqual({
      Approved: { status: 'False', reason: 'Pending', message: status.summary },
      Effective: { status: 'False', reason: 'NotApproved', message: expect.any(String) },
    });
    expect(outcome).toMatchObject({ is: 'ready' });
  });

  const waiver = makeWaiver();
  const both = makeWaiver({ checks: ['motd', 'sshd-no-root'], expiryTime: seconds(10 * daySeconds) });
  const strict: Partial<DeviceBaselineSpec> = {
    waivers: { severities: [{ severity: 'Critical', approvals: 2, roles: ['security'] }] },
  };
  test.each<[string, Scene, string, RegExp]>([
    [
      'approved by another',
      { waiver, approvals: [by(waiver, 'bob')] },
      'Approved',
      /^covers 1 finding until 2026-03-31T12:00:00Z$/,
    ],
    ['approved by the requester', { waiver, approvals: [by(waiver, 'alice')] }, 'Pending', /needs 1 approval/],
    [
      'approved in another version',
      { waiver, approvals: [by(makeWaiver({ reason: 'x' }), 'bob')] },
      'Pending',
      /needs 1 approval/,
    ],
    [
      'approved before it was made',
      { waiver, approvals: [by(waiver, 'bob', {}, seconds(-3601))] },
      'Pending',
      /needs 1 approval/,
    ],
    [
      'approved before the policies were there',
      {
        waiver: makeWaiver(
          {},
          { admission: { generation: 1, digest: waiverDigest(waiver.spec), checked: true, policies: 'sha256:0' } },
        ),
        approvals: [by(waiver, 'bob')],
        guard: { is: 'intact', since: seconds(-60), policies: 'sha256:1' },
      },
      'Pending',
      /needs 1 approval/,
    ],
    [
      'made before the policies were there',
      {
        waiver: makeWaiver({}, { digest: waiverDigest(waiver.spec), requestTime: seconds(-100) }),
        approvals: [by(waiver, 'bob', {}, seconds(-1))],
        guard: { is: 'intact', since: seconds(-60), policies: 'sha256:1' },
      },
      'Pending',
      /while the apiserver did not check who requests waivers/,
    ],
    [
      'rejected by one of several',
      { waiver, approvals: [by(waiver, 'bob'), by(waiver, 'carol', { decision: 'Reject', comment: 'patch it' })] },
      'Rejected',
      /^carol rejected it: patch it; to request it again, change the request/,
    ],
    [
      'approved by who rejected before',
      { waiver, approvals: [by(waiver, 'bob', { decision: 'Reject' }, seconds(-1900)), by(waiver, 'bob')] },
      'Approved',
      /covers/,
    ],
    [
      'approved and rejected by one in the same second',
      { waiver, approvals: [by(waiver, 'bob'), by(waiver, 'bob', { decision: 'Reject' })] },
      'Rejected',
      /bob rejected/,
    ],
    [
      'that lacks a role and a person',
      { waiver: both, baseline: strict, approvals: [] },
      'Pending',
      /needs 2 approvals \(in role security\)/,
    ],
    [
      'that lacks a role',
      { waiver: both, baseline: strict, approvals: [by(both, 'bob')] },
      'Pending',
      /needs 1 more approval \(in role security\)/,
    ],
    [
      'that lacks a person',
      { waiver: both, baseline: strict, approvals: [by(both, 'carol', { role: 'security' })] },
      'Pending',
      /needs 1 more approval with/,
    ],
    [
      'approved twice by one person',
      {
        waiver: both,
        baseline: strict,
        approvals: [by(both, 'carol'), by(both, 'carol', { role: 'security' }, seconds(-60))],
      },
      'Pending',
      /needs 1 more approval with/,
    ],
    [
      'approved by all it needs',
      { waiver: both, baseline: strict, approvals: [by(both, 'bob'), by(both, 'carol', { role: 'security' })] },
      'Approved',
      /covers/,
    ],
    [
      'asked about',
      { waiver, approvals: [by(waiver, 'bob', { decision: 'RequestInformation', comment: 'which hosts?' })] },
      'InfoRequested',
      /^bob asked for information: which hosts\?; answer by changing/,
    ],
    [
      'while nobody checks who approves',
      { waiver, approvals: [by(waiver, 'bob')], guard: broken },
      'Pending',
      /kubectl apply -f policies/,
    ],
  ])('%s', (_, scene, decision, summary) => {
    const { status } = decided(scene);
    expect(status.decision).toBe(decision);
    expect(status.summary).toMatch(summary);
    expect(status.approved !== undefined).toBe(decision === 'Approved');
  });

  test.each<[string, Scene, string, string, RegExp]>([
    [
      'of no baseline',
      { baseline: null },
      'stalled',
      'BaselineMissing',
      /DeviceBaseline rhel9 does not exist in namespace fleet; create it/,
    ],
    [
      'of unknown checks',
      { waiver: makeWaiver({ checks: ['motd', 'modt'] }) },
      'stalled',
      'UnknownChecks',
      /has no check modt; its checks are motd, sshd-no-root/,
    ],
    [
      'that is over already',
      { waiver: makeWaiver({ expiryTime: seconds(-1) }) },
      'stalled',
      'AlreadyExpired',
      /is in the past; set a later one/,
    ],
    [
      'for too long',
      { waiver: makeWaiver({ checks: ['sshd-no-root'] }) },
      'stalled',
      'ExpiryTooFar',
      /of Critical checks may end at most 14 days after its request; set `expiryTime` to 2026-03-15T12:00:00Z or earlier/,
    ],
    [
      'for too long by the rules of its baseline',
      { baseline: { waivers: { severities: [{ severity: 'Low', maxDays: 7 }] } } },
      'stalled',
      'ExpiryTooFar',
      /of Low checks may end at most 7 days/,
    ],
    ['while nobody checks who approves', { guard: broken }, 'waiting', 'ApprovalPolicyMissing', /kubectl apply/],
  ])('%s says what must be changed, and is not approved whoever approves', (_, scene, is, reason, message) => {
    const waiver = scene.waiver ?? makeWaiver();
    const { outcome, status, conditions } = decided({ ...scene, approvals: [by(waiver, 'bob')] });
    expect(outcome).toMatchObject({ is, reason, message: expect.stringMatching(message) });
    expect(status.approved).toBeUndefined();
    expect(conditions?.['Approved']).toMatchObject({ reason });
    expect(conditions?.['Effective']?.status).toBe('False');
  });

  test('that nobody decides lapses, is loud, and can still be approved', () => {
    const asked = next(makeWaiver());
    const late = { waiver: asked, time: '2026-03-04T00:00:00Z' };
    expect(decided({ ...late, time: '2026-03-03T23:59:59Z' }).status.decision).toBe('Pending');
    const { status, conditions } = decided(late);
    expect(status.decision).toBe('Overdue');
    expect(conditions?.['Overdue']).toMatchObject({ status: 'True', reason: 'DecisionOverdue', warns: true });
    expect(conditions?.['Effective']?.status).toBe('False');
    const approvals = [by(asked, 'bob', {}, '2026-03-05T00:00:00Z')];
    const after = decided({ waiver: { ...asked, status }, approvals, time: '2026-03-05T00:00:01Z' });
    expect(after.status).toMatchObject({ decision: 'Approved', approved: { time: '2026-03-05T00:00:00Z' } });
    expect(after.conditions?.['Overdue']).toBeUndefined();
  });

  test('that is asked about has time until it is answered, and then as much as was left', () => {
    const asked = next(makeWaiver());
    const question = by(asked, 'bob', { decision: 'RequestInformation' }, '2026-03-03T12:00:00Z');
    const waiting = next(asked, { approvals: [question], time: '2026-03-03T12:00:01Z' });
    expect(waiting.status).toMatchObject({
      decision: 'InfoRequested',
      informationRequestedTime: '2026-03-03T12:00:00Z',
    });
    expect(waiting.status?.decisionDueTime).toBeUndefined();
    expect(decided({ waiver: waiting, approvals: [question], time: '2026-03-20T12:00:00Z' }).status.decision).toBe(
      'InfoRequested',
    );
    const answered = { ...waiting, spec: { ...waiting.spec, reason: 'web-01 alone' } };
    const { status } = decided({ waiver: answered, approvals: [question], time: '2026-03-10T18:00:00Z' });
    // Half a day was left.
    expect(status).toMatchObject({
      decision: 'Pending',
      requestTime: asked.status?.requestTime,
      decisionDueTime: '2026-03-11T06:00:00Z',
    });
    expect(status.pauses).toEqual([{ startTime: '2026-03-03T12:00:00Z', endTime: '2026-03-10T18:00:00Z' }]);
  });
});

test('what is first seen while nobody checks is not decided when they do again, until it is changed', () => {
  const unseen = next(makeWaiver({ breakGlass: { reason: 'outage' } }), { guard: broken });
  expect(unseen.status?.requestTime).toBeUndefined();
  const guard: Guard = { is: 'intact', since: seconds(-60), policies: 'sha256:2' };
  const { outcome, status, conditions } = decided({
    waiver: unseen,
    approvals: [by(unseen, 'bob', {}, seconds(-1))],
    guard,
  });
  expect(outcome).toMatchObject({ is: 'stalled', reason: 'RequestedBeforePolicies' });
  expect([status.approved, status.breakGlassTime, conditions?.['Effective']?.status]).toEqual([
    undefined,
    undefined,
    'False',
  ]);
  const changed = {
    ...unseen,
    metadata: { ...unseen.metadata, generation: 2 },
    status,
    spec: { ...unseen.spec, reason: 'again' },
  };
  expect(decided({ waiver: changed, guard }).status).toMatchObject({
    requestTime: seconds(0),
    breakGlassTime: seconds(0),
  });
});

describe('an edit', () => {
  const waiver = makeWaiver();
  const old = by(waiver, 'bob');
  test('voids the approval, and says so until it is approved anew', () => {
    const covering = next(waiver, { approvals: [old] });
    const edited = { ...covering, spec: { ...covering.spec, reason: 'another' } };
    const { status, conditions } = decided({ waiver: edited, approvals: [old] });
    expect(status).toMatchObject({ decision: 'Pending', matchedFindings: 1 });
    expect(conditions).toMatchObject({
      Approved: { status: 'False', reason: 'ChangedAfterApproval' },
      Effective: { status: 'False' },
    });
    const anew = by(edited, 'carol', {}, seconds(30));
    expect(decided({ waiver: { ...edited, status }, approvals: [old, anew], time: seconds(60) }).status).toMatchObject({
      decision: 'Approved',
      approved: { digest: waiverDigest(edited.spec), time: seconds(30) },
    });
  });

  test('there and back, with another version approved between, digs out no old approval', () => {
    const covering = next(waiver, { approvals: [old] });
    const edited = next({ ...covering, spec: { ...covering.spec, reason: 'another' } }, { approvals: [old] });
    const anew = by(edited, 'bob', {}, seconds(30));
    const second = next(edited, { approvals: [old, anew], time: seconds(60) });
    expect(second.status?.decision).toBe('Approved');
    const back = decided({ waiver: { ...second, spec: waiver.spec }, approvals: [old, anew], time: seconds(90) });
    expect(back.status.decision).toBe('Pending');
    expect(back.conditions?.['Effective']?.status).toBe('False');
  });

  test('of what was rejected after it was in force, and back again, brings nothing back', () => {
    const covering = next(waiver, { approvals: [old] });
    const reject = by(waiver, 'carol', { decision: 'Reject' }, seconds(10));
    const revoked = next(covering, { approvals: [old, reject], time: seconds(20) });
    expect(revoked.status).toMatchObject({ decision: 'Rejected', ended: { time: seconds(10) } });
    expect(revoked.status?.approved).toBeUndefined();
    const edited = next(
      { ...revoked, spec: { ...waiver.spec, reason: 'x' } },
      { approvals: [old, reject], time: seconds(30) },
    );
    const back = decided({ waiver: { ...edited, spec: waiver.spec }, approvals: [old], time: seconds(40) });
    expect(back.conditions?.['Effective']).toMatchObject({
      status: 'False',
      message: expect.stringContaining('revoked'),
    });
  });

  test('that makes it last longer counts as a renewal when it is approved, so many times', () => {
    let current = next(waiver, { approvals: [old] });
    for (const [index, days] of [40, 50].entries()) {
      const longer = { ...current, spec: { ...current.spec, expiryTime: seconds(days * daySeconds) } };
      const approval = by(longer, 'bob', {}, seconds(index + 1));
      current = next(longer, { approvals: [approval], time: seconds(index + 2) });
      expect(current.status).toMatchObject({
        decision: 'Approved',
        renewals: index + 1,
        approvedExpiryTime: seconds(days * daySeconds),
      });
    }
    const third = { ...current, spec: { ...current.spec, expiryTime: seconds(60 * daySeconds) } };
    expect(decided({ waiver: third, time: seconds(5) }).outcome).toMatchObject({
      is: 'stalled',
      reason: 'RenewalLimitReached',
      message: expect.stringMatching(
        /extended 2 times, which is the most.*set `expiryTime` to 2026-04-20T12:00:00Z or earlier/,
      ),
    });
    const shorter = { ...current, spec: { ...current.spec, expiryTime: seconds(20 * daySeconds) } };
    const approval = by(shorter, 'bob', {}, seconds(9));
    expect(decided({ waiver: shorter, approvals: [approval], time: seconds(9) }).status).toMatchObject({
      decision: 'Approved',
      renewals: 2,
    });
  });
});

describe('once approved', () => {
  const waiver = approved(makeWaiver());
  test('it stays so without its Approvals, without its baseline and without the policies', () => {
    for (const scene of [{}, { baseline: null }, { guard: broken }] as Scene[]) {
      const { status, conditions } = decided({ waiver, ...scene });
      expect(status.approved).toEqual(waiver.status?.approved);
      expect(conditions?.['Effective']?.status).toBe('True');
    }
  });

  test('a rejection afterwards ends it; an approval after that does not revive it', () => {
    const reject = by(waiver, 'carol', { decision: 'Reject' }, seconds(-5));
    const over = next(waiver, { approvals: [reject] });
    expect(decided({ waiver: over, approvals: [by(waiver, 'carol', {}, seconds(-1))] }).conditions).toMatchObject({
      Effective: { status: 'False', reason: 'Ended' },
      Expired: { status: 'True', message: expect.stringContaining(`revoked at ${seconds(-5)}`) },
    });
  });

  test('it ends at its expiry, for good, though the clock is set back', () => {
    const { expiryTime } = waiver.spec;
    const over = next(waiver, { time: expiryTime });
    expect(over.status?.ended).toEqual({ digest: over.status?.digest, time: expiryTime });
    expect(decided({ waiver: over, time: expiryTime }).conditions).toMatchObject({
      Approved: { status: 'True' },
      Effective: { status: 'False', reason: 'Ended' },
      Expired: {
        status: 'True',
        warns: true,
        message: expect.stringMatching(/^it expired at .*The findings that it covered are open again$/),
      },
    });
    expect(decided({ waiver: over }).conditions?.['Effective']?.status).toBe('False');
  });

  test('what expired and is changed afterwards is forgotten as approved: going back to it brings nothing', () => {
    const over = next(waiver, { time: waiver.spec.expiryTime });
    const { status } = decided({
      waiver: { ...over, spec: { ...over.spec, reason: 'x' } },
      time: waiver.spec.expiryTime,
    });
    expect([status.approved, status.ended]).toEqual([undefined, over.status?.ended]);
  });

  test.each<[string, Scene, string, RegExp]>([
    ['covers what fails', {}, 'FindingsCovered', /covers 1 finding until 2026-03-31T12:00:00Z/],
    [
      'is not needed when all passes',
      { hosts: { 'web-01': [] } },
      'NothingToCover',
      /nothing that it names fails now; delete it/,
    ],
    ['is orphaned when its devices are gone', { hosts: {} }, 'Orphaned', /selects none of the targets/],
    [
      'is orphaned when its checks are gone',
      { baseline: { checks: [rootLogin] } },
      'Orphaned',
      /no longer has any of its checks/,
    ],
    ['is orphaned when its baseline is gone', { baseline: null }, 'Orphaned', /DeviceBaseline rhel9 no longer exists/],
  ])('it %s', (_, scene, reason, message) => {
    expect(decided({ waiver, ...scene }).conditions?.['Effective']).toMatchObject({
      status: 'True',
      reason,
      message: expect.stringMatching(message),
    });
  });

  test('it begins when it says', () => {
    const later = approved(makeWaiver({ effectiveTime: seconds(600) }));
    expect(decided({ waiver: later }).conditions?.['Effective']).toMatchObject({ reason: 'NotStarted' });
    expect(decided({ waiver: later, time: seconds(600) }).conditions?.['Effective']).toMatchObject({ status: 'True' });
  });

  test.each<[string, number, string | undefined]>([
    ['nothing more than a week before', 7 * daySeconds + 1, undefined],
    ['a week before', 7 * daySeconds, 'WithinAWeek'],
    ['still the same two days before', 2 * daySeconds, 'WithinAWeek'],
    ['a day before', daySeconds, 'WithinADay'],
  ])('its end is foretold: %s', (_, before, reason) => {
    const time = seconds(30 * daySeconds - before);
    expect(decided({ waiver, time }).conditions?.['ExpiringSoon']?.reason).toBe(reason);
  });
});

describe('what is accepted', () => {
  const waiver = makeWaiver({ targets: { selector: { matchLabels: { os: 'rhel9' } } } });
  const approvals = [by(waiver, 'bob')];
  const other = makeFinding(motd, { found: 'other' });
  const first = next(waiver, { approvals });

  test('is what was there at the approval, and what first fails elsewhere later', () => {
    expect(first.status?.accepted).toEqual([{ target: 'web-01', check: 'motd', fingerprint: fingerprintOf(drift) }]);
    const both = next(first, { approvals, hosts: { 'web-01': [drift], 'web-02': [other] } });
    expect(both.status?.accepted).toHaveLength(2);
    expect(
      decided({ waiver: both, approvals, hosts: { 'web-02': [other] } }).conditions?.['NeedsReview'],
    ).toBeUndefined();
  });

  test('is not another value in the same place: that needs review', () => {
    const { status, conditions } = decided({ waiver: first, approvals, hosts: { 'web-01': [other] } });
    expect(status.needsReview).toEqual([{ target: 'web-01', check: 'motd', fingerprint: fingerprintOf(other) }]);
    expect(conditions).toMatchObject({
      NeedsReview: {
        status: 'True',
        reason: 'ValueChanged',
        warns: true,
        message: expect.stringContaining('motd on web-01'),
      },
      Effective: { message: expect.stringMatching(/covers 0 findings/) },
    });
    const back = decided({ waiver: { ...first, status }, approvals });
    expect(back.conditions?.['NeedsReview']).toBeUndefined();
  });

  test('is bound anew by the approval of another version, and not by an edit there and back', () => {
    const hosts = { 'web-01': [other] };
    const edited = next({ ...first, spec: { ...first.spec, reason: 'x' } }, { approvals, hosts });
    expect(
      decided({ waiver: { ...edited, spec: first.spec }, approvals, hosts }).conditions?.['NeedsReview']?.status,
    ).toBe('True');
    const { status } = decided({
      waiver: edited,
      approvals: [by(edited, 'bob', {}, seconds(1))],
      hosts,
      time: seconds(2),
    });
    expect(status.accepted).toEqual([{ target: 'web-01', check: 'motd', fingerprint: fingerprintOf(other) }]);
  });

  test.each<[string, PolicyWaiver, Record<string, Finding[]>]>([
    ['as it was accepted', first, { 'web-01': [drift] }],
    ['as it was not', first, { 'web-01': [other], 'web-02': [other] }],
    ['while it is not approved', makeWaiver(), { 'web-01': [drift] }],
    ['before it begins', approved(makeWaiver({ effectiveTime: seconds(60) })), { 'web-01': [drift] }],
    ['after it was edited', { ...first, spec: { ...first.spec, reason: 'x' } }, { 'web-01': [drift] }],
  ])('is by its status what everybody is told who asks: %s', (_, one, hosts) => {
    const { status, conditions } = decided({ waiver: one, approvals, hosts });
    const of = waivedSource(deviceBaselineSource, makeBaseline());
    const covered = Object.entries(hosts).flatMap(([name, findings]) => {
      const subject = subjectOf(of, { name, labels: makeDevice(name).metadata.labels });
      return findings.filter((finding) => waiverFor(finding, subject, [{ ...one, status }], now));
    });
    const words = /^covers (\d+) finding/.exec(conditions?.['Effective']?.message ?? '');
    expect(covered).toHaveLength(Number(words?.[1] ?? 0));
  });

  test('is bounded: what there is no room for needs review', () => {
    const hosts = Object.fromEntries(Array.from({ length: 510 }, (_, index) => [`web-${index}`, [drift]]));
    const { status, conditions } = decided({ waiver, approvals, hosts });
    expect(status.accepted).toHaveLength(500);
    expect(status.needsReview).toHaveLength(10);
    expect(conditions?.['Effective']?.message).toMatch(/^covers 500 findings/);
  });
});

describe('an emergency', () => {
  const waiver = makeWaiver({
    checks: ['*'],
    targets: { names: ['*'] },
    breakGlass: { reason: 'outage' },
    expiryTime: seconds(3 * daySeconds),
  });
  const begun = next(waiver);
  test('is in force at once, and loud', () => {
    expect(begun.status?.breakGlassTime).toBe(seconds(0));
    expect(decided({ waiver: begun }).conditions).toMatchObject({
      Effective: { status: 'True', message: `covers 1 finding until ${seconds(daySeconds)}` },
      BreakGlass: {
        status: 'True',
        reason: 'ApprovalPending',
        warns: true,
        message: expect.stringMatching(/outage. Approve or reject it by 2026-03-02T12:00:00Z/),
      },
      Approved: { status: 'False', reason: 'Pending' },
    });
  });

  test('covers what is there as it begins, whatever was accepted before', () => {
    const accepted = [{ target: 'web-01', check: 'motd', fingerprint: 'sha256:old' }];
    const before = approved(makeWaiver(), { accepted });
    const { status, conditions } = decided({ waiver: { ...before, spec: waiver.spec } });
    expect(status.accepted).toEqual([{ target: 'web-01', check: 'motd', fingerprint: fingerprintOf(drift) }]);
    expect(conditions?.['NeedsReview']).toBeUndefined();
  });

  test('is over after a day, for good; an edit does not begin another', () => {
    const over = next(begun, { time: seconds(daySeconds) });
    expect(over.status?.breakGlassEndTime).toBe(seconds(daySeconds));
    const edited = { ...over, spec: { ...over.spec, reason: 'again' } };
    for (const one of [over, edited, next(edited, { time: seconds(daySeconds + 1) })])
      expect(decided({ waiver: one, time: seconds(60) }).conditions).toMatchObject({
        Effective: { status: 'False' },
        BreakGlass: { status: 'False', reason: 'BreakGlassEnded', warns: true },
      });
  });

  test('is over when it is rejected, and becomes a waiver like others when it is approved', () => {
    const rejected = next(begun, {
      approvals: [by(begun, 'bob', { decision: 'Reject' }, seconds(30))],
      time: seconds(60),
    });
    expect(rejected.status).toMatchObject({ decision: 'Rejected', breakGlassEndTime: seconds(30) });
    expect(
      decided({ waiver: { ...rejected, spec: { ...rejected.spec, reason: 'y' } }, time: seconds(90) }).conditions?.[
        'Effective'
      ]?.status,
    ).toBe('False');
    const { conditions } = decided({
      waiver: begun,
      approvals: [by(begun, 'bob', {}, seconds(30))],
      time: seconds(2 * daySeconds),
    });
    expect(conditions).toMatchObject({ Approved: { status: 'True' }, Effective: { status: 'True' } });
    expect(conditions?.['BreakGlass']).toBeUndefined();
  });

  test('does not begin while nobody checks who may', () => {
    const { status, conditions } = decided({ waiver, guard: broken });
    expect(status.breakGlassTime).toBeUndefined();
    expect(conditions).toMatchObject({ Effective: { status: 'False' }, BreakGlass: { status: 'False', warns: true } });
  });

  test('ends though its request is not sound', () => {
    const tooLong = makeWaiver({ ...waiver.spec, expiryTime: seconds(400 * daySeconds) });
    const { outcome, conditions } = decided({ waiver: tooLong });
    expect(outcome).toMatchObject({ is: 'waiting', reason: 'ExpiryTooFar', recheckAfter: expect.any(Number) });
    expect(conditions?.['BreakGlass']?.status).toBe('True');
  });
});

describe('the closure plan', () => {
  const tasks = [
    { name: 'order', owner: 'team-web', done: true },
    { name: 'replace', owner: 'team-web', dueTime: seconds(daySeconds) },
    { name: 'verify', owner: 'security' },
  ];
  const waiver = approved(makeWaiver({ closurePlan: { tasks } }));
  test.each<[string, string, string | undefined]>([
    ['nothing is late', seconds(daySeconds - 1), undefined],
    ['a task is', seconds(daySeconds), `not done: replace (team-web), due ${seconds(daySeconds)}`],
    [
      'another is, a fortnight after the request',
      seconds(14 * daySeconds),
      `not done: replace (team-web), due ${seconds(daySeconds)}, verify (security), due ${seconds(14 * daySeconds - 3600)}`,
    ],
  ])('%s', (_, time, message) => {
    const { status, conditions } = decided({ waiver, time });
    expect(status.closure).toBe('1/3');
    expect(conditions?.['Overdue']?.message).toBe(message);
  });
});

describe('passes', () => {
  const waiver = approved(
    makeWaiver({
      effectiveTime: seconds(100),
      closurePlan: { tasks: [{ name: 'a', owner: 'b', dueTime: seconds(5 * daySeconds) }] },
    }),
  );
  test.each<[string, string, number]>([
    ['when it begins', seconds(0), 100],
    ['when a task is due', seconds(5 * daySeconds - 200), 200],
    ['a week before its end', seconds(23 * daySeconds - 300), 300],
    ['a day before its end', seconds(29 * daySeconds - 300), 300],
    ['at its end', seconds(30 * daySeconds - 60), 60],
  ])('%s', (_, time, left) => {
    const { outcome } = decided({ waiver, time });
    expect(outcome).toMatchObject({ is: 'ready', recheckAfter: expect.closeTo(left / 1.1, 3) });
  });

  test('a steady state is the same from pass to pass', () => {
    for (const made of [makeWaiver(), waiver, approved(makeWaiver()), makeWaiver({ breakGlass: { reason: 'x' } })]) {
      const steady = next(next(made, { time: seconds(200) }), { time: seconds(200) });
      const told = (time: string) => {
        const { status, conditions } = decided({ waiver: steady, time });
        return { status, conditions };
      };
      expect(told(seconds(4000))).toEqual(told(seconds(250)));
      expect(told(seconds(250)).status).toEqual(steady.status);
    }
  });
});

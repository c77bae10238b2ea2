/** No step that needs approval begins without it, whatever else happens. */
import { describe, expect, test } from '@jest/globals';
import { FleetBed } from '../../../test/builders/fleetBed.ts';
import type { CanaryRolloutSpec } from '../../api/v1alpha1/canaryRollout.ts';
import { stepDigest } from './approvals.ts';
import { atStep, ofRevision, requestAnnotations } from './requests.ts';

const steps = [
  { percent: 10, soakSeconds: 10 },
  { percent: 50, soakSeconds: 10 },
  { percent: 100, soakSeconds: 10 },
];

async function rolling(spec: Partial<CanaryRolloutSpec>, rounds = 40): Promise<FleetBed> {
  const bed = new FleetBed(10, 'A', { remediation: { maxUnavailable: 10, backend: 'Local' } });
  await bed.rounds(3);
  bed.roll({ steps, ...spec });
  await bed.rounds(3);
  bed.declare('B');
  await bed.rounds(rounds);
  return bed;
}

const before = (beforeStep: number, count = 1) => ({ approvals: [{ beforeStep, count }] });
const progressing = (bed: FleetBed) => bed.condition('Progressing');
const awaited = (bed: FleetBed) => bed.rollout().status?.approval;
const exposed = (bed: FleetBed) => bed.assigned('B').length;

test('the first step begins with as many approvals as it needs, and not before', async () => {
  const bed = await rolling(before(1, 2));
  expect(exposed(bed)).toBe(0);
  expect(awaited(bed)).toMatchObject({ step: 1, lacking: '2 approvals' });
  expect(progressing(bed)).toMatchObject({
    status: 'False',
    reason: 'ApprovalNeeded',
    message: expect.stringMatching(
      /^step 1 needs 2 approvals of digest sha256:\w+; create an Approval of CanaryRollout/,
    ),
  });
  bed.say('Approve', 'bob');
  bed.say('Approve', 'bob');
  await bed.rounds(5);
  expect(awaited(bed)?.lacking).toBe('1 more approval');
  expect(exposed(bed)).toBe(0);
  bed.say('Approve', 'carol');
  await bed.rounds(5);
  expect(exposed(bed)).toBe(1);
  expect(awaited(bed)).toBeUndefined();
});

test('a later step waits where the hosts of the step before are, and the last is reached', async () => {
  const bed = await rolling(before(3));
  expect(exposed(bed)).toBe(5);
  expect(awaited(bed)).toMatchObject({ step: 3, lacking: '1 approval' });
  bed.say('Approve', 'bob');
  await bed.rounds(40);
  expect(bed.values()).toEqual({ B: 10 });
});

test('promoted, it stops before the first step that lacks an approval', async () => {
  const bed = await rolling(before(3), 6);
  bed.annotate({ [requestAnnotations.promote]: atStep(bed.rollout().status ?? {}, 1) });
  await bed.rounds(40);
  expect(exposed(bed)).toBe(5);
  expect(awaited(bed)).toMatchObject({ step: 3 });
  bed.say('Approve', 'bob');
  await bed.rounds(20);
  expect(exposed(bed)).toBe(10);
});

test('what is promoted before a step that needs approval does not go past it', async () => {
  const bed = await rolling(before(2));
  bed.annotate({ [requestAnnotations.promote]: atStep(bed.rollout().status ?? {}, 1) });
  await bed.rounds(40);
  expect(exposed(bed)).toBe(1);
  bed.say('Approve', 'bob');
  await bed.rounds(10);
  expect(exposed(bed)).toBe(10);
});

test('the share of a step is not raised without an approval of the raise', async () => {
  const bed = await rolling(before(1), 3);
  bed.say('Approve', 'bob');
  await bed.rounds(5);
  expect(exposed(bed)).toBe(1);
  bed.edit({ steps: [{ percent: 40, soakSeconds: 10 }, ...steps.slice(1)] });
  await bed.rounds(40);
  expect(exposed(bed)).toBe(1);
  expect(awaited(bed)).toMatchObject({ step: 1 });
  bed.say('Approve', 'bob');
  await bed.rounds(5);
  expect(exposed(bed)).toBe(4);
});

describe('an approval does not count', () => {
  const held = async (bed: FleetBed, hosts: number) => {
    await bed.rounds(20);
    expect(exposed(bed)).toBe(hosts);
    expect(awaited(bed)?.lacking).toBe('1 approval');
  };

  test.each<[string, Partial<CanaryRolloutSpec>]>([
    ['its steps', { steps: [...steps.slice(0, 1), { percent: 60, soakSeconds: 10 }, ...steps.slice(2)] }],
    ['how long it soaks', { steps: [...steps.slice(0, 2), { percent: 100, soakSeconds: 1 }] }],
    ['its gates', { gates: { findings: { minSeverity: 'Low' } } }],
    ['how many may fail', { maxFailed: 3 }],
    ['whether it is taken back by itself', { rollback: { automatic: false } }],
    ['how long hosts may take', { stepTimeoutSeconds: 604_800 }],
    ['the hosts that come first', { pinned: { matchLabels: { os: 'rhel9' } } }],
    ['the hosts that are left alone', { excluded: { matchLabels: { tier: 'test' } } }],
  ])('after an edit of %s', async (_, change) => {
    const bed = await rolling({ ...before(2), pause: { reason: 'not yet' } }, 3);
    bed.edit({ pause: undefined });
    await bed.rounds(40);
    bed.edit({ pause: { reason: 'wait' } });
    bed.say('Approve', 'bob');
    await bed.rounds(3);
    expect(awaited(bed)?.lacking).toBe('none');
    bed.edit({ ...change, pause: undefined });
    await held(bed, 1);
  });

  test('after an edit of its window, whereas a default that is written out changes nothing', async () => {
    const rollout = (await rolling(before(2), 1)).rollout();
    const digest = (spec: Partial<CanaryRolloutSpec>) =>
      stepDigest({ ...rollout, spec: { ...rollout.spec, ...spec } }, 'A', 2);
    expect(digest({ windowRef: { name: 'sunday' } })).not.toBe(digest({}));
    expect(digest({ rollback: { automatic: true, timeoutSeconds: 60 }, stepTimeoutSeconds: 3600 })).toBe(digest({}));
  });

  test('for another revision', async () => {
    const bed = await rolling({ ...before(1), pause: { reason: 'not yet' } }, 3);
    bed.say('Approve', 'bob');
    await bed.rounds(2);
    bed.declare('C');
    bed.edit({ pause: undefined });
    await held(bed, 0);
  });

  test('for the next step', async () => {
    const bed = await rolling({ approvals: [{ beforeStep: 2 }, { beforeStep: 3 }] });
    bed.say('Approve', 'bob');
    await held(bed, 5);
    expect(awaited(bed)).toMatchObject({ step: 3 });
  });

  test('that is older than the wait, though its digest is right', async () => {
    const bed = await rolling(before(1), 3);
    const { digest = '' } = awaited(bed) ?? {};
    const rollout = bed.rollout();
    bed.say('Approve', 'bob', { subjectDigest: digest });
    // The wait is forgotten, as where nobody believes the status.
    bed.rollouts.set('rhel9', { ...rollout, status: {} });
    await held(bed, 0);
  });

  test('of what is rolled out again after it was taken back', async () => {
    const bed = await rolling(before(1), 3);
    for (const host of bed.hosts.values()) host.fails = ['B'];
    bed.say('Approve', 'bob');
    await bed.rounds(40, 5);
    expect(bed.values()).toEqual({ A: 10 });
    const [rejection] = bed.baseline.status?.assignment?.rejected ?? [];
    bed.annotate({ [requestAnnotations.retry]: `${rejection?.revision}@${rejection?.time}` });
    await held(bed, 0);
  });
});

test('what was approved while the rollout was paused counts when it is resumed', async () => {
  const bed = await rolling({ ...before(1), pause: { reason: 'freeze' } }, 3);
  expect(progressing(bed)?.reason).toBe('Paused');
  bed.say('Approve', 'bob');
  await bed.rounds(5);
  expect(awaited(bed)?.lacking).toBe('none');
  bed.edit({ pause: undefined });
  await bed.rounds(3);
  expect(exposed(bed)).toBe(1);
});

test('a rejection holds the step with its reason, until who rejected approves', async () => {
  const bed = await rolling(before(2));
  bed.say('Reject', 'carol', { comment: 'not before the audit' });
  bed.say('Approve', 'bob');
  await bed.rounds(10);
  expect(exposed(bed)).toBe(1);
  expect(progressing(bed)).toMatchObject({
    reason: 'StepRejected',
    message: expect.stringMatching(/^carol rejects step 2: not before the audit; .*have carol approve it/),
  });
  bed.say('Approve', 'carol');
  await bed.rounds(5);
  expect(exposed(bed)).toBe(5);
});

test('a question is told, and holds nothing that has approvals enough', async () => {
  const bed = await rolling(before(1), 3);
  bed.say('RequestInformation', 'carol', { comment: 'which hosts?' });
  await bed.rounds(2);
  expect(progressing(bed)?.message).toMatch(/carol asks: which hosts\?/);
  bed.say('Approve', 'bob');
  await bed.rounds(3);
  expect(exposed(bed)).toBe(1);
});

test('while the apiserver does not check who approves, nothing that needs it begins', async () => {
  const bed = await rolling(before(1), 3);
  bed.guard = { is: 'broken', message: 'a policy is missing; run `kubectl apply -f policies/`' };
  bed.say('Approve', 'mallory');
  await bed.rounds(5);
  expect(progressing(bed)).toMatchObject({ reason: 'ApprovalPolicyMissing', message: bed.guard.message });
  // Installed again: what was said before is not known to be sound.
  bed.pass(1);
  bed.guard = { is: 'intact', since: bed.now.toISOString(), policies: 'sha256:2' };
  await bed.rounds(5);
  expect(exposed(bed)).toBe(0);
  bed.say('Approve', 'bob');
  await bed.rounds(3);
  expect(exposed(bed)).toBe(1);
});

test('a rollback waits for no approval', async () => {
  const bed = await rolling(before(2));
  bed.annotate({ [requestAnnotations.abort]: ofRevision(bed.rollout().status ?? {}) });
  await bed.rounds(20);
  expect(bed.values()).toEqual({ A: 10 });
  expect(awaited(bed)).toBeUndefined();
});

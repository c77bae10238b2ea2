/** Which requests make sense when, what they write, and what is said of what may still stop them. */
import { describe, expect, test } from '@jest/globals';
import { begun, factsFrom } from '../../../../test/builders/rolloutFacts.ts';
import { revision } from '../../../../test/builders/fleetBed.ts';
import type { Facts } from './facts.ts';
import { doneWith } from './standing.ts';
import { laterThan } from '../laterThan.ts';
import { decideVerb, type Asked } from './verbs.ts';

const soaking = await begun();
soaking.declare('B');
await soaking.rounds(5);
const { now } = soaking;
const failing = await begun();
for (const host of failing.hosts.values()) host.fails = ['B'];
failing.declare('B');
await failing.rounds(40, 5);
const idle = await begun();
const facts = factsFrom(soaking);
const b = revision('B');
const attempt = `${b}@${soaking.rollout().status?.startTime}`;
const verbs = ['skip', 'promote', 'abort', 'retry'] as const;

const why = (asked: Asked, about: Facts): string => {
  const decision = decideVerb(asked, about, now);
  return decision.is === 'refused' ? decision.why : decision.is;
};
const patchOf = (asked: Asked, about = facts): unknown => {
  const decision = decideVerb(asked, about, now);
  return decision.is === 'write' ? decision.patch : decision;
};
const saysOf = (asked: Asked, about = facts): string => {
  const decision = decideVerb(asked, about, now);
  return decision.is === 'write' ? decision.says.join(' ') : JSON.stringify(decision);
};
const edited = (spec: object, metadata: object = {}): Facts => ({
  ...facts,
  rollout: {
    ...facts.rollout,
    spec: { ...facts.rollout.spec, ...spec },
    metadata: { ...facts.rollout.metadata, ...metadata },
  },
});

describe('a rollout that soaks', () => {
  test.each([
    ['skip', `${attempt}/1`],
    ['promote', `${attempt}/1`],
    ['abort', attempt],
  ] as const)('%s', (verb, value) => {
    expect(patchOf({ verb })).toEqual({ metadata: { annotations: { [`holdfast.dev/rollout-${verb}`]: value } } });
  });

  test('nothing is rejected', () =>
    expect(why({ verb: 'retry' }, facts)).toBe('nothing is rejected: no revision was taken back'));

  test('a request is made once', () => {
    const asked = edited({}, { annotations: { 'holdfast.dev/rollout-skip': `${attempt}/1` } });
    expect(why({ verb: 'skip' }, asked)).toBe('nothing');
    // That of another step is none.
    const before = edited({}, { annotations: { 'holdfast.dev/rollout-skip': `${attempt}/0` } });
    expect(why({ verb: 'skip' }, before)).toBe('write');
  });

  test('it is said what comes, and what may still stop it', () => {
    expect(saysOf({ verb: 'skip' })).toContain('then step 2 begins (50% of the hosts)');
    expect(saysOf({ verb: 'promote' })).toContain('then step 3 begins (100% of the hosts)');
    const hindered = edited({ windowRef: { name: 'sunday-night' }, approvals: [{ beforeStep: 3, count: 2 }] });
    expect(saysOf({ verb: 'promote' }, hindered)).toMatch(
      /Step 3 still needs 2 approval.*MaintenanceWindow sunday-night/,
    );
    expect(saysOf({ verb: 'skip' }, hindered)).not.toContain('approval');
  });

  // https://github.com/argoproj/argo-rollouts/issues/2648, https://github.com/argoproj/argo-rollouts/issues/4265:
  // a promotion of what was paused said that it was promoted, and nothing went on.
  test('one that is paused says that it waits', () => {
    expect(saysOf({ verb: 'promote' }, edited({ pause: { reason: 'audit' } }))).toContain(
      'It is paused (audit): it waits until it is resumed.',
    );
  });

  test('in the last step, there is nothing to promote to', () => {
    const last = factsFrom(soaking, { step: 3, exposedPercent: 100 });
    expect(why({ verb: 'promote' }, last)).toBe('step 3 is the last one; to end its soak, use `skip`');
    expect(saysOf({ verb: 'skip' }, last)).toContain('then the rollout is complete');
  });
});

describe('where it makes no sense', () => {
  test.each(['skip', 'promote', 'abort'] as const)('%s of nothing, of what is over, of what was taken back', (verb) => {
    expect(why({ verb }, factsFrom(idle))).toContain('nothing is in progress');
    const complete = factsFrom(soaking, { completionTime: now.toISOString() });
    expect(why({ verb }, complete)).toContain('is complete on all hosts');
    expect(why({ verb }, factsFrom(failing))).toContain('was taken back already; to roll it out again, use `retry`');
  });

  // https://github.com/argoproj/argo-rollouts/issues/1614, https://github.com/argoproj/argo-rollouts/issues/1152: abort and undo were taken for each other.
  test('abort of what is complete says how to go back', () => {
    const complete = factsFrom(soaking, { completionTime: now.toISOString() });
    expect(why({ verb: 'abort' }, complete)).toContain(
      'declare the checks of the revision before in the DeviceBaseline',
    );
  });

  test.each(verbs)('%s of a status that Holdfast did not write', (verb) => {
    expect(why({ verb }, factsFrom(soaking, { seal: undefined }))).toContain('Holdfast did not write it');
  });

  test.each(verbs)('%s of what an older rollout has, or without a baseline', (verb) => {
    expect(why({ verb }, { ...facts, older: 'first' })).toContain('CanaryRollout first is older');
    expect(why({ verb }, { rollout: facts.rollout, unread: [] })).toContain('does not exist');
  });

  test('what failed is aborted alone', () => {
    const failed = factsFrom(soaking, { failure: '3 hosts failed' });
    expect(why({ verb: 'skip' }, failed)).toContain('only `abort` makes sense');
    expect(why({ verb: 'abort' }, failed)).toBe('write');
  });

  test.each([...verbs, 'pause', 'resume'] as const)('%s of what is being deleted', (verb) => {
    expect(why({ verb }, edited({}, { deletionTimestamp: now.toISOString() }))).toBe('it is being deleted');
  });
});

// https://github.com/argoproj/argo-rollouts/issues/3120: what was retried did not begin, and nothing said why.
describe('retry', () => {
  const taken = factsFrom(failing);
  const [rejection] = taken.baseline?.status?.assignment?.rejected ?? [];

  test('is of the very rejection', () => {
    const value = `${b}@${rejection?.time}`;
    expect(patchOf({ verb: 'retry' }, taken)).toEqual({
      metadata: { annotations: { 'holdfast.dev/rollout-retry': value } },
    });
    expect(saysOf({ verb: 'retry' }, taken)).toContain('from step 1 (10% of the hosts)');
  });

  test('is refused where the declared revision is another, or where nothing is known', () => {
    failing.declare('C');
    expect(why({ verb: 'retry' }, factsFrom(failing))).toContain('is not rejected; rejected is');
    failing.declare('B');
    const unread = ['DeviceBaseline rhel9: you may not get devicebaselines.holdfast.dev'];
    expect(why({ verb: 'retry' }, { rollout: taken.rollout, unread })).toContain('what was rejected is not known');
  });
});

describe('pause and resume', () => {
  const pause = { reason: 'audit' };

  test('write only what is not so already', () => {
    expect(patchOf({ verb: 'pause', pause })).toEqual({ spec: { pause: { reason: 'audit', until: null } } });
    expect(why({ verb: 'pause', pause }, edited({ pause }))).toBe('nothing');
    expect(why({ verb: 'resume' }, facts)).toBe('nothing');
    expect(patchOf({ verb: 'resume' }, edited({ pause }))).toEqual({ spec: { pause: null } });
  });

  test('a pause of someone else is not replaced, one that is over is', () => {
    expect(why({ verb: 'pause', pause }, edited({ pause: { reason: 'incident' } }))).toContain(
      'for another reason (incident)',
    );
    const over = { reason: 'incident', until: new Date(now.getTime() - 1).toISOString() };
    expect(why({ verb: 'pause', pause }, edited({ pause: over }))).toBe('write');
  });

  // https://github.com/thaum-xyz/ankhmorpork/pull/945: what was suspended by hand was put back from Git.
  test.each([
    [{ labels: { 'argocd.argoproj.io/instance': 'fleet' } }, 'Argo CD'],
    [{ annotations: { 'argocd.argoproj.io/tracking-id': 'x' } }, 'Argo CD'],
    [{ labels: { 'app.kubernetes.io/managed-by': 'Helm' } }, 'Helm'],
    [{ labels: { 'kustomize.toolkit.fluxcd.io/name': 'fleet' } }, 'Flux'],
  ])('of what %j manages warns', (metadata, owner) => {
    const decision = decideVerb({ verb: 'pause', pause }, edited({}, metadata), now);
    expect(decision).toMatchObject({ warnings: [expect.stringContaining(`it is managed by ${owner}`)] });
  });

  test.each([
    ['2h', 7_200_000],
    ['90m', 5_400_000],
    [new Date(now.getTime() + 60_000).toISOString(), 60_000],
  ])('--until %s', (text, later) => expect(Date.parse(laterThan(text, now) ?? '')).toBe(now.getTime() + later));
  test.each(['0', '-1h', 'tomorrow', '2026', '2001-01-01T00:00:00Z', '2026-13-41T00:00:00Z', ''])(
    '--until %s is refused',
    (text) => expect(laterThan(text, now)).toBeUndefined(),
  );
});

describe('--until-done', () => {
  test('is over when the declared revision is complete, or was taken back', () => {
    expect(doneWith(facts)).toBeUndefined();
    expect(doneWith(factsFrom(soaking, { completionTime: now.toISOString() }))).toBe('completed');
    expect(doneWith(factsFrom(failing))).toBe('failed');
    expect(doneWith({ ...facts, older: 'first' })).toBe('failed');
  });

  // https://github.com/argoproj/argo-rollouts/issues/1390: the status of what was before counted.
  test('what is said of another revision, of an older spec, by someone else, or of what is not known, is not over', () => {
    const complete = { completionTime: now.toISOString() };
    soaking.declare('C');
    expect(doneWith(factsFrom(soaking, complete))).toBeUndefined();
    soaking.declare('B');
    expect(doneWith(factsFrom(soaking, { ...complete, observedGeneration: 0 }))).toBeUndefined();
    expect(doneWith(factsFrom(soaking, { ...complete, seal: undefined }))).toBeUndefined();
    const { rollout } = factsFrom(soaking, complete);
    expect(doneWith({ rollout, unread: ['DeviceBaseline rhel9: forbidden'] })).toBeUndefined();
  });
});

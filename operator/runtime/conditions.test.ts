import { describe, expect, test } from '@jest/globals';
import type { Condition, ResourceStatus } from '../api/v1alpha1/shared.ts';
import { basisOf, nextOf, statusOf, suspendedStatus, type Conclusion, type Verdict } from './conditions.ts';

const now = new Date('2026-05-01T10:00:00.123Z');
const said = { reason: 'Because', message: 'A sentence.' };
const judge = (verdict: Verdict, others: Partial<Conclusion> = {}): Conclusion => ({
  verdict,
  bounded: false,
  domain: {},
  generation: 7,
  now,
  ...others,
});
const condition = (type: string, status: Condition['status'], reason = 'Before'): Condition => ({
  type,
  status,
  observedGeneration: 6,
  lastTransitionTime: '2026-01-01T00:00:00Z',
  reason,
  message: 'As it was.',
});
const brief = ({ conditions = [], observedGeneration }: ResourceStatus): object => ({
  conditions: Object.fromEntries(conditions.map(({ type, status, reason }) => [type, `${status} ${reason}`])),
  observedGeneration,
});

describe('the table of outcomes', () => {
  test.each<[Verdict, Record<string, string>, number]>([
    [{ is: 'ready', ...said }, { Ready: 'True Because' }, 7],
    [{ is: 'progressing', ...said, recheckAfter: 5 }, { Ready: 'Unknown Because', Reconciling: 'True Because' }, 6],
    [{ is: 'waiting', ...said, recheckAfter: 5 }, { Ready: 'False Because', Reconciling: 'True Because' }, 6],
    [{ is: 'stalled', ...said }, { Ready: 'False Because', Stalled: 'True Because' }, 7],
    [{ is: 'failed', ...said }, { Ready: 'False Because', Reconciling: 'True ProgressingWithRetry' }, 6],
    [{ is: 'broken', ...said }, { Ready: 'False Because', Stalled: 'True Because' }, 6],
  ])('of what goes on for ever: $is', (verdict, conditions, observedGeneration) => {
    expect(brief(statusOf({ observedGeneration: 6 }, judge(verdict)))).toEqual({ conditions, observedGeneration });
  });

  test.each<[Verdict, Record<string, string>]>([
    [{ is: 'ready', ...said }, { Succeeded: 'True Because' }],
    [
      { is: 'progressing', ...said, recheckAfter: 5 },
      { Succeeded: 'Unknown Because', Reconciling: 'True Because' },
    ],
    [
      { is: 'waiting', ...said, recheckAfter: 5 },
      { Succeeded: 'Unknown Because', Reconciling: 'True Because' },
    ],
    [
      { is: 'stalled', ...said },
      { Succeeded: 'False Because', Failed: 'True Because', Stalled: 'True Because' },
    ],
    [
      { is: 'failed', ...said },
      { Succeeded: 'Unknown Because', Reconciling: 'True ProgressingWithRetry' },
    ],
    [
      { is: 'broken', ...said },
      { Succeeded: 'Unknown Because', Stalled: 'True Because' },
    ],
  ])('of what runs to an end: $is', (verdict, conditions) => {
    expect(brief(statusOf(undefined, judge(verdict, { bounded: true })))).toMatchObject({ conditions });
  });

  test('a feature that runs to an end may decide itself whether it succeeded', () => {
    const domain = { Succeeded: { status: 'False', reason: 'Failed', message: 'Two hosts failed.' } } as const;
    const status = statusOf(undefined, judge({ is: 'ready', ...said }, { bounded: true, domain }));
    const conditions = { Succeeded: 'False Failed', Failed: 'True Failed', Stalled: 'True Failed' };
    expect(brief(status)).toEqual({ conditions, observedGeneration: 7 });
  });

  test('what has ended stays ended when a later pass fails', () => {
    const before = { conditions: [condition('Succeeded', 'True', 'Verified')] };
    const status = statusOf(before, judge({ is: 'failed', ...said }, { bounded: true, domain: undefined }));
    expect(brief(status)).toMatchObject({
      conditions: { Succeeded: 'True Verified', Reconciling: 'True ProgressingWithRetry' },
    });
  });
});

describe('what a condition is decided from', () => {
  const before = {
    observedGeneration: 6,
    drifted: 1,
    conditions: [condition('Ready', 'True'), condition('Compliant', 'True')],
  };
  const failed = { ...before, ...statusOf(before, judge({ is: 'failed', ...said }, { domain: undefined })) };

  test('is the same after a pass that failed, for conditions of the domain', () => {
    expect(basisOf('Compliant', failed)).toEqual(basisOf('Compliant', before));
    expect(basisOf('Ready', failed)).not.toEqual(basisOf('Ready', before));
    const atFirst = statusOf(undefined, judge({ is: 'failed', ...said }, { domain: undefined }));
    expect(basisOf('Compliant', atFirst)).toEqual(basisOf('Compliant', undefined));
  });

  test('is another after any other change', () => {
    const later = { ...before, conditions: [condition('Ready', 'True'), condition('Compliant', 'False')] };
    for (const other of [later, { ...before, drifted: 2 }, undefined])
      expect(basisOf('Compliant', other)).not.toEqual(basisOf('Compliant', before));
  });
});

describe('conditions', () => {
  test('keep their time while their status stays, and carry the generation that was judged', () => {
    const before = { observedGeneration: 6, conditions: [condition('Ready', 'True'), condition('Compliant', 'True')] };
    const domain = { Compliant: { status: 'False', reason: 'Drift', message: 'Two checks fail.' } } as const;
    expect(statusOf(before, judge({ is: 'ready', ...said }, { domain })).conditions).toEqual([
      {
        type: 'Compliant',
        status: 'False',
        observedGeneration: 7,
        lastTransitionTime: '2026-05-01T10:00:00Z',
        reason: 'Drift',
        message: 'Two checks fail.',
      },
      { type: 'Ready', status: 'True', observedGeneration: 7, lastTransitionTime: '2026-01-01T00:00:00Z', ...said },
    ]);
  });

  test('of the domain are removed when a plan leaves them out, and stay when there was no plan', () => {
    const before = {
      conditions: [condition('Compliant', 'True'), condition('Stalled', 'True'), condition('Suspended', 'True')],
    };
    expect(brief(statusOf(before, judge({ is: 'ready', ...said })))).toMatchObject({
      conditions: { Ready: 'True Because' },
    });
    const failed = statusOf(before, judge({ is: 'failed', ...said }, { domain: undefined }));
    expect(failed.conditions).toContainEqual(condition('Compliant', 'True'));
    expect(failed.conditions?.map(({ type }) => type)).toEqual(['Compliant', 'Ready', 'Reconciling']);
  });

  test('do not carry what the runtime is told beside them', () => {
    const domain = { Compliant: { status: 'False', reason: 'Drift', message: 'x', warns: true } } as const;
    expect(statusOf(undefined, judge({ is: 'ready', ...said }, { domain })).conditions?.[0]).not.toHaveProperty(
      'warns',
    );
  });
});

describe('a suspended object', () => {
  const about = { bounded: false, generation: 7, now };

  test('shows why and until when, and keeps what was known of the domain', () => {
    const compliant = condition('Compliant', 'True');
    const before = { observedGeneration: 6, conditions: [compliant, condition('Ready', 'True')] };
    const status = suspendedStatus(before, { reason: 'Migration', until: '2026-06-01T00:00:00Z' }, about);
    expect(status.conditions).toContainEqual(compliant);
    expect(status.conditions?.find(({ type }) => type === 'Suspended')?.message).toBe(
      'Migration (until 2026-06-01T00:00:00Z)',
    );
  });

  test.each<[string, Condition[]]>([
    ['was never looked at', []],
    ['was waiting', [condition('Ready', 'False'), condition('Reconciling', 'True')]],
    ['was stalled', [condition('Ready', 'False'), condition('Stalled', 'True')]],
    ['was at work', [condition('Ready', 'Unknown'), condition('Reconciling', 'True')]],
  ])('that %s reaches its generation, and nobody waits for it', (_, conditions) => {
    expect(brief(suspendedStatus({ observedGeneration: 6, conditions }, { reason: 'x' }, about))).toEqual({
      observedGeneration: 7,
      conditions: { Ready: 'True Suspended', Suspended: 'True Suspended' },
    });
  });
});

test.each<[Verdict, number, object]>([
  [{ is: 'ready', ...said }, 0.5, { is: 'done' }],
  [{ is: 'ready', ...said, recheckAfter: 100 }, 0, { is: 'again', after: 90 }],
  [{ is: 'progressing', ...said, recheckAfter: 100 }, 0.5, { is: 'again', after: 100 }],
  [{ is: 'waiting', ...said, recheckAfter: 0 }, 0.5, { is: 'again', after: 0 }],
  [{ is: 'stalled', ...said }, 0.5, { is: 'done' }],
  [{ is: 'stalled', ...said, recheckAfter: 100 }, 0.5, { is: 'again', after: 100 }],
  [{ is: 'failed', ...said, retryAfter: 9 }, 0.5, { is: 'retry', atLeast: 9 }],
  [{ is: 'broken', ...said }, 0.5, { is: 'again', after: 600 }],
])('the next pass after %j at chance %d is %j', (verdict, random, next) => {
  expect(nextOf(verdict, () => random)).toEqual(next);
});

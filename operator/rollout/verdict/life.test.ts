/** A rollout from its first step to its last, minute by minute, as the feature drives it. */
import { expect, test } from '@jest/globals';
import { after, at, compared } from '../../../test/builders/gatedRollout.ts';
import { seeded } from '../../../test/builders/seeded.ts';
import type { RolloutGates } from '../../api/v1alpha1/rolloutGates.ts';
import type { CanaryRolloutStatus } from '../../api/v1alpha1/canaryRolloutStatus.ts';
import type { Evidence } from './evidence.ts';
import type { VerdictFields } from './gate.ts';
import { dueIn, isDue, recommend } from './recommendation.ts';
import { startVerdict } from './start.ts';
import { gatedRollout, verdictNote, verdictOf } from './verdict.ts';

const steps = [
  { percent: 10, soakSeconds: 86_400 },
  { percent: 50, soakSeconds: 14_400 },
  { percent: 100, soakSeconds: 3600 },
];
const gates: RolloutGates = {
  objectives: [{ name: 'checkout' }],
  errorBudget: { maxSpendPercent: 5 },
  metrics: [{ name: 'error-ratio', query: 'q', max: '0.01', consecutiveFailures: 3 }],
  comparisons: [{ name: 'http', errorsQuery: 'e[$window]', totalQuery: 't[$window]' }],
  findings: { minSeverity: 'High' },
  intervalSeconds: 300,
};
const requestsPerMinute = 600;

interface Life {
  readonly end: string;
  readonly evaluations: number;
  readonly events: readonly string[];
  readonly status: CanaryRolloutStatus;
}

/** `ratio`: how many times the error rate of the others the hosts with the revision have, in each step. */
function live(ratios: readonly number[], seed: number): Life {
  const random = seeded(seed);
  let status: CanaryRolloutStatus = {};
  let evaluations = 0;
  const events: string[] = [];
  const counts: Record<'changed' | 'unchanged', [errors: number, total: number]> = {
    changed: [0, 0],
    unchanged: [0, 0],
  };
  const enter = (step: number, minute: number): void => {
    const { percent = 100 } = steps[step - 1] ?? {};
    status = {
      ...status,
      step,
      exposedPercent: percent,
      stepStartTime: at(60 * minute),
      soakStartTime: at(60 * minute),
    };
    counts.changed = [0, 0];
    counts.unchanged = [0, 0];
  };
  const evidenceAt = (minute: number): Evidence => {
    const targeted = (status.exposedPercent ?? 0) / 2;
    const soaked = (after(60 * minute).getTime() - Date.parse(status.soakStartTime ?? '')) / 1000;
    return {
      fleet: { total: 50, targeted, converged: targeted, failed: 0, unreachable: 0 },
      objectives: [
        {
          name: 'checkout',
          is: 'ok',
          reason: 'Met',
          message: 'm',
          observedTime: at(60 * minute),
          remainingPercent: '90',
        },
      ],
      metrics: [{ name: 'error-ratio', value: { is: 'value', value: 0.001 } }],
      comparisons: [
        compared([counts.changed[0], counts.unchanged[0]], [counts.changed[1], counts.unchanged[1]], soaked),
      ],
      findings: [{ device: 'new', baseline: 'rhel9', since: at(0), isKnown: true, findings: [] }],
    };
  };
  enter(1, 0);
  for (let minute = 1; minute < 60 * 48; minute += 1) {
    const now = after(60 * minute);
    const { exposedPercent: percent = 0, step = 1 } = status;
    for (const group of ['changed', 'unchanged'] as const) {
      const requests = (requestsPerMinute * (group === 'changed' ? percent : 100 - percent)) / 100;
      const rate = 0.001 * (group === 'changed' ? (ratios[step - 1] ?? 1) : 1);
      // At most one error a minute and group is near enough to Poisson here.
      counts[group][0] += Number(random() < requests * rate);
      counts[group][1] += requests;
    }
    const rollout = gatedRollout({ gates, steps, maxFailed: '0%' }, status, 1);
    if (isDue(rollout, now)) {
      const fields = verdictOf(rollout, evidenceAt(minute), now);
      const note = verdictNote(rollout.before, fields);
      if (note) events.push(note.reason);
      evaluations += 1;
      status = { ...withoutVerdict(status), ...fields };
    } else expect(dueIn(rollout, now)).toBeGreaterThan(0);
    const { is, reason } = recommend(gatedRollout({ gates, steps, maxFailed: '0%' }, status, 1), status, now);
    if (is === 'rollBack') return { end: `${reason} in step ${step} at minute ${minute}`, evaluations, events, status };
    if (is !== 'promote') continue;
    if (step === steps.length) return { end: `completed at minute ${minute}`, evaluations, events, status };
    expect(startVerdict(rollout, evidenceAt(minute), now).result).toBe('Pass');
    enter(step + 1, minute);
  }
  return { end: 'never', evaluations, events, status };
}

function withoutVerdict(status: CanaryRolloutStatus): CanaryRolloutStatus {
  const fields: Record<keyof VerdictFields, undefined> = {
    verdict: undefined,
    verdicts: undefined,
    blindSince: undefined,
    budgets: undefined,
    comparisons: undefined,
  };
  return { ...status, ...fields };
}

test('a harmless revision reaches all hosts as soon as its soaks allow, evaluated once an interval', () => {
  const { end, evaluations, events, status } = live([1, 1, 1], 1);
  expect(end).toBe(`completed at minute ${(86_400 + 14_400 + 3600) / 60}`);
  // Once an interval, and once more at the begin of each step.
  expect(evaluations).toBeLessThanOrEqual((86_400 + 14_400 + 3600) / 300 + 6);
  expect(new Set(events)).toEqual(new Set(['GatesInconclusive', 'GatesPassed']));
  expect(status.comparisons?.[0]?.steps.map(({ step }) => step)).toEqual([1, 2]);
  expect(status.verdict?.message).toContain('1 comparison left out');
});

test('harm that begins with half of the hosts is taken back there, whatever went well before', () => {
  const { end } = live([1, 4, 4], 2);
  expect(end).toMatch(/^GateFailed in step 2 at minute 1[4-6]\d\d$/);
});

test('of twelve harmless rollouts, none is taken back', () => {
  const ends = Array.from({ length: 12 }, (_, seed) => live([1, 1, 1], 100 + seed).end);
  expect(ends.filter((end) => !end.startsWith('completed'))).toEqual([]);
});

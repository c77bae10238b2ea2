import { describe, expect, test } from '@jest/globals';
import { believed, sealed } from '../../api/seal.ts';
import type { ServiceLevelObjectiveSpec } from '../../api/v1alpha1/serviceLevelObjective.ts';
import type { MetricsAnswer } from '../../connect/prometheus/types.ts';
import { keyedDigest } from '../../lib/digest.ts';
import { makeObjective } from '../../../test/builders/objective.ts';
import { decideObjective } from './decide.ts';
import { objectiveGate } from './gate.ts';
import { countedBy, type Counted } from './indicator.ts';
import { longQuery, windowsOf } from './queries.ts';
import { read } from './reading.ts';
import { shapeOf } from './shape.ts';

const now = new Date('2026-03-01T12:00:00Z');
const seal = (text: string): string => keyedDigest(Buffer.from('key'), text);
const later = (seconds: number): Date => new Date(now.getTime() + seconds * 1000);

/** Answers with so many events an hour in every window. */
function answer(total: number, bad: number, windows: readonly number[]): MetricsAnswer {
  const series = windows.flatMap((seconds) =>
    Object.entries({ total, counted: bad }).map(([part, hourly]) => ({
      labels: { holdfast_part: part, holdfast_window: String(seconds) },
      value: (hourly * seconds) / 3600,
    })),
  );
  const facts = [
    { part: 'present', value: 1 },
    { part: 'some', value: 1 },
    { part: 'first', value: 1 },
    { part: 'label', window: 'code', value: 1 },
  ].map(({ part, window = '', value }) => ({ labels: { holdfast_part: part, holdfast_window: window }, value }));
  return { is: 'answer', series: [...series, ...facts] };
}

function evaluated(
  total: number,
  bad: number,
  spec: Partial<ServiceLevelObjectiveSpec> = {},
  before = makeObjective(spec),
) {
  const { windowDays, budget } = shapeOf(before);
  const windows = windowsOf(windowDays, budget);
  const counted = countedBy(before.spec.indicator) as Counted;
  const reading = read(counted, answer(total, bad, windows.short), answer(total, bad, windows.long));
  const plan = decideObjective(before, { is: 'read', counted, reading, time: now, rules: { is: 'none' } }, now);
  return { ...before, status: sealed(before, plan.status, seal) };
}

describe('a rollout concludes', () => {
  test.each([
    ['that it does not burn', evaluated(100_000, 50), 'ok', 'Quiet'],
    ['that it burns', evaluated(100_000, 2000), 'burning', 'BurnsFast'],
    ['nothing of little traffic', evaluated(10, 0), 'unknown', 'TooFewSamples'],
    [
      'nothing of less than is wanted',
      evaluated(100_000, 50, { minSamples: 1_000_000_000 }),
      'unknown',
      'TooFewSamples',
    ],
    [
      'nothing where no page can be reached',
      evaluated(100_000, 50, { objectivePercent: '50' }),
      'unknown',
      'NoFastBurn',
    ],
    ['nothing of more errors than events', evaluated(100, 200), 'unknown', 'MoreErrorsThanTotal'],
    ['nothing before it is evaluated', makeObjective(), 'unknown', 'NotEvaluated'],
  ])('%s', (_, slo, is, reason) => {
    expect(objectiveGate(slo, later(30))).toMatchObject({ is, reason });
  });

  const fine = evaluated(100_000, 50);

  test('the budget that is left, and how many events there were', () => {
    expect(objectiveGate(fine, later(30))).toMatchObject({
      remainingPercent: 50,
      samples: 72_000_000,
      ageSeconds: 30,
      burnRate: 0.5,
    });
  });

  test.each<[string, typeof fine, Date, string]>([
    ['older than three intervals', fine, later(181), 'Stale'],
    ['of the future', fine, later(-61), 'Stale'],
    ['of another spec', { ...fine, spec: { ...fine.spec, objectivePercent: '10' } }, now, 'Changed'],
    ['suspended', { ...fine, spec: { ...fine.spec, suspend: { reason: 'x' } } }, now, 'Suspended'],
    ['deleted', { ...fine, metadata: { ...fine.metadata, deletionTimestamp: now.toISOString() } }, now, 'Deleted'],
  ])('nothing of one that is %s', (_, slo, at, reason) => {
    expect(objectiveGate(slo, at)).toMatchObject({ is: 'unknown', isKnown: false, reason });
  });

  test('nothing of a status that others wrote, or that is of another object', () => {
    const bad = evaluated(100_000, 2000);
    const forged = { ...bad, status: { ...bad.status, alerts: fine.status.alerts, errorBudgetRemainingPercent: '99' } };
    const copied = { ...fine, metadata: { ...fine.metadata, uid: 'u-2' } };
    for (const slo of [forged, copied]) expect(objectiveGate(believed(slo, seal), now).reason).toBe('NotEvaluated');
  });
});

test('a steady state writes every second interval, and at once when something matters', () => {
  const first = evaluated(100_000, 50);
  const again = (total: number, bad: number, seconds: number) => {
    const { windowDays, budget } = shapeOf(first);
    const windows = windowsOf(windowDays, budget);
    const counted = countedBy(first.spec.indicator) as Counted;
    const reading = read(counted, answer(total, bad, windows.short), answer(total, bad, windows.long));
    const world = { is: 'read', counted, reading, time: later(seconds), rules: { is: 'none' } } as const;
    return decideObjective(first, world, later(seconds)).status.observedTime === first.status.observedTime
      ? 'kept'
      : 'written';
  };
  expect([again(100_010, 50.005, 60), again(100_010, 50.005, 120), again(100_000, 60, 60)]).toEqual([
    'kept',
    'written',
    'written',
  ]);
});

describe('of a window that begins before anything is known, it is told', () => {
  const slo = makeObjective();
  const counted = countedBy(slo.spec.indicator) as Counted;
  const { short, long } = windowsOf(30, 0.001);
  const all = answer(100_000, 50, long);
  const without = (one: MetricsAnswer): MetricsAnswer =>
    one.is === 'none'
      ? one
      : { is: 'answer', series: one.series.filter(({ labels }) => labels['holdfast_part'] !== 'first') };
  const shortAnswer = without(answer(100_000, 50, short));
  const decided = (before: typeof slo, at: Date, short: MetricsAnswer, long?: MetricsAnswer) => {
    const world = { is: 'read', counted, reading: read(counted, short, long), time: at } as const;
    const plan = decideObjective(before, { ...world, rules: { is: 'none' } }, at);
    return { plan, slo: { ...before, status: sealed(before, plan.status, seal) } };
  };
  const first = decided(slo, now, shortAnswer, without(all));

  test('pyrra#406: Prometheus keeps less than the window', () => {
    const { conditions = {} } = first.plan;
    expect(conditions['DataHealthy']).toMatchObject({ status: 'True', reason: 'ShortHistory' });
    expect(conditions['DataHealthy']?.message).toContain('have Prometheus keep series for longer');
    expect(conditions['Met']?.message).toContain('of the last 30 d, as far as Prometheus has them, were good');
    expect(objectiveGate(first.slo, later(30))).toMatchObject({ is: 'ok', reason: 'Quiet' });
  });

  test('it stays told while long windows are not asked about, and without an answer, and ends when the day is known', () => {
    const quiet = decided(first.slo, later(60), shortAnswer);
    expect(quiet.plan.status.quality?.map(({ reason }) => reason)).toEqual(['ShortHistory']);
    const silent = decided(quiet.slo, later(120), { is: 'none', reason: 'Down', message: 'm' });
    expect(silent.plan.status.quality?.map(({ reason }) => reason)).toEqual(['Down', 'ShortHistory']);
    const again = decided(silent.slo, later(180), shortAnswer);
    expect(again.plan.status.quality?.map(({ reason }) => reason)).toEqual(['ShortHistory']);
    const whole = decided(again.slo, later(240), shortAnswer, all);
    expect(whole.plan.status.quality).toBeUndefined();
  });

  test('the first day of the window is asked for with its counts', () => {
    expect(longQuery(counted, long, 30)).toContain('[1d] offset 29d)');
    expect(longQuery(counted, [86_400], 1)).toMatch(/count\(last_over_time\([^[]+\[1d\]\)\)/);
  });
});

test('without an answer, what was known stays with its time', () => {
  const first = evaluated(100_000, 50);
  const counted = countedBy(first.spec.indicator) as Counted;
  const reading = read(counted, { is: 'none', reason: 'TimedOut', message: 'no answer in 30 s' }, undefined);
  const { status, conditions, outcome } = decideObjective(
    first,
    { is: 'read', counted, reading, time: later(60), rules: { is: 'none' } },
    later(60),
  );
  expect(status).toMatchObject({ attainmentPercent: '99.95', observedTime: first.status.observedTime });
  expect([conditions?.['Met']?.status, conditions?.['DataHealthy']?.status, outcome.is]).toEqual([
    'Unknown',
    'Unknown',
    'waiting',
  ]);
});

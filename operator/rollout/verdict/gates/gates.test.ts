/** Each gate as a table: what is known, and what it makes of it. */
import { describe, expect, test } from '@jest/globals';
import { after, at, fleet, makeEvidence, makeRollout } from '../../../../test/builders/gatedRollout.ts';
import type { Finding } from '../../../api/v1alpha1/finding.ts';
import type { MetricGate, RolloutGates } from '../../../api/v1alpha1/rolloutGates.ts';
import type { SingleValue } from '../../../connect/prometheus/types.ts';
import type { Evidence, ObjectiveEvidence, ReportEvidence } from '../evidence.ts';
import type { GatedRollout } from '../gate.ts';
import { verdictOf } from '../verdict.ts';
import { allowedFailures, failureUpperBoundPercent } from './convergence.ts';

const now = after(3600);

/** Outcome, reason, and whether it is blind. */
function outcomeOf(gate: string, rollout: GatedRollout, evidence: Evidence, time = now): string {
  const { verdict } = verdictOf(rollout, evidence, time);
  const found = verdict?.gates?.find((one) => one.gate === gate);
  return found ? `${found.result} ${found.reason}${found.blindSince ? ' blind' : ''}` : 'none';
}

describe('convergence', () => {
  test.each<[string, Partial<Evidence['fleet']>, number | string, string]>([
    ['all comply', {}, 0, 'Pass Converged'],
    ['nothing is targeted', { targeted: 0, converged: 0 }, 0, 'Inconclusive NothingTargeted blind'],
    ['some may yet comply', { converged: 3 }, 0, 'Inconclusive Converging'],
    ['some may yet comply, and one failed, which may be', { converged: 3, failed: 1 }, 1, 'Inconclusive Converging'],
    ['one failed while others converge', { converged: 3, failed: 1 }, 0, 'Fail TooManyFailed'],
    ['one failed, one may', { converged: 4, failed: 1 }, 1, 'Pass Converged'],
    ['one is lost', { converged: 4, unreachable: 1 }, 0, 'Fail TooManyFailed'],
    ['one is lost, one may be', { converged: 4, unreachable: 1 }, '20%', 'Pass Converged'],
    ['one failed and one is lost, one may', { converged: 3, failed: 1, unreachable: 1 }, 1, 'Fail TooManyFailed'],
    ['all failed, and may', { converged: 0, failed: 5 }, '100%', 'Inconclusive NothingConverged blind'],
    ['counts that do not add up', { converged: 4, failed: 2 }, 5, 'Error Inconsistent blind'],
    ['more are targeted than there are', { total: 4 }, 0, 'Error Inconsistent blind'],
    ['a count is negative', { failed: -1 }, 0, 'Error Inconsistent blind'],
    ['a count is no number', { converged: Number.NaN }, 0, 'Error Inconsistent blind'],
    ['a limit that is none', {}, 'some', 'Error InvalidLimit'],
  ])('%s', (_, part, maxFailed, expected) => {
    const rollout = makeRollout({}, {}, { maxFailed });
    expect(outcomeOf('convergence', rollout, { fleet: { ...fleet, ...part } })).toBe(expected);
  });

  test.each<[number | string, number, number | undefined]>([
    [0, 50, 0],
    [3, 50, 3],
    ['0%', 50, 0],
    ['10%', 5, 0],
    ['20%', 5, 1],
    ['100%', 5, 5],
    [-1, 5, undefined],
    [1.5, 5, undefined],
    ['5', 5, undefined],
  ])('%s of %d may fail: %p', (maxFailed, of, expected) => expect(allowedFailures(maxFailed, of)).toBe(expected));

  test('it says what a few hosts prove: 0 of 5 leave 45 %', () => {
    expect(failureUpperBoundPercent({ targeted: 5, converged: 5 })).toBe(45);
    expect(failureUpperBoundPercent({ targeted: 50, converged: 50 })).toBe(6);
    const { verdict } = verdictOf(makeRollout(), makeEvidence(), now);
    expect(verdict?.gates?.[0]?.message).toContain('at most 45 % of all hosts would fail');
  });
});

describe('objectives', () => {
  const known: ObjectiveEvidence = {
    name: 'checkout',
    is: 'ok',
    reason: 'Met',
    message: 'burns slowly',
    observedTime: at(3500),
  };
  test.each<[string, Partial<ObjectiveEvidence> | undefined, string]>([
    ['met', {}, 'Pass Met'],
    ['burns fast', { is: 'burning', reason: 'FastBurn' }, 'Fail FastBurn'],
    ['unknown', { is: 'unknown', reason: 'Down' }, 'Inconclusive Down blind'],
    ['too few events', { is: 'unknown', reason: 'TooFewSamples' }, 'Inconclusive TooFewSamples'],
    ['does not exist', undefined, 'Inconclusive NotFound blind'],
    ['never evaluated', { observedTime: undefined }, 'Inconclusive NeverEvaluated blind'],
    ['evaluated long ago', { observedTime: at(0) }, 'Inconclusive Stale blind'],
    ['burned long ago', { is: 'burning', observedTime: at(0) }, 'Inconclusive Stale blind'],
    ['evaluated at no time', { observedTime: 'yesterday' }, 'Inconclusive Stale blind'],
  ])('one that is %s', (_, part, expected) => {
    const rollout = makeRollout({ objectives: [{ name: 'checkout' }] });
    const objectives = part ? [{ ...known, ...part }] : [];
    expect(outcomeOf('objective/checkout', rollout, makeEvidence({ objectives }))).toBe(expected);
  });
});

describe('metrics', () => {
  const value = (number: number): SingleValue => ({ is: 'value', value: number });
  const none = (reason: Extract<SingleValue, { is: 'none' }>['reason']): SingleValue => ({
    is: 'none',
    reason,
    message: 'why',
  });
  const limited: MetricGate = { name: 'errors', query: 'q', max: '0.35' };
  const counted: MetricGate = { ...limited, samplesQuery: 's', minSamples: 100 };
  test.each<[string, MetricGate, SingleValue, SingleValue | undefined, string]>([
    ['below', limited, value(0.2), undefined, 'Pass WithinLimit'],
    ['at the limit', limited, value(0.35), undefined, 'Pass WithinLimit'],
    ['just above', limited, value(0.35000000000000003), undefined, 'Fail TooHigh'],
    ['above', limited, value(1), undefined, 'Fail TooHigh'],
    ['at both limits', { ...limited, min: '0.350' }, value(0.35), undefined, 'Pass WithinLimit'],
    ['below the least', { ...limited, max: undefined, min: '1' }, value(0), undefined, 'Fail TooLow'],
    ['negative', { ...limited, min: '-0.5' }, value(-0.6), undefined, 'Fail TooLow'],
    ['zero where nothing may be', { ...limited, max: '0' }, value(0), undefined, 'Pass WithinLimit'],
    ['a trace where nothing may be', { ...limited, max: '0' }, value(1e-30), undefined, 'Fail TooHigh'],
    ['NaN', limited, value(Number.NaN), undefined, 'Inconclusive NotANumber blind'],
    ['infinite', limited, value(Infinity), undefined, 'Inconclusive Infinite blind'],
    ['infinitely low', limited, value(-Infinity), undefined, 'Inconclusive Infinite blind'],
    ['empty', limited, none('Empty'), undefined, 'Inconclusive Empty blind'],
    ['stale', limited, none('Stale'), undefined, 'Inconclusive Stale blind'],
    ['partial', limited, none('Partial'), undefined, 'Inconclusive Partial blind'],
    ['busy', limited, none('Busy'), undefined, 'Inconclusive Busy blind'],
    ['down', limited, none('Down'), undefined, 'Error Down blind'],
    ['a wrong query', limited, none('BadQuery'), undefined, 'Error BadQuery blind'],
    ['several series', limited, none('SeveralSeries'), undefined, 'Error SeveralSeries blind'],
    ['not allowed', limited, none('Unauthorized'), undefined, 'Error Unauthorized blind'],
    ['no limit', { name: 'errors', query: 'q' }, value(1), undefined, 'Error NoLimit'],
    ['a limit that is no number', { ...limited, max: 'lots' }, value(1), undefined, 'Error InvalidLimit'],
    ['enough samples', counted, value(0.2), value(100), 'Pass WithinLimit'],
    ['too few, and well', counted, value(0.2), value(99), 'Inconclusive TooFewSamples'],
    ['too few, and bad', counted, value(1), value(99), 'Inconclusive TooFewSamples'],
    ['none', counted, value(0), value(0), 'Inconclusive NoSamples blind'],
    ['samples that are NaN', counted, value(0), value(Number.NaN), 'Inconclusive NotANumber blind'],
    ['samples that are unknown', counted, value(0), none('Down'), 'Error Down blind'],
    ['samples that are not asked for', counted, value(0), undefined, 'Inconclusive NoSamples blind'],
    ['samples that decide nothing', { ...limited, samplesQuery: 's' }, value(0), none('Down'), 'Pass WithinLimit'],
  ])('a value that is %s', (_, gate, found, samples, expected) => {
    const evidence = makeEvidence({ metrics: [{ name: 'errors', value: found, samples }] });
    expect(outcomeOf('metric/errors', makeRollout({ metrics: [gate] }), evidence)).toBe(expected);
  });

  test('a query that was not executed', () =>
    expect(outcomeOf('metric/errors', makeRollout({ metrics: [limited] }), makeEvidence())).toBe(
      'Inconclusive NoEvidence blind',
    ));

  test('it shows value, limit, samples, query and what was before', () => {
    const evidence = makeEvidence({ metrics: [{ name: 'errors', value: value(0.5), samples: value(120.5) }] });
    const { verdict } = verdictOf(makeRollout({ metrics: [{ ...counted, min: '0.1' }] }), evidence, now);
    expect(verdict?.gates?.[1]).toEqual({
      gate: 'metric/errors',
      result: 'Fail',
      reason: 'TooHigh',
      message: '0.5 is more than 0.35 (1 of 1 failures in a row)',
      value: '0.5',
      limit: '0.1 to 0.35',
      samples: 120,
      query: 'q',
      recent: 'F',
    });
  });

  test('long queries are told apart by what is not shown', () => {
    const [a, b] = ['a', 'b'].map((end) => {
      const gate = { ...limited, query: `${'x'.repeat(4000)}${end}` };
      const evidence = makeEvidence({ metrics: [{ name: 'errors', value: value(1) }] });
      return verdictOf(makeRollout({ metrics: [gate] }), evidence, now).verdict?.gates?.[1]?.query;
    });
    expect(a).toHaveLength(512);
    expect(a).not.toBe(b);
  });
});

describe('error budgets', () => {
  const gates: RolloutGates = { objectives: [{ name: 'checkout' }], errorBudget: { maxSpendPercent: 5 } };
  const objective = (remainingPercent?: string): ObjectiveEvidence => ({
    name: 'checkout',
    is: 'ok',
    reason: 'Met',
    message: 'm',
    observedTime: at(0),
    remainingPercent,
  });
  const record = {
    name: 'checkout',
    remainingPercent: '80',
    highestPercent: '80',
    stepSpentPercent: '0',
    stepTime: at(0),
  };
  test.each<[string, number, Partial<typeof record> | undefined, string | undefined, string]>([
    ['nothing spent', 3600, {}, '80', 'Pass WithinBudget'],
    ['little spent', 3600, {}, '79.9', 'Pass WithinBudget'],
    ['all spent that may be, and no soak left', 86_400, {}, '75', 'Pass WithinBudget'],
    ['one thousandth more', 86_400, {}, '74.999', 'Fail Overspent'],
    ['spent at once', 10, {}, '70', 'Fail Overspent'],
    ['a rate that is too high', 4320, {}, '79', 'Fail ProjectedOverspend'],
    ['the same rate too early to project', 4319, {}, '79', 'Pass WithinBudget'],
    ['a rate that just reaches it', 43_200, {}, '77.5', 'Pass WithinBudget'],
    ['a rate that exceeds it', 43_200, {}, '77.4', 'Fail ProjectedOverspend'],
    ['spent before this step', 43_200, { stepSpentPercent: '2.6' }, '77.4', 'Pass WithinBudget'],
    ['regained in between', 43_200, { highestPercent: '90' }, '80', 'Fail Overspent'],
    ['overspent before', 3600, { remainingPercent: '-20', highestPercent: '-20' }, '-20', 'Pass WithinBudget'],
    ['not known now', 3600, {}, undefined, 'Inconclusive BudgetUnknown blind'],
    ['never known before', 3600, undefined, '10', 'Pass WithinBudget'],
  ])('%s', (_, seconds, part, remaining, expected) => {
    const rollout = makeRollout(gates, {}, { before: part ? { budgets: [{ ...record, ...part }] } : {} });
    const evidence = makeEvidence({ objectives: [objective(remaining)] });
    expect(outcomeOf('errorBudget/checkout', rollout, evidence, after(seconds))).toBe(expected);
  });

  test('budgets are recorded at the start, their peak since, and what was spent when a step began', () => {
    const evidence = (remaining?: string) => makeEvidence({ objectives: [objective(remaining)] });
    const first = verdictOf(makeRollout(gates), evidence('80.5'), after(60));
    expect(first.budgets).toEqual([
      { name: 'checkout', remainingPercent: '80.5', highestPercent: '80.5', stepSpentPercent: '0', stepTime: at(60) },
    ]);
    const peak = verdictOf(makeRollout(gates, {}, { before: first }), evidence('82'), after(360));
    expect(peak.budgets).toEqual([{ ...first.budgets?.[0], highestPercent: '82' }]);
    const blind = verdictOf(makeRollout(gates, {}, { before: peak }), evidence(), after(660));
    expect(blind.budgets).toEqual(peak.budgets);
    const step = { number: 2, startTime: at(90_000), soakStartTime: at(90_100) };
    const second = verdictOf(makeRollout(gates, step, { before: blind }), evidence('80'), after(90_200));
    expect(second.budgets).toEqual([{ ...peak.budgets?.[0], stepSpentPercent: '2', stepTime: at(90_200) }]);
  });
});

describe('findings', () => {
  const finding = (part: Partial<Finding> = {}): Finding => ({
    check: 'sshd-no-root',
    result: 'Fail',
    severity: 'High',
    since: at(100),
    ...part,
  });
  const report = (findings: Finding[], part: Partial<ReportEvidence> = {}): ReportEvidence => ({
    device: 'web-01',
    baseline: 'rhel9',
    since: at(50),
    isKnown: true,
    findings,
    ...part,
  });
  const old = { since: at(-1000) };
  test.each<[string, ReportEvidence[], string]>([
    ['none', [report([])], 'Pass NoNewFindings'],
    ['a new one', [report([finding()])], 'Fail NewFindings'],
    ['one at the instant of the change', [report([finding({ since: at(50) })])], 'Fail NewFindings'],
    ['one that was there', [report([finding(old)])], 'Pass NoNewFindings'],
    [
      'another of a check that failed before',
      [report([finding(old), finding({ path: 'mode' })])],
      'Pass NoNewFindings',
    ],
    ['one of no time', [report([finding({ since: undefined })])], 'Fail NewFindings'],
    ['a waived one', [report([finding({ waiver: 'w' })])], 'Pass NoNewFindings'],
    ['a lesser one', [report([finding({ severity: 'Medium' })])], 'Pass NoNewFindings'],
    ['a worse one', [report([finding({ severity: 'Critical' })])], 'Fail NewFindings'],
    ['one of a severity of the future', [report([finding({ severity: 'Extreme' as 'High' })])], 'Fail NewFindings'],
    ['one that does not apply', [report([finding({ result: 'NotApplicable' })])], 'Pass NoNewFindings'],
    ['a new unknown one', [report([finding({ result: 'Unknown' })])], 'Inconclusive ResultsUnknown blind'],
    ['one that was unknown before', [report([finding({ result: 'Unknown', ...old })])], 'Inconclusive ResultsUnknown'],
    ['a lesser unknown one', [report([finding({ result: 'Unknown', severity: 'Low' })])], 'Pass NoNewFindings'],
    ['no report', [], 'Inconclusive NothingKnown blind'],
    ['an unknown report', [report([], { isKnown: false })], 'Inconclusive ResultsIncomplete blind'],
    ['one that is cut off', [report([], { moreFindings: 3 })], 'Inconclusive ResultsIncomplete blind'],
    ['a new one beside an unknown report', [report([finding()]), report([], { isKnown: false })], 'Fail NewFindings'],
  ])('%s', (_, findings, expected) => {
    const rollout = makeRollout({ findings: { minSeverity: 'High' } });
    expect(outcomeOf('findings', rollout, makeEvidence({ findings }))).toBe(expected);
  });

  test('they are not evaluated where nobody asked for it', () =>
    expect(outcomeOf('findings', makeRollout(), makeEvidence({ findings: [report([finding()])] }))).toBe('none'));
});

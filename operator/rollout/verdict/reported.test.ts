/** What users of other tools reported, rebuilt small: the data that they had, and what it should have become. */
import { describe, expect, test } from '@jest/globals';
import {
  after,
  at,
  compared,
  evaluateAll,
  fleet,
  makeEvidence,
  makeRollout,
} from '../../../test/builders/gatedRollout.ts';
import type { MetricGate, RolloutGates } from '../../api/v1alpha1/rolloutGates.ts';
import type { SingleValue } from '../../connect/prometheus/types.ts';
import { recommend } from './recommendation.ts';
import { verdictOf } from './verdict.ts';

const empty: SingleValue = {
  is: 'none',
  reason: 'Empty',
  message: 'the query has no result; check the names of its metrics',
};
const down: SingleValue = { is: 'none', reason: 'Down', message: 'connection refused' };
const value = (number: number): SingleValue => ({ is: 'value', value: number });
const gate: MetricGate = { name: 'error-ratio', query: 'sum(rate(errors[5m])) / sum(rate(total[5m]))', max: '0.02' };
const metric = (found: SingleValue, samples?: SingleValue) =>
  makeEvidence({ metrics: [{ name: 'error-ratio', value: found, samples }] });

/** Looks five minutes apart, in a soak of that many: what each recommends, and the last outcome. */
function story(part: Partial<MetricGate>, values: readonly SingleValue[], gates: Partial<RolloutGates> = {}) {
  const soakSeconds = 300 * values.length;
  const rollout = makeRollout({ metrics: [{ ...gate, ...part }], ...gates }, { soakSeconds });
  const looks = evaluateAll(
    rollout,
    values.map((one) => metric(one)),
  );
  return {
    recommended: looks.map(({ recommendation }) => recommendation.is),
    last: looks.at(-1)?.fields.verdict,
    reasons: looks.map(({ fields }) => fields.verdict?.gates?.[1]?.reason),
  };
}

/** A comparison of counts in one step. */
function comparison(errors: readonly [number, number], total: readonly [number, number]) {
  const rollout = makeRollout(
    { comparisons: [{ name: 'http', errorsQuery: 'e[$window]', totalQuery: 't[$window]' }] },
    { comparable: 1 },
  );
  const { verdict } = verdictOf(rollout, makeEvidence({ comparisons: [compared(errors, total)] }), after(3600));
  return verdict?.gates?.[1];
}

describe('no data', () => {
  test('argo-rollouts#4479: every measurement was an error or a failure, and the run was Successful', () => {
    const { recommended, last } = story({ failures: { count: 3, ofLast: 5 } }, [down, down, value(9), down, value(9)]);
    expect(recommended).toEqual(Array(5).fill('hold'));
    expect(last?.result).toBe('Inconclusive');
  });

  test('argo-rollouts#1466: an empty result was an index out of range, and aborted the rollout', () => {
    const { recommended, last } = story({}, [empty]);
    expect(recommended).toEqual(['hold']);
    expect(last).toMatchObject({
      result: 'Inconclusive',
      message: expect.stringContaining('check the names of its metrics'),
    });
  });

  test('argo-rollouts#1905: it should pause while there is no value, and resume when there is one', () => {
    expect(story({}, [empty, empty, value(0)]).recommended).toEqual(['hold', 'hold', 'promote']);
  });

  test('argo-rollouts#3503, #180, #459: NaN of 0/0 is neither a failure nor a success', () => {
    const { recommended, reasons } = story({}, [value(Number.NaN), value(Number.NaN), value(0.01)]);
    expect(recommended).toEqual(['hold', 'hold', 'promote']);
    expect(reasons).toEqual(['NotANumber', 'NotANumber', 'WithinLimit']);
  });

  test('argo-rollouts#1329: what was ended before it measured anything was successful', () => {
    const rollout = makeRollout({ metrics: [gate] }, { soakSeconds: 0 });
    const fields = verdictOf(rollout, makeEvidence(), after(0));
    expect([fields.verdict?.result, recommend(rollout, fields, after(0)).is]).toEqual(['Inconclusive', 'hold']);
  });

  test('argo-rollouts#943: an experiment was Successful while one of its analyses was still running', () => {
    const rollout = makeRollout({ metrics: [gate] });
    const evidence = { ...metric(value(0)), fleet: { ...fleet, converged: 4 } };
    expect(verdictOf(rollout, evidence, after(60)).verdict?.result).toBe('Inconclusive');
  });

  test('flagger#1581: a metric with a wrong name was never asked for, and everything passed', () => {
    const evidence = makeEvidence({ metrics: [{ name: 'istio_requests_total', value: value(0) }] });
    const { verdict } = verdictOf(makeRollout({ metrics: [gate] }), evidence, after(300));
    expect(verdict?.gates?.[1]).toMatchObject({ result: 'Inconclusive', reason: 'NoEvidence' });
  });

  test('flagger#1098: without traffic the value is 0, which is within the limit', () => {
    const counted: MetricGate = { ...gate, samplesQuery: 's', minSamples: 50 };
    const { verdict } = verdictOf(makeRollout({ metrics: [counted] }), metric(value(0), value(0)), after(300));
    expect(verdict?.gates?.[1]).toMatchObject({ result: 'Inconclusive', reason: 'NoSamples' });
  });

  test('flagger#1035: without traffic a good revision failed; here it waits as long as was declared', () => {
    const { recommended } = story({}, [empty, empty, empty, empty], { maxBlindSeconds: 900 });
    expect(recommended).toEqual(['hold', 'hold', 'hold', 'rollBack']);
    expect(story({}, [empty, empty, empty, empty]).recommended).toEqual(Array(4).fill('hold'));
  });

  test('pipecd#3661: an analysis without data points should pass; here that is what never does', () =>
    expect(story({}, Array(12).fill(empty)).recommended).not.toContain('promote'));

  test('kayenta#700, #377: no values on both sides passed', () => {
    expect(comparison([0, 0], [0, 0])).toMatchObject({ result: 'Inconclusive', reason: 'NoSamples' });
    expect(comparison([0, 0], [500, 0])).toMatchObject({ result: 'Inconclusive', reason: 'NothingToCompare' });
  });
});

describe('few data', () => {
  test('suna#3403: below a minimum of requests, an analysis passed; here it is inconclusive', () => {
    const counted: MetricGate = { ...gate, samplesQuery: 's', minSamples: 20 };
    for (const ratio of [0, 1]) {
      const { verdict } = verdictOf(makeRollout({ metrics: [counted] }), metric(value(ratio), value(7)), after(300));
      expect(verdict?.gates?.[1]).toMatchObject({ result: 'Inconclusive', reason: 'TooFewSamples', samples: 7 });
    }
  });

  test('flagger#1501: between spikes of traffic, checks without data counted as failures', () => {
    const values = [empty, empty, value(0), empty, empty, value(9), empty, value(0)];
    const { recommended, last } = story({ consecutiveFailures: 2 }, values);
    expect(recommended).toEqual(['hold', 'hold', 'hold', 'hold', 'hold', 'hold', 'hold', 'promote']);
    expect(last?.gates?.[1]?.recent).toBe('PIFIIPII');
  });

  test('pyrra#1925: one error of few requests burned the budget; 1 of 20 is no evidence', () => {
    expect(comparison([1, 0], [20, 180])).toMatchObject({ result: 'Inconclusive', reason: 'TooFewSamples' });
  });

  test('flightctl: nine of ten hosts were enough by default, also where one host failed of ten', () => {
    const one = { total: 10, targeted: 10, converged: 9, failed: 1, unreachable: 0 };
    expect(verdictOf(makeRollout(), { fleet: one }, after(300)).verdict?.result).toBe('Fail');
  });
});

describe('what failed', () => {
  test('argo-rollouts#4792: only failures in a row should count, because the metric is noisy', () => {
    const noisy = [value(9), value(0), value(9), value(9), value(0)];
    expect(story({ consecutiveFailures: 3 }, noisy).recommended).toEqual(['hold', 'hold', 'hold', 'hold', 'promote']);
    expect(story({ consecutiveFailures: 3 }, [value(9), value(9), value(9)]).recommended.at(-1)).toBe('rollBack');
  });

  test('argo-rollouts#1411: a failed analysis did not stop the rollout, because a success came after it', () => {
    expect(story({}, [value(0), value(9), value(0)]).recommended[1]).toBe('rollBack');
    const { recommended } = story({ failures: { count: 3, ofLast: 10 } }, [9, 0, 9, 0, 9, 0].map(value));
    expect(recommended).toEqual(['hold', 'hold', 'hold', 'hold', 'rollBack', 'rollBack']);
  });

  test('argo-rollouts#3850: an inconclusive analysis was promoted at the end of the pause', () => {
    const { recommended } = story({}, [value(0), value(0), empty]);
    expect(recommended).toEqual(['hold', 'hold', 'hold']);
  });

  test('argo-rollouts#3015: after an inconclusive result nothing continued; here a pass does', () => {
    expect(story({}, [empty, value(0)]).recommended).toEqual(['hold', 'promote']);
  });

  test('argo-rollouts#2026: the limit of failures was never reached, because it was larger than the count', () => {
    const { recommended } = story({ consecutiveFailures: 10 }, Array(5).fill(value(9)));
    expect(recommended).toEqual(Array(5).fill('hold'));
  });

  test('argo-rollouts#2658, #2741, #3008: why it failed: value, limit, samples and query', () => {
    const counted: MetricGate = { ...gate, samplesQuery: 's', minSamples: 20 };
    const { verdict } = verdictOf(makeRollout({ metrics: [counted] }), metric(value(0.95), value(400)), after(300));
    expect(verdict?.gates?.[1]).toMatchObject({
      value: '0.95',
      limit: 'at most 0.02',
      samples: 400,
      query: gate.query,
    });
    expect(verdict?.message).toBe('metric/error-ratio: 0.95 is more than 0.02 (1 of 1 failures in a row) (of 2 gates)');
  });

  test('flagger#1801: while it waits for people, the failures were counted and nothing was done', () => {
    const rollout = makeRollout({ metrics: [gate] }, { soakSeconds: 0 });
    const fields = verdictOf(rollout, metric(value(0.5)), after(7200));
    expect(recommend(rollout, fields, after(7200))).toMatchObject({ is: 'rollBack', reason: 'GateFailed' });
  });

  test('keptn#2044: the result was left out when it was not a pass', () => {
    for (const found of [value(0), value(9), empty, down])
      expect(verdictOf(makeRollout({ metrics: [gate] }), metric(found), after(300)).verdict).toHaveProperty('result');
  });

  test('keptn#3542: the failure of one objective of many was not seen in the total', () => {
    const gates: RolloutGates = {
      metrics: Array.from({ length: 10 }, (_, index) => ({ ...gate, name: `m${index}` })),
    };
    const metrics = gates.metrics?.map(({ name }) => ({ name, value: value(name === 'm7' ? 9 : 0) }));
    const { verdict } = verdictOf(makeRollout(gates), makeEvidence({ metrics }), after(300));
    expect(verdict).toMatchObject({ result: 'Fail', message: expect.stringMatching(/^metric\/m7: /) });
  });

  test('koperator#695: a threshold of two and one of three were the same, because the count was never stored', () => {
    const bad = [value(9), value(9), value(9)];
    expect(story({ consecutiveFailures: 2 }, bad).recommended).toEqual(['hold', 'rollBack', 'rollBack']);
    expect(story({ consecutiveFailures: 3 }, bad).recommended).toEqual(['hold', 'hold', 'rollBack']);
  });

  test('rke#1947: hosts that are powered off are failed hosts, once they are lost', () => {
    const of = (unreachable: number) =>
      verdictOf(makeRollout({}, {}, { maxFailed: 1 }), { fleet: { ...fleet, converged: 3, unreachable } }, after(300));
    expect([of(1), of(2)].map(({ verdict }) => verdict?.result)).toEqual(['Inconclusive', 'Fail']);
  });

  test('pyrra#448: more errors than requests are a wrong query', () => {
    expect(comparison([300, 5], [100, 900])).toMatchObject({ result: 'Error', reason: 'MoreErrorsThanTotal' });
  });
});

describe('errors that a rank test did not see', () => {
  test('kayenta#426: no errors of six intervals against 0, 1, 2, 1, 0, 0', () => {
    expect(comparison([4, 0], [1000, 9000])).toMatchObject({ result: 'Fail', reason: 'MoreErrors' });
    // With equal traffic, four of four are heads four times: one in sixteen. Nine of nine are enough.
    expect(comparison([4, 0], [1000, 1000])).toMatchObject({
      result: 'Pass',
      message: expect.stringContaining('which 9 errors'),
    });
    expect(comparison([9, 0], [1000, 1000])?.result).toBe('Fail');
  });

  test('spinnaker#6278: one error in each of ten intervals against a hundred in seven of them', () =>
    expect(comparison([703, 10], [100_000, 100_000])?.result).toBe('Fail'));

  test('kayenta#799, spinnaker#6275: 1, 4, 2, 3, 1 errors against none, whose series does not exist', () =>
    expect(comparison([11, 0], [1000, 1000])?.result).toBe('Fail'));

  test('spinnaker#5622: NaN on one side became zero, and 307s on the other side passed', () =>
    expect(comparison([36, 0], [1000, 9000])?.result).toBe('Fail'));

  test('kayenta#521: people want the statistic itself', () => {
    expect(comparison([10, 90], [1000, 9000])).toMatchObject({ value: '0.05', limit: '100', samples: 1000 });
  });
});

test('a month in which the budget regains hides nothing of what is spent', () => {
  const gates: RolloutGates = { objectives: [{ name: 'checkout' }], errorBudget: { maxSpendPercent: 5 } };
  const looks = evaluateAll(
    makeRollout(gates),
    ['60', '64', '68', '62.9'].map((remainingPercent, index) =>
      makeEvidence({
        objectives: [
          { name: 'checkout', is: 'ok', reason: 'Met', message: 'm', observedTime: at(600 * index), remainingPercent },
        ],
      }),
    ),
    600,
  );
  expect(looks.map(({ fields }) => fields.verdict?.result)).toEqual(['Pass', 'Pass', 'Pass', 'Fail']);
});

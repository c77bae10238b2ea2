/** The verdict as a whole: over time, bounded, and never a pass of what is not known. */
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
import { numbers } from '../../../test/builders/seeded.ts';
import { schemas } from '../../api/generated/schemas.ts';
import type { RolloutGates } from '../../api/v1alpha1/rolloutGates.ts';
import type { SingleValue } from '../../connect/prometheus/types.ts';
import type { Evidence } from './evidence.ts';
import type { VerdictFields } from './gate.ts';
import { gatedRollout, verdictNote, verdictOf } from './verdict.ts';
import { Ajv } from 'ajv';

const value = (number: number): SingleValue => ({ is: 'value', value: number });
const down: SingleValue = { is: 'none', reason: 'Down', message: 'connection refused' };
const metric = (found: SingleValue): Evidence => makeEvidence({ metrics: [{ name: 'errors', value: found }] });
const gates: RolloutGates = { metrics: [{ name: 'errors', query: 'q', max: '1' }] };
const everything: RolloutGates = {
  ...gates,
  objectives: [{ name: 'checkout' }],
  errorBudget: {},
  comparisons: [{ name: 'http', errorsQuery: 'e[$window]', totalQuery: 't[$window]' }],
  findings: { minSeverity: 'High' },
};
const allWell = makeEvidence({
  metrics: [{ name: 'errors', value: value(0) }],
  objectives: [
    { name: 'checkout', is: 'ok', reason: 'Met', message: 'm', observedTime: at(0), remainingPercent: '90' },
  ],
  comparisons: [compared([1, 9], [1000, 9000])],
  findings: [{ device: 'new', baseline: 'rhel9', since: at(0), isKnown: true, findings: [] }],
});

test('when all is well, all gates pass', () => {
  const { verdict } = verdictOf(makeRollout(everything), allWell, after(300));
  expect(verdict).toMatchObject({
    result: 'Pass',
    time: at(300),
    since: at(300),
    step: 1,
    generation: 1,
    message: '6 gates pass',
  });
  expect(verdict?.gates?.map(({ gate }) => gate)).toEqual([
    'convergence',
    'objective/checkout',
    'errorBudget/checkout',
    'metric/errors',
    'comparison/http',
    'findings',
  ]);
});

test('each part of the evidence is needed: without it, nothing passes and nobody is blamed', () => {
  for (const part of ['metrics', 'objectives', 'comparisons', 'findings'] as const) {
    const { verdict, blindSince } = verdictOf(makeRollout(everything), { ...allWell, [part]: undefined }, after(300));
    expect({ part, result: verdict?.result, blindSince }).toEqual({
      part,
      result: 'Inconclusive',
      blindSince: at(300),
    });
  }
});

test('the message names what decided it', () => {
  const { verdict } = verdictOf(
    makeRollout(everything),
    { ...allWell, metrics: [{ name: 'errors', value: down }] },
    after(300),
  );
  expect(verdict?.message).toBe('metric/errors: connection refused (of 6 gates)');
});

describe('over time', () => {
  test('since when a gate is blind, and that it is no longer', () => {
    const looks = evaluateAll(makeRollout(gates), [value(0), down, down, value(0), down].map(metric));
    expect(looks.map(({ fields }) => fields.blindSince)).toEqual([undefined, at(600), at(600), undefined, at(1500)]);
  });

  test('each gate is blind by its own clock', () => {
    const two: RolloutGates = { metrics: ['a', 'b'].map((name) => ({ name, query: 'q', max: '1' })) };
    const look = (a: SingleValue, b: SingleValue) =>
      makeEvidence({
        metrics: [
          { name: 'a', value: a },
          { name: 'b', value: b },
        ],
      });
    const looks = evaluateAll(makeRollout(two), [look(down, value(0)), look(down, down), look(value(0), down)]);
    expect(looks.map(({ fields }) => fields.blindSince)).toEqual([at(300), at(300), at(600)]);
  });

  test('a clock that was put back starts it again', () => {
    const first = verdictOf(makeRollout(gates), metric(down), after(5000));
    const second = verdictOf(makeRollout(gates, {}, { before: first }), metric(down), after(1000));
    expect(second.blindSince).toBe(at(1000));
  });

  test('blind for longer than allowed, it waits first, then it is taken back', () => {
    const looks = evaluateAll(
      makeRollout({ ...gates, maxBlindSeconds: 600 }),
      [value(0), down, down, down].map(metric),
    );
    expect(looks.map(({ recommendation: { is, reason } }) => `${is} ${reason}`)).toEqual([
      'hold Soaking',
      'hold GateError',
      'hold GateError',
      'rollBack Blind',
    ]);
  });

  test('failures in a row, with an outage in between', () => {
    const three: RolloutGates = { metrics: [{ name: 'errors', query: 'q', max: '1', consecutiveFailures: 3 }] };
    const looks = evaluateAll(makeRollout(three), [value(2), value(0), value(2), value(2), down, value(2)].map(metric));
    const of = looks.map(({ fields }) => fields.verdict?.gates?.[1]);
    expect(of.map((one) => one?.result)).toEqual([
      'Inconclusive',
      'Pass',
      'Inconclusive',
      'Inconclusive',
      'Error',
      'Fail',
    ]);
    expect(of.at(-1)).toMatchObject({
      recent: 'FEFFPF',
      reason: 'TooHigh',
      message: '2 is more than 1 (3 of 3 failures in a row)',
    });
  });

  test('another limit is another question: what failed before does not count', () => {
    const of = (max: string): RolloutGates => ({
      metrics: [{ name: 'errors', query: 'q', max, consecutiveFailures: 2 }],
    });
    const first = verdictOf(makeRollout(of('1')), metric(value(9)), after(300));
    const same = verdictOf(makeRollout(of('1'), {}, { before: first }), metric(value(9)), after(600));
    const other = verdictOf(makeRollout(of('2'), {}, { before: first }), metric(value(9)), after(600));
    expect([same, other].map(({ verdict }) => verdict?.result)).toEqual(['Fail', 'Inconclusive']);
  });

  test('a gate that failed keeps failing while nothing is known', () => {
    const [, second] = evaluateAll(makeRollout(gates), [value(9), down].map(metric));
    expect(second?.fields.verdict?.gates?.[1]).toMatchObject({ result: 'Fail', reason: 'FailedBefore' });
    expect(second?.fields.blindSince).toBeUndefined();
  });
});

describe('the log of verdicts, and events', () => {
  test('only what differs is logged, with the time since which it was so', () => {
    const looks = evaluateAll(makeRollout(gates), [value(0), value(0.5), down, down, value(0)].map(metric));
    const { verdict, verdicts } = looks.at(-1)?.fields ?? {};
    expect(verdict?.since).toBe(at(1500));
    expect(verdicts?.map(({ time, result, step }) => [time, result, step])).toEqual([
      [at(900), 'Error', 1],
      [at(300), 'Pass', 1],
    ]);
  });

  test('it is bounded: twenty', () => {
    const looks = evaluateAll(
      makeRollout(gates),
      Array.from({ length: 60 }, (_, index) => metric(index % 2 ? down : value(0))),
    );
    expect(looks.at(-1)?.fields.verdicts).toHaveLength(20);
    expect(looks.at(-1)?.fields.verdicts?.[0]?.time).toBe(at(59 * 300));
  });

  test('an event is said once for each change', () => {
    const looks = evaluateAll(makeRollout(gates), [value(0), value(0), down, value(9), value(9)].map(metric));
    const notes = looks.map(({ fields }, index) => verdictNote(looks[index - 1]?.fields ?? {}, fields));
    expect(notes.map((note) => note && `${note.type} ${note.reason}`)).toEqual([
      'Normal GatesPassed',
      undefined,
      'Warning GatesNotEvaluated',
      'Warning GatesFailed',
      undefined,
    ]);
    expect(notes[3]?.message).toBe('Step 1: metric/errors: 9 is more than 1 (1 of 1 failures in a row) (of 2 gates)');
  });
});

test('a spec and a status make the rollout', () => {
  const steps = [25, 75, 100].map((percent) => ({ percent, soakSeconds: 60 * percent }));
  const rollout = gatedRollout(
    { gates, steps, maxFailed: 2 },
    { step: 2, stepStartTime: at(0), soakStartTime: at(9) },
    4,
  );
  expect(rollout).toMatchObject({
    gates,
    maxFailed: 2,
    generation: 4,
    step: { number: 2, comparable: 2, percent: 75, startTime: at(0), soakStartTime: at(9), soakSeconds: 4500 },
  });
  expect(gatedRollout({ steps: [{ percent: 100, soakSeconds: 1 }] }, { step: 7 }).step).toMatchObject({
    number: 1,
    comparable: 1,
  });
});

/** Evidence of which any part is missing, wrong, foreign, or well. */
function anyEvidence(any: (below: number) => number): { evidence: Evidence; isComplete: boolean } {
  const foreign = `a\u0000b\n${'x'.repeat(any(2000))}`;
  let isComplete = true;
  const maybe = <T>(good: T, ...bad: T[]): T => {
    if (any(3)) return good;
    isComplete = false;
    return bad[any(bad.length)] ?? good;
  };
  const none: SingleValue = { is: 'none', reason: 'Malformed', message: foreign };
  const evidence: Evidence = {
    fleet: maybe(fleet, { ...fleet, targeted: 0, converged: 0 }, { ...fleet, converged: Number.NaN }),
    metrics: maybe([{ name: 'errors', value: maybe(value(any(3)), none, value(Number.NaN), value(Infinity)) }], []),
    objectives: maybe(
      [
        {
          name: 'checkout',
          is: maybe('ok' as const, 'unknown' as const),
          reason: 'R',
          message: foreign,
          observedTime: maybe(at(0), ''),
          remainingPercent: '90',
        },
      ],
      [],
    ),
    comparisons: maybe([compared([any(5), any(50)], [maybe(1000, 0, Number.NaN), maybe(9000, 0)])], []),
    findings: maybe(
      [{ device: 'new', baseline: 'b', since: at(0), isKnown: maybe(true, false), message: foreign, findings: [] }],
      [],
    ),
  };
  return { evidence, isComplete };
}

test('whatever is missing or wrong, it never passes, and the status is valid by its schema', () => {
  const { status } = (schemas.CanaryRollout as { properties: { status: object } }).properties;
  const isValid = new Ajv({ strict: false, formats: { 'date-time': true, int32: true, int64: true } }).compile(status);
  const any = numbers(17);
  let before: VerdictFields = {};
  let passed = 0;
  for (let round = 0; round < 1500; round += 1) {
    const { evidence, isComplete } = anyEvidence(any);
    const fields = verdictOf(makeRollout(everything, {}, { before }), evidence, after(600 + any(100)));
    if (fields.verdict?.result === 'Pass') {
      passed += 1;
      expect(isComplete).toBe(true);
    }
    expect({ isValid: isValid({ ...fields }), errors: isValid.errors ?? [] }).toEqual({ isValid: true, errors: [] });
    before = any(4) ? fields : {};
  }
  expect(passed).toBeGreaterThan(10);
});

/** What a verdict means: states × time. */
import { describe, expect, test } from '@jest/globals';
import { after, at, makeRollout } from '../../../test/builders/gatedRollout.ts';
import { numbers } from '../../../test/builders/seeded.ts';
import type { GateOutcome, GateVerdict, RolloutVerdict } from '../../api/v1alpha1/rolloutVerdict.ts';
import type { GatedRollout, VerdictFields } from './gate.ts';
import { outcomes } from './outcome.ts';
import { dueIn, isDue, recommend } from './recommendation.ts';

const soak = { soakSeconds: 3600 };

function fieldsOf(result: GateOutcome, part: Partial<RolloutVerdict> = {}, blindSince?: string): VerdictFields {
  const gates: GateVerdict[] = [{ gate: 'metric/errors', result, reason: 'R', message: 'm' }];
  return { verdict: { result, time: at(3600), step: 1, generation: 1, message: 'why', gates, ...part }, blindSince };
}

describe('states', () => {
  const rollout = makeRollout({}, soak);
  test.each<[string, GatedRollout, VerdictFields, number, string]>([
    ['nothing evaluated', rollout, {}, 3600, 'hold NotEvaluated'],
    ['a pass after the soak', rollout, fieldsOf('Pass'), 3600, 'promote GatesPassed'],
    ['a pass within an interval after the soak', rollout, fieldsOf('Pass'), 3899, 'promote GatesPassed'],
    ['a pass during the soak', rollout, fieldsOf('Pass', { time: at(1800) }), 1800, 'hold Soaking'],
    [
      'a pass before the end, seen at the end',
      rollout,
      fieldsOf('Pass', { time: at(3599) }),
      3600,
      'hold NotEvaluated',
    ],
    ['a pass that is old', rollout, fieldsOf('Pass'), 9000, 'hold NotEvaluated'],
    ['a pass of the future', rollout, fieldsOf('Pass', { time: at(7200) }), 3700, 'hold NotEvaluated'],
    ['a pass of another step', rollout, fieldsOf('Pass', { step: 2 }), 3600, 'hold NotEvaluated'],
    ['a pass of another spec', rollout, fieldsOf('Pass', { generation: 2 }), 3600, 'hold NotEvaluated'],
    [
      'a pass before the soak',
      makeRollout({}, { ...soak, soakStartTime: undefined }),
      fieldsOf('Pass'),
      3600,
      'hold Converging',
    ],
    [
      'a pass without a soak',
      makeRollout({}, { soakSeconds: 0, soakStartTime: at(3600) }),
      fieldsOf('Pass'),
      3600,
      'promote GatesPassed',
    ],
    ['a failure', rollout, fieldsOf('Fail'), 60, 'rollBack GateFailed'],
    ['a failure after the soak', rollout, fieldsOf('Fail'), 3600, 'rollBack GateFailed'],
    ['a failure of another spec', rollout, fieldsOf('Fail', { generation: 2 }), 3600, 'hold NotEvaluated'],
    ['too few samples', rollout, fieldsOf('Inconclusive'), 3600, 'hold GateInconclusive'],
    ['too few samples for ever', rollout, fieldsOf('Inconclusive'), 360_000, 'hold GateInconclusive'],
    ['blind', rollout, fieldsOf('Inconclusive', {}, at(3600)), 3700, 'hold GateInconclusive'],
    ['an error', rollout, fieldsOf('Error', {}, at(3600)), 3700, 'hold GateError'],
    ['blind for almost too long', rollout, fieldsOf('Error', {}, at(3600)), 7199, 'hold GateError'],
    ['blind for too long', rollout, fieldsOf('Error', {}, at(3600)), 7200, 'rollBack Blind'],
    [
      'blind where nothing may be',
      makeRollout({ maxBlindSeconds: 0 }, soak),
      fieldsOf('Inconclusive', {}, at(3600)),
      3600,
      'rollBack Blind',
    ],
    ['blind since a time to come', rollout, fieldsOf('Error', {}, at(9000)), 3700, 'hold GateError'],
  ])('%s', (_, of, fields, seconds, expected) => {
    const { is, reason } = recommend(of, fields, after(seconds));
    expect(`${is} ${reason}`).toBe(expected);
  });

  test('it says until when', () => {
    expect(recommend(rollout, fieldsOf('Pass', { time: at(1800) }), after(1800))).toMatchObject({
      message: 'the gates pass; 30 min of the soak left',
      recheckAfter: 1800,
    });
    expect(recommend(rollout, fieldsOf('Error', {}, at(3600)), after(4200))).toMatchObject({
      message: 'why; it is taken back in 50 min if that does not change',
      recheckAfter: 3000,
    });
  });

  test('converging is told from what is inconclusive', () => {
    const gates: GateVerdict[] = [
      { gate: 'convergence', result: 'Inconclusive', reason: 'Converging', message: 'm' },
      { gate: 'comparison/http', result: 'Inconclusive', reason: 'NotSoaking', message: 'm' },
      { gate: 'metric/errors', result: 'Pass', reason: 'R', message: 'm' },
    ];
    expect(recommend(rollout, fieldsOf('Inconclusive', { gates }), after(60)).reason).toBe('Converging');
  });
});

describe('when the gates are evaluated', () => {
  const due = (fields: VerdictFields, seconds: number, step = {}): boolean =>
    isDue(makeRollout({ intervalSeconds: 300 }, { ...soak, ...step }, { before: fields }), after(seconds));
  const of = (time: number, part: Partial<RolloutVerdict> = {}) => fieldsOf('Pass', { time: at(time), ...part });
  test.each<[string, VerdictFields, number, object, boolean]>([
    ['never evaluated', {}, 10, {}, true],
    ['within the interval', of(1000), 1299, {}, false],
    ['after the interval', of(1000), 1300, {}, true],
    ['in another step', of(1000, { step: 2 }), 1001, {}, true],
    ['of another spec', of(1000, { generation: 7 }), 1001, {}, true],
    ['the clock was put back', of(1000), 999, {}, true],
    ['at a time that is none', of(0, { time: 'soon' }), 999, {}, true],
    ['the soak began since', of(1000), 1100, { soakStartTime: at(1050) }, true],
    ['the soak ended since', of(3500), 3600, {}, true],
    ['the soak ended before', of(3600), 3700, {}, false],
    ['no soak yet', of(1000), 1001, { soakStartTime: undefined }, false],
  ])('%s', (_, fields, seconds, step, expected) => expect(due(fields, seconds, step)).toBe(expected));

  test.each([
    [1000, 1000, 300],
    [1000, 1299, 1],
    [1000, 1300, 0],
    [3500, 3550, 50],
  ])('evaluated at %d s, at %d s it is due in %d s', (time, seconds, expected) => {
    const rollout = makeRollout({ intervalSeconds: 300 }, soak, { before: of(time) });
    expect(dueIn(rollout, after(seconds))).toBe(expected);
    expect(isDue(rollout, after(seconds + expected))).toBe(true);
  });
});

test('whatever is in the status, only a recent pass after the soak promotes, and a failure never waits', () => {
  const any = numbers(5);
  const rollout = makeRollout({}, soak);
  for (let round = 0; round < 2000; round += 1) {
    const result = outcomes[any(4)] ?? 'Pass';
    const time = any(9000);
    const seconds = any(9000);
    const fields = fieldsOf(result, { time: at(time) }, any(2) ? at(any(9000)) : undefined);
    const { is } = recommend(rollout, fields, after(seconds));
    if (is === 'promote') {
      expect(result).toBe('Pass');
      expect(time).toBeGreaterThanOrEqual(3600);
      expect(seconds - time).toBeLessThanOrEqual(600);
    }
    if (result === 'Fail') expect(is).toBe('rollBack');
  }
});

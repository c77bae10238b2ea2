/**
 * What a verdict means for the rollout now: promote, wait, or take it back. A failed gate takes it back at once; a gate that is blind for longer than
 * `maxBlindSeconds` does as well; anything else but a pass waits. It is promoted only by a verdict of this step and of this spec that was
 * made after the soak, and recently: what was last seen before the operator stopped says nothing about now. Pure.
 */
import type { RolloutVerdict } from '../../api/v1alpha1/rolloutVerdict.ts';
import { duration } from '../../lib/text.ts';
import { oneLine, secondsBetween, type GatedRollout, type VerdictFields } from './gate.ts';
import { blindSeconds } from './verdict.ts';

export interface Recommendation {
  readonly is: 'promote' | 'hold' | 'rollBack';
  readonly reason:
    | 'GatesPassed'
    | 'GateFailed'
    | 'Blind'
    | 'GateError'
    | 'GateInconclusive'
    | 'Converging'
    | 'Soaking'
    | 'NotEvaluated';
  /** What is, and what to do where a person can do something. */
  readonly message: string;
  /** When it may change without a new verdict, in seconds. */
  readonly recheckAfter?: number;
}

const defaults = { intervalSeconds: 300, maxBlindSeconds: 3600 };

/** `fields` is what the last evaluation left: that of now, or what is in the status when none is due. */
export function recommend(rollout: GatedRollout, fields: VerdictFields, now: Date): Recommendation {
  const { verdict } = fields;
  if (!verdict || !isOfThis(verdict, rollout))
    return { is: 'hold', reason: 'NotEvaluated', message: 'the gates have not been evaluated yet' };
  if (verdict.result === 'Fail') return { is: 'rollBack', reason: 'GateFailed', message: verdict.message };
  const blind = blindSeconds(fields, now);
  const most = rollout.gates.maxBlindSeconds ?? defaults.maxBlindSeconds;
  const isBlind = fields.blindSince !== undefined;
  if (isBlind && blind >= most)
    return {
      is: 'rollBack',
      reason: 'Blind',
      message: oneLine(`nothing known for ${duration(blind)}: ${verdict.message}`),
    };
  if (verdict.result !== 'Pass') {
    const left = isBlind ? { recheckAfter: most - blind } : {};
    const rest = isBlind ? `; it is taken back in ${duration(most - blind)} if that does not change` : '';
    const isConverging = verdict.gates?.every(
      ({ result, reason }) => result === 'Pass' || reason === 'Converging' || reason === 'NotSoaking',
    );
    const reason = verdict.result === 'Error' ? 'GateError' : isConverging ? 'Converging' : 'GateInconclusive';
    return { is: 'hold', reason, message: oneLine(`${verdict.message.slice(0, 400)}${rest}`), ...left };
  }
  return promoted(rollout, verdict, now);
}

function promoted(rollout: GatedRollout, verdict: RolloutVerdict, now: Date): Recommendation {
  const end = soakEnd(rollout);
  if (end === undefined) return { is: 'hold', reason: 'Converging', message: 'the gates pass; the soak has not begun' };
  const left = (end - now.getTime()) / 1000;
  if (left > 0)
    return {
      is: 'hold',
      reason: 'Soaking',
      message: `the gates pass; ${duration(left)} of the soak left`,
      recheckAfter: left,
    };
  const age = secondsBetween(verdict.time, now);
  if (!isAfter(verdict, end) || age > 2 * intervalOf(rollout) || Date.parse(verdict.time) > now.getTime())
    return {
      is: 'hold',
      reason: 'NotEvaluated',
      message: 'the gates pass; they are evaluated once more after the soak',
    };
  return { is: 'promote', reason: 'GatesPassed', message: verdict.message };
}

/** Whether the gates are to be evaluated now: at every interval, when the spec or the step is another one, when the soak begins, and at its end. */
export function isDue(rollout: GatedRollout, now: Date): boolean {
  const { verdict } = rollout.before;
  if (!verdict || !isOfThis(verdict, rollout)) return true;
  const time = Date.parse(verdict.time);
  const age = (now.getTime() - time) / 1000;
  if (!(age >= 0) || age >= intervalOf(rollout)) return true;
  const end = soakEnd(rollout);
  if (end === undefined) return false;
  const { soakStartTime = '' } = rollout.step;
  return time < Date.parse(soakStartTime) || (end <= now.getTime() && !isAfter(verdict, end));
}

/** In how many seconds that is so, unless something changes. */
export function dueIn(rollout: GatedRollout, now: Date): number {
  if (isDue(rollout, now)) return 0;
  const { time = '' } = rollout.before.verdict ?? {};
  const next = Date.parse(time) + 1000 * intervalOf(rollout);
  const end = soakEnd(rollout) ?? Infinity;
  return (Math.min(next, end > now.getTime() ? end : Infinity) - now.getTime()) / 1000;
}

function isOfThis({ step, generation }: RolloutVerdict, rollout: GatedRollout): boolean {
  return step === rollout.step.number && generation === rollout.generation;
}

/** Times of the status are in whole seconds. */
function isAfter({ time }: RolloutVerdict, end: number): boolean {
  return Date.parse(time) >= Math.floor(end / 1000) * 1000;
}

function soakEnd({ step: { soakStartTime, soakSeconds } }: GatedRollout): number | undefined {
  const end = Date.parse(soakStartTime ?? '') + 1000 * soakSeconds;
  return Number.isNaN(end) ? undefined : end;
}

function intervalOf({ gates }: GatedRollout): number {
  return gates.intervalSeconds ?? defaults.intervalSeconds;
}

/**
 * `objective/NAME`: a ServiceLevelObjective. It passes when that is evaluated and not burning, fails on a fast burn, and is inconclusive when it
 * is not known or was not evaluated recently. Too few events are not blindness: there is little that could be harmed. Pure.
 */
import type { ObjectiveEvidence } from '../evidence.ts';
import { is, secondsBetween, unknown, type Evaluated, type Gate } from '../gate.ts';

/** Reasons for which it is not known yet whether it burns, because little happens. */
const tooFew: ReadonlySet<string> = new Set(['TooFewSamples', 'TooFewEvents', 'LowTraffic']);

export const objectives: Gate = ({ rollout: { gates }, evidence, now }) =>
  (gates.objectives ?? []).map(({ name }) => ({
    gate: `objective/${name}`,
    ...evaluated(
      name,
      evidence.objectives?.find((one) => one.name === name),
      { oldest: oldestObjective(gates.intervalSeconds), now },
    ),
  }));

/** How old an evaluation may be, in seconds: a few intervals of whoever is slower. */
export function oldestObjective(intervalSeconds = 300): number {
  return Math.max(900, 3 * intervalSeconds);
}

function evaluated(
  name: string,
  objective: ObjectiveEvidence | undefined,
  { oldest, now }: { oldest: number; now: Date },
): Omit<Evaluated, 'gate'> {
  if (!objective)
    return unknown(
      'NotFound',
      `ServiceLevelObjective ${name} does not exist; create it, or remove it from \`spec.gates\``,
    );
  const { is: state, reason, message, remainingPercent, samples, observedTime } = objective;
  const details = {
    ...(remainingPercent !== undefined && { value: `${remainingPercent}% of the budget left` }),
    ...(samples !== undefined && { samples }),
  };
  if (observedTime === undefined)
    return unknown('NeverEvaluated', `ServiceLevelObjective ${name} was never evaluated: ${message}`, details);
  const age = secondsBetween(observedTime, now);
  if (!(age <= oldest) || Number.isNaN(Date.parse(observedTime)))
    return unknown(
      'Stale',
      `ServiceLevelObjective ${name} was last evaluated at ${observedTime}; see its conditions`,
      details,
    );
  if (state === 'burning') return is('Fail', reason, message, details);
  if (state === 'ok') return is('Pass', reason, message, details);
  return is('Inconclusive', reason, message, { ...details, isBlind: !tooFew.has(reason) });
}

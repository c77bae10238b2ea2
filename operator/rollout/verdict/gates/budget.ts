/**
 * `errorBudget/NAME`: how much of the error budget of an objective the rollout may spend. What is spent is counted from the most that was left since
 * the rollout began, so that what a budget regains, when old errors leave its window, hides nothing. It fails as soon as more than
 * `maxSpendPercent` is spent, or is projected to be by the end of the step: spent + rate of this step · what is left of its soak. Nothing is projected
 * from less than 5 min, or 5 % of the soak. Pure.
 */
import type { BudgetAtStart } from '../../../api/v1alpha1/rolloutVerdict.ts';
import { compareDecimals, decimalOf, decimalText, difference, numberOf, type Decimal } from '../../../lib/decimal.ts';
import { duration } from '../../../lib/text.ts';
import { timestamp } from '../../../lib/timestamp.ts';
import type { ObjectiveEvidence } from '../evidence.ts';
import { is, secondsBetween, unknown, type Evaluated, type Gate, type GatedRollout, type GatedStep } from '../gate.ts';

export const mostSpend = 5;
const leastProjected = { seconds: 300, share: 0.05 };

export const budgets: Gate = ({ rollout: { gates, step }, evidence, budgets: records, now }) =>
  gates.errorBudget
    ? (gates.objectives ?? []).map(({ name }) => ({
        gate: `errorBudget/${name}`,
        ...spent({
          objective: evidence.objectives?.find((one) => one.name === name),
          record: records.find((one) => one.name === name),
          limit: gates.errorBudget?.maxSpendPercent ?? mostSpend,
          step,
          now,
        }),
      }))
    : [];

interface Spending {
  readonly objective: ObjectiveEvidence | undefined;
  readonly record: BudgetAtStart | undefined;
  readonly limit: number;
  readonly step: GatedStep;
  readonly now: Date;
}

function spent({ objective, record, limit, step, now }: Spending): Omit<Evaluated, 'gate'> {
  const left = remainingOf(objective);
  if (!left || !record)
    return unknown(
      'BudgetUnknown',
      `what its error budget has left is not known: ${objective?.message ?? 'it does not exist'}`,
    );
  const spending = spentOf(record, left);
  const cap = decimalOf(limit);
  const words = `${percentText(spending)} of the budget is spent`;
  const details = { value: percentText(spending), limit: `${limit}%` };
  if (cap && compareDecimals(spending, cap) > 0) return is('Fail', 'Overspent', `${words}, ${limit}% may be`, details);
  const projected = projectionOf(numberOf(spending), record, step, now);
  if (projected === undefined) return is('Pass', 'WithinBudget', `${words}, ${limit}% may be`, details);
  const until = `${decimalText(projected.percent, 2)}% by the end of the step, in ${duration(projected.seconds)}`;
  // Far finer than a budget is known, and coarser than what floats add.
  if (projected.percent > limit + 1e-9)
    return is('Fail', 'ProjectedOverspend', `${words}, and at this rate ${until}; ${limit}% may be`, details);
  return is('Pass', 'WithinBudget', `${words}, at this rate ${until}; ${limit}% may be`, details);
}

/** Undefined while too little of the step is over. */
function projectionOf(
  spending: number,
  { stepSpentPercent = '0', stepTime }: BudgetAtStart,
  step: GatedStep,
  now: Date,
): { percent: number; seconds: number } | undefined {
  const elapsed = secondsBetween(stepTime ?? step.startTime, now);
  if (elapsed < Math.max(leastProjected.seconds, leastProjected.share * step.soakSeconds)) return undefined;
  const soaked = step.soakStartTime === undefined ? 0 : secondsBetween(step.soakStartTime, now);
  const seconds = Math.max(0, step.soakSeconds - soaked);
  const rate = Math.max(0, spending - Number(stepSpentPercent)) / elapsed;
  return { percent: spending + rate * seconds, seconds };
}

/** The records with what is known now: of an objective that was not known before, from now on; of others, none. */
export function budgetsNow(
  { gates, step, before }: GatedRollout,
  objectives: readonly ObjectiveEvidence[] = [],
  now: Date,
): BudgetAtStart[] {
  if (!gates.errorBudget) return [];
  const stepTime = timestamp(now);
  return (gates.objectives ?? []).flatMap(({ name }) => {
    const record = before.budgets?.find((one) => one.name === name);
    const left = remainingOf(objectives.find((one) => one.name === name));
    if (!left) return record ? [record] : [];
    const text = decimalText(numberOf(left));
    if (!record) return [{ name, remainingPercent: text, highestPercent: text, stepSpentPercent: '0', stepTime }];
    const highest = decimalOf(record.highestPercent ?? record.remainingPercent);
    const next = !highest || compareDecimals(left, highest) > 0 ? { ...record, highestPercent: text } : record;
    const isOfStep = Date.parse(record.stepTime ?? '') >= Date.parse(step.startTime);
    return [isOfStep ? next : { ...next, stepSpentPercent: decimalText(numberOf(spentOf(next, left))), stepTime }];
  });
}

export function remainingOf(objective: ObjectiveEvidence | undefined): Decimal | undefined {
  return objective?.remainingPercent === undefined ? undefined : decimalOf(objective.remainingPercent);
}

/** At least 0: what is left now is never more than the most that was. */
function spentOf({ highestPercent, remainingPercent }: BudgetAtStart, left: Decimal): Decimal {
  const nothing = { units: 0n, exponent: 0 };
  const most = decimalOf(highestPercent ?? remainingPercent);
  const spending = most ? difference(most, left) : nothing;
  return spending.units > 0n ? spending : nothing;
}

function percentText(value: Decimal): string {
  return `${decimalText(numberOf(value), 4)}%`;
}

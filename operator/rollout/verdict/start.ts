/**
 * Whether a step may start: every objective of the gates is evaluated and not burning, and has enough of its error budget left. A service
 * that is in trouble gets no change that could be blamed for it, or add to it. Pure.
 */
import type { GateOutcome } from '../../api/v1alpha1/rolloutVerdict.ts';
import { compareDecimals, decimalOf } from '../../lib/decimal.ts';
import type { Evidence } from './evidence.ts';
import { is, oneLine, unknown, type Evaluated, type GatedRollout } from './gate.ts';
import { remainingOf } from './gates/budget.ts';
import { objectives } from './gates/objective.ts';
import { worst } from './outcome.ts';

const leastRemaining = 50;

export interface StartVerdict {
  /** A step starts on `Pass` alone: a start that is refused only waits. */
  readonly result: GateOutcome;
  /** Why not, in one line. */
  readonly message: string;
  readonly gates: readonly Evaluated[];
}

export function startVerdict(rollout: GatedRollout, evidence: Pick<Evidence, 'objectives'>, now: Date): StartVerdict {
  const fleet = { total: 0, targeted: 0, converged: 0, failed: 0, unreachable: 0 };
  const gates = [
    ...objectives({ rollout, evidence: { ...evidence, fleet }, budgets: [], now }),
    ...budgetsLeft(rollout, evidence),
  ];
  const result = gates.length ? worst(gates.map((one) => one.result)) : 'Pass';
  const deciding = gates.filter((one) => one.result !== 'Pass').map(({ gate, message }) => `${gate}: ${message}`);
  const message = deciding.length ? `no step starts: ${deciding.join('; ')}` : 'the objectives are met';
  return { result, message: oneLine(message), gates };
}

function budgetsLeft({ gates }: GatedRollout, evidence: Pick<Evidence, 'objectives'>): readonly Evaluated[] {
  const { errorBudget } = gates;
  if (!errorBudget) return [];
  const least = errorBudget.minRemainingPercent ?? leastRemaining;
  const limit = decimalOf(least);
  return (gates.objectives ?? []).map(({ name }) => {
    const gate = `errorBudget/${name}`;
    const objective = evidence.objectives?.find((one) => one.name === name);
    const left = remainingOf(objective);
    if (!left || !limit) return { gate, ...unknown('BudgetUnknown', 'what its error budget has left is not known') };
    const details = { value: `${objective?.remainingPercent}%`, limit: `${least}%` };
    const message = `${details.value} of the error budget is left, ${details.limit} is needed to start`;
    const isEnough = compareDecimals(left, limit) >= 0;
    return { gate, ...is(isEnough ? 'Pass' : 'Fail', isEnough ? 'BudgetLeft' : 'BudgetLow', message, details) };
  });
}

/**
 * The verdict on a rollout: all gates, evaluated on one reading of the evidence, and the worst of them. What the next evaluation needs is returned
 * with it, to be written into the status as it is. What it means for the rollout is the subject of `recommendation.ts`. Pure.
 */
import type { GateVerdict, PastVerdict, RolloutVerdict } from '../../api/v1alpha1/rolloutVerdict.ts';
import type { CanaryRolloutSpec, RolloutStep } from '../../api/v1alpha1/canaryRollout.ts';
import type { CanaryRolloutStatus } from '../../api/v1alpha1/canaryRolloutStatus.ts';
import { counted } from '../../lib/text.ts';
import { timestamp } from '../../lib/timestamp.ts';
import type { Note } from '../../runtime/feature.ts';
import type { Evidence } from './evidence.ts';
import { oneLine, secondsBetween, type Evaluated, type GatedRollout, type VerdictFields } from './gate.ts';
import { budgetsNow } from './gates/budget.ts';
import { applies, comparisonsNow } from './gates/comparison.ts';
import { allGates } from './gates/index.ts';
import { worst } from './outcome.ts';

const mostVerdicts = 20;

/** The rollout of a spec and its status. A status of another revision must be given without what its evaluations left. */
export function gatedRollout(
  spec: Pick<CanaryRolloutSpec, 'gates' | 'maxFailed'> & { readonly steps: readonly RolloutStep[] },
  status: Pick<CanaryRolloutStatus, 'step' | 'exposedPercent' | 'stepStartTime' | 'soakStartTime'> & VerdictFields,
  generation?: number,
): GatedRollout {
  const { steps } = spec;
  const number = Math.min(steps.length, Math.max(1, status.step ?? 1));
  const { percent = 100, soakSeconds = 0 } = steps[number - 1] ?? {};
  const { stepStartTime: startTime = '', soakStartTime, verdict, verdicts, blindSince, budgets, comparisons } = status;
  return {
    gates: spec.gates ?? {},
    maxFailed: spec.maxFailed ?? '10%',
    ...(generation !== undefined && { generation }),
    step: {
      number,
      comparable: Math.max(1, steps.filter((step) => step.percent < 100).length),
      percent: status.exposedPercent ?? percent,
      startTime,
      soakSeconds,
      ...(soakStartTime !== undefined && { soakStartTime }),
    },
    before: { verdict, verdicts, blindSince, budgets, comparisons },
  };
}

/** Evaluates all gates. The result is for the status; fields that it lacks are to be removed there. */
export function verdictOf(rollout: GatedRollout, evidence: Evidence, now: Date): VerdictFields {
  const { before, step, generation } = rollout;
  const budgets = budgetsNow(rollout, evidence.objectives, now);
  const comparisons = comparisonsNow(rollout, evidence);
  const gates = allGates
    .flatMap((gate) => gate({ rollout, evidence, budgets, now }))
    .map((one) => withBlindness(one, before.verdict, now));
  const time = timestamp(now);
  const fresh = {
    result: worst(gates.map(({ result }) => result)),
    time,
    step: step.number,
    ...(generation !== undefined && { generation }),
    message: messageOf(gates, rollout),
    gates,
  };
  const isSame = before.verdict !== undefined && signatureOf(before.verdict) === signatureOf(fresh);
  const verdict: RolloutVerdict = {
    ...fresh,
    since: isSame ? (before.verdict?.since ?? before.verdict?.time ?? time) : time,
  };
  const verdicts = isSame ? (before.verdicts ?? []) : logged(before);
  const blindSince = gates.flatMap((one) => one.blindSince ?? []).sort((a, b) => Date.parse(a) - Date.parse(b))[0];
  return {
    verdict,
    ...(verdicts.length && { verdicts: [...verdicts] }),
    ...(blindSince !== undefined && { blindSince }),
    ...(budgets.length && { budgets }),
    ...(comparisons.length && { comparisons }),
  };
}

/** The event of a verdict that differs from the one before it; none when it is the same. */
export function verdictNote(before: VerdictFields, { verdict }: VerdictFields): Note | undefined {
  if (!verdict || (before.verdict && signatureOf(before.verdict) === signatureOf(verdict))) return undefined;
  const reasons = {
    Pass: 'GatesPassed',
    Inconclusive: 'GatesInconclusive',
    Error: 'GatesNotEvaluated',
    Fail: 'GatesFailed',
  } as const;
  const warns = verdict.result === 'Fail' || verdict.result === 'Error';
  return {
    type: warns ? 'Warning' : 'Normal',
    reason: reasons[verdict.result],
    message: `Step ${verdict.step ?? 1}: ${verdict.message}`,
  };
}

function withBlindness({ isBlind, ...gate }: Evaluated, before: RolloutVerdict | undefined, now: Date): GateVerdict {
  if (!isBlind) return gate;
  const since = before?.gates?.find((one) => one.gate === gate.gate)?.blindSince;
  // A time in the future is of a clock that was put back.
  const isPast = since !== undefined && Date.parse(since) <= now.getTime();
  return { ...gate, blindSince: isPast ? since : timestamp(now) };
}

/** What makes it another verdict: the outcome, and which gates say what; not each new value. */
function signatureOf({ result, step, gates = [] }: Pick<RolloutVerdict, 'result' | 'step' | 'gates'>): string {
  const deciding = gates
    .filter((one) => one.result !== 'Pass')
    .map(({ gate, result: of, reason }) => `${gate} ${of} ${reason}`);
  return JSON.stringify([result, step, deciding.sort()]);
}

/** The verdicts before, with the one that is over. */
function logged({ verdict, verdicts = [] }: VerdictFields): readonly PastVerdict[] {
  if (!verdict) return verdicts;
  const { since, time, step = 1, result, message } = verdict;
  return [{ time: since ?? time, step, result, message }, ...verdicts].slice(0, mostVerdicts);
}

function messageOf(gates: readonly GateVerdict[], rollout: GatedRollout): string {
  const result = worst(gates.map((one) => one.result));
  const deciding = gates.filter((one) => one.result === result);
  const others = gates.length - deciding.length;
  const left = applies(rollout) ? [] : (rollout.gates.comparisons ?? []);
  const note = left.length
    ? `; ${counted(left.length, 'comparison')} left out, because no host is without the revision`
    : '';
  if (result === 'Pass')
    return oneLine(`${counted(gates.length, 'gate')} ${gates.length === 1 ? 'passes' : 'pass'}${note}`);
  const shown = deciding.slice(0, 3).map(({ gate, message }) => `${gate}: ${message}`);
  const rest = deciding.length - shown.length;
  return oneLine(
    `${shown.join('; ')}${rest ? `; and ${rest} more` : ''}${others ? ` (of ${counted(gates.length, 'gate')})` : ''}${note}`,
  );
}

/** For how long the gate that is blind for longest has been. */
export function blindSeconds({ blindSince }: VerdictFields, now: Date): number {
  return blindSince === undefined ? 0 : secondsBetween(blindSince, now);
}

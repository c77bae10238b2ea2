/** What a ServiceLevelObjective says of itself, by the figures in its status alone: what is not written anew changes nothing. Pure. */
import type { ServiceLevelObjective } from '../../api/v1alpha1/serviceLevelObjective.ts';
import type { DataQuality } from '../../api/v1alpha1/serviceLevelObjectiveStatus.ts';
import type { DomainCondition, DomainConditions } from '../../runtime/feature.ts';
import { isAnswered, type Figures } from './figures.ts';
import { isUsable } from './reading.ts';
import { shapeOf } from './shape.ts';

export function conditionsOf(slo: ServiceLevelObjective, figures: Figures): DomainConditions {
  const { quality = [] } = figures;
  const problem = quality.find((one) => !isUsable([one]));
  return {
    Met: metBy(slo, figures, problem),
    BudgetHealthy: problem ? unknown(problem) : budgetHealth(slo, figures),
    DataHealthy: dataHealth(quality, problem),
  };
}

/** All that depends on data, where there is none. */
export function allUnknown(reason: string, message: string): DomainConditions {
  const condition = unknown({ reason, message });
  return { Met: condition, BudgetHealthy: condition, DataHealthy: condition };
}

function unknown({ reason, message }: DataQuality): DomainCondition {
  return { status: 'Unknown', reason, message };
}

function metBy({ spec }: ServiceLevelObjective, figures: Figures, problem: DataQuality | undefined): DomainCondition {
  const { attainmentPercent, samples, interval } = figures;
  const { minSamples, windowDays } = shapeOf({ spec });
  const objective = Number(spec.objectivePercent);
  if (problem && interval) return metWithin(interval, objective, problem);
  if (problem) return unknown(problem);
  if (attainmentPercent === undefined || samples === undefined)
    return unknown({
      reason: 'NoEvents',
      message: `there were no events in ${windowDays} d; check whether the service is used`,
    });
  if (samples < minSamples) {
    const message = `there were fewer than ${minSamples} events in ${windowDays} d, as \`spec.minSamples\` wants; wait, or lower it`;
    return unknown({ reason: 'TooFewSamples', message });
  }
  const isMet = Number(attainmentPercent) >= objective;
  const isShort = figures.quality?.some(({ reason }) => reason === 'ShortHistory');
  const known = isShort ? ', as far as Prometheus has them,' : '';
  const message = `${attainmentPercent}% of the events of the last ${windowDays} d${known} were good; the objective is ${spec.objectivePercent}%`;
  return { status: isMet ? 'True' : 'False', reason: isMet ? 'Attained' : 'Missed', message, warns: !isMet };
}

/** The truth is within the interval: where that is on one side of the objective, so is the truth. */
function metWithin(
  { lowPercent, highPercent }: NonNullable<Figures['interval']>,
  objective: number,
  problem: DataQuality,
): DomainCondition {
  const message = `between ${lowPercent}% and ${highPercent}% of the events were good: ${problem.message}`;
  if (Number(lowPercent) >= objective) return { status: 'True', reason: 'AttainedAtLeast', message };
  if (Number(highPercent) < objective) return { status: 'False', reason: 'MissedAtBest', message, warns: true };
  return unknown({ ...problem, message });
}

function budgetHealth(
  { spec }: ServiceLevelObjective,
  { errorBudgetRemainingPercent: left, alerts = [], samples = 0 }: Figures,
): DomainCondition {
  const { minSamples, windowDays } = shapeOf({ spec });
  if (left === undefined || samples < minSamples)
    return unknown({
      reason: 'TooFewSamples',
      message: `there were too few events in ${windowDays} d to know the error budget`,
    });
  const burning = alerts.filter(({ state }) => state === 'Burning');
  const pair = burning.find(({ severity }) => severity === 'Page') ?? burning[0];
  const remains = `${left}% of the error budget is left`;
  if (pair) {
    const { longWindow, shortWindow, factor } = pair;
    const message = `it burns more than ${factor} times as fast as it may, in the last ${longWindow} as in the last ${shortWindow}; ${remains}`;
    const reason = pair.severity === 'Page' ? 'BurnsFast' : 'BurnsSlowly';
    return { status: 'False', reason, message, warns: true };
  }
  if (Number(left) <= 0) {
    const message = `the error budget of ${windowDays} d is exhausted: ${remains}`;
    return { status: 'False', reason: 'Exhausted', message, warns: true };
  }
  return { status: 'True', reason: 'Remains', message: remains };
}

function dataHealth(quality: readonly DataQuality[], problem: DataQuality | undefined): DomainCondition {
  const [remark] = quality;
  if (problem && !isAnswered({ quality: [problem] })) return unknown(problem);
  if (problem) return { status: 'False', ...problem, warns: true };
  if (remark) return { status: 'True', ...remark };
  return { status: 'True', reason: 'Complete', message: 'nothing is wrong with the data' };
}

/** The numbers that a status shows of a reading. Rounded so that none looks better than it is. Pure. */
import type { ServiceLevelObjective } from '../../api/v1alpha1/serviceLevelObjective.ts';
import type {
  BurnAlertStatus,
  BurnRate,
  DataQuality,
  ServiceLevelObjectiveStatus,
} from '../../api/v1alpha1/serviceLevelObjectiveStatus.ts';
import { burnOf, hour, leastSamples, remainingOf, secondsLeft, stateOf, type Count } from '../../lib/burnRate.ts';
import { flooredText, significantText } from '../../lib/numberText.ts';
import { timestamp } from '../../lib/timestamp.ts';
import { windowsOf, windowText } from './queries.ts';
import { isUsable, type Reading } from './reading.ts';
import { revisionOf, shapeOf, type Shape } from './shape.ts';

export type Figures = Omit<ServiceLevelObjectiveStatus, 'conditions' | 'observedGeneration' | 'rules' | 'seal'>;

/** `time` is when it was read. Of windows that were not asked about, what was known of the same spec stays. */
export function figuresOf(slo: ServiceLevelObjective, reading: Reading, time: Date): Figures {
  const shape = shapeOf(slo);
  const revision = revisionOf(slo.spec);
  const before = slo.status?.revision === revision ? slo.status : undefined;
  const { interval } = reading;
  const quality = qualityOf(reading, before);
  const about = { revision, ...(quality.length && { quality: [...quality] }) };
  // Prometheus did not answer: what was known is known, and grows old.
  if (!isAnswered(reading)) return { ...kept(before), ...about };
  const answered = { ...about, observedTime: timestamp(time) };
  if (!isUsable(quality)) return { ...answered, ...(interval && { interval }), summary: quality[0]!.reason };
  const counts = countsOf(shape, reading, before);
  const whole = counts.get(shape.windowSeconds);
  const budgetTime = reading.hasLong ? timestamp(time) : before?.budgetTime;
  const numbers = reading.hasLong ? wholeFigures(slo, shape, whole) : pick(before);
  const exhaustion = exhaustionOf(counts, shape, time);
  return {
    ...answered,
    ...numbers,
    burnRates: ratesOf(counts, shape),
    alerts: alertsOf(counts, shape),
    ...(exhaustion !== undefined && { exhaustionTime: exhaustion }),
    ...(budgetTime !== undefined && { budgetTime }),
    summary: summaryOf(slo, numbers),
  };
}

/** If only that there is nothing. */
export function isAnswered({ quality }: Pick<Reading, 'quality'>): boolean {
  return quality.every(({ reason }) => dataReasons.includes(reason));
}

/** What is wrong with data that Prometheus answered with. */
const dataReasons: readonly string[] = [
  'Absent',
  'Stale',
  'LabelMissing',
  'BucketMissing',
  'PartAbsent',
  'NotANumber',
  'MoreGoodThanTotal',
  'MoreErrorsThanTotal',
  'CounterReset',
  'ShortHistory',
];

/** What is seen of long windows alone stays while these are not asked about. */
function qualityOf(
  { quality, hasLong }: Reading,
  before: ServiceLevelObjectiveStatus | undefined,
): readonly DataQuality[] {
  if (hasLong) return quality;
  return [...quality, ...(before?.quality ?? []).filter(({ reason }) => reason === 'ShortHistory')];
}

function kept(before: ServiceLevelObjectiveStatus | undefined): Figures {
  const without = {
    conditions: undefined,
    observedGeneration: undefined,
    rules: undefined,
    seal: undefined,
    quality: undefined,
  };
  const figures = Object.entries({ ...before, ...without }).filter(([, value]) => value !== undefined);
  return Object.fromEntries(figures);
}

function pick(before: ServiceLevelObjectiveStatus | undefined): Whole {
  const { attainmentPercent, errorBudgetRemainingPercent, samples } = before ?? {};
  return {
    ...(attainmentPercent !== undefined && { attainmentPercent }),
    ...(errorBudgetRemainingPercent !== undefined && { errorBudgetRemainingPercent }),
    ...(samples !== undefined && { samples }),
  };
}

type Whole = Pick<Figures, 'attainmentPercent' | 'errorBudgetRemainingPercent' | 'samples'>;

function wholeFigures({ spec }: ServiceLevelObjective, { budget }: Shape, whole: Count | undefined): Whole {
  if (!whole) return {};
  const samples = Math.round(whole.total);
  const remaining = remainingOf(whole, budget);
  if (remaining === undefined) return { samples };
  return {
    samples,
    attainmentPercent: flooredText(100 * (1 - whole.bad / whole.total), placesOf(spec.objectivePercent, budget)),
    errorBudgetRemainingPercent: flooredText(100 * remaining, 1),
  };
}

/** So many that a hundredth of the budget shows, and that it can be compared with the objective as it is written. */
function placesOf(objective: string, budget: number): number {
  const own = objective.split('.')[1]?.length ?? 0;
  return Math.min(9, Math.max(2, own, Math.ceil(-Math.log10(100 * budget)) + 2));
}

/** Windows in seconds. Those that were not asked about as they were. */
function countsOf(
  { windowDays, budget }: Shape,
  { counts, hasLong }: Reading,
  before: ServiceLevelObjectiveStatus | undefined,
): ReadonlyMap<number, Count> {
  if (hasLong) return counts;
  const { long } = windowsOf(windowDays, budget);
  const earlier = (before?.burnRates ?? []).flatMap(({ window, rate, samples }): [number, Count][] => {
    const seconds = long.find((one) => windowText(one) === window);
    return seconds === undefined ? [] : [[seconds, { total: samples, bad: Number(rate) * budget * samples }]];
  });
  return new Map([...counts, ...earlier]);
}

function ratesOf(counts: ReadonlyMap<number, Count>, { budget }: Shape): BurnRate[] {
  return [...counts]
    .sort(([a], [b]) => a - b)
    .flatMap(([seconds, count]) => {
      const rate = burnOf(count, budget);
      if (rate === undefined) return [];
      return [{ window: windowText(seconds), rate: significantText(rate, 3), samples: Math.round(count.total) }];
    });
}

function alertsOf(counts: ReadonlyMap<number, Count>, { alerts, budget }: Shape): BurnAlertStatus[] {
  return alerts.map((pair) => {
    const { severity, longSeconds, shortSeconds, factor, is } = pair;
    const windows = { long: counts.get(longSeconds), short: counts.get(shortSeconds) };
    return {
      severity,
      longWindow: windowText(longSeconds),
      shortWindow: windowText(shortSeconds),
      factor: significantText(factor, 4),
      state: is === 'used' ? stateOf(pair, windows, budget) : is,
      ...(is === 'used' && { leastSamples: leastSamples(factor, budget) }),
    };
  });
}

function exhaustionOf(
  counts: ReadonlyMap<number, Count>,
  { budget, windowSeconds }: Shape,
  time: Date,
): string | undefined {
  const [whole, last] = [counts.get(windowSeconds), counts.get(hour)];
  const remaining = whole && remainingOf(whole, budget);
  const burn = last && burnOf(last, budget);
  if (remaining === undefined || burn === undefined || remaining <= 0) return undefined;
  const seconds = secondsLeft(remaining, burn, windowSeconds);
  return seconds === undefined
    ? undefined
    : timestamp(new Date(Math.floor((time.getTime() + seconds * 1000) / 60_000) * 60_000));
}

function summaryOf({ spec }: ServiceLevelObjective, { attainmentPercent, errorBudgetRemainingPercent }: Whole): string {
  if (attainmentPercent === undefined) return 'no events';
  const left = `${errorBudgetRemainingPercent}% of the error budget left`;
  return `${attainmentPercent}% of ${spec.objectivePercent}%, ${left}`;
}

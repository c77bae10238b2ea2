/** Synthetic series of services, minute by minute, and what is known of them by arithmetic alone. */
import type { ServiceLevelObjectiveSpec } from '../../operator/api/v1alpha1/serviceLevelObjective.ts';
import type { Count } from '../../operator/lib/burnRate.ts';

/** So many minutes with so many events a minute. */
export interface Segment {
  readonly minutes: number;
  readonly total: number;
  readonly bad: number;
}

export type Counting = 'errors' | 'good' | 'otherMetric' | 'classic' | 'twoReplicas' | 'noErrorSeries';

export interface ObjectiveCase {
  readonly name: string;
  readonly objective: string;
  readonly days: number;
  readonly counting?: Counting;
  readonly timeline: readonly Segment[];
  /** Long windows of the pairs that burn, as a person would say. */
  readonly burning: readonly string[];
}

const steady = (total: number, bad: number, minutes = 6000): Segment[] => [{ minutes, total, bad }];
/** Good for four days, then bad. */
const incident = (minutes: number, bad: number, total = 1000): Segment[] => [
  { minutes: 5760, total, bad: 0 },
  { minutes, total, bad },
];
const over = (minutes: number, bad: number, after: number): Segment[] => [
  ...incident(minutes, bad),
  { minutes: after, total: 1000, bad: 0 },
];

export const objectiveCases: readonly ObjectiveCase[] = [
  { name: 'nothing fails', objective: '99.9', days: 30, timeline: steady(100, 0), burning: [] },
  { name: 'half of the budget', objective: '99.9', days: 30, timeline: steady(2000, 1), burning: [] },
  { name: 'just within the budget', objective: '99', days: 30, timeline: steady(1000, 9), burning: [] },
  { name: 'twice the budget', objective: '99', days: 30, timeline: steady(1000, 20), burning: ['3d'] },
  { name: 'four times the budget', objective: '99', days: 30, timeline: steady(1000, 40), burning: ['1d', '3d'] },
  {
    name: 'seven times the budget',
    objective: '99',
    days: 30,
    timeline: steady(1000, 70),
    burning: ['6h', '1d', '3d'],
  },
  {
    name: 'twenty times the budget',
    objective: '99',
    days: 30,
    timeline: steady(1000, 200),
    burning: ['1h', '6h', '1d', '3d'],
  },
  {
    name: 'everything fails',
    objective: '99.9',
    days: 30,
    timeline: steady(1000, 1000),
    burning: ['1h', '6h', '1d', '3d'],
  },
  {
    name: 'an outage of ten minutes',
    objective: '99.9',
    days: 30,
    timeline: incident(10, 1000),
    burning: ['1h', '6h', '1d', '3d'],
  },
  {
    name: 'an outage that has been over for an hour',
    objective: '99.9',
    days: 30,
    timeline: over(10, 1000, 60),
    burning: ['1d', '3d'],
  },
  {
    name: 'an outage that has been over for a day',
    objective: '99.9',
    days: 30,
    timeline: over(10, 1000, 1500),
    burning: [],
  },
  {
    name: 'an incident that spends as fast as the budget allows for',
    objective: '99.9',
    days: 30,
    timeline: incident(60, 1),
    burning: [],
  },
  { name: 'a slow burn for eight hours', objective: '99.9', days: 30, timeline: incident(480, 8), burning: ['6h'] },
  {
    name: 'a slow burn for a day and a half',
    objective: '99.9',
    days: 30,
    timeline: incident(2160, 4),
    burning: ['1d', '3d'],
  },
  {
    name: 'a page that an objective of 90 % cannot reach in an hour',
    objective: '90',
    days: 30,
    timeline: steady(100, 100),
    burning: ['6h', '1d', '3d'],
  },
  {
    name: 'p95: an objective of 95 %, at 80 % failures',
    objective: '95',
    days: 30,
    timeline: steady(100, 80),
    burning: ['1h', '6h', '1d', '3d'],
  },
  {
    name: 'an objective of 50 %, of which everything fails',
    objective: '50',
    days: 30,
    timeline: steady(100, 100),
    burning: ['3d'],
  },
  {
    name: 'five nines',
    objective: '99.999',
    days: 30,
    timeline: steady(100_000, 20),
    burning: ['1h', '6h', '1d', '3d'],
  },
  {
    name: '99.95 % and twelve times',
    objective: '99.95',
    days: 30,
    timeline: steady(10_000, 60),
    burning: ['6h', '1d', '3d'],
  },
  { name: 'a week, thrice', objective: '99.9', days: 7, timeline: steady(10_000, 30), burning: ['1d', '3d'] },
  { name: 'a week, five times', objective: '99.9', days: 7, timeline: steady(10_000, 50), burning: ['6h', '1d', '3d'] },
  {
    name: 'a week, fourteen times',
    objective: '99.9',
    days: 7,
    timeline: steady(10_000, 140),
    burning: ['1h', '6h', '1d', '3d'],
  },
  { name: 'a week, within the budget', objective: '99.9', days: 7, timeline: steady(10_000, 9), burning: [] },
  {
    name: '28 days, fourteen times',
    objective: '99.9',
    days: 28,
    timeline: steady(10_000, 140),
    burning: ['1h', '6h', '1d', '3d'],
  },
  {
    name: '90 days, twenty times',
    objective: '99.9',
    days: 90,
    timeline: steady(10_000, 200),
    burning: ['6h', '1d', '3d'],
  },
  {
    name: '90 days, fifty times',
    objective: '99.9',
    days: 90,
    timeline: steady(10_000, 500),
    burning: ['1h', '6h', '1d', '3d'],
  },
  { name: 'a day, thrice', objective: '99', days: 1, timeline: steady(1000, 30), burning: ['1h'] },
  { name: 'a day, within the budget', objective: '99', days: 1, timeline: steady(1000, 9), burning: [] },
  { name: 'three days, six times', objective: '99', days: 3, timeline: steady(1000, 60), burning: ['1h', '6h'] },
  { name: 'ten events an hour that all succeed', objective: '99.9', days: 30, timeline: steady(0.16, 0), burning: [] },
  {
    name: 'one of few fails',
    objective: '99.9',
    days: 30,
    timeline: [...steady(0.5, 0), { minutes: 2, total: 0.5, bad: 0.5 }],
    burning: [],
  },
  {
    name: 'a quiet service that fails altogether',
    objective: '99.9',
    days: 30,
    timeline: [...steady(1, 0), { minutes: 30, total: 1, bad: 1 }],
    burning: ['1h', '6h', '1d', '3d'],
  },
  {
    name: 'good events',
    objective: '99',
    days: 30,
    counting: 'good',
    timeline: steady(1000, 200),
    burning: ['1h', '6h', '1d', '3d'],
  },
  {
    name: 'good events of which none fails',
    objective: '99',
    days: 30,
    counting: 'good',
    timeline: steady(1000, 0),
    burning: [],
  },
  {
    name: 'errors of another metric',
    objective: '99',
    days: 30,
    counting: 'otherMetric',
    timeline: steady(1000, 40),
    burning: ['1d', '3d'],
  },
  {
    name: 'two replicas',
    objective: '99',
    days: 30,
    counting: 'twoReplicas',
    timeline: steady(1000, 70),
    burning: ['6h', '1d', '3d'],
  },
  {
    name: 'no series of errors yet',
    objective: '99',
    days: 30,
    counting: 'noErrorSeries',
    timeline: steady(1000, 0),
    burning: [],
  },
  {
    name: 'a classic histogram',
    objective: '95',
    days: 30,
    counting: 'classic',
    timeline: steady(1000, 100),
    burning: ['3d'],
  },
  {
    name: 'a classic histogram that is slow',
    objective: '99',
    days: 30,
    counting: 'classic',
    timeline: steady(1000, 500),
    burning: ['1h', '6h', '1d', '3d'],
  },
];

/** What is declared about a case whose series have the label `job`. */
export function specOf({ objective, days, counting }: ObjectiveCase, job: string): ServiceLevelObjectiveSpec {
  const all = `requests_total{job="${job}"}`;
  const some = (code: string): string => `requests_total{job="${job}",code=~"${code}"}`;
  const about = { objectivePercent: objective, windowDays: days };
  if (counting === 'classic') {
    const histogram = `duration_seconds{job="${job}"}`;
    return { ...about, indicator: { latency: { histogram, thresholdSeconds: '0.35' } } };
  }
  if (counting === 'good') return { ...about, indicator: { ratio: { good: some('2..'), total: all } } };
  const errors = counting === 'otherMetric' ? `failures_total{job="${job}"}` : some('5..');
  return { ...about, indicator: { ratio: { errors, total: all } } };
}

/** By name and labels, the counter after each minute, from minute 0. */
export function seriesOf(
  { counting = 'errors', timeline }: ObjectiveCase,
  job: string,
): [string, Segment[], (one: Segment) => number][] {
  const bad = (one: Segment): number => one.bad;
  const good = (one: Segment): number => one.total - one.bad;
  const all = (one: Segment): number => one.total;
  const segments = [...timeline];
  const of = (series: string, value: (one: Segment) => number): [string, Segment[], (one: Segment) => number] => [
    series,
    segments,
    value,
  ];
  switch (counting) {
    case 'classic':
      return [
        of(`duration_seconds_count{job="${job}"}`, all),
        of(`duration_seconds_bucket{job="${job}",le="0.25"}`, (one) => good(one) / 2),
        of(`duration_seconds_bucket{job="${job}",le="0.35"}`, good),
        of(`duration_seconds_bucket{job="${job}",le="+Inf"}`, all),
      ];
    case 'otherMetric':
      return [of(`requests_total{job="${job}",code="200"}`, all), of(`failures_total{job="${job}"}`, bad)];
    case 'twoReplicas':
      return ['a', 'b'].flatMap((pod) => [
        of(`requests_total{job="${job}",pod="${pod}",code="200"}`, (one) => good(one) / 2),
        of(`requests_total{job="${job}",pod="${pod}",code="500"}`, (one) => bad(one) / 2),
      ]);
    case 'noErrorSeries':
      return [of(`requests_total{job="${job}",code="200"}`, good)];
    default:
      return [of(`requests_total{job="${job}",code="200"}`, good), of(`requests_total{job="${job}",code="500"}`, bad)];
  }
}

export function minutesOf({ timeline }: ObjectiveCase): number {
  return timeline.reduce((sum, { minutes }) => sum + minutes, 0);
}

/** The events of the last so many seconds of the timeline, and of all where it is shorter. */
export function countIn({ timeline }: ObjectiveCase, seconds: number): Count {
  let left = seconds / 60;
  const count = { total: 0, bad: 0 };
  for (const segment of timeline.toReversed()) {
    const minutes = Math.min(left, segment.minutes);
    count.total += minutes * segment.total;
    count.bad += minutes * segment.bad;
    left -= minutes;
  }
  return count;
}

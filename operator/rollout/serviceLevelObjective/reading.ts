/** What the answers of Prometheus say, and what is wrong with them. Nothing is decided here. Pure. */
import type { AttainmentInterval, DataQuality } from '../../api/v1alpha1/serviceLevelObjectiveStatus.ts';
import type { MetricsAnswer, NoAnswer, Series } from '../../connect/prometheus/types.ts';
import type { Count } from '../../lib/burnRate.ts';
import { flooredText } from '../../lib/numberText.ts';
import { partLabel, windowLabel } from './queries.ts';
import type { Counted } from './indicator.ts';

/** Counts by window in seconds; a window without events, or of which nothing is known, may be missing. */
export interface Reading {
  readonly counts: ReadonlyMap<number, Count>;
  /** Whether the windows longer than a day were asked about. */
  readonly hasLong: boolean;
  readonly quality: readonly DataQuality[];
  readonly interval?: AttainmentInterval;
}

/** A remark, which does not make the data unusable. */
const remarks: readonly string[] = ['CounterReset', 'ShortHistory'];

export function isUsable(quality: readonly DataQuality[]): boolean {
  return quality.every(({ reason }) => remarks.includes(reason));
}

/** More good than all events, by more than the extrapolation of `increase` can explain. */
const tolerance = { share: 0.01, events: 1 };

type Answered = Extract<MetricsAnswer, { is: 'answer' }>;

/** `long` is undefined when it was not asked about. */
export function read(counted: Counted, short: MetricsAnswer, long: MetricsAnswer | undefined): Reading {
  const none = [short, long].find((answer): answer is NoAnswer => answer?.is === 'none');
  if (none) return { counts: new Map(), hasLong: false, quality: [{ reason: none.reason, message: none.message }] };
  const series = [short, ...(long ? [long] : [])].flatMap((answer) => (answer as Answered).series);
  const facts = factsIn(series);
  const absence = absenceOf(counted, facts);
  const windows = countsIn(counted, facts);
  const found = [...absence, ...windows.quality, ...resetsIn(facts), ...(long ? historyIn(facts) : [])];
  const seen = new Set<string>();
  const quality = found.filter(({ reason }) => !seen.has(reason) && seen.add(reason));
  return { counts: windows.counts, hasLong: long !== undefined, quality };
}

interface Facts {
  /** By part and window. */
  value(part: string, window?: string): number | undefined;
  readonly windows: readonly number[];
}

function factsIn(series: readonly Series[]): Facts {
  const values = new Map(
    series.map(({ labels, value }) => [`${labels[partLabel]} ${labels[windowLabel] ?? ''}`, value]),
  );
  const windows = series.flatMap(({ labels }) => (labels[partLabel] === 'total' ? [Number(labels[windowLabel])] : []));
  return { value: (part, window = '') => values.get(`${part} ${window}`), windows: [...new Set(windows)] };
}

function absenceOf({ all, some, labels, mayBeAbsent, bucket, part }: Counted, facts: Facts): DataQuality[] {
  const present = facts.value('present') ?? 0;
  if (facts.windows.length === 0 && present === 0)
    return [
      { reason: 'Absent', message: `Prometheus has no series ${all}; check the selector and whether they are scraped` },
    ];
  if (present === 0)
    return [{ reason: 'Stale', message: `the series ${all} have ended; check whether they are still scraped` }];
  const missing = labels.find(({ label }) => facts.value('label', label) === undefined);
  if (missing)
    return [
      {
        reason: 'LabelMissing',
        message: `no series ${all} has the label \`${missing.label}\`, by which \`${part}\` selects; fix \`spec.indicator.ratio.${part}\``,
      },
    ];
  const there = facts.value('some');
  if (bucket && (there ?? 0) < present) {
    const message = `${present - (there ?? 0)} of ${present} series have no bucket with the bound ${bucket.threshold}; set \`thresholdSeconds\` to a bound that they have, or add the bucket`;
    return [{ reason: 'BucketMissing', message }];
  }
  if (some !== undefined && there === undefined && !mayBeAbsent && !bucket)
    return [
      {
        reason: 'PartAbsent',
        message: `Prometheus has no series ${some}, so whether there were such events is unknown; check the selector, or let the program export them as 0`,
      },
    ];
  return [];
}

function countsIn(counted: Counted, facts: Facts): { counts: Map<number, Count>; quality: DataQuality[] } {
  const counts = new Map<number, Count>();
  const quality: DataQuality[] = [];
  for (const window of facts.windows) {
    const total = facts.value('total', String(window)) ?? NaN;
    const said = facts.value('counted', String(window));
    // Of a native histogram without observations, the share is not a number.
    const part = total === 0 ? 0 : (said ?? (counted.mayBeAbsent ? 0 : undefined));
    if (part === undefined) continue;
    if (!Number.isFinite(total) || !Number.isFinite(part) || total < 0 || part < 0) {
      quality.push({
        reason: 'NotANumber',
        message: `Prometheus answered ${part} of ${total} events; check the counters`,
      });
      continue;
    }
    if (part > total * (1 + tolerance.share) + tolerance.events) {
      quality.push(moreThanAll(counted, part, total));
      continue;
    }
    const within = Math.min(part, total);
    counts.set(window, { total, bad: counted.part === 'errors' ? within : total - within });
  }
  return { counts, quality };
}

function moreThanAll({ part }: Counted, some: number, total: number): DataQuality {
  const [reason, word] = part === 'good' ? ['MoreGoodThanTotal', 'good'] : ['MoreErrorsThanTotal', 'bad'];
  const message = `there are more ${word} events (${rounded(some)}) than events (${rounded(total)}); check that both selectors count the same requests`;
  return { reason, message };
}

function resetsIn(facts: Facts): DataQuality[] {
  const resets = facts.value('resets') ?? 0;
  if (!(resets > 0)) return [];
  const message = 'counters were reset in the last hour; events between the last scrape and a reset are not counted';
  return [{ reason: 'CounterReset', message }];
}

/** Prometheus may keep less than the window is long; then errors that it no longer has seem never to have been. A young service looks the same. */
function historyIn(facts: Facts): DataQuality[] {
  if ((facts.value('first') ?? 0) > 0) return [];
  const message =
    'Prometheus has nothing of the first day of the window, and what it does not have is not counted; if the service is older than that, have Prometheus keep series for longer, or set a shorter `spec.windowDays`';
  return [{ reason: 'ShortHistory', message }];
}

/** The bounds next to the threshold that all series have: of each, all its spellings. */
export function boundsAround(threshold: number, series: readonly Series[]): { low?: string[]; high?: string[] } {
  const byValue = Map.groupBy(series, ({ labels }) => Number(labels['le']));
  const counts = [...byValue].map(([bound, all]) => ({ bound, count: all.reduce((sum, { value }) => sum + value, 0) }));
  const most = Math.max(0, ...counts.map(({ count }) => count));
  const common = counts
    .filter(({ bound, count }) => count === most && Number.isFinite(bound))
    .map(({ bound }) => bound);
  const low = Math.max(...common.filter((bound) => bound < threshold));
  const high = Math.min(...common.filter((bound) => bound > threshold));
  const lesOf = (bound: number): string[] => (byValue.get(bound) ?? []).map(({ labels }) => labels['le'] ?? '');
  return { ...(low > -Infinity && { low: lesOf(low) }), ...(high < Infinity && { high: lesOf(high) }) };
}

/** Where the attainment is, by the events within the next bounds. */
export function intervalIn(answer: MetricsAnswer, total: number | undefined): AttainmentInterval | undefined {
  if (answer.is === 'none' || total === undefined || !(total > 0)) return undefined;
  const facts = factsIn(answer.series);
  const percent = (part: string, otherwise: number): number =>
    Math.min(100, (100 * (facts.value(part) ?? otherwise)) / total);
  const [low, high] = [percent('low', 0), percent('high', total)];
  if (!Number.isFinite(low) || !Number.isFinite(high)) return undefined;
  return { lowPercent: flooredText(low, 3), highPercent: flooredText(Math.min(100, high + 0.000999), 3) };
}

function rounded(value: number): string {
  return String(Number(value.toPrecision(6)));
}

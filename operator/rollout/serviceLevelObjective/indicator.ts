/** What a ServiceLevelObjective counts, as parts of PromQL over any window. Pure. */
import type { Indicator } from '../../api/v1alpha1/serviceLevelObjective.ts';
import {
  isManyBuckets,
  matchesAbsence,
  narrowed,
  narrowing,
  quotedForPrometheus,
  selectorIn,
  selectorText,
  withSuffix,
  type Matcher,
  type SeriesSelector,
} from '../../lib/seriesSelector.ts';

export interface Counted {
  /** What `part` counts. */
  readonly part: 'errors' | 'good';
  /** Without series of `part` there were no such events: they are series of the total by what is written. */
  readonly mayBeAbsent: boolean;
  /** Labels by which `part` selects among the series of the total: one that none of them has selects nothing, whatever happens. */
  readonly labels: readonly { readonly label: string; readonly series: string }[];
  /** The series that have all events. */
  readonly all: string;
  /** The series of `part`; undefined where they are the same. */
  readonly some?: string;
  /** `le` and the base name of a classic histogram. */
  readonly bucket?: {
    readonly histogram: SeriesSelector;
    readonly bounds: readonly string[];
    readonly threshold: number;
  };
  /** Number of all events. `window` is such as `5m`. */
  readonly total: (window: string) => string;
  /** Number of the events that `part` counts. */
  readonly counted: (window: string) => string;
}

/** The indicator, or a sentence with what is wrong. `tenant` is added to every selector where a tenant label is enforced. */
export function countedBy({ ratio, latency }: Indicator, tenant: readonly Matcher[] = []): Counted | string {
  if (ratio) {
    const part = ratio.errors === undefined ? 'good' : 'errors';
    const total = selectorIn(ratio.total);
    if (typeof total === 'string') return `spec.indicator.ratio.total: ${total}`;
    const some = selectorIn(ratio[part] ?? '');
    if (typeof some === 'string') return `spec.indicator.ratio.${part}: ${some}`;
    const many = isManyBuckets(total) ? 'total' : isManyBuckets(some) ? part : undefined;
    if (many)
      return `spec.indicator.ratio.${many} counts each event once per bucket of its histogram; select one bucket by \`le\`, such as \`le="0.5"\`, or use \`spec.indicator.latency\``;
    return ratioOf(part, narrowed(some, ...tenant), narrowed(total, ...tenant));
  }
  if (!latency) return 'spec.indicator: set `ratio` or `latency`';
  const histogram = selectorIn(latency.histogram);
  if (typeof histogram === 'string') return `spec.indicator.latency.histogram: ${histogram}`;
  if (histogram.matchers.some(({ label }) => label === 'le'))
    return 'spec.indicator.latency.histogram selects by the label `le`; remove it, and set `thresholdSeconds`';
  const threshold = Number(latency.thresholdSeconds);
  const whole = narrowed(histogram, ...tenant);
  return latency.type === 'Native' ? nativeOf(whole, threshold) : classicOf(whole, threshold);
}

function ratioOf(part: Counted['part'], some: SeriesSelector, total: SeriesSelector): Counted {
  const extra = narrowing(some, total);
  return {
    part,
    mayBeAbsent: extra !== undefined,
    labels: [...new Set((extra ?? []).filter((one) => !matchesAbsence(one)).map(({ label }) => label))].map(
      (label) => ({
        label,
        series: selectorText(narrowed(total, { label, op: '!=', value: '' })),
      }),
    ),
    all: selectorText(total),
    some: selectorText(some),
    total: (window) => increase(selectorText(total), window),
    counted: (window) => increase(selectorText(some), window),
  };
}

function classicOf(histogram: SeriesSelector, threshold: number): Counted {
  const count = selectorText(withSuffix(histogram, '_count'));
  const bounds = spellings(threshold);
  const bucket = selectorText(bucketOf(histogram, bounds));
  return {
    part: 'good',
    mayBeAbsent: false,
    labels: [],
    all: count,
    some: bucket,
    bucket: { histogram, bounds, threshold },
    total: (window) => increase(count, window),
    counted: (window) => increase(bucket, window),
  };
}

/** Within a bucket of a native histogram, Prometheus interpolates: the answer is as exact as its buckets are narrow. */
function nativeOf(histogram: SeriesSelector, threshold: number): Counted {
  const series = selectorText(histogram);
  const count = (window: string): string => `histogram_count(${increase(series, window)})`;
  return {
    part: 'good',
    mayBeAbsent: false,
    labels: [],
    all: series,
    total: count,
    counted: (window) => `histogram_fraction(-Inf, ${threshold}, ${increase(series, window)}) * ${count(window)}`,
  };
}

function increase(selector: string, window: string): string {
  return `sum(increase(${selector}[${window}]))`;
}

/** The buckets with that bound, however it is written. */
export function bucketOf(histogram: SeriesSelector, bounds: readonly string[]): SeriesSelector {
  const value = bounds.map((bound) => bound.replaceAll(/[.+]/g, '[$&]')).join('|');
  return narrowed(withSuffix(histogram, '_bucket'), { label: 'le', op: '=~', value });
}

/** `1` before Prometheus 3 is `1.0` since; what Go writes with an exponent is `1e-05`. */
export function spellings(bound: number): readonly string[] {
  const plain = bound
    .toFixed(9)
    .replace(/(\.[0-9]*?)0+$/, '$1')
    .replace(/\.$/, '');
  const exponent = bound.toExponential().replace(/e([+-])(\d)$/, 'e$10$2');
  const isSmall = bound < 1e-4;
  return [...new Set([plain, ...(plain.includes('.') ? [] : [`${plain}.0`]), ...(isSmall ? [exponent] : [])])];
}

/** `label_replace` adds a label to what has none. */
export function marked(expr: string, label: string, value: string): string {
  return `label_replace(${expr}, ${quotedForPrometheus(label)}, ${quotedForPrometheus(value)}, "", "")`;
}

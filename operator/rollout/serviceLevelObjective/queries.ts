/** The queries of one pass: one about windows up to a day and the series themselves, one about longer windows. Pure. */
import { selectorText, withSuffix } from '../../lib/seriesSelector.ts';
import { burnAlerts, day, hour, type BurnAlert } from '../../lib/burnRate.ts';
import { bucketOf, marked, type Counted } from './indicator.ts';

/** Windows in seconds. */
export interface Windows {
  readonly short: readonly number[];
  readonly long: readonly number[];
}

/** Those that are shown or alerted on. */
export function windowsOf(windowDays: number, budget: number): Windows {
  const whole = windowDays * day;
  const used = burnAlerts(windowDays, budget).filter(({ is }) => is === 'used');
  const seconds = [300, hour, ...used.flatMap(pairOf), whole];
  const all = [...new Set(seconds)].sort((a, b) => a - b);
  return {
    short: all.filter((one) => one <= day && one !== whole),
    long: all.filter((one) => one > day || one === whole),
  };
}

function pairOf({ longSeconds, shortSeconds }: BurnAlert): number[] {
  return [longSeconds, shortSeconds];
}

/** `90s`, `5m`, `6h`, `3d`: the largest unit that divides it. */
export function windowText(seconds: number): string {
  const units = [
    [day, 'd'],
    [hour, 'h'],
    [60, 'm'],
  ] as const;
  const [size, unit] = units.find(([one]) => seconds % one === 0) ?? [1, 's'];
  return `${seconds / size}${unit}`;
}

/** Label of an answer that says what it is. */
export const partLabel = 'holdfast_part';
export const windowLabel = 'holdfast_window';

/** Totals and counts of these windows. */
export function countsQuery(counted: Counted, windows: readonly number[]): string {
  return windows
    .flatMap((seconds) => {
      const window = windowText(seconds);
      return [
        labelled(counted.total(window), 'total', String(seconds)),
        labelled(counted.counted(window), 'counted', String(seconds)),
      ];
    })
    .join(' or ');
}

/** The same of the long windows, and whether anything is known of the first day of the longest. */
export function longQuery(counted: Counted, windows: readonly number[], windowDays: number): string {
  const first = `last_over_time(${counted.all}[1d]${windowDays > 1 ? ` offset ${windowDays - 1}d` : ''})`;
  return [countsQuery(counted, windows), labelled(`count(${first})`, 'first', '')].join(' or ');
}

/** The same of the short windows, and what is said of the series themselves. */
export function shortQuery(counted: Counted, windows: readonly number[]): string {
  const { all, some, labels } = counted;
  const facts = [
    labelled(`count(${all})`, 'present', ''),
    labelled(`sum(resets(${all}[1h]))`, 'resets', ''),
    ...(some === undefined ? [] : [labelled(`count(${some})`, 'some', '')]),
    ...labels.map(({ label, series }) => labelled(`count(${series})`, 'label', label)),
  ];
  return [countsQuery(counted, windows), ...facts].join(' or ');
}

/** How many series have each bound. */
export function boundsQuery({ histogram }: NonNullable<Counted['bucket']>): string {
  return `count by (le) (${selectorText(withSuffix(histogram, '_bucket'))})`;
}

/** The events within these bounds; what has none is not asked. */
export function intervalQuery(
  { histogram }: NonNullable<Counted['bucket']>,
  bounds: { readonly low?: readonly string[]; readonly high?: readonly string[] },
  windowSeconds: number,
): string {
  const window = windowText(windowSeconds);
  const within = (les: readonly string[], part: string): string =>
    labelled(`sum(increase(${selectorText(bucketOf(histogram, les))}[${window}]))`, part, '');
  return [
    ...(bounds.low ? [within(bounds.low, 'low')] : []),
    ...(bounds.high ? [within(bounds.high, 'high')] : []),
  ].join(' or ');
}

function labelled(expr: string, part: string, window: string): string {
  return marked(marked(expr, partLabel, part), windowLabel, window);
}

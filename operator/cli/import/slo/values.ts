/** Percentages and time windows of others. Pure. */
import { significantText } from '../../../lib/numberText.ts';

/** As text, such as `99.9`, or a sentence. */
export function percentOf(value: unknown): { readonly percent: string } | string {
  const number = typeof value === 'number' ? value : typeof value === 'string' && value.trim() ? Number(value) : NaN;
  if (!(number > 0 && number < 100))
    return `the objective ${JSON.stringify(value)} is not between 0 and 100 percent; 100 would leave no error budget`;
  if (number <= 1)
    return `the objective ${JSON.stringify(value)} is at most 1 percent, which nearly any service meets; if a share is meant, such as 0.999, write 99.9`;
  const percent = significantText(number, 8);
  return /^[0-9]{1,2}(\.[0-9]{1,6})?$/.test(percent)
    ? { percent }
    : `the objective ${JSON.stringify(value)} has more than six decimal places; round it`;
}

/** A rolling window in whole days, from 1 to 90, or a sentence. */
export function daysOf(window: unknown): { readonly days: number } | string {
  const [, number = '', unit = ''] = /^([0-9]+)(h|d|w)$/.exec(typeof window === 'string' ? window.trim() : '') ?? [];
  const days = (Number(number) * ({ h: 1, d: 24, w: 168 }[unit] ?? NaN)) / 24;
  if (Number.isInteger(days) && days >= 1 && days <= 90) return { days };
  return `the time window ${JSON.stringify(window)} is not a rolling one of 1 to 90 full days`;
}

/** Seconds as text: `0.35` of `350ms`, or undefined. */
export function secondsOf(duration: unknown): string | undefined {
  const [, number = '', unit = ''] =
    /^([0-9]+(?:\.[0-9]+)?)(ms|s|m)$/.exec(typeof duration === 'string' ? duration : '') ?? [];
  const factor = { ms: 0.001, s: 1, m: 60 }[unit];
  return factor === undefined ? undefined : significantText(Number(number) * factor, 9);
}

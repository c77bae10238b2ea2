/**
 * When a schedule of cron starts, as instants. node-cron reads the five fields; the calendar (`cronDays.ts`) and the clock's changes are
 * ours, so that one sentence holds for every schedule: it starts when the clock of the zone first shows the time, or, when it
 * skips that, a later one. So a start in a skipped hour comes at the first instant after it, and one in a repeated hour once.
 * What programs of cron read in different ways, or otherwise than it looks, is no schedule: a window would open when nobody meant it to.
 */
import { parse, type ParsedFields } from 'node-cron';
import { daysOf, type Days } from './cronDays.ts';
import type { Zone } from './zone.ts';

const day = 86_400_000;
const minute = 60_000;
const fieldNames = ['minute', 'hour', 'day of month', 'month', 'day of week'] as const;
/** How many values a field has. */
const sizes = [60, 24, 31, 12, 7] as const;

/** The starts of a schedule. Instants are milliseconds since 1970. */
export interface Starts {
  /** The last start at or before an instant, within so many seconds of it. */
  latestBy(instant: number, withinSeconds: number): number | undefined;
  /** The first start after an instant; undefined when there is none until the year 3000. */
  nextAfter(instant: number): number | undefined;
}

/** The starts, or a sentence that says what is wrong with the schedule and what to write. */
export function startsOf(schedule: string, zone: Zone): Starts | string {
  const advice = `write five fields (${fieldNames.join(', ')}), such as \`0 2 * * 0\` for Sunday at 02:00`;
  const texts = schedule.split(' ');
  if (texts.length !== fieldNames.length) return `\`${schedule}\` is not a schedule: ${advice}`;
  const fields = texts.map(fieldAlone);
  const wrong = fields.indexOf(undefined);
  if (wrong >= 0)
    return `\`${schedule}\` is not a schedule: its ${fieldNames[wrong]} \`${texts[wrong]}\` is invalid; ${advice}`;
  const misleading = tooLongStep(texts) ?? ambiguousDays(texts);
  if (misleading !== undefined) return `\`${schedule}\` does not say when: ${misleading}`;
  const [minutes, hours, dayOfMonth, month, dayOfWeek] = fields.map((field) => field!);
  const times = hours!.hour.flatMap((h) => minutes!.minute.map((m) => (h * 60 + m) * minute)).sort((x, y) => x - y);
  const days = daysOf({
    month: month!.month,
    dayOfMonth: isAny(texts[2]) ? undefined : dayOfMonth!.dayOfMonth,
    dayOfWeek: isAny(texts[4]) ? undefined : dayOfWeek!.dayOfWeek,
  });
  return startsAt(times, days, zone);
}

/** A field with all others free: that a day comes in no month is no fault of a field, and such a schedule never starts. */
function fieldAlone(text: string, index: number): ParsedFields | undefined {
  if (text.trim() === '') return undefined;
  try {
    return parse(fieldNames.map((_, at) => (at === index ? text : '*')).join(' '));
  } catch (error) {
    if (error instanceof Error) return undefined;
    throw error;
  }
}

/** Each way to say that any will do. */
function isAny(text: string | undefined): boolean {
  return text === '*' || text === '?' || text === '*/1';
}

/** Counting begins again with every hour, day, month or year, so that `*\/90` of minutes would be each hour. */
function tooLongStep(texts: readonly string[]): string | undefined {
  for (const [index, text] of texts.entries()) {
    const most = sizes[index] ?? 0;
    const [part] = text.split(',').filter((one) => Number(one.split('/')[1] ?? 1) > most);
    if (part !== undefined)
      return `its ${fieldNames[index]} \`${part}\` has a step that is longer than the field (${most}), which leaves only its first value; list the times, in several schedules if need be`;
  }
  return undefined;
}

/** Some programs take a day that must fit both fields where one begins with `*`, others one that fits either. */
function ambiguousDays(texts: readonly string[]): string | undefined {
  const both = [texts[2] ?? '', texts[4] ?? ''];
  const starred = both.find((text) => text.startsWith('*'));
  if (starred === undefined || both.some(isAny)) return undefined;
  const [ofMonth, ofWeek] = both;
  return `some programs of cron read \`${ofMonth}\` and \`${ofWeek}\` as days that are both, others as days that are either; write \`0#1\` for the first Sunday of a month, or list the days instead of \`${starred}\`: then either will do`;
}

/** `times` are those of a day at which it starts, ascending. */
function startsAt(times: readonly number[], days: Days, zone: Zone): Starts {
  return {
    latestBy(instant, withinSeconds) {
      const shown = zone.latestShownBy(instant);
      const today = Math.floor(shown / day);
      // A day more than the real time that may have passed: that many days a clock may skip.
      const first = today - Math.ceil((withinSeconds * 1000) / day) - 1;
      for (let at = today; at >= first; at -= 1) {
        const time = days.includes(at) ? times[countUpTo(times, shown - at * day) - 1] : undefined;
        if (time !== undefined) return zone.firstShowing(at * day + time);
      }
      return undefined;
    },
    nextAfter(instant) {
      const shown = zone.latestShownBy(instant);
      const today = Math.floor(shown / day);
      const later = days.includes(today) ? times[countUpTo(times, shown - today * day)] : undefined;
      if (later !== undefined) return zone.firstShowing(today * day + later);
      const next = days.nextAfter(today);
      return next === undefined ? undefined : zone.firstShowing(next * day + (times[0] ?? 0));
    },
  };
}

/** How many of the ascending times are not after `limit`. */
function countUpTo(times: readonly number[], limit: number): number {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] ?? 0) <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * When a schedule of cron starts, as instants. Croner reads the five fields and knows the calendar; the clock's changes are
 * ours, so that one sentence holds for every schedule: it starts when the clock of the zone first shows the time, or, when it
 * skips that, a later one. So a start in a skipped hour comes at the first instant after it, and one in a repeated hour once.
 */
import { Cron, CronPattern } from 'croner';
import type { Zone } from './zone.ts';

const day = 86_400_000;
const minute = 60_000;
const mostDaysKept = 2000;
const fieldNames = ['minute', 'hour', 'day of month', 'month', 'day of week'] as const;

/** The starts of a schedule. Instants are milliseconds since 1970. */
export interface Starts {
  /** The last start at or before an instant, within so many seconds of it. */
  latestBy(instant: number, withinSeconds: number): number | undefined;
  /** The first start after an instant; undefined when there is none until the year 3000. */
  nextAfter(instant: number): number | undefined;
}

/** The starts, or a sentence that says what is wrong with the schedule and what to write. */
export function startsOf(schedule: string, zone: Zone): Starts | string {
  const fields = schedule.split(' ');
  const wrong = whatIsWrong(schedule, fields);
  if (wrong) return wrong;
  const { hour, minute: minutes } = new CronPattern(schedule, undefined, { mode: '5-part' });
  const times = hour.flatMap((isOn, h) =>
    isOn ? minutes.flatMap((is, m) => (is ? [(h * 60 + m) * minute] : [])) : [],
  );
  return startsAt(times, daysOf(['0', '0', ...fields.slice(2)].join(' ')), zone);
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

/** The days of a schedule, as days since 1970 of any calendar: which clock they are on is not asked here. */
interface Days {
  includes(index: number): boolean;
  nextAfter(index: number): number | undefined;
}

function daysOf(schedule: string): Days {
  const cron = new Cron(schedule, { utcOffset: 0, mode: '5-part' });
  const known = new Map<number, boolean>();
  return {
    includes(index) {
      const answer = known.get(index);
      if (answer !== undefined) return answer;
      if (known.size >= mostDaysKept) known.clear();
      const matches = cron.match(new Date(index * day));
      known.set(index, matches);
      return matches;
    },
    nextAfter(index) {
      const next = cron.nextRun(new Date(index * day));
      return next ? Math.floor(next.getTime() / day) : undefined;
    },
  };
}

function whatIsWrong(schedule: string, fields: readonly string[]): string | undefined {
  const advice = `write five fields (${fieldNames.join(', ')}), such as \`0 2 * * 0\` for Sunday at 02:00`;
  if (fields.length !== fieldNames.length) return `\`${schedule}\` is not a schedule: ${advice}`;
  const index = fields.findIndex((field, at) => !reads(fieldNames.map((_, i) => (i === at ? field : '*')).join(' ')));
  if (index >= 0)
    return `\`${schedule}\` is not a schedule: its ${fieldNames[index]} \`${fields[index]}\` means nothing; ${advice}`;
  return reads(schedule) ? undefined : `\`${schedule}\` is not a schedule: ${advice}`;
}

function reads(schedule: string): boolean {
  try {
    return new CronPattern(schedule, undefined, { mode: '5-part' }).minute.some(Boolean);
  } catch (error) {
    if (error instanceof TypeError || error instanceof RangeError) return false;
    throw error;
  }
}

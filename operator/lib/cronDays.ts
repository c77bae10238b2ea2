/**
 * The days of a cron schedule. Where both the day of the month and the day of the week are restricted, either will do, as cron has it since
 * Version 7. Pure.
 */

const day = 86_400_000;
const mostDaysKept = 2000;
/** After which the Gregorian calendar repeats itself, days of the week and all. */
const cycle = 146_097;
const daysOfMonths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Each as node-cron parses it: numbers, and `L`, `L-3`, `LW`, `15W` of the month, `5L` and `0#1` of the week. */
export interface DayFields {
  readonly month: readonly number[];
  /** Undefined where any will do. */
  readonly dayOfMonth: readonly (number | string)[] | undefined;
  readonly dayOfWeek: readonly (number | string)[] | undefined;
}

/** The days of a schedule, as days since 1970 of any calendar: which clock they are on is not asked here. */
export interface Days {
  includes(index: number): boolean;
  /** Undefined when there is none, ever. */
  nextAfter(index: number): number | undefined;
}

export function daysOf(fields: DayFields): Days {
  const known = new Map<number, boolean>();
  const includes = (index: number): boolean => {
    const answer = known.get(index) ?? matches(fields, dateOf(index));
    if (known.size >= mostDaysKept) known.clear();
    known.set(index, answer);
    return answer;
  };
  return {
    includes,
    nextAfter(index) {
      for (let next = index + 1; next <= index + cycle; next += 1) if (matches(fields, dateOf(next))) return next;
      return undefined;
    },
  };
}

interface CalendarDay {
  readonly month: number;
  readonly day: number;
  /** Sunday is 0. */
  readonly weekday: number;
  /** The last day of its month. */
  readonly last: number;
}

function dateOf(index: number): CalendarDay {
  const date = new Date(index * day);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const last = month === 1 && isLeap ? 29 : (daysOfMonths[month] ?? 31);
  return { month: month + 1, day: date.getUTCDate(), weekday: date.getUTCDay(), last };
}

function matches({ month, dayOfMonth, dayOfWeek }: DayFields, date: CalendarDay): boolean {
  if (!month.includes(date.month)) return false;
  const ofMonth = dayOfMonth?.some((value) => isDayOfMonth(value, date));
  const ofWeek = dayOfWeek?.some((value) => isDayOfWeek(value, date));
  if (ofMonth === undefined && ofWeek === undefined) return true;
  return (ofMonth ?? false) || (ofWeek ?? false);
}

function isDayOfMonth(value: number | string, date: CalendarDay): boolean {
  if (typeof value === 'number') return value === date.day;
  if (value === 'L') return date.day === date.last;
  const [, before = ''] = /^L-(\d+)$/.exec(value) ?? [];
  if (before) return date.day === date.last - Number(before);
  const [, near = ''] = /^(L|\d+)W$/.exec(value) ?? [];
  if (near) return date.day === nearestWorkday(near === 'L' ? date.last : Number(near), date);
  throw new Error(`'${value}' is not a day of a month`);
}

/** Within the month. */
function nearestWorkday(wanted: number, { day: today, weekday, last }: CalendarDay): number | undefined {
  if (wanted > last) return undefined;
  const of = (((weekday + wanted - today) % 7) + 7) % 7;
  if (of === 6) return wanted > 1 ? wanted - 1 : wanted + 2;
  if (of === 0) return wanted < last ? wanted + 1 : wanted - 2;
  return wanted;
}

function isDayOfWeek(value: number | string, { day: today, weekday, last }: CalendarDay): boolean {
  if (typeof value === 'number') return value % 7 === weekday;
  const [, wanted = '', nth = ''] = /^([0-7])(?:L|#([1-5]))$/.exec(value) ?? [];
  if (!wanted) throw new Error(`'${value}' is not a day of a week`);
  if (Number(wanted) % 7 !== weekday) return false;
  return nth ? Math.ceil(today / 7) === Number(nth) : today + 7 > last;
}

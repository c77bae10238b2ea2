/**
 * Business time: the days of a zone without Saturdays, Sundays and holidays, by the clock on the wall, so that two business days from
 * Thursday 15:00 end on Monday 15:00 whatever the clock did in between. Pure.
 */
import type { Zone } from './zone.ts';

const day = 86_400_000;
/** No calendar has so many days off in a row. */
const mostDaysLooked = 4000;

export interface Calendar {
  readonly zone: Zone;
  /** Days off besides Saturday and Sunday, as `2026-12-24`. */
  readonly holidays: ReadonlySet<string>;
}

/** A time in which the clock stands still; without an end, it still does. */
export interface Pause {
  readonly from: Date;
  readonly to?: Date;
}

/**
 * The instant at which so many business days have gone by since `start`, not counting the pauses. A fraction of a day is that part of
 * 24 hours. Undefined while a pause without an end keeps it from coming.
 */
export function addBusinessDays(
  start: Date,
  days: number,
  calendar: Calendar,
  pauses: readonly Pause[] = [],
): Date | undefined {
  let left = days * day;
  for (const { from, to } of runningTimes(start, pauses)) {
    const begin = calendar.zone.latestShownBy(from);
    const end = to === undefined ? Infinity : calendar.zone.latestShownBy(to);
    const reached = advance(begin, end, left, calendar);
    if (reached.left === 0) return new Date(Math.max(from, calendar.zone.firstShowing(reached.wall)));
    left = reached.left;
  }
  return undefined;
}

/** Whether the day of a wall time is one of business. */
export function isBusinessDay(wall: number, { holidays }: Calendar): boolean {
  const date = new Date(wall);
  const weekday = date.getUTCDay();
  return weekday !== 0 && weekday !== 6 && !holidays.has(date.toISOString().slice(0, 10));
}

/** Walks from one wall time to another, or until nothing is left. */
function advance(begin: number, end: number, most: number, calendar: Calendar): { wall: number; left: number } {
  let wall = begin;
  let left = most;
  for (let looked = 0; looked < mostDaysLooked && wall < end; looked++) {
    const midnight = Math.floor(wall / day) * day + day;
    const stretch = Math.min(midnight, end) - wall;
    if (isBusinessDay(wall, calendar)) {
      if (left <= stretch) return { wall: wall + left, left: 0 };
      left -= stretch;
    }
    wall += stretch;
  }
  return { wall, left };
}

/** What is left of the time from `start` on without the pauses, in order. */
function runningTimes(start: Date, pauses: readonly Pause[]): { from: number; to?: number }[] {
  const sorted = pauses.toSorted((a, b) => a.from.getTime() - b.from.getTime());
  const running: { from: number; to?: number }[] = [];
  let from = start.getTime();
  for (const pause of sorted) {
    if (pause.from.getTime() > from) running.push({ from, to: pause.from.getTime() });
    if (!pause.to) return running;
    from = Math.max(from, pause.to.getTime());
  }
  return [...running, { from }];
}

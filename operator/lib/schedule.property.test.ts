/**
 * Random timetables around changes of the clock, against a reference that does it the slow way: it looks at the wall clock
 * minute by minute, as Intl shows it, and marks what is open.
 */
import { describe, expect, test } from '@jest/globals';
import { stateAt, timetableOf, type TimetableSpec } from './schedule.ts';
import { numbers } from '../../test/builders/seeded.ts';

const minute = 60_000;
const day = 86_400_000;
/** Minutes looked at: the longest window before, and the days that are compared. */
const warmUp = 8 * 1440;
const compared = 8 * 1440;

/** Zones, and an instant in the week that is compared. */
const scenes: readonly [string, string][] = [
  ['Europe/Vienna', '2026-03-29T01:00:00Z'],
  ['Europe/Vienna', '2026-10-25T01:00:00Z'],
  ['America/New_York', '2026-03-08T07:00:00Z'],
  ['America/New_York', '2026-11-01T06:00:00Z'],
  ['Australia/Lord_Howe', '2026-10-03T15:30:00Z'],
  ['Australia/Lord_Howe', '2026-04-04T15:00:00Z'],
  ['America/Santiago', '2026-09-06T04:00:00Z'],
  ['Africa/Casablanca', '2026-02-15T02:00:00Z'],
  ['Asia/Kolkata', '2026-03-01T00:00:00Z'],
  ['Etc/UTC', '2024-02-29T00:00:00Z'],
];

/** The wall clock of each minute from `start` on, as the time that UTC would show. */
function wallClock(zone: string, start: number): number[] {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  });
  return Array.from({ length: warmUp + compared }, (_, index) => {
    const parts = Object.fromEntries(
      format.formatToParts(start + index * minute).map(({ type, value }) => [type, Number(value)]),
    );
    const { year = 0, month = 0, day: dayOfMonth = 0, hour = 0, minute: minutes = 0 } = parts;
    return Date.UTC(year, month - 1, dayOfMonth, hour, minutes);
  });
}

interface Recurring {
  readonly schedule: string;
  readonly durationSeconds: number;
  /** Says of a wall time whether it starts then. */
  readonly matches: (wall: Date) => boolean;
}

function anyWindow(any: (below: number) => number): Recurring {
  const minutes = [any(60), any(60)].sort((a, b) => a - b);
  const firstHour = any(4);
  const hour = any(3);
  const time = [
    {
      text: `${minutes[0]} ${firstHour}`,
      is: (wall: Date) => wall.getUTCMinutes() === minutes[0] && wall.getUTCHours() === firstHour,
    },
    {
      text: `${[...new Set(minutes)].join(',')} ${firstHour}-${firstHour + hour}`,
      is: (wall: Date) =>
        minutes.includes(wall.getUTCMinutes()) &&
        wall.getUTCHours() >= firstHour &&
        wall.getUTCHours() <= firstHour + hour,
    },
    {
      text: '*/15 1-3',
      is: (wall: Date) => wall.getUTCMinutes() % 15 === 0 && wall.getUTCHours() >= 1 && wall.getUTCHours() <= 3,
    },
    { text: `${minutes[0]} *`, is: (wall: Date) => wall.getUTCMinutes() === minutes[0] },
    { text: '* 2', is: (wall: Date) => wall.getUTCHours() === 2 },
  ][any(5)] as { text: string; is: (wall: Date) => boolean };
  const weekday = any(7);
  const onDay = 1 + any(28);
  const days = [
    { text: '* * *', is: () => true },
    { text: `* * ${weekday}`, is: (wall: Date) => wall.getUTCDay() === weekday },
    { text: '* * 0#1', is: (wall: Date) => wall.getUTCDay() === 0 && wall.getUTCDate() <= 7 },
    { text: `${onDay} * ${weekday}`, is: (wall: Date) => wall.getUTCDate() === onDay || wall.getUTCDay() === weekday },
    { text: 'L * *', is: (wall: Date) => new Date(wall.getTime() + day).getUTCDate() === 1 },
    {
      text: '* 2,3,9-11 6-7',
      is: (wall: Date) => [1, 2, 8, 9, 10].includes(wall.getUTCMonth()) && [0, 6].includes(wall.getUTCDay()),
    },
  ][any(6)] as { text: string; is: (wall: Date) => boolean };
  const durationSeconds = 60 * ([1, 15, 60, 120, 480, 1440, 4 * 1440, 7 * 1440][any(8)] ?? 1);
  return { schedule: `${time.text} ${days.text}`, durationSeconds, matches: (wall) => time.is(wall) && days.is(wall) };
}

/** Which minutes are open. A time starts in the first minute at which the clock shows it or a later one. */
function openMinutes(
  walls: readonly number[],
  start: number,
  windows: readonly Recurring[],
  spec: TimetableSpec,
): boolean[] {
  const open = walls.map(() => false);
  let shown = (walls[0] ?? 0) - minute;
  for (const [index, wall] of walls.entries()) {
    for (; shown < wall; shown += minute) {
      const time = new Date(shown + minute);
      for (const { matches, durationSeconds } of windows)
        if (matches(time)) open.fill(true, index, index + durationSeconds / 60);
    }
  }
  return open.map((is, index) => {
    const instant = start + index * minute;
    if (spec.emergency && instant < Date.parse(spec.emergency.until)) return true;
    return (
      is &&
      !spec.freezes?.some(({ startTime, endTime }) => Date.parse(startTime) <= instant && instant < Date.parse(endTime))
    );
  });
}

function anySpec(
  any: (below: number) => number,
  zone: string,
  start: number,
  windows: readonly Recurring[],
): TimetableSpec {
  const within = (): number => start + (warmUp + any(compared)) * minute;
  const text = (instant: number): string => new Date(instant).toISOString();
  return {
    timeZone: zone,
    windows,
    freezes: Array.from({ length: any(4) }, () => {
      const from = within();
      return { startTime: text(from), endTime: text(from + (1 + any(2000)) * minute), reason: 'frozen' };
    }),
    ...(any(4) === 0 && { emergency: { until: text(within()), reason: 'outage' } }),
  };
}

describe.each(scenes)('%s around %s', (zone, around) => {
  const start = Date.parse(around) - warmUp * minute - 3 * day;
  const walls = wallClock(zone, start);

  test('is open, opens and closes when the slow reference says so', () => {
    const any = numbers(Date.parse(around));
    for (let round = 0; round < 25; round += 1) {
      const windows = Array.from({ length: 1 + any(3) }, () => anyWindow(any));
      const spec = anySpec(any, zone, start, windows);
      const timetable = timetableOf(spec);
      if (typeof timetable === 'string') throw new Error(timetable);
      const open = openMinutes(walls, start, windows, spec);
      for (let look = 0; look < 40; look += 1) {
        const index = warmUp + any(compared);
        const change = open.indexOf(!open[index], index);
        const until = open[index] || change < 0 ? change : open.indexOf(false, change);
        const state = stateAt(timetable, new Date(start + index * minute + any(60) * 1000));
        const told = {
          open: state.open,
          ...(change >= 0 && {
            [state.open ? 'closes' : 'opens']: (state.open ? state.closesAt : state.opensAt)?.toISOString(),
          }),
          ...(!state.open && until >= 0 && { closes: state.closesAt?.toISOString() }),
        };
        const expected = {
          open: open[index],
          ...(change >= 0 && { [open[index] ? 'closes' : 'opens']: new Date(start + change * minute).toISOString() }),
          ...(!open[index] && until >= 0 && { closes: new Date(start + until * minute).toISOString() }),
        };
        const seen = {
          schedule: windows.map((one) => `${one.schedule} for ${one.durationSeconds}`),
          at: new Date(start + index * minute).toISOString(),
          spec,
        };
        expect({ ...told, seen }).toEqual({ ...expected, seen });
      }
    }
  });
});

/**
 * Whether a timetable of recurring windows, freezes and an emergency is open at an instant, and when that changes. Pure.
 *
 * A window is open from its start, by the clock of the zone, for so many seconds of real time; windows that overlap or touch
 * are one opening. A freeze closes it, and splits an opening in two; an emergency opens it in spite of both. Every instant is
 * open from its beginning and closed from its end. Work is bounded: an opening is followed for 32 days, no longer.
 */
import { startsOf, type Starts } from './cron.ts';
import { zoneNamed, type Zone } from './zone.ts';

/** Openings that go on for longer have no end in sight. */
const horizon = 32 * 86_400_000;

/** What people declare. */
export interface TimetableSpec {
  readonly timeZone?: string;
  readonly windows: readonly { readonly schedule: string; readonly durationSeconds: number }[];
  readonly freezes?: readonly { readonly startTime: string; readonly endTime: string; readonly reason: string }[];
  readonly emergency?: { readonly until: string; readonly reason: string };
}

/** A declaration that was read and holds. */
export interface Timetable {
  readonly zone: Zone;
  readonly windows: readonly { readonly starts: Starts; readonly seconds: number }[];
  readonly freezes: readonly Period[];
  readonly emergency?: { readonly until: number; readonly reason: string };
}

interface Period {
  readonly start: number;
  readonly end: number;
  readonly reason: string;
}

export interface Why {
  /** `never`: closed, and there is no further opening. */
  readonly kind: 'window' | 'freeze' | 'emergency' | 'never';
  /** As declared, of a freeze or an emergency. */
  readonly reason?: string;
  /** When the freeze or the emergency ends. */
  readonly until?: Date;
}

export interface WindowState {
  readonly open: boolean;
  /** When it opens next; only while closed. */
  readonly opensAt?: Date;
  /** When the opening ends: this one while open, the next while closed. Absent when no end is in sight. */
  readonly closesAt?: Date;
  readonly why: Why;
  /** When the answer may be another; absent when it stays. */
  readonly changesAt?: Date;
}

/** The timetable, or a sentence that names the field at fault and says what to write. */
export function timetableOf(spec: TimetableSpec): Timetable | string {
  const name = spec.timeZone ?? 'Etc/UTC';
  const zone = zoneNamed(name);
  if (!zone)
    return `spec.timeZone: there is no zone \`${name}\`; use one of the IANA database, such as \`Europe/Vienna\``;
  const windows: { starts: Starts; seconds: number }[] = [];
  for (const [index, { schedule, durationSeconds }] of spec.windows.entries()) {
    const starts = startsOf(schedule, zone);
    if (typeof starts === 'string') return `spec.windows[${index}].schedule: ${starts}`;
    windows.push({ starts, seconds: durationSeconds });
  }
  const freezes = (spec.freezes ?? []).map(({ startTime, endTime, reason }): Period => ({
    start: Date.parse(startTime),
    end: Date.parse(endTime),
    reason,
  }));
  const broken = freezes.findIndex(({ start, end }) => !(start < end));
  if (broken >= 0)
    return `spec.freezes[${broken}]: set an \`endTime\` after its \`startTime\`, such as 2026-12-24T00:00:00Z`;
  const until = spec.emergency && Date.parse(spec.emergency.until);
  if (Number.isNaN(until)) return 'spec.emergency.until: set a time such as 2026-12-24T00:00:00Z';
  return {
    zone,
    windows,
    freezes,
    ...(spec.emergency && { emergency: { ...spec.emergency, until: until as number } }),
  };
}

export function stateAt(timetable: Timetable, now: Date): WindowState {
  const at = now.getTime();
  const { emergency, freezes } = timetable;
  if (emergency && at < emergency.until) {
    const then = isOpen(timetable, emergency.until);
    return {
      open: true,
      why: { kind: 'emergency', reason: emergency.reason, until: new Date(emergency.until) },
      closesAt: date(then ? closingFrom(timetable, emergency.until) : emergency.until),
      changesAt: new Date(emergency.until),
    };
  }
  if (isOpen(timetable, at)) {
    const closes = closingFrom(timetable, at);
    return { open: true, why: { kind: 'window' }, closesAt: date(closes), changesAt: date(closes ?? at + horizon / 2) };
  }
  const opens = openingFrom(timetable, at);
  const freeze = freezeAt(timetable, at);
  return {
    open: false,
    why: freeze
      ? { kind: 'freeze', reason: freeze.reason, until: new Date(freeze.end) }
      : { kind: opens === undefined ? 'never' : 'window' },
    opensAt: date(opens),
    closesAt: date(opens === undefined ? undefined : closingFrom(timetable, opens)),
    changesAt: date(
      earliest(
        [opens, ...freezes.flatMap(({ start, end }) => [start, end])].filter((time) => time !== undefined && time > at),
      ),
    ),
  };
}

function isOpen(timetable: Timetable, at: number): boolean {
  return reachFrom(timetable, at) > at && !freezeAt(timetable, at);
}

/** When the last of the windows ends that have started by then: after `at` when one is open. */
function reachFrom({ windows }: Timetable, at: number): number {
  return windows.reduce((reach, { starts, seconds }) => {
    const start = starts.latestBy(at, seconds);
    return start === undefined ? reach : Math.max(reach, start + seconds * 1000);
  }, -Infinity);
}

/** The end of what is open at an instant. */
function closingFrom(timetable: Timetable, at: number): number | undefined {
  const freeze = earliest(timetable.freezes.map(({ start }) => start).filter((start) => start > at));
  const limit = Math.min(freeze ?? Infinity, at + horizon);
  let end = reachFrom(timetable, at);
  while (end < limit) {
    const further = reachFrom(timetable, end);
    if (further <= end) return end;
    end = further;
  }
  return freeze === limit ? freeze : undefined;
}

/** The first instant from `at` on that is in a window and in no freeze. Each freeze is passed once at most. */
function openingFrom(timetable: Timetable, at: number): number | undefined {
  const start =
    reachFrom(timetable, at) > at ? at : earliest(timetable.windows.map(({ starts }) => starts.nextAfter(at)));
  if (start === undefined) return undefined;
  const freeze = freezeAt(timetable, start);
  return freeze ? openingFrom(timetable, freeze.end) : start;
}

/** Of the freezes at an instant, the one that lasts longest. */
function freezeAt({ freezes }: Timetable, at: number): Period | undefined {
  return freezes
    .filter(({ start, end }) => start <= at && at < end)
    .reduce<Period | undefined>((longest, one) => (longest && longest.end >= one.end ? longest : one), undefined);
}

function earliest(times: readonly (number | undefined)[]): number | undefined {
  const known = times.filter((time) => time !== undefined);
  return known.length ? Math.min(...known) : undefined;
}

function date(time: number | undefined): Date | undefined {
  return time === undefined ? undefined : new Date(time);
}

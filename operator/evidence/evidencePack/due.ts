/** Which period the next pack has, and from when on it can be made. Pure. */
import type { EvidencePack } from '../../api/v1alpha1/evidencePack.ts';
import { startsOf, type Starts } from '../../lib/cron.ts';
import { zoneNamed } from '../../lib/zone.ts';
import type { Period } from '../sections/section.ts';

export const defaultSchedule = '0 2 * * *';

/** So far back is looked for a run that was missed: whatever came before is part of the same period. */
const horizonSeconds = 400 * 86_400;

/** What was declared, read. */
export type Calendar =
  | { readonly is: 'recurring'; readonly cron: string; readonly timeZone: string; readonly starts: Starts }
  | { readonly is: 'once'; readonly period: Period };

/** The calendar, or a sentence that says what is wrong. */
export function calendarOf({ spec }: Pick<EvidencePack, 'spec'>): Calendar | string {
  if (spec.period) {
    const period = { start: new Date(spec.period.startTime), end: new Date(spec.period.endTime) };
    return period.start < period.end ? { is: 'once', period } : 'spec.period: `endTime` must be after `startTime`';
  }
  const timeZone = spec.timeZone ?? 'Etc/UTC';
  const zone = zoneNamed(timeZone);
  if (!zone)
    return `spec.timeZone: there is no zone \`${timeZone}\`; use one of the IANA database, such as \`Europe/Vienna\``;
  const cron = spec.schedule ?? defaultSchedule;
  const starts = startsOf(cron, zone);
  if (typeof starts === 'string') return `spec.schedule: ${starts}`;
  if (starts.nextAfter(0) === undefined)
    return `spec.schedule: \`${cron}\` names a day that never comes; write one such as \`${defaultSchedule}\``;
  return { is: 'recurring', cron, timeZone, starts };
}

export interface Due {
  /** The period of a pack that can be made now. */
  readonly period?: Period;
  /** Runs before the last one that were missed; the period contains them. */
  readonly missed: number;
  /** When the next one can be made. */
  readonly next?: Date;
}

/** `covered` is the end of the last pack's period, `created` when the EvidencePack was. */
export function dueAt(calendar: Calendar, covered: Date | undefined, created: Date, now: Date): Due {
  if (calendar.is === 'once') {
    const { period } = calendar;
    if (covered && covered >= period.end) return { missed: 0 };
    return now >= period.end ? { period, missed: 0 } : { missed: 0, next: period.end };
  }
  const { starts } = calendar;
  const since = covered ?? created;
  const nextTime = starts.nextAfter(Math.max(now.getTime(), since.getTime()));
  const next = nextTime === undefined ? {} : { next: new Date(nextTime) };
  const last = starts.latestBy(now.getTime(), horizonSeconds);
  if (last === undefined || last <= since.getTime()) return { missed: 0, ...next };
  const start = covered ?? new Date(runBefore(starts, starts.nextAfter(since.getTime()) ?? last));
  return { period: { start, end: new Date(last) }, missed: missedRuns(starts, since, last), ...next };
}

/** The first pack has the time since the run that would have been before it, so that a night is a night. */
function runBefore(starts: Starts, run: number): number {
  return starts.latestBy(run - 1, horizonSeconds) ?? run - 86_400_000;
}

/** Counted no further than is worth saying. */
const mostMissed = 1000;

function missedRuns(starts: Starts, since: Date, last: number): number {
  let missed = 0;
  for (let at = starts.nextAfter(since.getTime()); at !== undefined && at < last && missed < mostMissed; missed += 1)
    at = starts.nextAfter(at);
  return missed;
}

/** Runs that are looked at for the longest pause: two months of a nightly schedule, whose clock may change. */
const runsLookedAt = 60;

/** The longest time between two of the next runs, in seconds. */
export function longestPause(starts: Starts, now: Date): number {
  let longest = 0;
  let at = starts.nextAfter(now.getTime());
  for (let runs = 0; at !== undefined && runs < runsLookedAt; runs += 1) {
    const next = starts.nextAfter(at);
    if (next !== undefined) longest = Math.max(longest, next - at);
    at = next;
  }
  return Math.round(longest / 1000);
}

/** After a failure, or several in a row. */
export function pauseSeconds(attempts: number): number {
  return Math.min(3600, 15 * 2 ** Math.min(attempts, 10));
}

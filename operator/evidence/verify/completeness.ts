/** What was promised: each section, and a pack for each run of the schedule. Pure. */
import { startsOf } from '../../lib/cron.ts';
import { counted, listed } from '../../lib/text.ts';
import { zoneNamed } from '../../lib/zone.ts';
import type { PackPredicate } from '../statement/types.ts';
import type { ReadPack } from './packs.ts';
import { shown, type Findings } from './verdict.ts';

/** Starts of a schedule between two packs, counted so far. */
const MOST_STARTS = 100;

export interface Wanted {
  /** Evidence from then on, and until then. */
  readonly start?: Date;
  readonly end?: Date;
}

export function checkCompleteness(packs: readonly ReadPack[], { start, end }: Wanted, findings: Findings): void {
  for (const { where, number, predicate } of packs) checkSections(where, number, predicate, findings);
  for (const [index, { where, predicate }] of packs.entries()) {
    const before = packs[index - 1];
    if (!before || before.number !== (predicate.previous?.sequence ?? 0)) continue;
    checkRuns(where, before.predicate, predicate, findings);
  }
  const [first, last] = [packs[0], packs.at(-1)];
  if (first && start && Date.parse(first.predicate.period.start) > start.getTime())
    findings.partial('Completeness', first.where, `nothing covers the time before ${first.predicate.period.start}`);
  if (last && end && Date.parse(last.predicate.period.end) < end.getTime())
    findings.partial('Completeness', last.where, `nothing covers the time after ${last.predicate.period.end}`);
}

function checkSections(
  where: string,
  number: number,
  { completeness, files }: PackPredicate,
  findings: Findings,
): void {
  const { expected, missing, complete } = completeness;
  const absent = expected.filter(
    (section) => !files.some((file) => file.section === section && file.status !== 'failed'),
  );
  const partial = files.filter(({ status }) => status !== 'complete');
  if (complete && (absent.length > 0 || partial.length > 0 || missing.length > 0))
    return findings.refuse('Completeness', where, 'it says that it is complete, and lists what is missing');
  if (complete) return;
  const what = [
    ...absent.map((section) => `section ${section}`),
    ...partial.map(({ section }) => `parts of section ${section}`),
    ...missing.map((one) => `${shown(one.what, 60)} (${shown(one.reason, 100)})`),
  ];
  findings.partial('Completeness', where, `pack ${number} is partial: it lacks ${listed([...new Set(what)], 3)}`);
}

/** Each start of the schedule between two packs is a run that was missed, even where the later pack covers its time. */
function checkRuns(
  where: string,
  before: PackPredicate,
  { schedule, period, time }: PackPredicate,
  findings: Findings,
): void {
  if (Date.parse(period.start) > Date.parse(before.period.end))
    findings.partial('Completeness', where, `nothing covers the time from ${before.period.end} to ${period.start}`);
  if (!schedule) return;
  const zone = zoneNamed(schedule.timeZone);
  const starts = zone && startsOf(schedule.cron, zone);
  if (starts === undefined || typeof starts === 'string')
    return findings.partial(
      'Completeness',
      where,
      `its schedule ${shown(schedule.cron)} cannot be read, so missed runs are not known`,
    );
  const missed: string[] = [];
  let start = starts.nextAfter(Date.parse(before.time));
  let next = start === undefined ? undefined : starts.nextAfter(start);
  // The last start before this pack is the run that it is of.
  while (start !== undefined && next !== undefined && next <= Date.parse(time) && missed.length < MOST_STARTS) {
    missed.push(new Date(start).toISOString().slice(0, 16));
    [start, next] = [next, starts.nextAfter(next)];
  }
  if (missed.length > 0) {
    const made = Date.parse(period.start) <= Date.parse(before.period.end) ? '; this pack covers their time' : '';
    findings.partial(
      'Completeness',
      where,
      `${counted(missed.length, 'run')} before it ${missed.length === 1 ? 'was' : 'were'} missed: ${listed(missed)}${made}`,
    );
  }
}

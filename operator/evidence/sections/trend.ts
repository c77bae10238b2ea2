/**
 * What changed day by day, counted from the journal: it does not depend on any object that is still there. Days are those of UTC. Pure.
 */
import type { Severity } from '../../api/v1alpha1/shared.ts';
import { severities } from '../../findings/severity.ts';
import type { JournalEntry } from '../journal/entry.ts';
import { recordsOf } from './facts.ts';
import type { Period } from './section.ts';

const day = 86_400_000;
/** A period has fewer. */
const mostDays = 3700;

interface Day {
  opened: Record<Severity, number>;
  closed: number;
  waived: number;
  unwaived: number;
  runsStarted: number;
  runsCompleted: number;
  runsSucceeded: number;
}

/** Counts entries. Gives one item a day of the period, those without an entry too: nothing happened then, as far as the journal says. */
export function trendOf({ start, end }: Period): { add(entry: JournalEntry): void; days(): Iterable<object> } {
  const days = new Map<string, Day>();
  const first = Math.floor(start.getTime() / day) * day;
  for (let at = first; at < end.getTime() && days.size < mostDays; at += day)
    days.set(new Date(at).toISOString().slice(0, 10), quiet());
  return {
    add(entry) {
      const name = entry.time.slice(0, 10);
      const known = days.get(name) ?? quiet();
      days.set(name, known);
      count(known, entry);
    },
    *days() {
      for (const [name, counts] of [...days].sort(([a], [b]) => (a < b ? -1 : 1))) yield { day: name, ...counts };
    },
  };
}

function quiet(): Day {
  const opened = Object.fromEntries(severities.map((severity) => [severity, 0])) as Record<Severity, number>;
  return { opened, closed: 0, waived: 0, unwaived: 0, runsStarted: 0, runsCompleted: 0, runsSucceeded: 0 };
}

function count(known: Day, { event, finding, facts }: JournalEntry): void {
  switch (event) {
    case 'FindingOpened':
      // What is not known, or does not apply, is no drift.
      if (finding?.result === 'Fail') known.opened[finding.severity]++;
      return;
    case 'FindingClosed':
      if (finding?.result === 'Fail') known.closed++;
      return;
    case 'FindingWaived':
      known.waived++;
      return;
    case 'FindingUnwaived':
      known.unwaived++;
      return;
    case 'RunStarted':
      known.runsStarted++;
      return;
    case 'RunCompleted':
      known.runsCompleted++;
      if (hasSucceeded(recordsOf(facts?.['hosts']))) known.runsSucceeded++;
      return;
    default:
  }
}

/** On every host; a run that says nothing of its hosts has not. */
function hasSucceeded(hosts: readonly Readonly<Record<string, unknown>>[]): boolean {
  return hosts.length > 0 && hosts.every(({ outcome }) => outcome === 'Verified' || outcome === 'Completed');
}

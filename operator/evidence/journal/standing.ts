/** How a journal stands, for the status of its EvidenceStore and for metrics. Pure. */
import { duration } from '../../lib/text.ts';
import type { DomainCondition, Plan } from '../../runtime/feature.ts';
import type { EvidenceStore } from '../../api/v1alpha1/evidenceStore.ts';

export interface JournalStanding {
  /** Whether it is known what the store has: until then nothing is numbered, and nothing is stored. */
  readonly isRead: boolean;
  /** Segment that was stored last, and the sequence of its last entry. */
  readonly stored: { readonly segment: number; readonly sequence: number };
  /** Sequence of the last entry that was recorded; of those that cannot be numbered yet, none. */
  readonly sequence: number;
  readonly spooledBytes: number;
  /** When the oldest entry was recorded that is not stored. */
  readonly behindSince?: Date;
  /** Why the last attempt to store failed. */
  readonly problem?: { readonly reason: string; readonly message: string };
  readonly gap?: { readonly from: string; readonly reason: string };
  /** What of the journal is not as it was stored. */
  readonly damage?: string;
  /** Since the operator started. */
  readonly entries: number;
  readonly gaps: number;
}

/** It is behind by so many seconds at most while nothing is wrong. */
const usualSeconds = 90;

/** For a status: it says the same while nothing changes. */
export function journalCurrent(standing: JournalStanding, now: Date): DomainCondition {
  const { gap, problem, damage, behindSince } = standing;
  const seconds = behindSince ? (now.getTime() - behindSince.getTime()) / 1000 : 0;
  const why = problem ? `: ${problem.message}` : '';
  if (gap) {
    const what =
      gap.reason === 'SpoolFull'
        ? 'the directory for entries that wait is full'
        : 'the disk of the operator refuses entries';
    return {
      status: 'False',
      reason: gap.reason,
      message: `nothing is recorded since ${gap.from}, because ${what}${why}`,
      warns: true,
    };
  }
  if (behindSince && seconds > usualSeconds) {
    const message = `entries since ${behindSince.toISOString()} are not stored yet${why}`;
    return { status: 'False', reason: problem?.reason ?? 'Behind', message, warns: true };
  }
  if (!standing.isRead)
    return { status: 'Unknown', reason: problem?.reason ?? 'NotRead', message: `the store was not read yet${why}` };
  if (damage !== undefined)
    return { status: 'False', reason: 'Altered', message: `${damage}; find out who can write there`, warns: true };
  return { status: 'True', reason: 'Current', message: `entries are stored within ${duration(usualSeconds)}` };
}

/** A store that responds is read within moments. */
const unreadSeconds = 10;

/** The plan, which also says how the journal stands. */
export function withJournal(
  plan: Plan<EvidenceStore>,
  standing: JournalStanding | undefined,
  now: Date,
): Plan<EvidenceStore> {
  if (!standing) return plan;
  const conditions = { ...plan.conditions, JournalCurrent: journalCurrent(standing, now) };
  if (standing.isRead) return { ...plan, conditions };
  const recheckAfter = Math.min(unreadSeconds, plan.outcome.recheckAfter ?? unreadSeconds);
  return { ...plan, conditions, outcome: { ...plan.outcome, recheckAfter } };
}

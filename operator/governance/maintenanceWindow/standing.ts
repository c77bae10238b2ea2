/**
 * How a MaintenanceWindow stands at an instant, by its spec alone: the one judgement that its status, and everything that waits
 * for it, is made of, so that all of them change at the same instant. Pure.
 */
import { isSuspended } from '../../api/suspension.ts';
import type { MaintenanceWindow, MaintenanceWindowSpec } from '../../api/v1alpha1/maintenanceWindow.ts';
import { stateAt, timetableOf, type Timetable, type WindowState } from '../../lib/schedule.ts';
import { shortened } from '../../lib/text.ts';

export type Standing = { readonly is: 'invalid'; readonly message: string } | Judged;

/** What a valid window says. */
export interface Judged {
  readonly is: 'judged';
  readonly open: boolean;
  readonly reason: 'WindowOpen' | 'WindowClosed' | 'Frozen' | 'Emergency' | 'Suspended' | 'NeverOpens';
  /** `opens Sun 2026-11-29 02:00 Etc/UTC`, with why it is not open when that is not the schedule. The same until it changes. */
  readonly words: string;
  readonly opensAt?: Date;
  readonly closesAt?: Date;
  /** When to judge anew; absent when only people can change it. */
  readonly changesAt?: Date;
  /** `Sun 2026-11-29 02:00 Etc/UTC` */
  readonly inWords: (instant: Date) => string;
}

const mostOfReason = 200;

export function standingOf({ spec }: MaintenanceWindow, now: Date): Standing {
  const timetable = timetableOf(spec);
  if (typeof timetable === 'string') return { is: 'invalid', message: timetable };
  const inWords = (instant: Date): string => timetable.zone.inWords(instant.getTime());
  return isSuspended(spec.suspend, now)
    ? suspended(spec.suspend, timetable, inWords)
    : scheduled(spec, stateAt(timetable, now), inWords);
}

function scheduled(spec: MaintenanceWindowSpec, state: WindowState, inWords: Judged['inWords']): Judged {
  const { open, opensAt, closesAt, changesAt, why } = state;
  const judged = { is: 'judged', open, opensAt, closesAt, changesAt, inWords } as const;
  const reason = shortened(why.reason ?? '', mostOfReason);
  if (open) {
    const until = closesAt ? `until ${inWords(closesAt)}` : 'with no end within a month';
    if (why.kind !== 'emergency') return { ...judged, reason: 'WindowOpen', words: `open ${until}` };
    const ticket = spec.emergency?.ticket ? ` (${shortened(spec.emergency.ticket, 100)})` : '';
    return { ...judged, reason: 'Emergency', words: `open ${until} in an emergency: ${reason}${ticket}` };
  }
  const opens = opensAt ? `opens ${inWords(opensAt)}` : 'never opens';
  if (why.kind === 'freeze' && why.until)
    return { ...judged, reason: 'Frozen', words: `${opens}, frozen until ${inWords(why.until)}: ${reason}` };
  return { ...judged, reason: opensAt ? 'WindowClosed' : 'NeverOpens', words: opens };
}

/** A suspension closes it whatever else is declared, an emergency included. */
function suspended(
  suspend: MaintenanceWindowSpec['suspend'],
  timetable: Timetable,
  inWords: Judged['inWords'],
): Judged {
  const judged = { is: 'judged', open: false, reason: 'Suspended', inWords } as const;
  const why = shortened(suspend?.reason ?? '', mostOfReason);
  if (!suspend?.until) return { ...judged, words: `suspended until spec.suspend is removed: ${why}` };
  const end = new Date(suspend.until);
  const then = stateAt(timetable, end);
  const opensAt = then.open ? end : then.opensAt;
  return {
    ...judged,
    opensAt,
    closesAt: then.closesAt,
    changesAt: end,
    words: `${opensAt ? `opens ${inWords(opensAt)}` : 'never opens'}, suspended until ${inWords(end)}: ${why}`,
  };
}

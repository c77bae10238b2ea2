/**
 * How a MaintenanceWindow stands at an instant, by its spec alone: the one answer that its status, and everything that waits
 * for it, is made of, so that all of them change at the same instant. Pure.
 */
import { isSuspended } from '../../api/suspension.ts';
import type { MaintenanceWindow, MaintenanceWindowSpec } from '../../api/v1alpha1/maintenanceWindow.ts';
import { stateAt, timetableOf, type Timetable, type WindowState } from '../../lib/schedule.ts';
import { shortened } from '../../lib/text.ts';

export type Openness = { readonly is: 'invalid'; readonly message: string } | KnownOpenness;

/** What a valid window says. */
export interface KnownOpenness {
  readonly is: 'known';
  readonly open: boolean;
  readonly reason: 'WindowOpen' | 'WindowClosed' | 'Frozen' | 'Emergency' | 'Suspended' | 'NeverOpens';
  /** `opens Sun 2026-11-29 02:00 Etc/UTC`, with why it is not open when that is not the schedule. The same until it changes. */
  readonly words: string;
  readonly opensAt?: Date;
  readonly closesAt?: Date;
  /** When to evaluate it again; absent when only people can change it. */
  readonly changesAt?: Date;
  /** `Sun 2026-11-29 02:00 Etc/UTC` */
  readonly inWords: (instant: Date) => string;
}

const mostOfReason = 200;

export function opennessOf({ spec }: MaintenanceWindow, now: Date): Openness {
  const timetable = timetableOf(spec);
  if (typeof timetable === 'string') return { is: 'invalid', message: timetable };
  const inWords = (instant: Date): string => timetable.zone.inWords(instant.getTime());
  return isSuspended(spec.suspend, now)
    ? suspended(spec.suspend, timetable, inWords)
    : scheduled(spec, stateAt(timetable, now), inWords);
}

function scheduled(spec: MaintenanceWindowSpec, state: WindowState, inWords: KnownOpenness['inWords']): KnownOpenness {
  const { open, opensAt, closesAt, changesAt, why } = state;
  const known = { is: 'known', open, opensAt, closesAt, changesAt, inWords } as const;
  const reason = shortened(why.reason ?? '', mostOfReason);
  if (open) {
    const until = closesAt ? `until ${inWords(closesAt)}` : 'with no end within a month';
    if (why.kind !== 'emergency') return { ...known, reason: 'WindowOpen', words: `open ${until}` };
    const ticket = spec.emergency?.ticket ? ` (${shortened(spec.emergency.ticket, 100)})` : '';
    return { ...known, reason: 'Emergency', words: `open ${until} in an emergency: ${reason}${ticket}` };
  }
  const opens = opensAt ? `opens ${inWords(opensAt)}` : 'never opens';
  if (why.kind === 'freeze' && why.until)
    return { ...known, reason: 'Frozen', words: `${opens}, frozen until ${inWords(why.until)}: ${reason}` };
  return { ...known, reason: opensAt ? 'WindowClosed' : 'NeverOpens', words: opens };
}

/** A suspension closes it whatever else is declared, an emergency included. */
function suspended(
  suspend: MaintenanceWindowSpec['suspend'],
  timetable: Timetable,
  inWords: KnownOpenness['inWords'],
): KnownOpenness {
  const known = { is: 'known', open: false, reason: 'Suspended', inWords } as const;
  const why = shortened(suspend?.reason ?? '', mostOfReason);
  if (!suspend?.until) return { ...known, words: `suspended until spec.suspend is removed: ${why}` };
  const end = new Date(suspend.until);
  const then = stateAt(timetable, end);
  const opensAt = then.open ? end : then.opensAt;
  return {
    ...known,
    opensAt,
    closesAt: then.closesAt,
    changesAt: end,
    words: `${opensAt ? `opens ${inWords(opensAt)}` : 'never opens'}, suspended until ${inWords(end)}: ${why}`,
  };
}

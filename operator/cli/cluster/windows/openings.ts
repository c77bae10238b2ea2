/** The next openings of a window, one after the other, by the calendar that the operator goes by. Pure. */
import { isSuspended } from '../../../api/suspension.ts';
import type { MaintenanceWindow } from '../../../api/v1alpha1/maintenanceWindow.ts';
import { stateAt, timetableOf } from '../../../lib/schedule.ts';

export interface Opening {
  /** Now, of one that is open. */
  readonly opens: Date;
  /** Undefined when no end is in sight. */
  readonly closes?: Date;
}

/** None of a window that is invalid, or suspended without an end. */
export function openingsOf({ spec }: MaintenanceWindow, now: Date, count: number): Opening[] {
  const timetable = timetableOf(spec);
  if (typeof timetable === 'string') return [];
  const { suspend } = spec;
  const isClosed = isSuspended(suspend, now);
  if (isClosed && suspend?.until === undefined) return [];
  const openings: Opening[] = [];
  let at = isClosed ? new Date(suspend!.until!) : now;
  while (openings.length < count) {
    const { open, opensAt, closesAt } = stateAt(timetable, at);
    const opens = open ? at : opensAt;
    if (!opens) break;
    openings.push({ opens, ...(closesAt && { closes: closesAt }) });
    if (!closesAt || closesAt.getTime() <= at.getTime()) break;
    at = closesAt;
  }
  return openings;
}

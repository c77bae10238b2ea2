/**
 * The clock of a request: two business days from when it was first seen, which stands still while an approver waits for information. It
 * stops when the request is decided. Pure.
 */
import type { PolicyWaiverStatus, WaiverDecision } from '../../api/v1alpha1/policyWaiver.ts';
import type { RequestPause } from '../../api/v1alpha1/waiverRecords.ts';
import { addBusinessDays } from '../../lib/businessTime.ts';
import { timestamp } from '../../lib/timestamp.ts';
import { calendarOf } from './source.ts';
import type { Heard } from './counted.ts';
import { withPause } from './version.ts';

const decisionDays = 2;

export interface Clock extends Pick<PolicyWaiverStatus, 'decisionDueTime' | 'informationRequestedTime' | 'pauses'> {
  /** Whether it was to be decided before now. */
  readonly isPast: boolean;
}

export function clockOf({ waiver, version, counted, now }: Heard, said: WaiverDecision): Clock {
  const asks = said === 'InfoRequested';
  const asked = asks ? (version.askedTime ?? counted.question?.metadata.creationTimestamp) : undefined;
  const isWithdrawn = !asks && version.askedTime !== undefined;
  const pauses = isWithdrawn ? withPause(version.pauses, version.askedTime, now) : version.pauses;
  const due = said === 'Approved' || said === 'Rejected' ? keptDue() : dueTime();
  return {
    isPast: due !== undefined && now.getTime() >= Date.parse(due),
    ...(due !== undefined && { decisionDueTime: due }),
    ...(asked !== undefined && { informationRequestedTime: asked }),
    ...(pauses.length && { pauses: [...pauses] }),
  };

  function keptDue(): string | undefined {
    return version.isSame ? waiver.status?.decisionDueTime : undefined;
  }

  /** Undefined while information is awaited. */
  function dueTime(): string | undefined {
    if (!version.requestTime) return undefined;
    const open = asked === undefined ? [] : [{ from: new Date(asked) }];
    const stops = [...pauses.map(stopOf), ...open];
    const calendar = calendarOf(counted.scope.rules);
    const due = addBusinessDays(new Date(version.requestTime), decisionDays, calendar, stops);
    return due && timestamp(due);
  }
}

function stopOf({ startTime, endTime }: RequestPause): { from: Date; to: Date } {
  return { from: new Date(startTime), to: new Date(endTime) };
}

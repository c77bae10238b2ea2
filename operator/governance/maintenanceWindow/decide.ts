/** What a MaintenanceWindow tells of itself: whether it is open, when that changes, and which emergencies there were. Pure. */
import { isSuspended } from '../../api/suspension.ts';
import type { EmergencyRecord, MaintenanceWindow } from '../../api/v1alpha1/maintenanceWindow.ts';
import type { DomainConditions, Note, Plan } from '../../runtime/feature.ts';
import { secondsUntil } from '../../lib/recheck.ts';
import { timestamp } from '../../lib/timestamp.ts';
import { standingOf, type Judged } from './standing.ts';

const mostEmergencies = 10;

export function decideWindow(window: MaintenanceWindow, now: Date): Plan<MaintenanceWindow> {
  const standing = standingOf(window, now);
  const before = window.status?.emergencies ?? [];
  if (standing.is === 'invalid') {
    const { message } = standing;
    return {
      outcome: { is: 'stalled', reason: 'InvalidSchedule', message },
      conditions: {
        Open: { status: 'False', reason: 'InvalidSchedule', message: `closed, since it cannot be read: ${message}` },
      },
      status: { summary: 'invalid: closed', ...(before.length && { emergencies: before }) },
      actions: [],
    };
  }
  const { opensAt, closesAt, changesAt, words } = standing;
  const isNew = standing.reason === 'Emergency' && !isRecorded(window, before);
  const emergencies = isNew ? [...before, recordOf(window, now)].slice(-mostEmergencies) : before;
  return {
    outcome: {
      is: 'ready',
      reason: 'Scheduled',
      message: 'its schedule is read; see condition Open',
      ...(changesAt && { recheckAfter: secondsUntil(changesAt, now) }),
    },
    conditions: { Open: openCondition(standing), ...suspendedCondition(window, now) },
    status: {
      ...(opensAt && { nextOpenTime: timestamp(opensAt) }),
      ...(closesAt && { nextCloseTime: timestamp(closesAt) }),
      summary: words,
      ...(emergencies.length && { emergencies }),
    },
    actions: [],
    ...(isNew && { notes: [emergencyNote(window, standing)] }),
  };
}

function openCondition({ open, reason, words }: Judged): DomainConditions[string] {
  if (reason !== 'NeverOpens') return { status: open ? 'True' : 'False', reason, message: words };
  const message =
    'no window ever opens again: its schedules name days that do not come, or a freeze has no end; see spec';
  return { status: 'False', reason, message, warns: true };
}

function suspendedCondition({ spec: { suspend } }: MaintenanceWindow, now: Date): DomainConditions {
  if (!suspend || !isSuspended(suspend, now)) return {};
  const until = suspend.until === undefined ? 'until spec.suspend is removed' : `until ${suspend.until}`;
  return { Suspended: { status: 'True', reason: 'Suspended', message: `${suspend.reason} (${until})` } };
}

/** An emergency is known by what was declared: prolonging it is another. */
function isRecorded({ spec }: MaintenanceWindow, records: readonly EmergencyRecord[]): boolean {
  const { reason, until, ticket } = spec.emergency ?? {};
  return records.some((one) => one.reason === reason && one.until === until && one.ticket === ticket);
}

function recordOf({ spec }: MaintenanceWindow, now: Date): EmergencyRecord {
  const { reason = '', until = '', ticket } = spec.emergency ?? {};
  return { reason, ...(ticket !== undefined && { ticket }), startTime: timestamp(now), until };
}

function emergencyNote({ spec }: MaintenanceWindow, { words }: Judged): Note {
  const message = `${words}. It opens in spite of schedule and freezes until ${spec.emergency?.until}; remove spec.emergency when it is over`;
  return { type: 'Warning', reason: 'EmergencyOpened', message };
}

/** What a MaintenanceWindow tells of itself: whether it is open, when that changes, and which emergencies there were. Pure. */
import { isSuspended } from '../../api/suspension.ts';
import type { EmergencyRecord, MaintenanceWindow } from '../../api/v1alpha1/maintenanceWindow.ts';
import type { DomainConditions, Note, Plan } from '../../runtime/feature.ts';
import { secondsUntil } from '../../lib/recheck.ts';
import { timestamp } from '../../lib/timestamp.ts';
import { opennessOf, type KnownOpenness } from './openness.ts';

const mostEmergencies = 10;

export function decideWindow(window: MaintenanceWindow, now: Date): Plan<MaintenanceWindow> {
  const openness = opennessOf(window, now);
  const before = window.status?.emergencies ?? [];
  if (openness.is === 'invalid') {
    const { message } = openness;
    return {
      outcome: { is: 'stalled', reason: 'InvalidSchedule', message },
      conditions: {
        Open: { status: 'False', reason: 'InvalidSchedule', message: `closed, because it is invalid: ${message}` },
      },
      status: { summary: 'closed: invalid', ...(before.length && { emergencies: before }) },
      actions: [],
    };
  }
  const { opensAt, closesAt, changesAt, words } = openness;
  const isNew = openness.reason === 'Emergency' && !isRecorded(window, before);
  const emergencies = isNew ? [...before, recordOf(window, now)].slice(-mostEmergencies) : before;
  return {
    outcome: {
      is: 'ready',
      reason: 'Scheduled',
      message: 'its schedule is valid; see condition Open',
      ...(changesAt && { recheckAfter: secondsUntil(changesAt, now) }),
    },
    conditions: { Open: openCondition(openness), ...suspendedCondition(window, now) },
    status: {
      ...(opensAt && { nextOpenTime: timestamp(opensAt) }),
      ...(closesAt && { nextCloseTime: timestamp(closesAt) }),
      summary: words,
      ...(emergencies.length && { emergencies }),
    },
    actions: [],
    ...(isNew && { notes: [emergencyNote(window, openness)] }),
  };
}

function openCondition({ open, reason, words }: KnownOpenness): DomainConditions[string] {
  if (reason !== 'NeverOpens') return { status: open ? 'True' : 'False', reason, message: words };
  const message =
    'it never opens again: its schedules name days that do not exist, or a freeze does not end; check its spec';
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

function emergencyNote({ spec }: MaintenanceWindow, { words }: KnownOpenness): Note {
  const message = `${words}. Schedules and freezes are ignored until ${spec.emergency?.until}; remove \`spec.emergency\` when the emergency is over`;
  return { type: 'Warning', reason: 'EmergencyOpened', message };
}

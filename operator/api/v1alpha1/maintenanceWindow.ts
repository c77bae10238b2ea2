import type { Int32, Resource, ResourceStatus, Suspend, Text, Timestamp } from './shared.ts';

/**
 * When changes may be made. A closed window stops correcting, never looking. A window belongs to the day on which it opens:
 * `0 21 * * 5` for 8 hours is open on Saturday at 03:00.
 *
 * @resource plural=maintenancewindows shortName=hmw scope=Namespaced
 * @printcolumn Ready string .status.conditions[?(@.type=="Ready")].status
 * @printcolumn Open string .status.conditions[?(@.type=="Open")].status
 * @printcolumn Next string .status.summary
 * @printcolumn Zone string .spec.timeZone priority=1
 * @printcolumn Suspended string .status.conditions[?(@.type=="Suspended")].status priority=1
 * @printcolumn Age date .metadata.creationTimestamp
 */
export interface MaintenanceWindow extends Resource<MaintenanceWindowSpec, MaintenanceWindowStatus> {
  kind: 'MaintenanceWindow';
}

/** When it opens, for how long, and when it stays closed all the same. */
export interface MaintenanceWindowSpec {
  /** The zone in which schedules are read. */
  timeZone?: TimeZone;

  /**
   * When it opens. It is open while any of these is.
   *
   * @minItems 1
   * @maxItems 16
   * @listType atomic
   */
  windows: RecurringWindow[];

  /**
   * Periods in which it stays closed, whatever `windows` say.
   *
   * @maxItems 64
   * @listType atomic
   */
  freezes?: Freeze[];

  /** Opens it now, in spite of schedule and freezes, but not of `suspend`. It is told in an event and recorded in the status. */
  emergency?: EmergencyOpening;

  /** Closes it, whatever else is declared. */
  suspend?: Suspend;
}

/**
 * A zone of the IANA database, such as `Europe/Vienna`.
 *
 * @default "Etc/UTC"
 * @minLength 1
 * @maxLength 64
 * @pattern ^[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+){0,2}$ :: a time zone is named as in the IANA database, such as `Europe/Vienna`
 */
export type TimeZone = string;

/** An opening that comes again and again. */
export interface RecurringWindow {
  /**
   * When it opens, as five fields of cron: minute, hour, day of month, month, day of week. `0 2 * * 0` is Sunday at 02:00;
   * `0 2 * * 0#1` the first Sunday of a month. As everywhere in cron, a day of month and a day of week together mean either:
   * `0 2 1-7 * 0` is every Sunday and every day from the 1st to the 7th.
   *
   * It opens when the clock of the zone first shows that time or, where the clock skips it, a later one: in the night of a
   * change of the clock, once.
   *
   * @minLength 9
   * @maxLength 128
   * @pattern ^[0-9A-Za-z/*,#?+-]+( [0-9A-Za-z/*,#?+-]+){4}$ :: a schedule has five fields with one blank between them: minute, hour, day of month, month, day of week; such as `0 2 * * 0`
   */
  schedule: string;

  /**
   * For how long, in seconds of real time, whatever the clock does meanwhile. Openings that overlap or touch are one.
   *
   * @minimum 60
   * @maximum 604800
   */
  durationSeconds: Int32;
}

/**
 * A period without changes.
 *
 * @rule self.endTime > self.startTime :: `endTime` must be after `startTime`
 */
export interface Freeze {
  /** When it begins. */
  startTime: Timestamp;

  /** When it ends. */
  endTime: Timestamp;

  /** Why, for those who wait. */
  reason: Text;
}

/** Opens a window out of turn. */
export interface EmergencyOpening {
  /** Why, for those who read it later. */
  reason: Text;

  /** When it ends by itself. */
  until: Timestamp;

  /** The ticket or incident that it belongs to. */
  ticket?: Text;
}

/** Whether it is open, and when that changes. */
export interface MaintenanceWindowStatus extends ResourceStatus {
  /** When it opens next. Absent while open, and when it never opens again. */
  nextOpenTime?: Timestamp;

  /** When this opening ends, or while closed the next. Absent when no end is in sight within a month. */
  nextCloseTime?: Timestamp;

  /** In one line: `open until Sun 2026-11-29 04:00 Etc/UTC`, or `opens Sun 2026-12-06 02:00 Etc/UTC`. */
  summary?: Text;

  /**
   * The last emergency openings that were seen, newest last.
   *
   * @maxItems 10
   * @listType atomic
   */
  emergencies?: EmergencyRecord[];
}

/** An emergency opening as it was seen. */
export interface EmergencyRecord {
  /** Why. */
  reason: Text;

  /** The ticket or incident. */
  ticket?: Text;

  /** When it was first seen. */
  startTime: Timestamp;

  /** When it was to end. */
  until: Timestamp;
}

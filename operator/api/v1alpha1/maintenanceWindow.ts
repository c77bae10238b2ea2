import type { DeclaredTime, Int32, Resource, ResourceStatus, Suspend, Text, Timestamp } from './shared.ts';

/**
 * When corrections may be made. While it is closed, evaluation continues. A window belongs to the day on which it opens:
 * `0 21 * * 5` for 8 hours is open on Saturday at 03:00.
 *
 * @resource plural=maintenancewindows shortName=hmw scope=Namespaced writtenBy=author
 * @printcolumn Open string .status.conditions[?(@.type=="Open")].status
 * @printcolumn Next string .status.summary
 * @printcolumn Ready string .status.conditions[?(@.type=="Ready")].status priority=1
 * @printcolumn Suspended string .status.conditions[?(@.type=="Suspended")].status priority=1
 * @printcolumn Age date .metadata.creationTimestamp
 */
export interface MaintenanceWindow extends Resource<MaintenanceWindowSpec, MaintenanceWindowStatus> {
  kind: 'MaintenanceWindow';
}

/** When it opens, for how long, and when it stays closed nevertheless. */
export interface MaintenanceWindowSpec {
  /** The time zone of the schedules. */
  timeZone?: TimeZone;

  /**
   * When it opens. It is open while any of these windows is.
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

  /** Opens it now, regardless of schedules and freezes, but not while suspended. It is reported in an event and recorded in the status. */
  emergency?: EmergencyOpening;

  /** Closes it, whatever else is declared. */
  suspend?: Suspend;
}

/**
 * A time zone in the IANA database, such as `Europe/Vienna`.
 *
 * @default "Etc/UTC"
 * @minLength 1
 * @maxLength 64
 * @pattern ^[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+){0,2}$ :: a time zone must be a name in the IANA database, such as `Europe/Vienna`
 * @rule size(self) != 3 || self.upperAscii() in ['CET', 'EET', 'EST', 'GMT', 'HST', 'MET', 'MST', 'PRC', 'ROC', 'ROK', 'UCT', 'UTC', 'WET'] :: an abbreviation such as BST or IST can mean several time zones; write a name in the IANA database, such as `Europe/London`
 */
export type TimeZone = string;

/** A recurring opening. */
export interface RecurringWindow {
  /**
   * When it opens, as five fields of cron: minute, hour, day of month, month, day of week. `0 2 * * 0` is Sunday at 02:00;
   * `0 2 * * 0#1` is the first Sunday of a month. As always in cron, a day of month and a day of week together mean either:
   * `0 2 1-7 * 0` is every Sunday and every day from the 1st to the 7th.
   *
   * It opens when the clock of the time zone first shows that time or, if the clock skips it, a later one: once in the night of a
   * clock change.
   *
   * @minLength 9
   * @maxLength 128
   * @pattern ^[0-9A-Za-z/*,#?+-]+( [0-9A-Za-z/*,#?+-]+){4}$ :: a schedule must have five fields separated by single spaces: minute, hour, day of month, month, day of week; such as `0 2 * * 0`
   */
  schedule: string;

  /**
   * For how long, in seconds of elapsed time, regardless of clock changes. Openings that overlap or touch are one.
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
  startTime: DeclaredTime;

  /** When it ends. */
  endTime: DeclaredTime;

  /** Why, for those who are waiting. */
  reason: Text;
}

/** Opens a window outside of its schedule. */
export interface EmergencyOpening {
  /** Why, for those who read it later. */
  reason: Text;

  /** When it ends automatically. */
  until: DeclaredTime;

  /** The ticket or incident that it belongs to. */
  ticket?: Text;
}

/** Whether it is open, and when that changes. */
export interface MaintenanceWindowStatus extends ResourceStatus {
  /** When it opens next. Absent while it is open, and if it never opens again. */
  nextOpenTime?: Timestamp;

  /** When this opening ends, or while closed, when the next one ends. Absent if it does not end within a month. */
  nextCloseTime?: Timestamp;

  /** In one line: `open until Sun 2026-11-29 04:00 Etc/UTC`, or `opens Sun 2026-12-06 02:00 Etc/UTC`. */
  summary?: Text;

  /**
   * The last emergency openings, newest last.
   *
   * @maxItems 10
   * @listType atomic
   */
  emergencies?: EmergencyRecord[];
}

/** An emergency opening as it was observed. */
export interface EmergencyRecord {
  /** Why. */
  reason: Text;

  /** The ticket or incident. */
  ticket?: Text;

  /** When it was first observed. */
  startTime: Timestamp;

  /** When it was to end. */
  until: Timestamp;
}

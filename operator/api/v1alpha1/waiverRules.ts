import type { TimeZone } from './maintenanceWindow.ts';
import type { Int32, Severity } from './shared.ts';

/** Who may approve deviations from this baseline, and for how long. */
export interface WaiverRules {
  /**
   * By severity: how long, and how many approvals in which roles. Defaults: Critical 14 days, High 30, others 90; one approval.
   *
   * @maxItems 4
   * @listType map
   * @listMapKey severity
   */
  severities?: SeverityRule[];

  /**
   * How often a waiver may be extended.
   *
   * @minimum 0
   * @maximum 100
   * @default 2
   */
  maxRenewals?: Int32;

  /** The time zone of business days. */
  timeZone?: TimeZone;

  /**
   * Days other than Saturday and Sunday that are not business days.
   *
   * @maxItems 128
   * @listType set
   */
  holidays?: CalendarDay[];
}

/** What a waiver of checks of a severity needs. */
export interface SeverityRule {
  /** The severity. */
  severity: Severity;

  /**
   * The longest time from approval to expiry, in days.
   *
   * @minimum 1
   * @maximum 366
   */
  maxDays?: Int32;

  /**
   * How many people must approve.
   *
   * @minimum 1
   * @maximum 5
   * @default 1
   */
  approvals?: Int32;

  /**
   * Roles that must each approve. Whoever approves as `security` needs the verb `approve-security`.
   *
   * @maxItems 5
   * @listType set
   */
  roles?: RoleName[];
}

/**
 * A role of approvers.
 *
 * @minLength 1
 * @maxLength 40
 * @pattern ^[a-z]([-a-z0-9]*[a-z0-9])?$ :: a role must consist of lowercase letters, digits and `-`, and begin with a letter
 */
export type RoleName = string;

/**
 * A day, such as `2026-12-24`.
 *
 * @maxLength 10
 * @pattern ^[0-9]{4}-[0-9]{2}-[0-9]{2}$ :: a day must be written as YYYY-MM-DD, such as `2026-12-24`
 */
export type CalendarDay = string;

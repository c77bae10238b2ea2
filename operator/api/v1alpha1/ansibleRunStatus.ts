/** What a run tells of its hosts. */
import type { CheckName, Int32, ObjectName, Text } from './shared.ts';

/** One check on one host that is not as it should be after the run. */
export interface CheckFailure {
  /** The Device. */
  device: ObjectName;

  /** The check. */
  check: CheckName;

  /** Whether it was left as it was: nothing was touched. */
  refused?: boolean;

  /**
   * Why, and what a person can do.
   *
   * @maxLength 1024
   */
  message: string;
}

/** The outcome on one host. */
export interface HostResult {
  /** The Device. */
  name: ObjectName;

  /**
   * What the probe found afterwards; without checks to look at, what Ansible says. `Refused`: some checks were left as they were, see
   * `failures`, and all others hold.
   */
  outcome: 'Verified' | 'Refused' | 'Failed' | 'Unreachable' | 'Unknown' | 'Completed';

  /** Tasks of a playbook of your own that changed something. */
  changed?: Int32;

  /** Tasks of a playbook of your own that failed. */
  failed?: Int32;

  /**
   * Why the outcome is not known, or what failed besides single checks.
   *
   * @maxLength 1024
   */
  message?: string;

  /**
   * What corrections did beyond what was declared, check by check, such as packages that came along.
   *
   * @maxItems 300
   * @listType atomic
   */
  notes?: Text[];
}

/** What the run changes on one host, and how it was before. */
export interface StateBefore {
  /** The Device. */
  device: ObjectName;

  /**
   * A line a check: its name, and what differed in words.
   *
   * @maxItems 300
   * @listType atomic
   */
  checks: Text[];

  /**
   * A keyed digest of all that was seen of each, in the order of `checks`: by these undoing is verified.
   *
   * @maxLength 8192
   */
  states: string;
}

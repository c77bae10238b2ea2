/** What a run reports of its hosts. */
import type { CheckName, Int32, ObjectName, ObjectUid, Text } from './shared.ts';

/** One check on one host that is not as it should be after the run. */
export interface CheckFailure {
  /** The Device. */
  device: ObjectName;

  /** The check. */
  check: CheckName;

  /** Whether it was left unchanged. */
  refused?: boolean;

  /**
   * Why, and what to do about it.
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
   * What the probe found afterwards; without checks, what Ansible reported. `Refused`: some checks were left unchanged, see
   * `failures`, and all others pass.
   */
  outcome: 'Verified' | 'Refused' | 'Failed' | 'Unreachable' | 'Unknown' | 'Completed';

  /** Tasks of your own playbook that changed something. */
  changed?: Int32;

  /** Tasks of your own playbook that failed. */
  failed?: Int32;

  /**
   * Why the outcome is unknown, or what failed apart from single checks.
   *
   * @maxLength 1024
   */
  message?: string;

  /**
   * What corrections did beyond what was declared, check by check, such as dependencies that were installed.
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
   * One line for each check: its name, and what differed.
   *
   * @maxItems 300
   * @listType atomic
   */
  checks: Text[];

  /**
   * Keyed digests of all that was seen of each check, in the order of `checks`, by which an undo is verified.
   *
   * @maxLength 8192
   */
  states: string;
}

/** The Job of a run. It is known by the uid that was recorded when it was created: what else has its name or label is ignored. */
export interface RunJob {
  /** Name of the Job and of the ConfigMap with its data. */
  name: ObjectName;

  /** Uid of the Job. It is suspended until this is recorded. */
  uid?: ObjectUid;
}

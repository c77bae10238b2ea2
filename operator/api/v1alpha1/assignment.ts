import type { CheckName, Digest, Int32, ObjectName, Severity, StatusSeal, Text, Timestamp } from './shared.ts';

/** A revision and how many hosts have it. */
export interface RevisionCount {
  /** Digest of the checks. */
  revision: Digest;

  /** Name of the ControllerRevision that keeps it. */
  name: ObjectName;

  /** Selected hosts that are assigned it. */
  devices: Int32;

  /** Whether it is the one that the baseline declares. */
  declared?: boolean;
}

/** Which host is assigned which revision. Only a CanaryRollout changes it. */
export interface Assignment {
  /** The revision of all hosts that are not named below. Not set until a first rollout is complete. */
  base?: Digest;

  /** Whether hosts have complied with `base`: only then is a rollout taken back to it. */
  proven?: boolean;

  /** The number of the last run before `base` became the revision of all hosts. */
  baseRun?: Int32;

  /**
   * Hosts that have another revision, in the order in which they were assigned it.
   *
   * @maxItems 16
   * @listType atomic
   */
  moved?: MovedHosts[];

  /** Hosts that have `base` again, on which what another revision changed is still to be undone. */
  returning?: HostNames;

  /**
   * Revisions that were taken back: no CanaryRollout, whatever its name, rolls them out again until a retry is requested.
   *
   * @maxItems 20
   * @listType atomic
   */
  rejected?: Rejection[];

  /**
   * The checks of all revisions that hosts have, each under the worst severity that it has in one of them. A PolicyWaiver may name them, like those
   * that are declared.
   *
   * @maxItems 4
   * @listType atomic
   */
  checks?: AssignedChecks[];

  /** Proof that Holdfast wrote it. */
  seal?: StatusSeal;
}

/** A revision that was taken back. */
export interface Rejection {
  /** Digest of the checks. */
  revision: Digest;

  /** When. */
  time: Timestamp;

  /** Why. */
  reason: Text;
}

/** Checks of one severity. */
export interface AssignedChecks {
  /** How much they matter. */
  severity: Severity;

  /**
   * Their names.
   *
   * @maxItems 5100
   * @listType atomic
   */
  names: CheckName[];
}

/** Hosts that are assigned a revision. */
export interface MovedHosts {
  /** Digest of the checks. */
  revision: Digest;

  /** Whether a completed rollout brought it: then these hosts keep it when a later one is taken back. */
  kept?: boolean;

  /** The Devices. */
  devices: HostNames;
}

/**
 * Names of Devices.
 *
 * @maxItems 20000
 * @listType atomic
 */
export type HostNames = ObjectName[];

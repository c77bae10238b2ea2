import type { CheckName, ObjectName, Severity, Timestamp } from './shared.ts';

/** One difference between what was declared and what was found. */
export interface Finding {
  /** The check of the baseline. */
  check: CheckName;

  /**
   * Controls of frameworks that the check supports, separated by commas.
   *
   * @maxLength 2080
   */
  controls?: string;

  /** What was declared. */
  expected?: FindingText;

  /** What was found instead. */
  found?: FindingText;

  /** Whether only a person can correct it; `message` says how. */
  manual?: boolean;

  /** Details: why it is unknown or does not apply, what a person must do, or why the last correction did not succeed. */
  message?: FindingText;

  /** Which property differs, such as `mode` or `content`. */
  path?: FindingText;

  /** Result of the check. */
  result: 'Fail' | 'Unknown' | 'NotApplicable';

  /** How much it matters. */
  severity: Severity;

  /** When it was first seen, if not at `findingsSince`. */
  since?: Timestamp;

  /** The waiver that covers it. */
  waiver?: ObjectName;

  /** The cluster object that differs. */
  object?: ObjectRef;

  /** Who last wrote the field that differs. */
  manager?: FieldWriter;
}

/**
 * A kind of baseline.
 *
 * @findingSource
 */
export type FindingSourceKind = string;

/** A cluster object. */
export interface ObjectRef {
  /**
   * Its group and version.
   *
   * @maxLength 253
   */
  apiVersion: string;

  /**
   * Its kind.
   *
   * @maxLength 63
   */
  kind: string;

  /**
   * Its namespace.
   *
   * @maxLength 253
   */
  namespace?: string;

  /**
   * Its name.
   *
   * @maxLength 253
   */
  name?: string;
}

/** A field manager, as in `managedFields`. */
export interface FieldWriter {
  /**
   * Its name, such as `kubectl-edit`.
   *
   * @maxLength 128
   */
  name: string;

  /** When it last wrote any of its fields. */
  time?: Timestamp;
}

/**
 * A value for people, shortened if it is long.
 *
 * @maxLength 1024
 */
export type FindingText = string;

import type { CheckName, ObjectName, Severity, Timestamp } from './shared.ts';

/** One difference between what was declared and what was found: the one currency of Holdfast. */
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

  /** More about it: why it is not known or does not apply, what a person must do, or why the last correction did not succeed. */
  message?: FindingText;

  /** Which property differs: `mode`, `content`, `live`. */
  path?: FindingText;

  /** How it came out. */
  result: 'Fail' | 'Unknown' | 'NotApplicable';

  /** How much it matters. */
  severity: Severity;

  /** When it was first seen, where that is another time than `findingsSince`. */
  since?: Timestamp;

  /** The waiver under which it is tolerated. */
  waiver?: ObjectName;

  /** The object of a cluster that differs. */
  object?: ObjectRef;

  /** Who last wrote the field that differs. */
  manager?: FieldWriter;
}

/**
 * A kind whose objects say what must be, and of which there are findings.
 *
 * @findingSource
 */
export type FindingSourceKind = string;

/** An object of a cluster. */
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

/** A field manager, as managedFields tell. */
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
 * A value for people, shortened where it is long.
 *
 * @maxLength 1024
 */
export type FindingText = string;

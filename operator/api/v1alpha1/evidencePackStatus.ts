import type { Digest, Int32, Int64, ResourceStatus, StatusSeal, Text, Timestamp } from './shared.ts';

/** What was made. The store has the truth: it is read again before each pack. */
export interface EvidencePackStatus extends ResourceStatus {
  /** The last pack. */
  last?: StoredPack;

  /**
   * The packs before, newest first, at most 30; the store has all.
   *
   * @maxItems 30
   * @listType atomic
   */
  packs?: StoredPack[];

  /** The pack that is being made. */
  making?: PackInProgress;

  /** When the next pack is due. */
  nextTime?: Timestamp;

  /**
   * What the last pack should contain and does not, at most 10.
   *
   * @maxItems 10
   * @listType atomic
   */
  missing?: MissingEvidence[];

  /** The list of keys in the store that is believed: no older one is, and no other one of its number. */
  keys?: BelievedKeyList;

  /** Packs that a witness has not attested yet. */
  witnessing?: LateWitnesses;

  /** What of this chain is kept, where the EvidenceStore has `disposal: WhenDue`. */
  retention?: RetentionState;

  /** Proof that Holdfast wrote it. */
  seal?: StatusSeal;
}

/** A pack in the store. */
export interface StoredPack {
  /** Its number. */
  sequence: Int32;

  /** Digest of what was signed. */
  digest: Digest;

  /** Where its bundle is. */
  uri: Text;

  /**
   * The version of the bundle, where the store has versions.
   *
   * @maxLength 1024
   */
  versionId?: string;

  /** When it was signed. */
  time: Timestamp;

  /** The end of its period; it begins where the one before ends. */
  periodEnd: Timestamp;

  /** Whether nothing is missing. */
  complete: boolean;

  /** Size of its files, in bytes. */
  bytes?: Int64;

  /**
   * Witnesses that did not respond: nothing proves to others that it was signed at that time.
   *
   * @maxItems 5
   * @listType set
   */
  unwitnessed?: ServiceName[];
}

/** A list of keys. */
export interface BelievedKeyList {
  /** Its number. */
  sequence: Int32;

  /** Digest of what was signed. */
  digest: Digest;

  /**
   * Its version, where the store has versions.
   *
   * @maxLength 1024
   */
  versionId?: string;
}

/** Packs without a witness that is declared. They are found by reading the store, newest first. */
export interface LateWitnesses {
  /** How many packs lack one. */
  packs: Int32;

  /** The newest of them. */
  newest: Int32;

  /**
   * Witnesses that they lack.
   *
   * @maxItems 5
   * @listType set
   */
  witnesses: ServiceName[];

  /** When they are asked again. */
  nextTime?: Timestamp;

  /** Why one of them did not attest. */
  message?: Text;
}

/** What of a chain is kept. */
export interface RetentionState {
  /** When it was last looked for what is due. */
  checkTime: Timestamp;

  /** The oldest pack. */
  oldest?: Int32;

  /** When that can be deleted: neither its class nor a lock keeps it then. Absent for the last one, which stays. */
  nextTime?: Timestamp;
}

/** A pack that is being made. */
export interface PackInProgress {
  /** Its number. */
  sequence: Int32;

  /** The begin of its period. */
  periodStart: Timestamp;

  /** The end of its period. */
  periodEnd: Timestamp;

  /** When it was begun. */
  startTime: Timestamp;

  /** How often it was begun; after a failure with a pause that grows up to an hour. */
  attempts: Int32;
}

/** Something that should be in a pack. */
export interface MissingEvidence {
  /** What it is, such as `Device db-01`. */
  what: Text;

  /** Why it is not there. */
  reason: Text;
}

/**
 * A name in the configuration of the operator.
 *
 * @minLength 1
 * @maxLength 63
 * @pattern ^[a-z0-9]([-a-z0-9]*[a-z0-9])?$
 */
export type ServiceName = string;

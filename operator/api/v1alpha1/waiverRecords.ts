import type { CheckName, Digest, ObjectName, Text, Timestamp, UserName } from './shared.ts';

/** One decision. */
export interface ApprovalRecord {
  /** The Approval. */
  name: ObjectName;

  /** Who decided. */
  approver: UserName;

  /** The role in which they decided. */
  role?: Text;

  /** What they decided. */
  decision: 'Approve' | 'Reject' | 'RequestInformation';

  /** When. */
  time: Timestamp;
}

/** A version of the request. */
export interface ApprovedVersion {
  /** Its digest. */
  digest: Digest;

  /** When. */
  time: Timestamp;
}

/** A time spent waiting for information. */
export interface RequestPause {
  /** When the information was requested. */
  startTime: Timestamp;

  /** When a change answered it. */
  endTime: Timestamp;
}

/** One finding that was accepted, by its identity. */
export interface AcceptedFinding {
  /** The Device, or `kind/namespace/name` of an object. */
  target: FindingTarget;

  /** The check. */
  check: CheckName;

  /** Digest of check, path, expected and actual. */
  fingerprint: Digest;
}

/**
 * A Device, or an object as `kind/namespace/name`.
 *
 * @maxLength 600
 */
export type FindingTarget = string;

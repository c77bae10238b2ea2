import type { CheckName, Digest, ObjectName, Text, Timestamp, UserName } from './shared.ts';

/** One decision. */
export interface ApprovalRecord {
  /** The Approval. */
  name: ObjectName;

  /** Who. */
  approver: UserName;

  /** In which role. */
  role?: Text;

  /** What they said. */
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

/** A time in which information was awaited. */
export interface RequestPause {
  /** When it was asked. */
  startTime: Timestamp;

  /** When it was answered by an edit. */
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

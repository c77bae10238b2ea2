import type { CheckName, Digest, Int32, ObjectName, Text, Timestamp, UserName } from './shared.ts';
import type { RoleName } from './waiverRules.ts';

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

/** What a request needs. */
export interface RequiredApproval {
  /** How many people must approve. */
  approvals: Int32;

  /**
   * Roles that must each approve.
   *
   * @maxItems 100
   * @listType atomic
   */
  roles?: RoleName[];

  /** The longest time until it expires, in days. */
  maxDays: Int32;
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

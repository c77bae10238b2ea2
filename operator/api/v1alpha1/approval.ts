import type { WaiverText } from './policyWaiver.ts';
import type { Digest, ObjectName, Resource, ResourceStatus, UserName } from './shared.ts';
import type { RoleName } from './waiverRules.ts';

/**
 * One person's decision on one version of one object. It cannot be changed. The apiserver itself ensures that the approver is
 * the caller, has the right to approve, and did not make the request.
 *
 * @resource plural=approvals shortName=happ scope=Namespaced writtenBy=approver
 * @printcolumn Subject string .spec.subjectRef.name priority=1
 * @printcolumn Decision string .spec.decision
 * @printcolumn Approver string .spec.approver
 * @printcolumn Role string .spec.role priority=1
 * @printcolumn Counts string .status.conditions[?(@.type=="Counts")].status
 * @printcolumn Age date .metadata.creationTimestamp
 */
export interface Approval extends Resource<ApprovalSpec, ApprovalStatus> {
  kind: 'Approval';
}

/**
 * The decision.
 *
 * @rule self == oldSelf :: an Approval cannot be changed; create another
 */
export interface ApprovalSpec {
  /** What the decision is about. */
  subjectRef: ApprovalSubject;

  /** The version that was reviewed: `status.digest` of a PolicyWaiver, `status.approval.digest` of a CanaryRollout. */
  subjectDigest: Digest;

  /** The decision. */
  decision: 'Approve' | 'Reject' | 'RequestInformation';

  /** Who decides: the user who creates the Approval, as the apiserver knows them. */
  approver: UserName;

  /** The role in which they decide. It requires the verb `approve-<role>` instead of `approve`. */
  role?: RoleName;

  /** The reason, or the question. */
  comment?: WaiverText;
}

/** What an Approval is about. */
export interface ApprovalSubject {
  /** Its kind. */
  kind: 'PolicyWaiver' | 'CanaryRollout';

  /** Its name. */
  name: ObjectName;
}

/** Whether it counts. */
export type ApprovalStatus = ResourceStatus;

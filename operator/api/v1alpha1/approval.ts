import type { WaiverText } from './policyWaiver.ts';
import type { Digest, ObjectName, Resource, ResourceStatus, UserName } from './shared.ts';
import type { RoleName } from './waiverRules.ts';

/**
 * One person's decision on one version of one object. It cannot be changed. The apiserver itself makes sure that the approver is
 * the caller, that they have the right to approve, and that they did not ask for it themselves.
 *
 * @resource plural=approvals shortName=happ scope=Namespaced
 * @printcolumn Kind string .spec.subjectRef.kind priority=1
 * @printcolumn Subject string .spec.subjectRef.name
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
  /** What is decided. */
  subjectRef: ApprovalSubject;

  /** The version that was read: `status.digest` of the subject. */
  subjectDigest: Digest;

  /** What is said. */
  decision: 'Approve' | 'Reject' | 'RequestInformation';

  /** Who says it: the user that creates it, as the apiserver knows them. */
  approver: UserName;

  /** In which role. It needs the verb `approve-<role>` instead of `approve`. */
  role?: RoleName;

  /** Why, or what is asked. */
  comment?: WaiverText;
}

/** What an Approval is about. */
export interface ApprovalSubject {
  /** Its kind. */
  kind: 'PolicyWaiver';

  /** Its name. */
  name: ObjectName;
}

/** Whether it counts. */
export type ApprovalStatus = ResourceStatus;

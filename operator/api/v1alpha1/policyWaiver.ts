import type {
  AdmissionRecord,
  CheckName,
  DeclaredTime,
  Digest,
  Int32,
  LabelSelector,
  NamespaceName,
  ObjectName,
  Resource,
  ResourceStatus,
  StatusSeal,
  Text,
  Timestamp,
  UserName,
} from './shared.ts';
import type { FindingSourceKind } from './finding.ts';
import type {
  AcceptedFinding,
  ApprovalRecord,
  ApprovedVersion,
  RequestPause,
  RequiredApproval,
} from './waiverRecords.ts';

/**
 * The only permitted way to deviate from a baseline: for a limited time, with a reason, and approved by someone else. A waived finding
 * stays a finding; it is shown as waived and not corrected. When the waiver expires, the finding is open again.
 *
 * @resource plural=policywaivers shortName=hpw scope=Namespaced writtenBy=requester
 * @sentence .status.summary
 * @printcolumn Decision string .status.decision
 * @printcolumn Effective string .status.conditions[?(@.type=="Effective")].status
 * @printcolumn Baseline string .spec.source.name priority=1
 * @printcolumn Findings integer .status.matchedFindings priority=1
 * @printcolumn Closure string .status.closure priority=1
 * @printcolumn Expires string .spec.expiryTime
 * @printcolumn Age date .metadata.creationTimestamp
 */
export interface PolicyWaiver extends Resource<PolicyWaiverSpec, PolicyWaiverStatus> {
  kind: 'PolicyWaiver';
}

/**
 * What is waived, why, by whom and until when. Any change voids the approvals, except marking tasks of the closure plan as done.
 *
 * @rule has(self.breakGlass) || !self.checks.exists(check, check == '*') :: `checks: ["*"]` waives everything; name the checks, or use `breakGlass` in an emergency
 * @rule has(self.breakGlass) || !has(self.targets.names) || !self.targets.names.exists(name, name == '*') :: `targets.names: ["*"]` waives every target; name them, select them, or use `breakGlass` in an emergency
 * @rule has(self.breakGlass) || !has(self.targets.selector) || (has(self.targets.selector.matchLabels) && size(self.targets.selector.matchLabels) > 0) || (has(self.targets.selector.matchExpressions) && size(self.targets.selector.matchExpressions) > 0) :: an empty `targets.selector` waives every target; set labels, or use `breakGlass` in an emergency
 * @rule !has(self.targets.selector) || self.source.kind != 'ClusterBaseline' :: `targets.selector` is for Devices; select cluster objects by `names` and `namespaces`
 * @rule !has(self.targets.namespaces) || self.source.kind != 'DeviceBaseline' :: `targets.namespaces` is for cluster objects; select Devices by `names` or `selector`
 * @rule !has(self.effectiveTime) || self.expiryTime > self.effectiveTime :: `expiryTime` must be after `effectiveTime`
 */
export interface PolicyWaiverSpec {
  /** The baseline that is deviated from. */
  source: WaiverSource;

  /**
   * The checks or object templates of the baseline that may fail, by name. Where a CanaryRollout rolls the baseline out, these are the checks of every
   * revision that a host has, and those that are declared; of several of a name, the worst severity counts.
   *
   * @minItems 1
   * @maxItems 50
   * @listType set
   */
  checks: WaivedCheck[];

  /** Where they may fail. */
  targets: WaiverTargets;

  /** Why the deviation is needed. */
  reason: WaiverText;

  /** What could happen while it lasts. */
  risk?: WaiverText;

  /** The ticket in which it is tracked. */
  ticket?: Text;

  /**
   * What reduces the risk meanwhile.
   *
   * @maxItems 16
   * @listType atomic
   */
  compensatingControls?: WaiverText[];

  /** Who requests it: the user who creates it, as the apiserver knows them. A request for someone else requires the verb `request-on-behalf`. */
  requestedBy: UserName;

  /** Who creates or changes it for `requestedBy`, as the apiserver knows them: they cannot approve it either. */
  submittedBy?: UserName;

  /** When it begins; by default, as soon as it is approved. */
  effectiveTime?: DeclaredTime;

  /** When it ends. The severity of the checks limits it: Critical 14 days, High 30, others 90, unless the baseline says otherwise. */
  expiryTime: DeclaredTime;

  /** How the deviation will be ended. */
  closurePlan?: ClosurePlan;

  /** Takes effect at once, without approval. It requires the verb `break-glass`, must be approved within 24 hours, and warns until then. */
  breakGlass?: BreakGlass;
}

/** The baseline that a waiver is about. */
export interface WaiverSource {
  /** Its kind. */
  kind: FindingSourceKind;

  /** Its name. A DeviceBaseline must be in the namespace of the waiver. */
  name: ObjectName;
}

/**
 * Name of a check, or `*` for all.
 *
 * @minLength 1
 * @maxLength 63
 * @pattern ^([a-z0-9]([-a-z0-9]*[a-z0-9])?|[*])$
 */
export type WaivedCheck = string;

/**
 * Where checks may fail: all parts that are given must match.
 *
 * @rule has(self.names) || has(self.selector) || has(self.namespaces) :: set `names`, `selector` or `namespaces`
 */
export interface WaiverTargets {
  /**
   * Names of Devices or of cluster objects.
   *
   * @minItems 1
   * @maxItems 100
   * @listType set
   */
  names?: TargetName[];

  /** Labels of Devices. Only for a DeviceBaseline. */
  selector?: LabelSelector;

  /**
   * Namespaces of objects. Only for a ClusterBaseline.
   *
   * @minItems 1
   * @maxItems 100
   * @listType set
   */
  namespaces?: NamespaceName[];
}

/**
 * Name of a target, or `*` for all.
 *
 * @minLength 1
 * @maxLength 253
 * @pattern ^([A-Za-z0-9]([-A-Za-z0-9.:]*[A-Za-z0-9])?|[*])$
 */
export type TargetName = string;

/**
 * Part of a request, in words.
 *
 * @minLength 1
 * @maxLength 2048
 */
export type WaiverText = string;

/** The tasks that end the deviation. */
export interface ClosurePlan {
  /**
   * What must be done, by whom and by when.
   *
   * @minItems 1
   * @maxItems 32
   * @listType map
   * @listMapKey name
   */
  tasks: ClosureTask[];
}

/** One task of a closure plan. */
export interface ClosureTask {
  /** Its name within the plan. */
  name: CheckName;

  /** Who does it. */
  owner: Text;

  /** By when; by default, 14 days after the request. */
  dueTime?: DeclaredTime;

  /** Whether it is done. This alone may be changed without a new approval. */
  done?: boolean;
}

/** An emergency. */
export interface BreakGlass {
  /** Why it could not wait for an approval. */
  reason: WaiverText;
}

/** What was decided, and what the waiver covers now. */
export interface PolicyWaiverStatus extends ResourceStatus {
  /** Digest of what must be approved: put it into `subjectDigest` of an Approval. */
  digest?: Digest;

  /** What the approvers decided. `Overdue`: not decided in time; it can still be decided. */
  decision?: WaiverDecision;

  /** The state in one line, for people. */
  summary?: Text;

  /** When this version was first observed. A change that answers a question keeps it; any other change is a new request. */
  requestTime?: Timestamp;

  /** By when it must be decided: two business days, not counting the time spent waiting for information. */
  decisionDueTime?: Timestamp;

  /** What it needs: the strictest that its baseline has required since the request. */
  required?: RequiredApproval;

  /** When information was requested. */
  informationRequestedTime?: Timestamp;

  /**
   * Earlier waits for information: that time does not count.
   *
   * @maxItems 16
   * @listType atomic
   */
  pauses?: RequestPause[];

  /**
   * The decisions on this version that count.
   *
   * @maxItems 16
   * @listType atomic
   */
  approvals?: ApprovalRecord[];

  /** The version that was approved, and when. */
  approved?: ApprovedVersion;

  /** When the emergency was first observed. A change does not begin another. */
  breakGlassTime?: Timestamp;

  /** When the emergency ended: approved, rejected, or 24 hours old. It does not begin again. */
  breakGlassEndTime?: Timestamp;

  /** The version that ended, and when: it never becomes effective again. */
  ended?: ApprovedVersion;

  /** How often the expiry was extended after an approval. */
  renewals?: Int32;

  /** The latest expiry that was ever approved. */
  approvedExpiryTime?: Timestamp;

  /** How many findings it matches now. */
  matchedFindings?: Int32;

  /**
   * The accepted findings: if the actual value changes, it needs review again.
   *
   * @maxItems 500
   * @listType atomic
   */
  accepted?: AcceptedFinding[];

  /**
   * Findings that it matches but does not cover, because their value is not the one that was accepted.
   *
   * @maxItems 20
   * @listType atomic
   */
  needsReview?: AcceptedFinding[];

  /** Tasks done, of all: `2/5`. */
  closure?: Text;

  /** Whether its author was checked. */
  admission?: AdmissionRecord;

  /** Proof that Holdfast wrote this status. */
  seal?: StatusSeal;
}

/** What the approvers decided. */
export type WaiverDecision = 'Pending' | 'InfoRequested' | 'Approved' | 'Rejected' | 'Overdue';

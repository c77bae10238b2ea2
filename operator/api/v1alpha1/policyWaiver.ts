import type {
  CheckName,
  Digest,
  Int32,
  LabelSelector,
  ObjectName,
  Resource,
  ResourceStatus,
  Text,
  Timestamp,
  UserName,
} from './shared.ts';
import type { FindingSourceKind } from './finding.ts';
import type { AcceptedFinding, ApprovalRecord, ApprovedVersion, RequestPause } from './waiverRecords.ts';

/**
 * The only legal way to deviate from a baseline: for a while, with a reason, and approved by somebody else. A waived finding
 * stays a finding; it is shown as waived and not corrected. When it expires the finding is open again.
 *
 * @resource plural=policywaivers shortName=hpw scope=Namespaced
 * @printcolumn Ready string .status.conditions[?(@.type=="Ready")].status
 * @printcolumn Decision string .status.decision
 * @printcolumn Effective string .status.conditions[?(@.type=="Effective")].status
 * @printcolumn Baseline string .spec.source.name priority=1
 * @printcolumn Findings integer .status.matchedFindings priority=1
 * @printcolumn Closure string .status.closure priority=1
 * @printcolumn Expires string .spec.expiryTime
 * @printcolumn Status string .status.summary priority=1
 * @printcolumn Age date .metadata.creationTimestamp
 */
export interface PolicyWaiver extends Resource<PolicyWaiverSpec, PolicyWaiverStatus> {
  kind: 'PolicyWaiver';
}

/**
 * What is waived, why, by whom and until when. Any edit voids the approvals, except to say that a task of the closure plan is done.
 *
 * @rule has(self.breakGlass) || !self.checks.exists(check, check == '*') :: `checks: ["*"]` waives everything; name the checks, or use `breakGlass` in an emergency
 * @rule has(self.breakGlass) || !has(self.targets.names) || !self.targets.names.exists(name, name == '*') :: `targets.names: ["*"]` waives every target; name them, select them, or use `breakGlass` in an emergency
 * @rule has(self.breakGlass) || !has(self.targets.selector) || (has(self.targets.selector.matchLabels) && size(self.targets.selector.matchLabels) > 0) || (has(self.targets.selector.matchExpressions) && size(self.targets.selector.matchExpressions) > 0) :: an empty `targets.selector` waives every target; select some, or use `breakGlass` in an emergency
 * @rule !has(self.targets.selector) || self.source.kind != 'ClusterBaseline' :: `targets.selector` is for Devices; name objects of a cluster by `names` and `namespaces`
 * @rule !has(self.targets.namespaces) || self.source.kind != 'DeviceBaseline' :: `targets.namespaces` is for objects of a cluster; name Devices by `names` or `selector`
 * @rule !has(self.effectiveTime) || self.expiryTime > self.effectiveTime :: `expiryTime` must be after `effectiveTime`
 */
export interface PolicyWaiverSpec {
  /** The baseline that is deviated from. */
  source: WaiverSource;

  /**
   * The checks or object templates of the baseline that may fail, by name.
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

  /** The ticket under which it is tracked. */
  ticket?: Text;

  /**
   * What keeps the risk down meanwhile.
   *
   * @maxItems 16
   * @listType atomic
   */
  compensatingControls?: WaiverText[];

  /** Who asks for it: the user that creates it, as the apiserver knows them. To ask for somebody else needs the verb `request-on-behalf`. */
  requestedBy: UserName;

  /** When it begins; as soon as it is approved by default. */
  effectiveTime?: Timestamp;

  /** When it ends. It is capped by the severity of the checks: Critical 14 days, High 30, others 90, unless the baseline says otherwise. */
  expiryTime: Timestamp;

  /** How the deviation is brought to an end. */
  closurePlan?: ClosurePlan;

  /** Takes effect at once, without approval. It must be approved within 24 hours, needs the verb `break-glass`, and is loud until then. */
  breakGlass?: BreakGlass;
}

/** The baseline that a waiver is about. */
export interface WaiverSource {
  /** Its kind. */
  kind: FindingSourceKind;

  /** Its name. A DeviceBaseline is in the namespace of the waiver. */
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
 * @rule has(self.names) || has(self.selector) || has(self.namespaces) :: say where: `names`, `selector` or `namespaces`
 */
export interface WaiverTargets {
  /**
   * Names of Devices, or of objects of a cluster.
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
  namespaces?: ObjectName[];
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
 * Text of a request.
 *
 * @minLength 1
 * @maxLength 2048
 */
export type WaiverText = string;

/** The tasks that end the deviation. */
export interface ClosurePlan {
  /**
   * What must be done, by whom and until when.
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

  /** Until when; 14 days after the request by default. */
  dueTime?: Timestamp;

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

  /** What the approvers said. `Overdue`: not decided in time; it can still be decided. */
  decision?: WaiverDecision;

  /** In one line for people. */
  summary?: Text;

  /** When this version was first seen. An edit that answers a question keeps it; any other edit is a new request. */
  requestTime?: Timestamp;

  /** Until when it must be decided: two business days, not counting the time in which information was awaited. */
  decisionDueTime?: Timestamp;

  /** Since when information is awaited. */
  informationRequestedTime?: Timestamp;

  /**
   * When information was awaited before: that time does not count.
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

  /** When the emergency was first seen. An edit does not begin another. */
  breakGlassTime?: Timestamp;

  /** When the emergency was over: approved, rejected, or 24 hours old. It does not begin again. */
  breakGlassEndTime?: Timestamp;

  /** The version that came to its end, and when: it never comes to life again. */
  ended?: ApprovedVersion;

  /** How often the expiry was moved after an approval. */
  renewals?: Int32;

  /** The latest expiry that was ever approved. */
  approvedExpiryTime?: Timestamp;

  /** Findings under it now. */
  matchedFindings?: Int32;

  /**
   * What was accepted: when the actual value changes, it needs review again.
   *
   * @maxItems 500
   * @listType atomic
   */
  accepted?: AcceptedFinding[];

  /**
   * Findings that it names but does not cover, because their value is not the one that was accepted.
   *
   * @maxItems 20
   * @listType atomic
   */
  needsReview?: AcceptedFinding[];

  /** Tasks done of all: `2/5`. */
  closure?: Text;
}

/** What the approvers said. */
export type WaiverDecision = 'Pending' | 'InformationRequested' | 'Approved' | 'Rejected' | 'Overdue';

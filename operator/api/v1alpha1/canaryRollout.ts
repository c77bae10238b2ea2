import type { RolloutGates } from './rolloutGates.ts';
import type { CanaryRolloutStatus } from './canaryRolloutStatus.ts';
import type { Int32, IntOrString, LabelSelector, LocalRef, Resource, Suspend } from './shared.ts';

/**
 * Moves the newest revision of a DeviceBaseline through its hosts, step by step, and takes it back when it does harm. The baseline needs
 * `updateStrategy.type: Rollout`; no host gets the revision otherwise.
 *
 * @resource plural=canaryrollouts shortName=hcr scope=Namespaced writtenBy=author
 * @sentence .status.conditions[?(@.type=="Progressing")].message
 * @printcolumn Ready string .status.conditions[?(@.type=="Ready")].status priority=1
 * @printcolumn Revision string .status.summary.revision
 * @printcolumn Step string .status.summary.step
 * @printcolumn Hosts string .status.summary.hosts
 * @printcolumn State string .status.summary.state
 * @printcolumn Verdict string .status.verdict.result priority=1
 * @printcolumn Age date .metadata.creationTimestamp
 */
export interface CanaryRollout extends Resource<CanaryRolloutSpec, CanaryRolloutStatus> {
  kind: 'CanaryRollout';
}

/**
 * What is rolled out, in which steps, and what stops it.
 *
 * @rule !has(self.approvals) || self.approvals.all(a, a.beforeStep <= size(self.steps)) :: `approvals` names a step that does not exist: the first step is 1
 */
export interface CanaryRolloutSpec {
  /** What is rolled out. It cannot be changed. */
  target: RolloutTarget;

  /**
   * The steps. The share grows with every step and ends at 100. The last soak is the bake: what goes wrong in it is still taken back.
   *
   * @minItems 1
   * @maxItems 16
   * @listType atomic
   * @default [{"percent":10,"soakSeconds":86400},{"percent":50,"soakSeconds":14400},{"percent":100,"soakSeconds":3600}]
   * @rule self[size(self) - 1].percent == 100 :: the last step must have `percent: 100`
   * @rule self.map(a, a.percent).isSorted() && self.all(a, self.exists_one(b, a.percent == b.percent)) :: the percentage must grow from step to step
   */
  steps?: RolloutStep[];

  /** Hosts that the first step takes first, by the labels of their Devices. They count towards the share of the step. */
  pinned?: LabelSelector;

  /** Hosts that this rollout leaves alone, by the labels of their Devices: they keep their revision. */
  excluded?: LabelSelector;

  /**
   * How many of the hosts that a step has reached may be unreachable, or may not come to comply, before the revision is taken back: a number, or a percentage
   * of these hosts, rounded down.
   *
   * @default "10%"
   * @maxLength 4
   * @rule type(self) == int ? self >= 0 && self <= 1000 : self.matches('^([0-9]|[1-9][0-9]|100)%$') :: `maxFailed` must be a number from 0 to 1000 or a percentage from 0% to 100%
   */
  maxFailed?: IntOrString;

  /**
   * How long the hosts of a step may take to comply before those that do not count as failed, in seconds.
   *
   * @minimum 10
   * @maximum 604800
   * @default 3600
   */
  stepTimeoutSeconds?: Int32;

  /** What must be true, beside that the hosts comply. */
  gates?: RolloutGates;

  /** What happens when the rollout fails. */
  rollback?: RollbackPolicy;

  /** MaintenanceWindow in the same namespace: no step starts while it is closed. A rollback does not wait for it. */
  windowRef?: LocalRef;

  /**
   * Steps that must be approved before they start: by an Approval of the digest in `status.approval`.
   *
   * @maxItems 16
   * @listType map
   * @listMapKey beforeStep
   */
  approvals?: StepApproval[];

  /** Stops the rollout where it is: no further host gets the revision. What goes wrong is still taken back. */
  pause?: Suspend;
}

/**
 * What is rolled out.
 *
 * @rule self == oldSelf :: the target of a rollout cannot be changed; create another CanaryRollout
 */
export interface RolloutTarget {
  /** A DeviceBaseline in the same namespace. */
  deviceBaselineRef: LocalRef;
}

/** One step. */
export interface RolloutStep {
  /**
   * Share of the hosts that have the revision in this step, at least one host.
   *
   * @minimum 1
   * @maximum 100
   */
  percent: Int32;

  /**
   * How long the revision is observed on them after the last host that responds complies with it, in seconds.
   *
   * @minimum 0
   * @maximum 2592000
   */
  soakSeconds: Int32;
}

/** What happens when the rollout fails. */
export interface RollbackPolicy {
  /**
   * Whether a failed rollout is taken back at once. Otherwise it stops, and waits for `kubectl holdfast rollout abort`.
   *
   * @default true
   */
  automatic?: boolean;

  /**
   * How long the rollback may take before hosts on which it is not complete are reported, in seconds. They are tried until they are back.
   *
   * @minimum 10
   * @maximum 604800
   * @default 3600
   */
  timeoutSeconds?: Int32;
}

/** An approval that a step needs. */
export interface StepApproval {
  /**
   * The step, from 1.
   *
   * @minimum 1
   * @maximum 16
   */
  beforeStep: Int32;

  /**
   * How many people must approve it.
   *
   * @minimum 1
   * @maximum 5
   * @default 1
   */
  count?: Int32;
}

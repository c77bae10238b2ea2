import type { BudgetAtStart, ComparisonRecord, PastVerdict, RolloutVerdict } from './rolloutVerdict.ts';
import type { Digest, Int32, ObjectName, ResourceStatus, StatusSeal, Text, Timestamp } from './shared.ts';

/**
 * How far the rollout is. Its position is in the times: a step converges while `soakStartTime` is not set, soaks when it is; it is complete with
 * `completionTime`, and is being taken back with `rollback`.
 */
export interface CanaryRolloutStatus extends ResourceStatus {
  /** The revision that is rolled out, or was last. */
  revision?: Digest;

  /** The revision that its hosts had before, and go back to. */
  previousRevision?: Digest;

  /** The step that hosts are in, from 1. */
  step?: Int32;

  /** The share of the hosts that may have the revision, in percent. */
  exposedPercent?: Int32;

  /** When the first host was assigned the revision. */
  startTime?: Timestamp;

  /** The number of the last run of the baseline before that: only later ones are of this rollout. */
  runBefore?: Int32;

  /** When this step began. */
  stepStartTime?: Timestamp;

  /** When the last host of this step that responds was seen to comply. */
  soakStartTime?: Timestamp;

  /** When the last step was over. */
  completionTime?: Timestamp;

  /** Why it failed, where it is not taken back by itself: no further host gets the revision. */
  failure?: Text;

  /** The rollback, if it is, or was, taken back. */
  rollback?: RolloutRollback;

  /** Counts of the hosts. */
  fleet?: RolloutFleet;

  /** The last evaluation of the gates. */
  verdict?: RolloutVerdict;

  /**
   * The verdicts before, newest first: only those that differ from the one after them.
   *
   * @maxItems 20
   * @listType atomic
   */
  verdicts?: PastVerdict[];

  /** Since when a gate has known nothing: the earliest `blindSince` of the gates. */
  blindSince?: Timestamp;

  /**
   * What the error budgets had left when the rollout began, and since.
   *
   * @maxItems 10
   * @listType map
   * @listMapKey name
   */
  budgets?: BudgetAtStart[];

  /**
   * What the comparisons of the gates counted, step by step.
   *
   * @maxItems 5
   * @listType map
   * @listMapKey name
   */
  comparisons?: ComparisonRecord[];

  /** The approval that the next step waits for. */
  approval?: AwaitedApproval;

  /** Short values for columns. */
  summary?: RolloutSummary;

  /** Proof that Holdfast wrote it. */
  seal?: StatusSeal;
}

/** How a rollout is taken back. */
export interface RolloutRollback {
  /** When it began. */
  startTime: Timestamp;

  /** Why. */
  reason: Text;

  /** Whether the revision is not to be rolled out again. */
  rejects?: boolean;

  /** When every host was back, as far as it could be. */
  completionTime?: Timestamp;

  /**
   * Hosts that are not back, at most 20.
   *
   * @maxItems 20
   * @listType atomic
   */
  incomplete?: IncompleteHost[];
}

/** A host that could not be taken back. */
export interface IncompleteHost {
  /** The Device. */
  device: ObjectName;

  /** What is not as it was. */
  message: Text;
}

/** Counts of the hosts. */
export interface RolloutFleet {
  /** Hosts of the baseline that are not excluded. */
  total: Int32;

  /** Hosts that are assigned the revision. */
  targeted: Int32;

  /** Of these, hosts that comply with it, as evaluated after it was applied. */
  converged: Int32;

  /** Of these, hosts on which it failed, or did not succeed in time. */
  failed: Int32;

  /** Of these, hosts that do not respond. */
  unreachable: Int32;

  /**
   * The largest failure rate, in percent, that as many converged hosts without a failure leave possible with 95 % confidence (Clopper-Pearson): 0 of 5 leave 45 %.
   */
  failureUpperBoundPercent?: Int32;

  /**
   * Hosts that failed or do not respond, at most 20.
   *
   * @maxItems 20
   * @listType atomic
   */
  missing?: IncompleteHost[];
}

/** An approval that a step waits for. */
export interface AwaitedApproval {
  /** The step. */
  step: Int32;

  /** The digest to approve: of this revision in this step. */
  digest: Digest;

  /** Since when it waits for it: only what is approved later counts. */
  time: Timestamp;

  /** In words, such as `1 more approval`. */
  lacking: Text;
}

/** Short values for columns. */
export interface RolloutSummary {
  /** The revision, shortened. */
  revision: Text;

  /** Such as `2/3 50%`. */
  step: Text;

  /** Hosts that comply, of those that have the revision, such as `5/5`. */
  hosts: Text;

  /** What it does, such as `Soaking 3 h`. */
  state: Text;
}

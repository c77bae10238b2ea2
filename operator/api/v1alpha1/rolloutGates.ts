import type { Int32, ObjectName, Severity } from './shared.ts';

/** What must hold while a rollout is at work. A gate that knows nothing is inconclusive: it never passes. */
export interface RolloutGates {
  /**
   * ServiceLevelObjectives in the same namespace. A fast burn of one of them fails the rollout.
   *
   * @maxItems 10
   * @listType map
   * @listMapKey name
   */
  objectives?: ObjectiveGate[];

  /**
   * Single values of Prometheus.
   *
   * @maxItems 10
   * @listType map
   * @listMapKey name
   */
  metrics?: MetricGate[];

  /** How much of the error budgets of `objectives` must be left to start a step, and may be spent by the rollout. */
  errorBudget?: ErrorBudgetGate;

  /** Findings on hosts that have the revision. */
  findings?: FindingsGate;

  /**
   * How often the gates are evaluated, in seconds.
   *
   * @minimum 10
   * @maximum 86400
   * @default 300
   */
  intervalSeconds?: Int32;

  /**
   * How long a gate may know nothing, while it is needed, before the rollout fails, in seconds. Until then the rollout holds.
   *
   * @minimum 0
   * @maximum 604800
   * @default 3600
   */
  maxBlindSeconds?: Int32;
}

/** A ServiceLevelObjective as a gate. */
export interface ObjectiveGate {
  /** Its name. */
  name: ObjectName;
}

/**
 * A single value of Prometheus, and its limit.
 *
 * @rule has(self.max) || has(self.min) :: set `max`, `min` or both
 */
export interface MetricGate {
  /**
   * Its name.
   *
   * @minLength 1
   * @maxLength 63
   * @pattern ^[a-z0-9]([-a-z0-9]*[a-z0-9])?$
   */
  name: string;

  /**
   * A PromQL expression that results in one series.
   *
   * @minLength 1
   * @maxLength 4096
   */
  query: string;

  /** Name of the Prometheus server in the configuration of the operator; the default server if it is not set. */
  server?: ServerName;

  /** The largest value that passes. */
  max?: DecimalText;

  /** The smallest value that passes. */
  min?: DecimalText;

  /**
   * A PromQL expression for the number of samples behind the value, such as requests.
   *
   * @minLength 1
   * @maxLength 4096
   */
  samplesQuery?: string;

  /**
   * Fewer samples than this are inconclusive.
   *
   * @minimum 0
   * @maximum 1000000000
   */
  minSamples?: Int32;

  /**
   * The gate fails when this many evaluations in a row fail.
   *
   * @minimum 1
   * @maximum 100
   * @default 1
   */
  consecutiveFailures?: Int32;

  /** The gate also fails when this many of the last evaluations fail, in a row or not. */
  failures?: FailuresOf;
}

/**
 * How many of the last evaluations may fail.
 *
 * @rule self.count <= self.ofLast :: `count` must not be greater than `ofLast`
 */
export interface FailuresOf {
  /**
   * This many failures fail the gate.
   *
   * @minimum 1
   * @maximum 100
   */
  count: Int32;

  /**
   * Of so many evaluations.
   *
   * @minimum 1
   * @maximum 100
   */
  ofLast: Int32;
}

/** Limits for the error budgets of the objectives. */
export interface ErrorBudgetGate {
  /**
   * How much of each budget must be left to start a step, in percent.
   *
   * @minimum 0
   * @maximum 100
   * @default 50
   */
  minRemainingPercent?: Int32;

  /**
   * How much of each budget may be spent while the rollout is at work, in percent of the whole budget. What is projected to be spent by the end of
   * the step counts.
   *
   * @minimum 1
   * @maximum 100
   * @default 5
   */
  maxSpendPercent?: Int32;
}

/** Findings on hosts that have the revision, of any baseline. */
export interface FindingsGate {
  /** The rollout fails when a check of at least this severity fails on one of them that complied before. */
  minSeverity: Severity;
}

/**
 * Name of a Prometheus server in the configuration of the operator.
 *
 * @minLength 1
 * @maxLength 63
 * @pattern ^[a-z0-9]([-a-z0-9]*[a-z0-9])?$
 */
export type ServerName = string;

/**
 * A decimal number as text, such as `99.9` or `0.35`.
 *
 * @minLength 1
 * @maxLength 24
 * @pattern ^-?[0-9]{1,12}(\.[0-9]{1,9})?$ :: a number must be written as text, such as "0.35"
 */
export type DecimalText = string;

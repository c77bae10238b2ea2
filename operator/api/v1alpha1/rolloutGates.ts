import type { Int32, LabelSelector, ObjectName, Severity } from './shared.ts';

/**
 * What must be true while a rollout is in progress. A gate that knows nothing is inconclusive: it never passes.
 *
 * @rule !has(self.errorBudget) || (has(self.objectives) && size(self.objectives) > 0) :: `errorBudget` is about the error budgets of `objectives`: name at least one
 */
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

  /**
   * Errors of the hosts that have the revision, compared with those of the hosts that do not have it yet, by a sequential test.
   *
   * @maxItems 5
   * @listType map
   * @listMapKey name
   */
  comparisons?: ComparisonGate[];

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
   * How long a gate may know nothing before the rollout fails, in seconds. Until then it waits. Too few samples are not counted: it waits for more.
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
 * @rule !has(self.max) || !has(self.min) || double(self.min) <= double(self.max) :: `min` must not be greater than `max`: no value passes
 * @rule has(self.samplesQuery) == has(self.minSamples) :: `samplesQuery` and `minSamples` belong together: set both or neither
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
   * The gate fails when this many evaluations in a row fail. Evaluations that know nothing neither count nor break the row.
   * If neither this nor `failures` is set, the first failure fails it.
   *
   * @minimum 1
   * @maximum 100
   */
  consecutiveFailures?: Int32;

  /** The gate fails when this many of the last evaluations that know something fail, in a row or not. */
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

/**
 * Errors of the hosts that have the revision, compared with those of the hosts that do not have it yet. Both queries result in one series per host and
 * count since the step soaks: `$window` in them is replaced by that time, such as in `sum by (instance) (increase(http_requests_total{code=~"5.."}[$window]))`.
 * In a step of 100 %, nothing is left to compare with: the gate does not apply.
 */
export interface ComparisonGate {
  /**
   * Its name.
   *
   * @minLength 1
   * @maxLength 63
   * @pattern ^[a-z0-9]([-a-z0-9]*[a-z0-9])?$
   */
  name: string;

  /** A PromQL expression for the number of errors of each host. A host without a series has none. */
  errorsQuery: WindowQuery;

  /** A PromQL expression for the number of what each host served, errors included. A host without a series is unknown. */
  totalQuery: WindowQuery;

  /** Name of the Prometheus server in the configuration of the operator; the default server if it is not set. */
  server?: ServerName;

  /**
   * The label that names the host: its value, without a port, is the name of a Device or its `spec.ssh.host`.
   *
   * @maxLength 128
   * @pattern ^[a-zA-Z_][a-zA-Z0-9_]*$
   * @default "instance"
   */
  hostLabel?: string;

  /** Compares only hosts whose Devices have these labels, such as those of one role; all hosts of the rollout if it is not set. */
  selector?: LabelSelector;

  /**
   * How probable it may be that a harmless revision is taken back because of this gate, during the rollout, in percent, however often it is evaluated.
   *
   * @minimum 1
   * @maximum 20
   * @default 1
   */
  falseAlarmPercent?: Int32;

  /**
   * The gate passes only when the hosts that have the revision served at least as many.
   *
   * @minimum 1
   * @maximum 1000000000
   * @default 100
   */
  minSamples?: Int32;
}

/**
 * A PromQL expression over `$window`.
 *
 * @minLength 1
 * @maxLength 4096
 * @pattern \[\$window\] :: the query must count over the time since the step soaks: write `[$window]` for its range
 */
export type WindowQuery = string;

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
   * How much of each budget may be spent while the rollout is in progress, in percent of the budget. What is projected to be spent by the end of
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
  /** The rollout fails when a check of at least this severity fails on one of them that did not fail there before, unless it is waived. */
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

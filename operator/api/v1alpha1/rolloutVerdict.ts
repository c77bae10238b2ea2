import type { DecimalText } from './rolloutGates.ts';
import type { Int32, Int64, ObjectName, Text, Timestamp } from './shared.ts';

/** The outcome of an evaluation: the worst of its gates, `Pass` before `Inconclusive` before `Error` before `Fail`. */
export type GateOutcome = 'Pass' | 'Inconclusive' | 'Error' | 'Fail';

/** One evaluation of all gates. */
export interface RolloutVerdict {
  /** The worst outcome of the gates. */
  result: GateOutcome;

  /** When they were evaluated. */
  time: Timestamp;

  /** Since when it has been so. */
  since?: Timestamp;

  /** In which step. */
  step?: Int32;

  /** The generation of the spec whose gates were evaluated. */
  generation?: Int64;

  /** The gates that decided it, in one line. */
  message: Text;

  /**
   * Gate by gate.
   *
   * @maxItems 40
   * @listType atomic
   */
  gates?: GateVerdict[];
}

/** The outcome of one gate. */
export interface GateVerdict {
  /** Type and name of the gate, such as `metric/error-ratio`, `objective/checkout`, `errorBudget/checkout`, `findings` or `convergence`. */
  gate: Text;

  /** The outcome. */
  result: GateOutcome;

  /** Why, in one word, such as `TooHigh`, `Stale`, `TooFewSamples`. */
  reason: Text;

  /** Why, in a sentence. */
  message: Text;

  /** The value. */
  value?: Text;

  /** The limit that it was compared with. */
  limit?: Text;

  /** How many samples there were. */
  samples?: Int32;

  /** The query. */
  query?: GateQuery;

  /** The time span that it is about, in seconds. */
  windowSeconds?: Int32;

  /** Since when it has known nothing, if so. */
  blindSince?: Timestamp;

  /**
   * The latest evaluations of the value, newest first: `P` for Pass, `I` for Inconclusive, `E` for Error, `F` for Fail.
   *
   * @maxLength 100
   * @pattern ^[PIEF]*$
   */
  recent?: string;
}

/**
 * A query, shortened.
 *
 * @maxLength 512
 */
export type GateQuery = string;

/** A verdict of the past. */
export interface PastVerdict {
  /** Since when it was so. */
  time: Timestamp;

  /** In which step. */
  step: Int32;

  /** The outcome. */
  result: GateOutcome;

  /** Why. */
  message: Text;
}

/** What an error budget had left. */
export interface BudgetAtStart {
  /** The ServiceLevelObjective. */
  name: ObjectName;

  /** What was left when the rollout began, in percent of the budget. */
  remainingPercent: DecimalText;

  /** The most that was left since: what is spent is counted from there, so that what a budget regains hides nothing. */
  highestPercent?: DecimalText;

  /** What had been spent when the step began. */
  stepSpentPercent?: DecimalText;

  /** When that was known. */
  stepTime?: Timestamp;
}

/** What a comparison counted. */
export interface ComparisonRecord {
  /** Its name. */
  name: ObjectName;

  /**
   * Step by step.
   *
   * @maxItems 16
   * @listType map
   * @listMapKey step
   */
  steps: ComparedStep[];
}

/** What a comparison counted in a step. */
export interface ComparedStep {
  /** The step. */
  step: Int32;

  /** Errors on hosts that have the revision. */
  changedErrors: Int64;

  /** Errors on all hosts. */
  errors: Int64;

  /** The share of the hosts that have the revision in what was served, in percent. */
  sharePercent: DecimalText;

  /** The natural logarithm of the evidence that they fail more often. */
  logEvidence: DecimalText;
}

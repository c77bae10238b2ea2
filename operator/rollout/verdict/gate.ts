/** What a gate is given, and what it returns: the words that all gates share. Pure. */
import type { CanaryRolloutStatus } from '../../api/v1alpha1/canaryRolloutStatus.ts';
import type { BudgetAtStart, GateOutcome, GateVerdict } from '../../api/v1alpha1/rolloutVerdict.ts';
import type { RolloutGates } from '../../api/v1alpha1/rolloutGates.ts';
import type { IntOrString, Timestamp } from '../../api/v1alpha1/shared.ts';
import type { SingleValue } from '../../connect/prometheus/types.ts';
import { sha256 } from '../../lib/digest.ts';
import { shortened } from '../../lib/text.ts';
import type { Evidence } from './evidence.ts';

/** What evaluations leave in the status for those after them. */
export type VerdictFields = Pick<
  CanaryRolloutStatus,
  'verdict' | 'verdicts' | 'blindSince' | 'budgets' | 'comparisons'
>;

/** A rollout, as far as its gates are concerned. */
export interface GatedRollout {
  readonly gates: RolloutGates;
  readonly maxFailed: IntOrString;
  readonly generation?: number;
  readonly step: GatedStep;
  /** What the last evaluation left, of this revision: nothing when it is another one. */
  readonly before: VerdictFields;
}

export interface GatedStep {
  /** From 1. */
  readonly number: number;
  /** How many steps can be compared: those that leave hosts without the revision. */
  readonly comparable: number;
  readonly percent: number;
  readonly startTime: Timestamp;
  readonly soakSeconds: number;
  /** Not set while hosts converge. */
  readonly soakStartTime?: Timestamp;
}

export interface GateInput {
  readonly rollout: GatedRollout;
  readonly evidence: Evidence;
  /** With what is known now. */
  readonly budgets: readonly BudgetAtStart[];
  readonly now: Date;
}

/** The outcome of a gate, before it is known since when it is blind. */
export interface Evaluated extends Omit<GateVerdict, 'blindSince'> {
  /** Whether it knows nothing at all: not merely too little. */
  readonly isBlind?: boolean;
}

/** A type of gate: an outcome for each gate of the type that is declared. One that does not apply in this step has none. */
export type Gate = (input: GateInput) => readonly Evaluated[];

type Details = Pick<Evaluated, 'value' | 'limit' | 'samples' | 'query' | 'windowSeconds' | 'isBlind'>;

/** An outcome in words: `is('metric/errors', 'Fail', 'TooHigh', '…')`. */
export function is(
  result: GateOutcome,
  reason: string,
  message: string,
  details: Details = {},
): Omit<Evaluated, 'gate'> {
  return { result, reason, message: oneLine(message), ...details };
}

export function unknown(reason: string, message: string, details: Details = {}): Omit<Evaluated, 'gate'> {
  return is('Inconclusive', reason, message, { ...details, isBlind: true });
}

/** Nobody can do anything about these but wait: the others are errors that a person must fix. */
const passing: ReadonlySet<string> = new Set(['Empty', 'NotANumber', 'Infinite', 'Stale', 'Partial', 'Busy']);

/** Why there is no answer: inconclusive, or an error if it does not pass by itself. It is never a failure of the hosts. */
export function noAnswer(
  { reason, message }: Pick<Extract<SingleValue, { is: 'none' }>, 'reason' | 'message'>,
  details: Details = {},
): Omit<Evaluated, 'gate'> {
  return is(passing.has(reason) ? 'Inconclusive' : 'Error', reason, message, { ...details, isBlind: true });
}

const mostText = 512;

/** Text of the status: servers and hosts may send anything. */
export function oneLine(text: string): string {
  return shortened(text.replace(/[\x00-\x1f\x7f]+/g, ' ').trim() || 'no details', mostText);
}

/** A query within its bound in the status; two that differ behind it are told apart by a digest. */
export function shownQuery(query: string): string {
  return query.length <= mostText ? query : `${query.slice(0, mostText - 18)}… ${sha256(query).slice(0, 16)}`;
}

/** Seconds from one time to another; never negative, because clocks may be put back. */
export function secondsBetween(from: Timestamp, to: Date): number {
  const seconds = (to.getTime() - Date.parse(from)) / 1000;
  return Number.isFinite(seconds) ? Math.max(0, seconds) : 0;
}

/**
 * The one table that turns where an object stands into its conditions, its observedGeneration and its next pass.
 * `Ready` (`Succeeded` for what runs to an end) is always there; `Reconciling`, `Stalled` and `Suspended` only while true. What ran to
 * an end and did not succeed is `Failed`, for `kubectl wait`, and `Stalled`, for what goes by kstatus: it will never become better.
 */
import { timestamp } from '../lib/timestamp.ts';
import type { Condition, ResourceStatus, Suspend } from '../api/v1alpha1/shared.ts';
import type { DomainConditions, Outcome, Seconds } from './feature.ts';
import type { Next } from './queue.ts';

/** An outcome of the feature, or that the pass failed: `failed` when the world did, `broken` when our own code did. */
export type Verdict =
  | Outcome
  | { is: 'failed'; reason: string; message: string; retryAfter?: Seconds }
  | { is: 'broken'; reason: string; message: string };

type Status = Condition['status'];
interface Row {
  readonly ready: Status;
  readonly succeeded: Status;
  readonly also?: 'Reconciling' | 'Stalled';
  /** Whether the current generation counts as dealt with. */
  readonly observed: boolean;
  readonly warns: boolean;
}

const TABLE: Record<Verdict['is'], Row> = {
  ready: { ready: 'True', succeeded: 'True', observed: true, warns: false },
  progressing: { ready: 'Unknown', succeeded: 'Unknown', also: 'Reconciling', observed: false, warns: false },
  waiting: { ready: 'False', succeeded: 'Unknown', also: 'Reconciling', observed: false, warns: false },
  stalled: { ready: 'False', succeeded: 'False', also: 'Stalled', observed: true, warns: true },
  failed: { ready: 'False', succeeded: 'Unknown', also: 'Reconciling', observed: false, warns: true },
  broken: { ready: 'False', succeeded: 'Unknown', also: 'Stalled', observed: false, warns: true },
};

/** Until someone mends our code, or the world changes so that the fault no longer shows. */
const BROKEN_RECHECK: Seconds = 600;
const RUNTIME_TYPES: readonly string[] = ['Ready', 'Succeeded', 'Failed', 'Reconciling', 'Stalled', 'Suspended'];

export interface Conclusion {
  readonly verdict: Verdict;
  /** Whether the kind runs to an end. */
  readonly bounded: boolean;
  /** Undefined keeps those that are there, for a pass that came to no conclusion about the domain. */
  readonly domain: DomainConditions | undefined;
  readonly generation: number | undefined;
  readonly now: Date;
}

/** Conditions and observedGeneration of a status, derived from the previous ones. Times stay where the status stays. */
export function statusOf(previous: ResourceStatus | undefined, conclusion: Conclusion): ResourceStatus {
  const row = TABLE[conclusion.verdict.is];
  const before = previous?.conditions ?? [];
  const { reason, message } = conclusion.verdict;
  const kept = before.filter((condition) => !RUNTIME_TYPES.includes(condition.type));
  const facts: Facts = { [summaryType(conclusion.bounded)]: summary(before, conclusion, row) };
  if (row.also) {
    const retries = conclusion.verdict.is === 'failed';
    facts[row.also] = { status: 'True', reason: retries ? 'ProgressingWithRetry' : reason, message };
  }
  const end = conclusion.bounded ? (conclusion.domain?.['Succeeded'] ?? facts['Succeeded']) : undefined;
  if (end?.status === 'False') facts['Failed'] = facts['Stalled'] = { ...end, status: 'True' };
  return {
    observedGeneration: row.observed ? conclusion.generation : previous?.observedGeneration,
    conditions: merge(before, { ...facts, ...conclusion.domain }, conclusion, conclusion.domain ? [] : kept),
  };
}

/**
 * The status of an object that a person has paused: what was known of the domain stays, `Suspended` says why nothing happens. Nothing is
 * left to be done about this generation, so that whoever waits for it (`helm --wait`, Flux) need not wait.
 */
export function suspendedStatus(
  previous: ResourceStatus | undefined,
  suspend: Suspend,
  about: { bounded: boolean; generation: number | undefined; now: Date },
): ResourceStatus {
  const before = previous?.conditions ?? [];
  const until = suspend.until === undefined ? 'until spec.suspend is removed' : `until ${suspend.until}`;
  const facts: Facts = { Suspended: { status: 'True', reason: 'Suspended', message: `${suspend.reason} (${until})` } };
  const message = 'It is suspended, as declared; other conditions show the last known state.';
  if (!about.bounded) facts['Ready'] = { status: 'True', reason: 'Suspended', message };
  const rest = before.filter(({ type }) => !['Suspended', 'Reconciling', 'Stalled'].includes(type));
  return { observedGeneration: about.generation, conditions: merge(before, facts, about, rest) };
}

/**
 * What a condition of that type is decided from, in what a status had: a pass that fails in between changes nothing of what the domain is decided
 * from, and a change of the domain is the same change after it.
 */
export function basisOf(type: string, previous: ResourceStatus = {}): object {
  if (RUNTIME_TYPES.includes(type)) return previous;
  const conditions = (previous.conditions ?? []).filter((one) => !RUNTIME_TYPES.includes(one.type));
  return { ...previous, observedGeneration: undefined, conditions };
}

/** When the object is looked at again. `random` is from 0 to 1. */
export function nextOf(verdict: Verdict, random: () => number): Next {
  switch (verdict.is) {
    case 'ready':
    case 'stalled':
      return verdict.recheckAfter === undefined
        ? { is: 'done' }
        : { is: 'again', after: jittered(verdict.recheckAfter, random) };
    case 'progressing':
    case 'waiting':
      return { is: 'again', after: jittered(verdict.recheckAfter, random) };
    case 'failed':
      return { is: 'retry', atLeast: verdict.retryAfter };
    case 'broken':
      return { is: 'again', after: BROKEN_RECHECK };
  }
}

export function summaryType(bounded: boolean): 'Ready' | 'Succeeded' {
  return bounded ? 'Succeeded' : 'Ready';
}

/** Whether a verdict is told to people as a warning. */
export function isWarning(verdict: Verdict): boolean {
  return TABLE[verdict.is].warns;
}

/** Ten percent either way, so that what began together does not stay together. */
function jittered(seconds: Seconds, random: () => number): Seconds {
  return seconds * (0.9 + random() / 5);
}

type Facts = Record<string, Pick<Condition, 'status' | 'reason' | 'message'>>;

function summary(before: readonly Condition[], { verdict, bounded }: Conclusion, row: Row): Facts[string] {
  const { reason, message } = verdict;
  if (!bounded) return { status: row.ready, reason, message };
  const ended = before.find((condition) => condition.type === 'Succeeded' && condition.status !== 'Unknown');
  // What has ended has ended: a later pass that fails does not make it uncertain.
  if (ended && (verdict.is === 'failed' || verdict.is === 'broken')) return ended;
  return { status: row.succeeded, reason, message };
}

function merge(
  before: readonly Condition[],
  facts: Facts,
  about: { generation: number | undefined; now: Date },
  kept: readonly Condition[],
): Condition[] {
  const stated = Object.entries(facts).map(([type, fact]): Condition => {
    const old = before.find((condition) => condition.type === type);
    const { status, reason, message } = fact;
    const observedGeneration = about.generation;
    const isOld = old?.status === status;
    if (isOld && old.reason === reason && old.message === message && old.observedGeneration === observedGeneration)
      return old;
    const lastTransitionTime = isOld ? old.lastTransitionTime : timestamp(about.now);
    return { type, status, observedGeneration, lastTransitionTime, reason, message };
  });
  return [...stated, ...kept.filter((condition) => !(condition.type in facts))].sort((a, b) =>
    a.type < b.type ? -1 : 1,
  );
}

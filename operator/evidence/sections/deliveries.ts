/** Rollouts of revisions, put together from the entries of the journal about CanaryRollouts. Pure. */
import type { JournalEntry } from '../journal/entry.ts';
import { instantOf, recordOf } from './facts.ts';

/** One revision that a rollout brought to hosts; times are milliseconds since 1970. */
export interface Delivery {
  readonly rollout: string;
  readonly revision: string;
  /** When the first host was assigned it. */
  readonly startTime: number | undefined;
  /** When all hosts had it, and the last soak was over. */
  readonly completionTime: number | undefined;
  /** When it was found to fail. */
  readonly failureTime: number | undefined;
  /** When every host was back. */
  readonly restoreTime: number | undefined;
  /** Taken back, or stopped as failed: once a delivery, however often it failed. */
  readonly hasFailed: boolean;
  readonly isComplete: boolean;
}

/** In the order of their first entries. Of a revision that is rolled out again after it was taken back, each time counts. */
export async function deliveries(entries: AsyncIterable<JournalEntry>): Promise<readonly Delivery[]> {
  const known = new Map<string, Delivery>();
  for await (const { object, facts, time } of entries) {
    const revision = facts?.['revision'];
    if (object.kind !== 'CanaryRollout' || typeof revision !== 'string') continue;
    const start = instantOf(facts!['startTime']);
    // What is not assigned to any host was not delivered.
    if (start === undefined) continue;
    const id = JSON.stringify([object.namespace, object.name, object.uid, revision, start]);
    known.set(id, delivery(object.name, revision, { facts: facts!, time, before: known.get(id) }));
  }
  return [...known.values()];
}

interface Told {
  readonly facts: Readonly<Record<string, unknown>>;
  readonly time: string;
  readonly before: Delivery | undefined;
}

function delivery(rollout: string, revision: string, { facts, time, before }: Told): Delivery {
  const rollback = recordOf(facts['rollback']);
  // A return to the revision before that the baseline itself declares again rejects nothing: it is no failure.
  const isTakenBack = rollback !== undefined && rollback['rejects'] === true;
  const isStopped = typeof facts['failure'] === 'string';
  const completionTime = rollback ? undefined : instantOf(facts['completionTime']);
  const failure = isTakenBack ? instantOf(rollback['startTime']) : isStopped ? instantOf(time) : undefined;
  return {
    rollout,
    revision,
    startTime: instantOf(facts['startTime']),
    completionTime: before?.completionTime ?? completionTime,
    failureTime: before?.failureTime ?? failure,
    restoreTime: before?.restoreTime ?? (isTakenBack ? instantOf(rollback['completionTime']) : undefined),
    hasFailed: (before?.hasFailed ?? false) || isTakenBack || isStopped,
    isComplete: (before?.isComplete ?? false) || completionTime !== undefined,
  };
}

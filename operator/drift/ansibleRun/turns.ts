/** Whose turn it is where only so many runs are executed at once: backend Local, which all namespaces share. Pure. */
import type { AnsibleRun } from '../../api/v1alpha1/ansibleRun.ts';
import { mayTakeAnother } from '../../lib/shares.ts';

/** The reason that a run gives while it waits for its turn. */
export const turnReason = 'TooManyRuns';

/**
 * Whether the run may start. Free places go one by one to the namespace that has the fewest, and there to the oldest run; no namespace has more
 * than it leaves free, so that those with long runs do not keep all others waiting. A run that waits for something else keeps nobody waiting.
 */
export function isItsTurn(run: AnsibleRun, all: readonly AnsibleRun[], most: number): boolean {
  const local = all.filter(({ spec, status }) => spec.backend === 'Local' && !status?.completionTime);
  const started = local.filter(({ status }) => status?.startTime);
  const waiting = local
    .filter((one) => one.metadata.uid === run.metadata.uid || waitsFor(turnReason, one))
    .sort(olderFirst);
  const places = new Map<string, number>();
  const had = (one: AnsibleRun): number => places.get(namespaceOf(one)) ?? 0;
  for (const one of started) places.set(namespaceOf(one), had(one) + 1);
  for (let free = most - started.length; free > 0; free -= 1) {
    const next = waiting.reduce<AnsibleRun | undefined>(
      (first, one) => (mayTakeAnother(had(one), free) && (!first || had(one) < had(first)) ? one : first),
      undefined,
    );
    if (!next) return false;
    if (next.metadata.uid === run.metadata.uid) return true;
    waiting.splice(waiting.indexOf(next), 1);
    places.set(namespaceOf(next), had(next) + 1);
  }
  return false;
}

/** The reason that a run gives while others are running on its hosts, or come first there. */
export const busyReason = 'DevicesBusy';

/** Whether another run that waits for its hosts, and for nothing else, goes first: the older one, so that of two that see the hosts free one starts. */
export function comesFirst(other: AnsibleRun, run: AnsibleRun): boolean {
  return waitsFor(busyReason, other) && olderFirst(other, run) < 0;
}

/** Whether it has not started, and is not known to wait for anything else. */
function waitsFor(what: string, { metadata, status }: AnsibleRun): boolean {
  if (status?.startTime || status?.completionTime || metadata.deletionTimestamp) return false;
  const reason = status?.conditions?.find(({ type }) => type === 'Succeeded')?.reason;
  return reason === undefined || reason === what;
}

/** By plain comparison: each run that waits compares itself with all others, and a thousand may wait. */
function olderFirst({ metadata: a }: AnsibleRun, { metadata: b }: AnsibleRun): number {
  const [timeOfA = '', timeOfB = ''] = [a.creationTimestamp, b.creationTimestamp];
  if (timeOfA !== timeOfB) return timeOfA < timeOfB ? -1 : 1;
  const [uidOfA = '', uidOfB = ''] = [a.uid, b.uid];
  return uidOfA === uidOfB ? 0 : uidOfA < uidOfB ? -1 : 1;
}

function namespaceOf({ metadata }: AnsibleRun): string {
  return metadata.namespace ?? '';
}

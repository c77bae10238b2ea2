/** Whose turn it is where only so many runs are executed at once: backend Local, which all namespaces share. Pure. */
import type { AnsibleRun } from '../../api/v1alpha1/ansibleRun.ts';

/** The reason that a run gives while it waits for its turn. */
export const turnReason = 'TooManyRuns';

/**
 * Whether the run may start. Free places go one by one to the namespace that has the fewest, and there to the oldest run; no namespace has more
 * than half of all, so that one with long runs does not keep all others waiting. A run that waits for something else keeps nobody waiting.
 */
export function isItsTurn(run: AnsibleRun, all: readonly AnsibleRun[], most: number): boolean {
  const local = all.filter(({ spec, status }) => spec.backend === 'Local' && !status?.completionTime);
  const started = local.filter(({ status }) => status?.startTime);
  const waiting = local.filter((one) => one.metadata.uid === run.metadata.uid || waitsForThis(one)).sort(olderFirst);
  const places = new Map<string, number>();
  for (const one of started) places.set(namespaceOf(one), (places.get(namespaceOf(one)) ?? 0) + 1);
  const mostOfNamespace = Math.ceil(most / 2);
  for (let free = most - started.length; free > 0; free -= 1) {
    const next = waiting
      .filter((one) => (places.get(namespaceOf(one)) ?? 0) < mostOfNamespace)
      .sort((a, b) => (places.get(namespaceOf(a)) ?? 0) - (places.get(namespaceOf(b)) ?? 0))[0];
    if (!next) return false;
    if (next.metadata.uid === run.metadata.uid) return true;
    waiting.splice(waiting.indexOf(next), 1);
    places.set(namespaceOf(next), (places.get(namespaceOf(next)) ?? 0) + 1);
  }
  return false;
}

function waitsForThis({ metadata, status }: AnsibleRun): boolean {
  if (status?.startTime || metadata.deletionTimestamp) return false;
  const reason = status?.conditions?.find(({ type }) => type === 'Succeeded')?.reason;
  return reason === undefined || reason === turnReason;
}

function olderFirst(a: AnsibleRun, b: AnsibleRun): number {
  const time = ({ metadata }: AnsibleRun) => metadata.creationTimestamp ?? '';
  return time(a).localeCompare(time(b)) || (a.metadata.uid ?? '').localeCompare(b.metadata.uid ?? '');
}

function namespaceOf({ metadata }: AnsibleRun): string {
  return metadata.namespace ?? '';
}

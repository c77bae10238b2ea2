/** Which runs a baseline created. Pure. */
import type { AnsibleRun } from '../api/v1alpha1/ansibleRun.ts';
import type { DeviceBaseline } from '../api/v1alpha1/deviceBaseline.ts';
import { digestOf } from '../lib/digest.ts';

/**
 * Those whose uid the baseline recorded when it created them. A name, a label, `baselineRef` and an owner reference may be written by anyone who may
 * create a run, and say nothing. Of one that it was about to create, and ended before it knew, the spec is known, which nobody can change.
 */
export function ownRunsOf({ metadata, status }: DeviceBaseline, runs: readonly AnsibleRun[]): AnsibleRun[] {
  const recorded = new Set(status?.runs);
  const creating = status?.creating;
  return runs.filter((run) => {
    if (recorded.has(run.metadata.uid ?? '')) return true;
    if (!creating || run.metadata.name !== creating.name || digestOf(run.spec) !== creating.digest) return false;
    return run.metadata.ownerReferences?.some(({ uid }) => uid === metadata.uid) ?? false;
  });
}

const mostRecorded = 60;

/** What is recorded of them: the latest, more than are kept, in the order in which they were created. */
export function recordOf({ status }: DeviceBaseline, own: readonly AnsibleRun[]): string[] {
  return [...new Set([...(status?.runs ?? []), ...own.map(({ metadata }) => metadata.uid ?? '')])].slice(-mostRecorded);
}

/** `rhel9-7`: one more than the highest number of its own runs, or the next that no run of others has. */
export function nextRunName(baseline: string, own: readonly string[], taken: ReadonlySet<string>): string {
  const stem = baseline.slice(0, 200);
  let number = own.reduce((highest, name) => Math.max(highest, numberOf(stem, name)), 0) + 1;
  while (taken.has(`${stem}-${number}`)) number += 1;
  return `${stem}-${number}`;
}

/** Own runs by their numbers, in which they were created one after the other. No time says that: the wall clock may be set back in between. */
export function inOrder(own: readonly AnsibleRun[]): AnsibleRun[] {
  return own.toSorted((a, b) => numberOfOwn(a) - numberOfOwn(b));
}

/** The last of its own runs that is complete. */
export function lastComplete(own: readonly AnsibleRun[]): AnsibleRun | undefined {
  return inOrder(own.filter(({ status }) => status?.completionTime)).at(-1);
}

/** The number of a run that is a baseline's own. */
export function numberOfOwn({ metadata: { name } }: AnsibleRun): number {
  return Number(/-([0-9]+)$/.exec(name)?.[1] ?? 0);
}

function numberOf(stem: string, name: string): number {
  const digits = name.startsWith(`${stem}-`) ? name.slice(stem.length + 1) : '';
  return /^[0-9]{1,9}$/.test(digits) ? Number(digits) : 0;
}

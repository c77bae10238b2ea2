/** Which runs a baseline created. Pure. */
import type { AnsibleRun } from '../api/v1alpha1/ansibleRun.ts';
import type { CreatingRun, DeviceBaseline, DeviceBaselineStatus } from '../api/v1alpha1/deviceBaseline.ts';
import { digestOf } from '../lib/digest.ts';

/**
 * Those whose uid the baseline recorded when it created them. A name, a label, `baselineRef` and an owner reference may be written by anyone who may
 * create a run, and say nothing. Of one that it was about to create, and ended before it knew, the spec is known, which nobody can change.
 */
export function ownRunsOf({ metadata, status }: DeviceBaseline, runs: readonly AnsibleRun[]): AnsibleRun[] {
  const creating = status?.creating;
  const recorded = new Set(recordedIn(status));
  return runs.filter((run) => {
    if (recorded.has(run.metadata.uid ?? '')) return true;
    if (
      !creating ||
      creating.uid !== undefined ||
      run.metadata.name !== creating.name ||
      digestOf(run.spec) !== creating.digest
    )
      return false;
    return run.metadata.ownerReferences?.some(({ uid }) => uid === metadata.uid) ?? false;
  });
}

/**
 * Whether the run says that the baseline created it, which has no record of that. What is created is recorded before: it was created by an
 * operator that no longer led, after its successor had decided upon another, or restored without the record.
 */
export function isUnrecorded(run: AnsibleRun, baseline: DeviceBaseline): boolean {
  const { uid } = baseline.metadata;
  const isOwned = run.metadata.ownerReferences?.some((owner) => owner.controller && owner.uid === uid) ?? false;
  return isOwned && (run.spec.corrections ?? run.spec.revertOf) !== undefined && !ownRunsOf(baseline, [run]).length;
}

function recordedIn(status: DeviceBaselineStatus = {}): string[] {
  const { runs = [], creating } = status;
  return creating?.uid === undefined ? runs : [...runs, creating.uid];
}

/**
 * What stays recorded of the latest run, until another is created: a cache may show it late, and one whose creation was not answered may come into
 * being late. Undefined when there was none, or it was deleted.
 */
export function latestOf({ status }: DeviceBaseline, own: readonly AnsibleRun[]): CreatingRun | undefined {
  const creating = status?.creating;
  const uid = own.find(({ metadata }) => metadata.name === creating?.name)?.metadata.uid;
  if (!creating || uid === undefined) return creating?.uid === undefined ? creating : undefined;
  return { ...creating, uid };
}

const mostRecorded = 250;

/** What is recorded of them: the latest, more than are kept, in the order in which they were created. */
export function recordOf({ status }: DeviceBaseline, own: readonly AnsibleRun[]): string[] {
  return [...new Set([...recordedIn(status), ...own.map(({ metadata }) => metadata.uid ?? '')])].slice(-mostRecorded);
}

/** The highest number that a run of the baseline ever had, as far as it is recorded or there; 0 when there was none. */
export function lastNumber({ metadata, status }: DeviceBaseline, own: readonly AnsibleRun[]): number {
  const { lastRun = 0, creating } = status ?? {};
  const names = own.map((run) => run.metadata.name);
  // One that was not created, as far as is known, is created under the same name: should it be there after all, its name is taken.
  if (creating?.uid !== undefined) names.push(creating.name);
  return names.reduce((highest, name) => Math.max(highest, numberOf(stemOf(metadata.name), name)), lastRun);
}

/** `rhel9-7`: one more than the last, or the next that no run of others has. */
export function nextRunName(baseline: string, last: number, taken: ReadonlySet<string>): string {
  const stem = stemOf(baseline);
  let number = last + 1;
  while (taken.has(`${stem}-${number}`)) number += 1;
  return `${stem}-${number}`;
}

function stemOf(baseline: string): string {
  return baseline.slice(0, 200);
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

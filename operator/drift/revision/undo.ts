/**
 * What other revisions changed on hosts that go back to the base, run by run, the latest first. A run is undone on a host when an undo of it that
 * the baseline created has ended there; what could not be undone after some attempts is left, and told. Pure.
 */
import type { AnsibleRun } from '../../api/v1alpha1/ansibleRun.ts';
import type { HostResult } from '../../api/v1alpha1/ansibleRunStatus.ts';
import type { Assignment } from '../../api/v1alpha1/assignment.ts';
import { devicesOf } from '../indexes.ts';
import { inOrder, numberOfOwn } from '../ownRuns.ts';

const mostAttempts = 3;
const retrySeconds = 60;

/** The runs that a baseline created, and from which number on those of another revision than the base are of rollouts that are not complete. */
export interface Applied {
  readonly own: readonly AnsibleRun[];
  readonly assignment: Assignment;
}

export interface UndoAttempt {
  readonly run: AnsibleRun;
  readonly outcome: HostResult['outcome'];
  readonly message?: string;
}

/** Runs of rollouts that are not complete: they are kept as long as they may have to be undone. */
export function isOfOpenRollout(run: AnsibleRun, { base, baseRun = 0 }: Assignment): boolean {
  return !run.spec.revertOf && run.spec.revision !== base && numberOfOwn(run) > baseRun;
}

/** Those that changed something on the host, the latest first. */
function changesOn(device: string, { own, assignment }: Applied): AnsibleRun[] {
  const changed = own.filter(
    (run) =>
      isOfOpenRollout(run, assignment) &&
      run.spec.mode !== 'Check' &&
      run.status?.before?.some((one) => one.device === device),
  );
  return inOrder(changed).reverse();
}

/** Complete attempts to undo a run on a host, oldest first. */
export function undoAttempts(device: string, run: AnsibleRun, { own }: Applied): UndoAttempt[] {
  const undos = own.filter(
    ({ spec, status }) => spec.revertOf?.name === run.metadata.name && status?.completionTime !== undefined,
  );
  return inOrder(undos).flatMap((undo) => {
    if (!devicesOf(undo).includes(device)) return [];
    const host = undo.status?.hosts?.find(({ name }) => name === device);
    const failure = undo.status?.failures?.find((one) => one.device === device);
    const message = failure ? `${failure.check}: ${failure.message}` : host?.message;
    return [{ run: undo, outcome: host?.outcome ?? 'Unknown', ...(message !== undefined && { message }) }];
  });
}

function isSettled(attempts: readonly UndoAttempt[]): boolean {
  const last = attempts.at(-1);
  if (!last) return false;
  if (last.outcome === 'Verified' || last.outcome === 'Completed') return true;
  return attempts.filter(({ outcome }) => outcome !== 'Unreachable').length >= mostAttempts;
}

/** Runs that are still to be undone on the host, the latest first. */
export function openUndos(device: string, applied: Applied): AnsibleRun[] {
  return changesOn(device, applied).filter(
    (run) => !run.spec.playbook && !isSettled(undoAttempts(device, run, applied)),
  );
}

/** Whether nothing is left to be undone on the host, and no run of the baseline may still change it. */
export function isBack(device: string, applied: Applied): boolean {
  const isActive = applied.own.some(
    ({ spec, status }) => !status?.completionTime && spec.deviceNames?.includes(device),
  );
  return !isActive && !openUndos(device, applied).length;
}

/** What could not be undone on the host, in words; undefined when all of it was. */
export function notUndone(device: string, applied: Applied): string | undefined {
  for (const run of changesOn(device, applied)) {
    if (run.spec.playbook)
      return `AnsibleRun ${run.metadata.name} ran your own playbook, which only its author can undo`;
    const last = undoAttempts(device, run, applied).at(-1);
    if (last && last.outcome !== 'Verified' && last.outcome !== 'Completed') {
      return `AnsibleRun ${last.run.metadata.name} did not undo ${run.metadata.name}: ${last.message ?? last.outcome}`;
    }
  }
  return undefined;
}

export interface NextUndo {
  readonly run: AnsibleRun;
  readonly devices: readonly string[];
}

/** The next run to undo, on those hosts on which nothing later is to be undone first. `waitUntil` when that is not to begin yet. */
export function nextUndo(
  devices: readonly string[],
  applied: Applied,
  now: Date,
): { next?: NextUndo; waitUntil?: Date } {
  const due = devices.flatMap((device) => {
    const [run] = openUndos(device, applied);
    return run ? [{ device, run, at: retryTime(undoAttempts(device, run, applied).at(-1)) }] : [];
  });
  const ready = due.filter(({ at }) => at === undefined || at <= now);
  const waiting = due.flatMap(({ at }) => (at && at > now ? [at.getTime()] : []));
  const [run] = inOrder(ready.map((one) => one.run)).reverse();
  if (!run) return waiting.length ? { waitUntil: new Date(Math.min(...waiting)) } : {};
  const hosts = ready.filter((one) => one.run === run).map(({ device }) => device);
  return { next: { run, devices: hosts.slice(0, 200) } };
}

function retryTime(last: UndoAttempt | undefined): Date | undefined {
  const time = last?.run.status?.completionTime;
  return time === undefined ? undefined : new Date(Date.parse(time) + retrySeconds * 1000);
}

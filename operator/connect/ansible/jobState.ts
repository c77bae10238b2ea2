/**
 * Reads how a run is from its Job and the pods of that Job. Pure.
 *
 * Labels and names say nothing: a pod counts that is controlled by that very Job, and what it left is read when the Job itself has ended, which only
 * the Job controller says (`jobs/status`). Who may create pods in the namespace could still make one that the Job controller takes for the
 * Job's own; where there are two, neither is believed.
 */
import type { V1Job, V1JobCondition, V1Pod, V1PodCondition } from '@kubernetes/client-node';
import { readResult } from './result.ts';
import type { AnsibleState } from './types.ts';

/** What is read of a Job. */
export type ObservedJob = Pick<V1Job, 'metadata' | 'spec'> & {
  readonly status?: { conditions?: readonly Condition[] };
};
/** What is read of its pods. */
export type ObservedPod = Pick<V1Pod, 'metadata'> & {
  readonly status?: {
    readonly conditions?: readonly Pick<V1PodCondition, 'type' | 'status' | 'reason' | 'message'>[];
    readonly containerStatuses?: readonly { readonly name: string; readonly state?: ContainerState }[];
  };
};
type Condition = Pick<V1JobCondition, 'type' | 'status' | 'reason' | 'message'>;

interface ContainerState {
  readonly waiting?: { readonly reason?: string; readonly message?: string };
  readonly terminated?: { readonly exitCode: number; readonly reason?: string; readonly message?: string };
}

/** Holds the names of the hosts in the pod's template, which cannot be changed, in the order in which the result speaks of them. */
export const hostsAnnotation = 'holdfast.dev/hosts';
/** The container that runs Ansible; admission may put others beside it. */
export const containerName = 'ansible';
/** Of an object whose spec nobody has changed since it was made. */
export const firstGeneration = 1;

export function readJob(job: ObservedJob, all: readonly ObservedPod[]): AnsibleState {
  const pods = all.filter((pod) => isOf(job, pod));
  const states = pods
    .flatMap(({ status }) => status?.containerStatuses ?? [])
    .flatMap(({ name, state }) => (name === containerName && state ? [state] : []));
  const failed = conditionOf(job, 'Failed');
  if (failed || conditionOf(job, 'Complete')) return ended(job, failed, states);
  if (job.spec?.suspend)
    return job.metadata?.generation === firstGeneration
      ? { is: 'prepared' }
      : { is: 'running', message: 'The Job is suspended: resume it, or delete it to end the run.' };
  const message = obstacle(pods, states);
  return { is: 'running', ...(message && { message }) };
}

/** Whether the pod is controlled by that very Job. */
function isOf({ metadata }: ObservedJob, pod: ObservedPod): boolean {
  const uid = metadata?.uid;
  return uid !== undefined && (pod.metadata?.ownerReferences ?? []).some((one) => one.controller && one.uid === uid);
}

function ended(job: ObservedJob, failed: Condition | undefined, states: readonly ContainerState[]): AnsibleState {
  const [terminated, ...more] = states.flatMap((state) => state.terminated ?? []);
  if (more.length) return lost('The Job had more than one pod, and it is not known which of them was its own.');
  if (terminated) return readResult(terminated.message ?? '', hostNames(job)) ?? withoutResult(terminated);
  return failed ? withoutPod(failed) : lost('The pod of the Job was deleted before its result was read.');
}

function withoutResult({
  exitCode,
  reason = 'no reason given',
}: NonNullable<ContainerState['terminated']>): AnsibleState {
  const advice = reason === 'OOMKilled' ? ' It exceeded its memory limit: lower forks.' : '';
  return lost(`The container terminated without a result (${reason}, exit code ${exitCode}).${advice}`);
}

function withoutPod({ reason = 'no reason given' }: Condition): AnsibleState {
  if (reason !== 'DeadlineExceeded') return lost(`The Job failed and its pod left no result (${reason}).`);
  const message =
    'The Job was terminated because it timed out: check whether its pod could start, or raise timeoutSeconds.';
  return { is: 'finished', exitCode: 124, hosts: [], timedOut: true, message };
}

function lost(what: string): AnsibleState {
  return { is: 'lost', message: `${what} What Ansible did is unknown: check the hosts, then run it again.` };
}

function obstacle(pods: readonly ObservedPod[], states: readonly ContainerState[]): string | undefined {
  const waiting = states
    .flatMap((state) => state.waiting ?? [])
    .find(({ reason }) => reason && reason !== 'ContainerCreating');
  if (waiting)
    return `The pod is waiting: ${waiting.reason}${waiting.message ? `: ${waiting.message.slice(0, 200)}` : ''}`;
  const unscheduled = pods
    .flatMap(({ status }) => status?.conditions ?? [])
    .find(({ type, status }) => type === 'PodScheduled' && status === 'False');
  return (
    unscheduled && `The pod cannot be scheduled: ${(unscheduled.message ?? unscheduled.reason ?? '').slice(0, 200)}`
  );
}

function conditionOf({ status }: ObservedJob, type: string): Condition | undefined {
  return status?.conditions?.find((condition) => condition.type === type && condition.status === 'True');
}

function hostNames({ spec }: ObservedJob): readonly string[] {
  try {
    const names: unknown = JSON.parse(spec?.template.metadata?.annotations?.[hostsAnnotation] ?? '[]');
    return Array.isArray(names) ? names.map(String) : [];
  } catch {
    return [];
  }
}

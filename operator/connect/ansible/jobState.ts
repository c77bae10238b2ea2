/**
 * Reads how a run is from its Job and the pods of that Job. Pure.
 *
 * Labels and names say nothing: a pod counts that is controlled by that very Job, and what it left is read when the Job itself has ended, which only
 * the Job controller says (`jobs/status`). Who may create pods in the namespace could still make one that the Job controller takes for the
 * Job's own; where there are two, neither is believed.
 */
import type {
  V1ContainerState,
  V1ContainerStateTerminated,
  V1Job,
  V1JobCondition,
  V1Pod,
} from '@kubernetes/client-node';
import { readResult } from './result.ts';
import type { AnsibleState } from './types.ts';

/** Holds the names of the hosts in the pod's template, which cannot be changed, in the order in which the result speaks of them. */
export const hostsAnnotation = 'holdfast.dev/hosts';
/** The container that runs Ansible; admission may put others beside it. */
export const containerName = 'ansible';
/** Of an object whose spec nobody has changed since it was made. */
export const firstGeneration = 1;

export function readJob(job: V1Job, all: readonly V1Pod[]): AnsibleState {
  const pods = all.filter((pod) => isOf(job, pod));
  const failed = conditionOf(job, 'Failed');
  if (failed || conditionOf(job, 'Complete')) return ended(job, failed, pods);
  if (job.spec?.suspend)
    return job.metadata?.generation === firstGeneration
      ? { is: 'prepared' }
      : { is: 'running', message: 'The Job is suspended: resume it, or delete it to end the run.' };
  const message = obstacle(pods, statesOf(pods));
  return { is: 'running', ...(message && { message }) };
}

function statesOf(pods: readonly V1Pod[]): V1ContainerState[] {
  return pods
    .flatMap(({ status }) => status?.containerStatuses ?? [])
    .flatMap(({ name, state }) => (name === containerName && state ? [state] : []));
}

/** Whether the pod is controlled by that very Job. */
function isOf({ metadata }: V1Job, pod: V1Pod): boolean {
  const uid = metadata?.uid;
  return uid !== undefined && (pod.metadata?.ownerReferences ?? []).some((one) => one.controller && one.uid === uid);
}

function ended(job: V1Job, failed: V1JobCondition | undefined, pods: readonly V1Pod[]): AnsibleState {
  const states = statesOf(pods);
  const [terminated, ...more] = states.flatMap((state) => state.terminated ?? []);
  if (more.length) return lost('The Job had more than one pod, and it is not known which of them was its own.');
  if (terminated) return readResult(terminated.message ?? '', hostNames(job)) ?? withoutResult(terminated, pods);
  return failed ? withoutPod(failed, pods) : lost('The pod of the Job was deleted before its result was read.');
}

function withoutResult(
  { exitCode, reason = 'no reason given' }: V1ContainerStateTerminated,
  pods: readonly V1Pod[],
): AnsibleState {
  const advice = reason === 'OOMKilled' ? ' It exceeded its memory limit: lower forks.' : '';
  return lost(`The container terminated without a result (${reason}, exit code ${exitCode}${endOf(pods)}).${advice}`);
}

function withoutPod({ reason = 'no reason given' }: V1JobCondition, pods: readonly V1Pod[]): AnsibleState {
  if (reason !== 'DeadlineExceeded')
    return lost(`The Job failed and its pod left no result (${reason}${endOf(pods)}).`);
  const message =
    'The Job was terminated because it timed out: check whether its pod could start, or raise timeoutSeconds.';
  return { is: 'finished', exitCode: 124, hosts: [], timedOut: true, message };
}

/** Why the kubelet or the control plane ended the pod: an evicted one may have no containers that tell it. */
function endOf(pods: readonly V1Pod[]): string {
  const ends = pods.map(({ status }) =>
    status?.reason
      ? status
      : status?.conditions?.find((one) => one.type === 'DisruptionTarget' && one.status === 'True'),
  );
  const { reason, message } = ends.find((end) => end?.reason) ?? {};
  const words = [reason, message?.slice(0, 200).trim().replace(/\.$/, '')].filter(Boolean).join(': ');
  return words && `; ${words}`;
}

function lost(what: string): AnsibleState {
  return { is: 'lost', message: `${what} What Ansible did is unknown: check the hosts, then run it again.` };
}

function obstacle(pods: readonly V1Pod[], states: readonly V1ContainerState[]): string | undefined {
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

function conditionOf({ status }: V1Job, type: string): V1JobCondition | undefined {
  return status?.conditions?.find((condition) => condition.type === type && condition.status === 'True');
}

function hostNames({ spec }: V1Job): readonly string[] {
  try {
    const names: unknown = JSON.parse(spec?.template.metadata?.annotations?.[hostsAnnotation] ?? '[]');
    return Array.isArray(names) ? names.map(String) : [];
  } catch {
    return [];
  }
}

/** Reads how a run stands from its Job and the pods of that Job. Pure. */
import type {
  V1ContainerState,
  V1ContainerStateTerminated,
  V1Job,
  V1JobCondition,
  V1Pod,
} from '@kubernetes/client-node';
import { readResult } from './result.ts';
import type { AnsibleState } from './types.ts';

/** Holds the names of the hosts, in the order in which the result speaks of them. */
export const hostsAnnotation = 'holdfast.dev/hosts';

export function readJob(job: V1Job | undefined, pods: readonly V1Pod[]): AnsibleState {
  if (!job) return { is: 'absent' };
  const states = pods.flatMap(({ status }) => status?.containerStatuses ?? []).flatMap(({ state }) => state ?? []);
  const terminated = states.flatMap((state) => state.terminated ?? [])[0];
  if (terminated) return readResult(terminated.message ?? '', hostNames(job)) ?? withoutResult(terminated, pods);
  const failed = conditionOf(job, 'Failed');
  if (failed) return withoutPod(failed, pods);
  if (conditionOf(job, 'Complete')) return lost('The pod of the Job was deleted before its result was read.');
  const message = obstacle(pods, states);
  return { is: 'running', ...(message && { message }) };
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

function hostNames({ metadata }: V1Job): readonly string[] {
  try {
    const names: unknown = JSON.parse(metadata?.annotations?.[hostsAnnotation] ?? '[]');
    return Array.isArray(names) ? names.map(String) : [];
  } catch {
    return [];
  }
}

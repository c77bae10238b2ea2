/** The operator itself: its Deployment, the version of its image, and its pods. */
import { counted, listed, shortened } from '../../../../lib/text.ts';
import { fail, pass, unknown, warn, type Check, type Verdict } from '../check.ts';
import type { ContainerStatus, Deployment, Pod } from '../../kinds.ts';
import { imageVersion, isOlder, versionOf } from '../version.ts';

export const deployment: Check = {
  name: 'deployment',
  async judge({ deployment: read, namespace, upgrade }) {
    const live = await read();
    if (live) return deploymentVerdict(live);
    return fail(
      `there is no Deployment holdfast-operator in namespace ${namespace}; install it, or name its namespace with --namespace`,
      await upgrade('manifests'),
    );
  },
};

export function deploymentVerdict({ metadata, spec, status = {} }: Deployment): Verdict {
  const { namespace = '', name } = metadata;
  const wanted = spec?.replicas ?? 1;
  const ready = status.readyReplicas ?? 0;
  const describe = `kubectl -n ${namespace} describe deployment ${name}`;
  if (metadata.deletionTimestamp) return fail(`Deployment ${namespace}/${name} is being deleted`);
  if (wanted === 0)
    return fail('it is scaled to 0 replicas', `kubectl -n ${namespace} scale deployment ${name} --replicas=2`);
  const stuck = status.conditions?.find(({ type, status: is }) => type === 'Progressing' && is === 'False');
  const blocked = status.conditions?.find(({ type, status: is }) => type === 'ReplicaFailure' && is === 'True');
  const why = [stuck, blocked].flatMap((condition) => (condition?.message ? [`: ${condition.message}`] : []))[0] ?? '';
  if (ready === 0) return fail(`0 of ${wanted} replicas ready${why}`, describe);
  if ((status.observedGeneration ?? 0) < (metadata.generation ?? 0) || (status.updatedReplicas ?? 0) < wanted)
    return warn(`${ready} of ${wanted} replicas ready; a rollout is in progress${why}`, describe);
  if (ready < wanted) return warn(`${ready} of ${wanted} replicas ready${why}`, describe);
  return pass(`${ready} of ${wanted} replicas ready in namespace ${namespace}`);
}

export const version: Check = {
  name: 'version',
  async judge({ deployment: read, shipped, upgrade }) {
    const live = await read();
    if (!live) return unknown('there is no Deployment holdfast-operator');
    return imageVerdict(live, shipped.version, await upgrade('manifests'));
  },
};

/** By the tag of the image, or, if that has none, by the label of the chart. */
export function imageVerdict({ metadata, spec }: Deployment, own: string, fix: string): Verdict {
  const image = operatorContainer(spec)?.image ?? '';
  const label = metadata.labels?.['app.kubernetes.io/version'] ?? '';
  const text = versionOf(imageVersion(image)) ? imageVersion(image) : label;
  const found = versionOf(text);
  const ours = versionOf(own)!;
  if (!found) return unknown(`image ${image || '(none)'} does not show a version; compare it with this CLI, ${own}`);
  if (text.replace(/^v/, '') === own) return pass(`the operator and this CLI are ${own}`);
  const both = `the operator is ${text}, this CLI is ${own}`;
  const isSame = found[0] === ours[0] && found[1] === ours[1];
  if (isSame) return pass(`${both}: the same minor version`);
  const say = found[0] === ours[0] ? warn : fail;
  return isOlder(found, ours) ? say(`${both}: upgrade the operator`, fix) : say(`${both}: use the CLI of its version`);
}

export function operatorContainer(spec: Deployment['spec']) {
  const containers = spec?.template?.spec?.containers ?? [];
  return containers.find(({ name }) => name === 'operator') ?? containers[0];
}

export const pods: Check = {
  name: 'pods',
  async judge({ pods: read, namespace }) {
    return podsVerdict(await read(), namespace);
  },
};

/** The worst of all containers; a pod that goes is not counted. */
export function podsVerdict(all: readonly Pod[], namespace: string): Verdict {
  const there = all.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  if (there.length === 0) return fail('the operator has no pods', `kubectl -n ${namespace} get events`);
  const faults = there.flatMap((pod) => faultOf(pod, namespace) ?? []);
  const worst = faults.find(({ result }) => result === 'Fail') ?? faults[0];
  if (!worst) return pass(`${counted(there.length, 'pod')}, no restarts`);
  const more = faults.length > 1 ? `; ${faults.length - 1} more of ${there.length} pods` : '';
  return { ...worst, message: `${worst.message}${more}` };
}

function faultOf({ metadata: { name }, status = {} }: Pod, namespace: string): Verdict | undefined {
  const describe = `kubectl -n ${namespace} describe pod ${name}`;
  const containers = [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])];
  const waiting = containers.find(({ state }) => isStuck(state?.waiting?.reason));
  if (waiting) {
    const { reason = '', message = '' } = waiting.state!.waiting!;
    // What ended before says more than that it waits to be started again.
    const before = reason === 'CrashLoopBackOff' ? ended(waiting) : message;
    const logs = `kubectl -n ${namespace} logs ${name} --previous --container ${waiting.name}`;
    return fail(
      `Pod ${name} is waiting: ${reason}${before && ` (${shortened(before, 200)})`}`,
      reason === 'CrashLoopBackOff' ? logs : describe,
    );
  }
  const unscheduled = status.conditions?.find(({ type, status: is }) => type === 'PodScheduled' && is === 'False');
  if (unscheduled) return fail(`Pod ${name} is not scheduled: ${unscheduled.message ?? unscheduled.reason}`, describe);
  if (status.phase === 'Failed') return fail(`Pod ${name} failed: ${status.reason ?? 'no reason given'}`, describe);
  const restarted = containers.find(({ restartCount }) => restartCount > 0);
  if (!restarted) return undefined;
  const times = `${restarted.restartCount === 1 ? 'once' : `${restarted.restartCount} times`}`;
  return warn(
    `Pod ${name} restarted ${times}${ended(restarted) && ` (${ended(restarted)})`}`,
    `kubectl -n ${namespace} logs ${name} --previous --container ${restarted.name}`,
  );
}

function isStuck(reason: string | undefined): boolean {
  return reason !== undefined && !['ContainerCreating', 'PodInitializing'].includes(reason);
}

/** How the last run of a container ended. */
function ended({ lastState }: ContainerStatus): string {
  const last = lastState?.terminated;
  return last ? listed([last.reason ?? 'ended', `exit code ${last.exitCode}`]) : '';
}

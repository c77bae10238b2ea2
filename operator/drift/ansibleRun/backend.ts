/** The two backends of a run behind one face: how an execution stands, and what starts and ends it. */
import type { AnsibleRun } from '../../api/v1alpha1/ansibleRun.ts';
import type { AnsibleRequest, AnsibleState } from '../../connect/ansible/types.ts';
import type { Kind } from '../../api/kind.ts';
import type { Access, Action, Intent, Reader } from '../../runtime/feature.ts';
import { secretKind } from '../credentials.ts';
import type { RunEffect } from './decide.ts';
import type { Jobs, RunNeeds } from './needs.ts';

const jobKind: Kind = { group: 'batch', version: 'v1', kind: 'Job', plural: 'jobs', namespaced: true };
const podKind: Kind = { group: '', version: 'v1', kind: 'Pod', plural: 'pods', namespaced: true };
const needKinds: Record<string, Kind> = {
  Secret: secretKind,
  ConfigMap: { group: '', version: 'v1', kind: 'ConfigMap', plural: 'configmaps', namespaced: true },
};

export const noImage =
  'backend Job needs an image with ansible-runner: start the operator with --runner-image, or use backend Local';

export const jobAccess: readonly Access[] = [
  { group: 'batch', resources: ['jobs'], verbs: ['get', 'create'] },
  { group: '', resources: ['pods'], verbs: ['list'] },
  { group: '', resources: ['configmaps'], verbs: ['get', 'create', 'patch'] },
  { group: '', resources: ['secrets'], verbs: ['get', 'create', 'patch', 'delete'] },
];

/** The uid of the Secret with the keys that a Job was given; it goes when the run has ended. */
export async function secretOf(run: AnsibleRun, read: Reader, signal: AbortSignal): Promise<string | undefined> {
  if (run.spec.backend === 'Local') return undefined;
  const key = { namespace: run.metadata.namespace ?? '', name: jobName(run) };
  return (await read.fetch(secretKind, key, signal))?.metadata.uid;
}

export function withoutSecret(run: AnsibleRun, uid: string | undefined): Action<RunEffect>[] {
  const key = { namespace: run.metadata.namespace ?? '', name: jobName(run) };
  return uid === undefined ? [] : [{ do: 'delete', kind: secretKind, key, uid }];
}

/** Who executes the run: recorded before it starts, so that nobody else takes it up. */
export function executorOf(run: AnsibleRun, needs: RunNeeds): string {
  return run.spec.backend === 'Local' ? needs.local.executor : `Job/${jobName(run)}`;
}

/** The executor once it was seen at work: from then on, its absence means that it is lost and not that it never began. */
export function seenExecutor(run: AnsibleRun): string {
  return run.spec.backend === 'Local' ? (run.status?.executor ?? '') : `Job/${jobName(run)} at work`;
}

/** `holdfast-` and the run's uid: never used twice, and short enough for a pod. */
export function jobName(run: AnsibleRun): string {
  return `holdfast-${run.metadata.uid ?? ''}`;
}

/** How the execution stands. A run of another operator's process cannot be asked any more. */
export async function stateOfRun(
  run: AnsibleRun,
  read: Reader,
  { local, jobs }: RunNeeds,
  signal: AbortSignal,
): Promise<AnsibleState> {
  const { namespace = '', uid = '' } = run.metadata;
  if (run.spec.backend === 'Local') {
    if (run.status?.executor === local.executor) return local.state(uid);
    return { is: 'lost', message: 'the operator that started Ansible is gone, and its state with it' };
  }
  const job = await read.fetch(jobKind, { namespace, name: jobName(run) }, signal);
  if (!job && run.status?.executor === seenExecutor(run))
    return { is: 'lost', message: `Job '${jobName(run)}' was deleted while it ran` };
  if (!job) return { is: 'absent' };
  const pods = await read.search(podKind, namespace, `batch.kubernetes.io/job-name=${jobName(run)}`, signal);
  if (!jobs) throw new Error(noImage);
  return jobs.stateOf(job, pods);
}

/** Starts the execution; done again after a crash, it starts nothing twice. */
export function startOf(run: AnsibleRun, request: AnsibleRequest, jobs: Jobs | undefined): Action<RunEffect>[] {
  if (run.spec.backend === 'Local')
    return [{ do: 'perform', effect: { do: 'start', id: run.metadata.uid ?? '', request } }];
  if (!jobs) throw new Error(noImage);
  const { needs, job } = jobs.objectsOf(run, request);
  return [
    ...needs.map((object): Action<RunEffect> => ({ do: 'apply', kind: kindOf(object), object })),
    { do: 'create', kind: jobKind, object: job },
  ];
}

function kindOf(object: Intent): Kind {
  const kind = needKinds[object.kind];
  if (!kind) throw new Error(`a Job needs no ${object.kind}`);
  return kind;
}

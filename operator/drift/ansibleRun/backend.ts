/** The two backends of a run behind one face: who executes it, and what starts and ends that. Pure. */
import type { V1ConfigMap } from '@kubernetes/client-node';
import type { AnsibleRun, AnsibleRunStatus } from '../../api/v1alpha1/ansibleRun.ts';
import type { HostResult } from '../../api/v1alpha1/ansibleRunStatus.ts';
import type { Resource } from '../../api/v1alpha1/shared.ts';
import type { AnsibleRequest, RunRecord } from '../../connect/ansible/types.ts';
import type { Kind } from '../../api/kind.ts';
import type { Action, JsonPatch, Key } from '../../runtime/feature.ts';
import type { RunMeans } from './needs.ts';

/** Side effects outside Kubernetes. */
export type RunEffect =
  | { readonly do: 'start'; readonly id: string; readonly request: AnsibleRequest; readonly record: RunRecord }
  | { readonly do: 'cancel'; readonly id: string }
  /** Counts the outcomes of a complete run, and removes what the backend keeps of it. */
  | { readonly do: 'tell'; readonly run: AnsibleRun; readonly hosts: readonly HostResult[]; readonly forget: boolean };

export const jobKind: Kind = { group: 'batch', version: 'v1', kind: 'Job', plural: 'jobs', namespaced: true };
export const podKind: Kind = { group: '', version: 'v1', kind: 'Pod', plural: 'pods', namespaced: true };
export const configMapKind: Kind<Resource & Pick<V1ConfigMap, 'data'>> = {
  group: '',
  version: 'v1',
  kind: 'ConfigMap',
  plural: 'configmaps',
  namespaced: true,
};

/** The key of a ConfigMap under which it holds a playbook. */
export const playbookKey = 'playbook.yml';

export const noImage =
  'backend Job needs an image with ansible-runner: start the operator with `--runner-image`, or use backend Local';

/** Who executes the run: recorded before it starts, so that nobody else takes it up. */
export function executorOf(run: AnsibleRun, executor: string): string {
  return run.spec.backend === 'Local' ? executor : 'Job';
}

/** Of the Job of a run. A name alone says nothing: it is known by the uid that is recorded beside it. */
export function jobKey({ metadata, status }: AnsibleRun): Key {
  return { namespace: metadata.namespace ?? '', name: status?.job?.name ?? '' };
}

/** `holdfast-`, the run's uid and what nobody can know beforehand. */
export function jobNameOf(run: AnsibleRun, { nonce }: Pick<RunMeans, 'nonce'>): string {
  return `holdfast-${run.metadata.uid ?? ''}-${nonce}`;
}

/** Why the request can never be executed on the run's backend; found out before anything is recorded. */
export function refusalOf({ spec }: AnsibleRun, request: AnsibleRequest, means: RunMeans): string | undefined {
  return means.problemOf(spec.backend ?? 'Job', request);
}

/** What is recorded, and what starts the execution after that. */
export interface Start {
  readonly status: Pick<AnsibleRunStatus, 'executor' | 'job'>;
  readonly afterStatus: Action<RunEffect>[];
}

/**
 * Done again after a crash, it starts nothing twice: the process of a run takes its place only once, and a Job is made suspended, and released
 * when it is recorded. One that was made and not recorded is never released. `recorded` is what the status will say.
 */
export function startOf(run: AnsibleRun, request: AnsibleRequest, recorded: AnsibleRunStatus, means: RunMeans): Start {
  const executor = executorOf(run, means.executor);
  if (run.spec.backend === 'Local') {
    const { uid = '', name, namespace = '' } = run.metadata;
    const devices = request.hosts.map((host) => host.name);
    const record = { namespace, name, devices, status: { ...recorded, executor } };
    const effect: RunEffect = { do: 'start', id: uid, request, record };
    return { status: { executor }, afterStatus: [{ do: 'perform', effect }] };
  }
  const name = jobNameOf(run, means);
  const { job, data } = means.jobs.objectsOf(run, request, name);
  return {
    status: { executor, job: { name } },
    afterStatus: [
      { do: 'create', kind: configMapKind, object: data },
      { do: 'create', kind: jobKind, object: job, uidAt: ['job', 'uid'] },
    ],
  };
}

/** Lets the Job begin, just as it was made. */
export function releaseOf(run: AnsibleRun, { jobs }: RunMeans): Action<RunEffect>[] {
  return jobPatch(run, jobs.releaseOf);
}

/** Ends an execution that does not end by itself. */
export function stopOf(run: AnsibleRun, { jobs }: RunMeans): Action<RunEffect>[] {
  if (run.spec.backend === 'Local') return [{ do: 'perform', effect: { do: 'cancel', id: run.metadata.uid ?? '' } }];
  return jobPatch(run, jobs.stopOf);
}

function jobPatch(run: AnsibleRun, patchOf: (uid: string) => JsonPatch): Action<RunEffect>[] {
  const uid = run.status?.job?.uid;
  return uid === undefined ? [] : [{ do: 'patch', kind: jobKind, key: jobKey(run), patch: patchOf(uid) }];
}

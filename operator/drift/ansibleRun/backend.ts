/** The two backends of a run behind one face: who executes it, and what starts and ends that. Pure. */
import type { V1ConfigMap } from '@kubernetes/client-node';
import type { AnsibleRun } from '../../api/v1alpha1/ansibleRun.ts';
import type { HostResult } from '../../api/v1alpha1/ansibleRunStatus.ts';
import type { Resource } from '../../api/v1alpha1/shared.ts';
import type { AnsibleRequest } from '../../connect/ansible/types.ts';
import type { Kind } from '../../api/kind.ts';
import type { Access, Action, Intent, Key } from '../../runtime/feature.ts';
import { secretKind } from '../credentials.ts';
import type { RunMeans } from './needs.ts';

/** Side effects outside Kubernetes. */
export type RunEffect =
  | { readonly do: 'start'; readonly id: string; readonly request: AnsibleRequest }
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
const needKinds: Record<string, Kind> = { Secret: secretKind, ConfigMap: configMapKind };

/** The key of a ConfigMap under which it holds a playbook. */
export const playbookKey = 'playbook.yml';

export const noImage =
  'backend Job needs an image with ansible-runner: start the operator with `--runner-image`, or use backend Local';

export const jobAccess: readonly Access[] = [
  { group: 'batch', resources: ['jobs'], verbs: ['get', 'create'] },
  { group: '', resources: ['pods'], verbs: ['list'] },
  { group: '', resources: ['configmaps'], verbs: ['get', 'create', 'patch'] },
  { group: '', resources: ['secrets'], verbs: ['get', 'create', 'patch', 'delete'] },
];

/** Deletes the Secret with the keys that a Job was given. */
export function withoutSecret(run: AnsibleRun, uid: string | undefined): Action<RunEffect>[] {
  return uid === undefined ? [] : [{ do: 'delete', kind: secretKind, key: jobKey(run), uid }];
}

/** Who executes the run: recorded before it starts, so that nobody else takes it up. */
export function executorOf(run: AnsibleRun, { executor }: RunMeans): string {
  return run.spec.backend === 'Local' ? executor : `Job/${jobName(run)}`;
}

/** The executor once it was seen running: from then on, its absence means that it is lost and not that it never began. */
export function seenExecutor(run: AnsibleRun): string {
  return run.spec.backend === 'Local' ? (run.status?.executor ?? '') : `Job/${jobName(run)} running`;
}

/** `holdfast-` and the run's uid: never used twice, and short enough for a pod. */
export function jobName(run: AnsibleRun): string {
  return `holdfast-${run.metadata.uid ?? ''}`;
}

/** Of its Job, and of the Secret and the ConfigMap that the Job is given. */
export function jobKey(run: AnsibleRun): Key {
  return { namespace: run.metadata.namespace ?? '', name: jobName(run) };
}

/** Starts the execution; done again after a crash, it starts nothing twice. Throws where there is no Job to be had. */
export function startOf(run: AnsibleRun, request: AnsibleRequest, { jobObjects }: RunMeans): Action<RunEffect>[] {
  if (run.spec.backend === 'Local')
    return [{ do: 'perform', effect: { do: 'start', id: run.metadata.uid ?? '', request } }];
  if (!jobObjects) throw new Error(noImage);
  const { needs, job } = jobObjects(run, request);
  return [
    ...needs.map((object): Action<RunEffect> => ({ do: 'apply', kind: kindOf(object), object })),
    { do: 'create', kind: jobKind, object: job },
  ];
}

function kindOf(object: Intent): Kind {
  const kind = needKinds[object.kind];
  if (!kind) throw new Error(`a Job cannot be given a ${object.kind}`);
  return kind;
}

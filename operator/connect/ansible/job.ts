/**
 * A run of Ansible as a Kubernetes Job, and the objects that it needs. Pure.
 *
 * The pod is a fixed template. Nothing of a run reaches its image, command, volumes or environment but numbers and the names of files;
 * the rest lies in a ConfigMap and a Secret, in the layout of `privateData.ts`, and the container's command is `run.py`.
 */
import { readFileSync } from 'node:fs';
import type { V1Container, V1JobSpec, V1KeyToPath, V1OwnerReference, V1PodSpec } from '@kubernetes/client-node';
import { hostsAnnotation, readJob } from './jobState.ts';
import { privateData } from './privateData.ts';
import type { PrivateFile } from './privateData.ts';
import type { AnsibleRequest, AnsibleState } from './types.ts';

/** What a run is the execution of; when it goes, the objects go with it. */
export interface JobOwner {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly uid?: string };
}

export interface JobRequest {
  /** Name of the Job, its ConfigMap and its Secret. */
  readonly name: string;
  readonly request: AnsibleRequest;
  /** Has ansible-core, ansible-runner, OpenSSH and a user that is not root. */
  readonly image: string;
  readonly owner: JobOwner;
}

/** An object as it is to be, whole. */
export type JobObject = {
  apiVersion: string;
  kind: string;
  metadata: {
    name: string;
    namespace: string;
    labels: Record<string, string>;
    annotations?: Record<string, string>;
    ownerReferences: V1OwnerReference[];
  };
} & Record<string, unknown>;

/** Holds the uid of the run. */
export const runLabel = 'holdfast.dev/run';
const runProgram = readFileSync(new URL('./run.py', import.meta.url), 'utf8');
/** An object of Kubernetes holds a mebibyte; some of it is names. */
const mostBytes = 1_000_000;
/** For the scheduler and the image, before the run's own time begins. */
const startSeconds = 300;

/** The Jobs of this operator: one for each owner, named by its uid and so never twice. */
export function kubernetesJobs({ image }: { readonly image: string }) {
  return {
    /** What the Job needs, made first, and the Job. Throws a sentence for what may not or cannot be run. */
    objectsOf(
      owner: JobOwner,
      request: AnsibleRequest,
    ): { readonly needs: readonly JobObject[]; readonly job: JobObject } {
      const { job, configMap, secret } = jobFor({
        name: `holdfast-${owner.metadata.uid ?? ''}`,
        request,
        image,
        owner,
      });
      return { needs: [configMap, secret], job };
    },
    stateOf(job: object, pods: readonly object[]): AnsibleState {
      return readJob(job, pods);
    },
  };
}

/** The objects; the Job must be made last. Throws a sentence for what may not or cannot be run. */
export function jobFor(wanted: JobRequest): { job: JobObject; configMap: JobObject; secret: JobObject } {
  const files = privateData(wanted.request);
  const open = [{ path: 'run.py', text: runProgram, secret: false }, ...files.filter(({ secret }) => !secret)];
  const keys = files.filter(({ secret }) => secret);
  const names = JSON.stringify(wanted.request.hosts.map(({ name }) => name));
  return {
    configMap: { ...objectOf(wanted, 'v1', 'ConfigMap'), data: contents(open) },
    secret: { ...objectOf(wanted, 'v1', 'Secret'), type: 'Opaque', data: contents(keys, 'base64') },
    job: {
      ...objectOf(wanted, 'batch/v1', 'Job', { [hostsAnnotation]: names }),
      spec: jobSpec(wanted, open, keys),
    },
  };
}

function objectOf(
  { name, owner }: JobRequest,
  apiVersion: string,
  kind: string,
  annotations?: Record<string, string>,
): JobObject {
  const { namespace = '', uid = '' } = owner.metadata;
  const reference = { apiVersion: owner.apiVersion, kind: owner.kind, name: owner.metadata.name, uid };
  const ownerReferences = [{ ...reference, controller: true, blockOwnerDeletion: true }];
  const metadata = { name, namespace, labels: labelsOf(owner), ownerReferences };
  return { apiVersion, kind, metadata: { ...metadata, ...(annotations && { annotations }) } };
}

function labelsOf({ metadata }: JobOwner): Record<string, string> {
  return { 'app.kubernetes.io/managed-by': 'holdfast', [runLabel]: metadata.uid ?? '' };
}

function contents(files: readonly PrivateFile[], encoding: 'utf8' | 'base64' = 'utf8'): Record<string, string> {
  const bytes = files.reduce((sum, { path, text }) => sum + Buffer.byteLength(text) + path.length, 0);
  if (bytes > mostBytes) {
    throw new Error(
      `The run is too large for a Job: ${bytes} bytes, of at most ${mostBytes}. Name fewer hosts or checks, or use shorter contents.`,
    );
  }
  return Object.fromEntries(files.map(({ path, text }) => [keyOf(path), Buffer.from(text).toString(encoding)]));
}

function itemsOf(files: readonly PrivateFile[]): V1KeyToPath[] {
  return files.map(({ path }) => ({ key: keyOf(path), path }));
}

function keyOf(path: string): string {
  return path.replaceAll('/', '__');
}

function jobSpec(wanted: JobRequest, open: readonly PrivateFile[], keys: readonly PrivateFile[]): V1JobSpec {
  return {
    backoffLimit: 0,
    completions: 1,
    parallelism: 1,
    podReplacementPolicy: 'Failed',
    activeDeadlineSeconds: wanted.request.timeoutSeconds + startSeconds,
    template: { metadata: { labels: labelsOf(wanted.owner) }, spec: podSpec(wanted, open, keys) },
  };
}

function podSpec(wanted: JobRequest, open: readonly PrivateFile[], keys: readonly PrivateFile[]): V1PodSpec {
  const sources = [
    { configMap: { name: wanted.name, items: itemsOf(open) } },
    { secret: { name: wanted.name, items: itemsOf(keys) } },
  ];
  return {
    restartPolicy: 'Never',
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
    containers: [container(wanted)],
    volumes: [
      // The container's user is not known, so all may read; there is no other in the pod.
      { name: 'data', projected: { defaultMode: 0o444, sources } },
      { name: 'keys', emptyDir: { medium: 'Memory', sizeLimit: '16Mi' } },
      { name: 'work', emptyDir: { sizeLimit: '2Gi' } },
      { name: 'tmp', emptyDir: { sizeLimit: '256Mi' } },
    ],
  };
}

function container({ image, request }: JobRequest): V1Container {
  const options = {
    source: '/holdfast/data',
    data: '/holdfast/work/run',
    keys: '/holdfast/keys',
    mark: 'job',
    seconds: request.timeoutSeconds,
    result: '/dev/termination-log',
    limit: 4096,
  };
  const values = Object.entries(options).map(([name, value]) => `--${name}=${value}`);
  return {
    name: 'ansible',
    image,
    command: ['python3', '-I', '/holdfast/data/run.py', '--show', ...values],
    securityContext: {
      allowPrivilegeEscalation: false,
      privileged: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    },
    resources: {
      requests: { cpu: '100m', memory: '256Mi' },
      // Ansible takes some 100 MiB, and each host at work a process of some 20 MiB of its own and a client of SSH.
      limits: { memory: `${384 + 40 * Math.min(request.forks, request.hosts.length)}Mi` },
    },
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    volumeMounts: [
      { name: 'data', mountPath: '/holdfast/data', readOnly: true },
      { name: 'keys', mountPath: '/holdfast/keys' },
      { name: 'work', mountPath: '/holdfast/work' },
      { name: 'tmp', mountPath: '/tmp' },
    ],
  };
}

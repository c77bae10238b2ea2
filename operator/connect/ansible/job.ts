/**
 * A run of Ansible as a Kubernetes Job, and the Secret that it is given. Pure.
 *
 * The pod is a fixed template. Nothing of a run reaches its image, command, volumes or environment but numbers and the names of files;
 * the rest lies in the Secret, in the layout of `privateData.ts`, and the container's command is `run.py`. Playbook and key are in one object
 * that cannot be changed, so that nobody who may write less than Secrets can give the key a playbook of his own.
 *
 * The Job is made suspended, and released once it and its Secret are known by their uids. Whatever else bears their name or label is nothing
 * to us; a Job that was never released has done nothing, and never will.
 */
import { readFileSync } from 'node:fs';
import type { V1Container, V1JobSpec, V1KeyToPath, V1OwnerReference, V1PodSpec } from '@kubernetes/client-node';
import { containerName, firstGeneration, hostsAnnotation, readJob } from './jobState.ts';
import { privateData, sentenceOf } from './privateData.ts';
import type { PrivateFile } from './privateData.ts';
import type { AnsibleRequest, AnsibleState } from './types.ts';

/** What a run is the execution of; when it goes, the objects go with it. */
export interface JobOwner {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly uid?: string };
}

export interface JobRequest {
  /** Name of the Job and its Secret: one that nobody can know beforehand. */
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

/** The Jobs of this operator. */
export function kubernetesJobs({ image }: { readonly image: string }) {
  return {
    /** Whether there is an image to run. */
    isAvailable: image !== '',
    /** The Job, suspended, and the Secret that it mounts; made in this order. Throws a sentence for what may not or cannot be run. */
    objectsOf(owner: JobOwner, request: AnsibleRequest, name: string) {
      return jobFor({ name, request, image, owner });
    },
    /** Why the request may not or cannot be run in a Job; `undefined` when nothing is wrong with it. */
    problemOf(request: AnsibleRequest): string | undefined {
      return sentenceOf(() => contents(filesOf(request)));
    },
    /** Lets a Job begin that is as it was made: once, whoever tries. */
    releaseOf(uid: string): JsonPatch {
      return [
        { op: 'test', path: '/metadata/uid', value: uid },
        { op: 'test', path: '/metadata/generation', value: firstGeneration },
        { op: 'replace', path: '/spec/suspend', value: false },
      ];
    },
    /** Ends a Job: Kubernetes deletes its pods. */
    stopOf(uid: string): JsonPatch {
      return [
        { op: 'test', path: '/metadata/uid', value: uid },
        { op: 'add', path: '/spec/suspend', value: true },
      ];
    },
    stateOf(job: object, pods: readonly object[]): AnsibleState {
      return readJob(job, pods);
    },
  };
}

/** RFC 6902. */
type JsonPatch = { op: 'test' | 'add' | 'replace'; path: string; value: unknown }[];

/** The objects; the Job must be made first. Throws a sentence for what may not or cannot be run. */
export function jobFor(wanted: JobRequest): { job: JobObject; secret: JobObject } {
  const files = filesOf(wanted.request);
  return {
    job: { ...objectOf(wanted, 'batch/v1', 'Job'), spec: jobSpec(wanted, files) },
    secret: { ...objectOf(wanted, 'v1', 'Secret'), type: 'Opaque', immutable: true, data: contents(files) },
  };
}

function filesOf(request: AnsibleRequest): readonly PrivateFile[] {
  return [{ path: 'run.py', text: runProgram }, ...privateData(request)];
}

function objectOf({ name, owner }: JobRequest, apiVersion: string, kind: string): JobObject {
  const { namespace = '', uid = '' } = owner.metadata;
  const reference = { apiVersion: owner.apiVersion, kind: owner.kind, name: owner.metadata.name, uid };
  const ownerReferences = [{ ...reference, controller: true, blockOwnerDeletion: true }];
  return { apiVersion, kind, metadata: { name, namespace, labels: labelsOf(owner), ownerReferences } };
}

function labelsOf({ metadata }: JobOwner): Record<string, string> {
  return { 'app.kubernetes.io/managed-by': 'holdfast', [runLabel]: metadata.uid ?? '' };
}

function contents(files: readonly PrivateFile[]): Record<string, string> {
  const bytes = files.reduce((sum, { path, text }) => sum + Buffer.byteLength(text) + path.length, 0);
  if (bytes > mostBytes) {
    throw new Error(
      `The run is too large for a Job: ${bytes} bytes, of at most ${mostBytes}. Name fewer hosts or checks, or use shorter contents.`,
    );
  }
  return Object.fromEntries(files.map(({ path, text }) => [keyOf(path), Buffer.from(text).toString('base64')]));
}

function itemsOf(files: readonly PrivateFile[]): V1KeyToPath[] {
  return files.map(({ path }) => ({ key: keyOf(path), path }));
}

function keyOf(path: string): string {
  return path.replaceAll('/', '__');
}

function jobSpec(wanted: JobRequest, files: readonly PrivateFile[]): V1JobSpec {
  const names = JSON.stringify(wanted.request.hosts.map(({ name }) => name));
  return {
    suspend: true,
    backoffLimit: 0,
    completions: 1,
    parallelism: 1,
    podReplacementPolicy: 'Failed',
    activeDeadlineSeconds: wanted.request.timeoutSeconds + startSeconds,
    template: {
      metadata: {
        labels: { ...labelsOf(wanted.owner), ...withoutSidecars.labels },
        annotations: { ...withoutSidecars.annotations, [hostsAnnotation]: names },
      },
      spec: podSpec(wanted, files),
    },
  };
}

/** A container of a service mesh beside ours would never end, and so the Job would not; Ansible speaks SSH, in which a mesh has no part. */
const withoutSidecars = {
  labels: { 'sidecar.istio.io/inject': 'false' },
  annotations: { 'sidecar.istio.io/inject': 'false', 'linkerd.io/inject': 'disabled' },
};

function podSpec(wanted: JobRequest, files: readonly PrivateFile[]): V1PodSpec {
  const source = { secretName: wanted.name, items: itemsOf(files) };
  return {
    restartPolicy: 'Never',
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
    containers: [container(wanted)],
    volumes: [
      // The container's user is not known, so all may read; there is no other in the pod.
      { name: 'data', secret: { defaultMode: 0o444, ...source } },
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
    name: containerName,
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

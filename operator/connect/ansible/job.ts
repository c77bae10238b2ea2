/**
 * A run of Ansible as a Kubernetes Job, and the ConfigMap with its data. Pure.
 *
 * The pod is a fixed template. Nothing of a run reaches its image, command, volumes or environment but numbers, the names of Secrets and a digest.
 * The keys stay in the Secrets that the Devices name, which the pod mounts: Holdfast neither copies them nor needs a right to write Secrets.
 * The rest lies in the ConfigMap, in the layout of `privateData.ts`. The template, which cannot be changed, has the digest of it, and
 * `unpack.py` starts nothing else: nobody who may write ConfigMaps can give the keys a playbook of their own.
 *
 * The Job is made suspended, and released once it is known by its uid. Whatever else bears its name or label is nothing to us; a Job that was
 * never released has done nothing, and never will.
 */
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import type { V1Container, V1JobSpec, V1OwnerReference, V1PodSpec, V1VolumeProjection } from '@kubernetes/client-node';
import { sha256 } from '../../lib/digest.ts';
import { containerName, firstGeneration, hostsAnnotation, readJob } from './jobState.ts';
import { identitiesOf, keyFolder, privateData, sentenceOf } from './privateData.ts';
import type { AnsibleRequest, AnsibleState } from './types.ts';

/** What a run is the execution of; when it goes, the objects go with it. */
export interface JobOwner {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly uid?: string };
}

export interface JobRequest {
  /** Name of the Job and its ConfigMap: one that nobody can know beforehand. */
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
const unpackProgram = readFileSync(new URL('./unpack.py', import.meta.url), 'utf8');
/** The key of the ConfigMap. */
export const packedName = 'run.json.gz';
/** An object of Kubernetes holds a mebibyte; some of it is names. */
const mostBytes = 1_000_000;
/** For the scheduler and the image, before the run's own time begins. */
const startSeconds = 300;

/** The Jobs of this operator. */
export function kubernetesJobs({ image }: { readonly image: string }) {
  return {
    /** Whether there is an image to run. */
    isAvailable: image !== '',
    /** The Job, suspended, and the ConfigMap that it mounts, which is made first. Throws a sentence for what may not or cannot be run. */
    objectsOf(owner: JobOwner, request: AnsibleRequest, name: string) {
      return jobFor({ name, request, image, owner });
    },
    /** Why the request may not or cannot be run in a Job; `undefined` when nothing is wrong with it. */
    problemOf(request: AnsibleRequest): string | undefined {
      return sentenceOf(() => packed(request));
    },
    /** Lets a Job begin that is as it was made: once, whoever tries. */
    releaseOf(uid: string): JsonPatch {
      return [
        { op: 'test', path: '/metadata/uid', value: uid },
        { op: 'test', path: '/metadata/generation', value: firstGeneration },
        { op: 'replace', path: '/spec/suspend', value: false },
      ];
    },
    /** Ends a Job: Kubernetes deletes its pods. One that was made and not released never is: it is no longer as it was made. */
    stopOf(uid: string): JsonPatch {
      return [
        { op: 'test', path: '/metadata/uid', value: uid },
        { op: 'add', path: '/spec/suspend', value: true },
        { op: 'add', path: '/spec/parallelism', value: 0 },
      ];
    },
    stateOf(job: object, pods: readonly object[]): AnsibleState {
      return readJob(job, pods);
    },
  };
}

/** RFC 6902. */
type JsonPatch = { op: 'test' | 'add' | 'replace'; path: string; value: unknown }[];

/** The objects. Throws a sentence for what may not or cannot be run. */
export function jobFor(wanted: JobRequest): { job: JobObject; data: JobObject } {
  const data = packed(wanted.request);
  const binaryData = { [packedName]: data.toString('base64') };
  return {
    job: { ...objectOf(wanted, 'batch/v1', 'Job'), spec: jobSpec(wanted, sha256(data)) },
    data: { ...objectOf(wanted, 'v1', 'ConfigMap'), immutable: true, binaryData },
  };
}

/** All files but the keys, as `unpack.py` reads them. */
function packed(request: AnsibleRequest): Buffer {
  const files = [{ path: 'run.py', text: runProgram }, ...privateData(request)];
  const texts = files.filter(({ path }) => !path.startsWith(keyFolder)).map(({ path, text }) => [path, text]);
  const bytes = gzipSync(JSON.stringify(Object.fromEntries(texts)));
  if (bytes.length > mostBytes) {
    throw new Error(
      `The run is too large for a Job: ${bytes.length} bytes when compressed, of at most ${mostBytes}. Name fewer hosts or checks, or use shorter contents.`,
    );
  }
  return bytes;
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

function jobSpec(wanted: JobRequest, digest: string): V1JobSpec {
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
      spec: podSpec(wanted, digest),
    },
  };
}

/** A container of a service mesh beside ours would never end, and so the Job would not; Ansible speaks SSH, in which a mesh has no part. */
const withoutSidecars = {
  labels: { 'sidecar.istio.io/inject': 'false' },
  annotations: { 'sidecar.istio.io/inject': 'false', 'linkerd.io/inject': 'disabled' },
};

function podSpec(wanted: JobRequest, digest: string): V1PodSpec {
  return {
    restartPolicy: 'Never',
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
    containers: [container(wanted, digest)],
    volumes: [
      { name: 'data', configMap: { name: wanted.name, defaultMode: 0o444 } },
      // The container's user is not known, so all may read; there is no other in the pod.
      { name: 'secrets', projected: { defaultMode: 0o444, sources: keySources(wanted.request) } },
      { name: 'keys', emptyDir: { medium: 'Memory', sizeLimit: '16Mi' } },
      { name: 'work', emptyDir: { sizeLimit: '2Gi' } },
      { name: 'tmp', emptyDir: { sizeLimit: '256Mi' } },
    ],
  };
}

/** The keys, and where they have them the certificates, under the names that `privateData.ts` gives them. */
function keySources(request: AnsibleRequest): V1VolumeProjection[] {
  return identitiesOf(request).map(({ secretName, certificate }, index) => {
    const key = { key: 'ssh-privatekey', path: `${index}` };
    const items = certificate ? [key, { key: 'ssh-certificate', path: `${index}-cert.pub` }] : [key];
    return { secret: { name: secretName, items } };
  });
}

function container({ image, request }: JobRequest, digest: string): V1Container {
  const options = {
    secrets: '/holdfast/secrets',
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
    command: ['python3', '-I', '-c', unpackProgram],
    args: [`/holdfast/data/${packedName}`, digest, options.data, options.result, '--show', ...values],
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
      { name: 'secrets', mountPath: '/holdfast/secrets', readOnly: true },
      { name: 'keys', mountPath: '/holdfast/keys' },
      { name: 'work', mountPath: '/holdfast/work' },
      { name: 'tmp', mountPath: '/tmp' },
    ],
  };
}

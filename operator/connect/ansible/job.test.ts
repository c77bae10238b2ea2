import { randomBytes } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import type { V1JobSpec } from '@kubernetes/client-node';
import { sha256 } from '../../lib/digest.ts';
import { kubernetesJobs } from './job.ts';
import type { AnsibleRequest } from './types.ts';

const evil = '{{ evil }}';
const target = {
  id: 'tenant/web-01',
  host: 'web-01',
  address: '10.0.0.1',
  port: 22,
  user: 'holdfast',
  become: 'none' as const,
  hostKeys: ['ssh-ed25519 AAAA'],
  hostCertificateAuthorities: [],
  privateKey: 'PRIVATE',
};
const request: AnsibleRequest = {
  hosts: [{ name: 'web-01', target, secretName: 'fleet-ssh', variables: { text: evil } }],
  playbook: { is: 'text', text: evil },
  variables: { plain: evil },
  check: true,
  forks: 10,
  timeoutSeconds: 600,
};
const owner = {
  apiVersion: 'holdfast.dev/v1alpha1',
  kind: 'AnsibleRun',
  metadata: { name: 'r', namespace: 'tenant', uid: 'u-1' },
};
const jobs = kubernetesJobs({ image: 'registry.example.com/runner@sha256:1' });
const name = 'holdfast-u-1-7f3a';

describe('a Job', () => {
  const { data, job } = jobs.objectsOf(owner, request, name);
  const spec = job['spec'] as V1JobSpec;
  const pod = spec.template.spec;

  test('has one name with its ConfigMap, and both go with their owner', () => {
    for (const { metadata } of [data, job]) {
      expect(metadata).toMatchObject({ name, namespace: 'tenant', labels: { 'holdfast.dev/run': 'u-1' } });
      expect(metadata.ownerReferences).toEqual([
        {
          apiVersion: 'holdfast.dev/v1alpha1',
          kind: 'AnsibleRun',
          name: 'r',
          uid: 'u-1',
          controller: true,
          blockOwnerDeletion: true,
        },
      ]);
    }
  });

  test('does nothing until it is released, just as it was made', () => {
    expect(spec.suspend).toBe(true);
    expect(jobs.releaseOf('u-job')).toEqual([
      { op: 'test', path: '/metadata/uid', value: 'u-job' },
      { op: 'test', path: '/metadata/generation', value: 1 },
      { op: 'replace', path: '/spec/suspend', value: false },
    ]);
  });

  test('is never released once it was stopped: then it is not as it was made', () => {
    const patched = jobs.stopOf('u-job').flatMap(({ op, path }) => (op === 'test' ? [] : [path]));
    expect(patched).toContain('/spec/parallelism');
    expect(spec.parallelism).toBe(1);
  });

  test('is given its files in one ConfigMap that cannot be changed, and the keys by the Secrets that have them', () => {
    expect(data).toMatchObject({ kind: 'ConfigMap', immutable: true });
    expect(pod?.volumes?.filter((volume) => !volume.emptyDir)).toEqual([
      { name: 'data', configMap: { name, defaultMode: 0o444 } },
      {
        name: 'secrets',
        projected: {
          defaultMode: 0o444,
          sources: [{ secret: { name: 'fleet-ssh', items: [{ key: 'ssh-privatekey', path: '0' }] } }],
        },
      },
    ]);
  });

  test('has the certificate of each key that has one, and each key once', () => {
    const [first] = request.hosts;
    const certified = { ...target, certificate: 'CERTIFICATE' };
    const hosts = [
      first!,
      { ...first!, name: 'web-02' },
      { ...first!, name: 'web-03', target: certified, secretName: 'c' },
    ];
    const made = jobs.objectsOf(owner, { ...request, hosts }, name).job['spec'] as V1JobSpec;
    expect(made.template.spec?.volumes?.find((volume) => volume.projected)?.projected?.sources).toEqual([
      { secret: { name: 'fleet-ssh', items: [{ key: 'ssh-privatekey', path: '0' }] } },
      {
        secret: {
          name: 'c',
          items: [
            { key: 'ssh-privatekey', path: '1' },
            { key: 'ssh-certificate', path: '1-cert.pub' },
          ],
        },
      },
    ]);
  });

  test('runs once, for a bounded time, and is kept', () => {
    expect(spec).toMatchObject({
      backoffLimit: 0,
      completions: 1,
      parallelism: 1,
      podReplacementPolicy: 'Failed',
      activeDeadlineSeconds: 900,
    });
    expect(spec).not.toHaveProperty('ttlSecondsAfterFinished');
    expect(pod?.restartPolicy).toBe('Never');
  });

  test('may do nothing but run Ansible', () => {
    expect(pod).toMatchObject({
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
    });
    expect(pod?.containers).toHaveLength(1);
    expect(pod?.containers[0]).toMatchObject({
      image: 'registry.example.com/runner@sha256:1',
      securityContext: {
        allowPrivilegeEscalation: false,
        privileged: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      },
      terminationMessagePath: '/dev/termination-log',
    });
    expect(pod?.containers[0]?.env).toBeUndefined();
  });

  test('has nothing of a request in its template but numbers, names and a digest, and no key anywhere', () => {
    const other = { ...target, host: 'another', user: 'other', hostKeys: ['ssh-rsa BBBB'], privateKey: 'ANOTHER' };
    const hosts = [{ name: 'web-01', target: other, secretName: 'fleet-ssh', variables: {} }];
    const playbook = { is: 'text' as const, text: 'x' };
    const changed = jobs.objectsOf(owner, { ...request, hosts, playbook, variables: {} }, name);
    const digest = /[0-9a-f]{64}/;
    expect(JSON.stringify(changed.job['spec']).replace(digest, '')).toEqual(JSON.stringify(spec).replace(digest, ''));
    expect(changed.job['spec']).not.toEqual(spec);
    const packed = Buffer.from((data['binaryData'] as Record<string, string>)['run.json.gz'] ?? '', 'base64');
    const files = gunzipSync(packed).toString();
    expect(files).toContain('web-01');
    expect(pod?.containers[0]?.args).toContain(sha256(packed));
    expect(`${files} ${JSON.stringify([data, job])}`).not.toMatch(/PRIVATE/);
  });

  test('too large for Kubernetes is refused with what to do', () => {
    const playbook = { is: 'text' as const, text: randomBytes(1_100_000).toString('base64') };
    const message = /too large for a Job.*Name fewer hosts/;
    expect(() => jobs.objectsOf(owner, { ...request, playbook }, name)).toThrow(message);
    expect(jobs.problemOf({ ...request, playbook })).toMatch(message);
    expect(jobs.problemOf(request)).toBeUndefined();
  });

  test('keeps sidecars of a service mesh away, with which it would never end', () => {
    expect(spec.template.metadata).toMatchObject({
      labels: { 'sidecar.istio.io/inject': 'false' },
      annotations: { 'sidecar.istio.io/inject': 'false', 'linkerd.io/inject': 'disabled' },
    });
  });
});

describe('the state of a Job', () => {
  const template = { metadata: { annotations: { 'holdfast.dev/hosts': '["web-01"]' } } };
  const job = { metadata: { uid: 'u-job', generation: 2 }, spec: { template, suspend: false } };
  const ended = (type: string, reason?: string) => ({
    ...job,
    status: { conditions: [{ type, status: 'True', reason }] },
  });
  const own = { ownerReferences: [{ kind: 'Job', name, uid: 'u-job', controller: true }] };
  const container = (state: object, metadata: object = own) => ({
    metadata,
    status: { containerStatuses: [{ name: 'ansible', state }] },
  });
  const message = JSON.stringify({ rc: 0, hosts: [[1, 0, 0, 0]], messages: {} });
  const result = container({ terminated: { exitCode: 0, message } });
  const finished = {
    is: 'finished',
    exitCode: 0,
    hosts: [{ name: 'web-01', ok: 1, changed: 0, failed: 0, unreachable: false }],
  };

  test('is what its container left, once the Job has ended', () => {
    expect(jobs.stateOf(ended('Complete'), [result])).toEqual(finished);
    expect(jobs.stateOf(job, [result])).toEqual({ is: 'running' });
  });

  test('is what the container of Ansible left, whatever else is in its pod', () => {
    const proxy = { name: 'istio-proxy', state: { terminated: { exitCode: 0, message: '{"rc":1}' } } };
    const status = { containerStatuses: [proxy, ...result.status.containerStatuses] };
    expect(jobs.stateOf(ended('Complete'), [{ ...result, status }])).toEqual(finished);
  });

  test.each<[string, object]>([
    [
      'bears its labels alone',
      { labels: { 'batch.kubernetes.io/controller-uid': 'u-job', 'holdfast.dev/run': 'u-1' } },
    ],
    ['is of another Job of its name', { ownerReferences: [{ kind: 'Job', name, uid: 'u-other', controller: true }] }],
    ['names it as an owner that does not control it', { ownerReferences: [{ kind: 'Job', name, uid: 'u-job' }] }],
  ])('is not what a pod left that %s', (_, metadata) => {
    const forged = container({ terminated: { exitCode: 0, message: '{"rc":7}' } }, metadata);
    expect(jobs.stateOf(ended('Complete'), [forged, result])).toEqual(finished);
    expect(jobs.stateOf(ended('Complete'), [forged])).toMatchObject({ is: 'lost' });
  });

  test('is lost when two pods say that they are its own', () => {
    expect(jobs.stateOf(ended('Complete'), [result, result])).toMatchObject({
      is: 'lost',
      message: expect.stringContaining('more than one pod'),
    });
  });

  test('is prepared while it is as it was made, and not when somebody suspends it later', () => {
    const suspended = { ...job, spec: { template, suspend: true } };
    expect(jobs.stateOf({ ...suspended, metadata: { uid: 'u-job', generation: 1 } }, [])).toEqual({ is: 'prepared' });
    expect(jobs.stateOf(suspended, [])).toMatchObject({ is: 'running', message: expect.stringContaining('suspended') });
  });

  test('is running until then, with what holds it up', () => {
    expect(jobs.stateOf(job, [])).toEqual({ is: 'running' });
    expect(jobs.stateOf(job, [container({ waiting: { reason: 'ContainerCreating' } })])).toEqual({ is: 'running' });
    const waiting = { reason: 'ImagePullBackOff', message: 'no such image' };
    expect(jobs.stateOf(job, [container({ waiting })])).toEqual({
      is: 'running',
      message: 'The pod is waiting: ImagePullBackOff: no such image',
    });
    const conditions = [
      { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: '0/3 nodes are available' },
    ];
    expect(jobs.stateOf(job, [{ metadata: own, status: { conditions } }])).toMatchObject({
      message: 'The pod cannot be scheduled: 0/3 nodes are available',
    });
  });

  test('is timed out when Kubernetes ended it for that', () => {
    expect(jobs.stateOf(ended('Failed', 'DeadlineExceeded'), [])).toMatchObject({
      is: 'finished',
      timedOut: true,
      hosts: [],
    });
  });

  test.each([
    [
      'its container ran out of memory',
      ended('Failed'),
      [container({ terminated: { exitCode: 137, reason: 'OOMKilled' } })],
      /OOMKilled.*lower forks/,
    ],
    [
      'its result is cut off',
      ended('Complete'),
      [container({ terminated: { exitCode: 0, message: '{"rc":0' } })],
      /without a result/,
    ],
    ['its pod is gone', ended('Failed', 'BackoffLimitExceeded'), [], /left no result \(BackoffLimitExceeded\)/],
    [
      'its pod was evicted before its container began',
      ended('Failed', 'BackoffLimitExceeded'),
      [
        {
          ...container({}),
          status: {
            phase: 'Failed',
            reason: 'Evicted',
            message: 'Pod The node had condition: [DiskPressure]. ',
            conditions: null,
            containerStatuses: null,
          },
        },
      ],
      /left no result \(BackoffLimitExceeded; Evicted: Pod The node had condition: \[DiskPressure\]\)\./,
    ],
    [
      'its pod was evicted, as only a condition tells',
      ended('Failed', 'BackoffLimitExceeded'),
      [
        {
          ...container({}),
          status: {
            ...container({ terminated: { exitCode: 137, reason: 'Error' } }).status,
            conditions: [
              { type: 'Ready', status: 'False', reason: 'PodFailed' },
              { type: 'DisruptionTarget', status: 'True', reason: 'TerminationByKubelet', message: 'low on memory' },
            ],
          },
        },
      ],
      /\(Error, exit code 137; TerminationByKubelet: low on memory\)/,
    ],
    [
      'its container ended well in a pod that was evicted before it told the result',
      ended('Complete'),
      [
        {
          ...container({}),
          status: {
            ...container({ terminated: { exitCode: 0, reason: 'Completed' } }).status,
            reason: 'Evicted',
            message: null,
          },
        },
      ],
      /without a result \(Completed, exit code 0; Evicted\)\./,
    ],
    ['its pod was removed after a good end', ended('Complete'), [], /deleted before its result was read/],
  ])('is lost when %s', (_, observed, pods, message) => {
    const state = jobs.stateOf(observed, pods);
    expect(state.is).toBe('lost');
    expect(state.is === 'lost' && state.message).toMatch(message);
  });
});

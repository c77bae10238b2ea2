import { describe, expect, test } from '@jest/globals';
import type { V1JobSpec } from '@kubernetes/client-node';
import { kubernetesJobs } from './job.ts';
import type { AnsibleRequest } from './types.ts';

const evil = '{{ evil }}';
const target = {
  id: 'tenant/web-01',
  host: 'web-01',
  port: 22,
  user: 'holdfast',
  become: 'none' as const,
  hostKeys: ['ssh-ed25519 AAAA'],
  hostCertificateAuthorities: [],
  privateKey: 'PRIVATE',
};
const request: AnsibleRequest = {
  hosts: [{ name: 'web-01', target, variables: { text: evil } }],
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

describe('a Job', () => {
  const { needs, job } = jobs.objectsOf(owner, request);
  const spec = job['spec'] as V1JobSpec;
  const pod = spec.template.spec;

  test('has one name with its ConfigMap and Secret, and goes with its owner', () => {
    for (const { metadata } of [...needs, job]) {
      expect(metadata).toMatchObject({
        name: 'holdfast-u-1',
        namespace: 'tenant',
        labels: { 'holdfast.dev/run': 'u-1' },
      });
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
    expect(needs.map(({ kind }) => kind)).toEqual(['ConfigMap', 'Secret']);
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

  test('has nothing of a request in its template but numbers, and the key in the Secret alone', () => {
    const other = { ...target, host: 'another', user: 'other', hostKeys: ['ssh-rsa BBBB'], privateKey: 'ANOTHER' };
    const hosts = [{ name: 'web-02', target: other, variables: {} }];
    const changed = jobs.objectsOf(owner, { ...request, hosts, playbook: { is: 'text', text: 'x' }, variables: {} });
    expect(changed.job['spec']).toEqual(spec);
    expect(JSON.stringify([needs[0], job])).not.toMatch(/PRIVATE/);
    expect(needs[1]?.['data']).toEqual({ keys__0: Buffer.from('PRIVATE\n').toString('base64') });
  });

  test('too large for Kubernetes is refused with what to do', () => {
    const playbook = { is: 'text' as const, text: 'x'.repeat(1_000_000) };
    expect(() => jobs.objectsOf(owner, { ...request, playbook })).toThrow(/too large for a Job.*Name fewer hosts/);
  });
});

describe('the state of a Job', () => {
  const job = { metadata: { annotations: { 'holdfast.dev/hosts': '["web-01"]' } } };
  const ended = (type: string, reason?: string) => ({
    ...job,
    status: { conditions: [{ type, status: 'True', reason }] },
  });
  const container = (state: object) => ({ status: { containerStatuses: [{ state }] } });

  test('is what its container left', () => {
    const message = JSON.stringify({ rc: 0, hosts: [[1, 0, 0, 0]], messages: {} });
    expect(jobs.stateOf(job, [container({ terminated: { exitCode: 0, message } })])).toEqual({
      is: 'finished',
      exitCode: 0,
      hosts: [{ name: 'web-01', ok: 1, changed: 0, failed: 0, unreachable: false }],
    });
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
    expect(jobs.stateOf(job, [{ status: { conditions } }])).toMatchObject({
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
      job,
      [container({ terminated: { exitCode: 137, reason: 'OOMKilled' } })],
      /OOMKilled.*lower forks/,
    ],
    [
      'its result is cut off',
      job,
      [container({ terminated: { exitCode: 0, message: '{"rc":0' } })],
      /without a result/,
    ],
    ['its pod is gone', ended('Failed', 'BackoffLimitExceeded'), [], /left no result \(BackoffLimitExceeded\)/],
    [
      'its pod was evicted before its container began',
      ended('Failed', 'BackoffLimitExceeded'),
      [
        {
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

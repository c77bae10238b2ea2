/** What each check says of what it read, as tables. */
import { describe, expect, test } from '@jest/globals';
import { policyFault } from './checks/admission.ts';
import { skew, versionVerdict } from './checks/apiserver.ts';
import { crdVerdict, schemaVerdict } from './checks/crds.ts';
import { devicesVerdict } from './checks/devices.ts';
import { deploymentVerdict, imageVerdict, podsVerdict } from './checks/operator.ts';
import type { Crd, Deployment, Pod } from '../kinds.ts';

describe('the version of Kubernetes', () => {
  test.each([
    ['v1.30.0', 'Pass'],
    ['v1.33.4-eks-a737599', 'Pass'],
    ['v1.35.0+k3s1', 'Pass'],
    ['v2.0', 'Pass'],
    ['v1.29.9', 'Fail'],
    ['v1.9.0', 'Fail'],
    ['', 'Unknown'],
    [undefined, 'Unknown'],
    ['next', 'Unknown'],
  ])('%s', (live, result) => {
    expect(versionVerdict(live, '1.30').result).toBe(result);
  });
});

describe('the version of the operator, by its image', () => {
  const verdict = (image: string, label?: string) =>
    imageVerdict(
      {
        metadata: { name: 'a', labels: label ? { 'app.kubernetes.io/version': label } : {} },
        spec: { template: { spec: { containers: [{ name: 'operator', image }] } } },
      } as unknown as Deployment,
      '0.2.1',
      'FIX',
    );
  test.each([
    ['r/holdfast-operator:0.2.1', undefined, 'Pass', 'the operator and this CLI are 0.2.1'],
    ['r:5000/holdfast-operator:v0.2.1@sha256:ab', undefined, 'Pass', 'the operator and this CLI are 0.2.1'],
    [
      'r/holdfast-operator:0.2.0',
      undefined,
      'Pass',
      'the operator is 0.2.0, this CLI is 0.2.1: the same minor version',
    ],
    ['r/holdfast-operator:0.1.9', undefined, 'Warn', 'the operator is 0.1.9, this CLI is 0.2.1: upgrade the operator'],
    [
      'r/holdfast-operator:0.10.0',
      undefined,
      'Warn',
      'the operator is 0.10.0, this CLI is 0.2.1: use the CLI of its version',
    ],
    [
      'r/holdfast-operator:1.2.1',
      undefined,
      'Fail',
      'the operator is 1.2.1, this CLI is 0.2.1: use the CLI of its version',
    ],
    ['r/holdfast-operator@sha256:ab', '0.2.1', 'Pass', 'the operator and this CLI are 0.2.1'],
    [
      'r:5000/holdfast-operator',
      undefined,
      'Unknown',
      'image r:5000/holdfast-operator does not show a version; compare it with this CLI, 0.2.1',
    ],
    [
      'r/holdfast-operator:latest',
      undefined,
      'Unknown',
      'image r/holdfast-operator:latest does not show a version; compare it with this CLI, 0.2.1',
    ],
  ])('%s %s', (image, label, result, message) => {
    expect(verdict(image, label)).toMatchObject({ result, message });
  });
});

describe('the Deployment', () => {
  const made = (spec: object, status: object, metadata: object = {}): Deployment =>
    ({ metadata: { name: 'a', namespace: 'n', generation: 1, ...metadata }, spec, status }) as unknown as Deployment;
  const done = { observedGeneration: 1, updatedReplicas: 2, readyReplicas: 2 };
  test.each<[string, Deployment, string, string]>([
    ['all ready', made({ replicas: 2 }, done), 'Pass', '2 of 2 replicas ready'],
    ['none', made({ replicas: 2 }, { ...done, readyReplicas: 0 }), 'Fail', '0 of 2 replicas ready'],
    ['one', made({ replicas: 2 }, { ...done, readyReplicas: 1 }), 'Warn', '1 of 2 replicas ready'],
    ['old pods are ready', made({ replicas: 2 }, { ...done, updatedReplicas: 1 }), 'Warn', 'a rollout is in progress'],
    ['not seen yet', made({ replicas: 2 }, done, { generation: 2 }), 'Warn', 'a rollout is in progress'],
    ['scaled down', made({ replicas: 0 }, {}), 'Fail', 'it is scaled to 0 replicas'],
    ['without a status', made({}, {}), 'Fail', '0 of 1 replicas ready'],
    ['being deleted', made({ replicas: 2 }, done, { deletionTimestamp: 'x' }), 'Fail', 'is being deleted'],
    [
      'a quota',
      made({ replicas: 2 }, { conditions: [{ type: 'ReplicaFailure', status: 'True', message: 'exceeded quota' }] }),
      'Fail',
      'exceeded quota',
    ],
  ])('%s', (_, live, result, message) => {
    const verdict = deploymentVerdict(live);
    expect(verdict.result).toBe(result);
    expect(verdict.message).toContain(message);
  });
});

describe('pods', () => {
  const pod = (status: object, metadata: object = {}): Pod =>
    ({ metadata: { name: 'a', ...metadata }, status }) as unknown as Pod;
  const container = (more: object): object => ({ containerStatuses: [{ name: 'operator', restartCount: 0, ...more }] });
  const waiting = (reason: string, more: object = {}) =>
    pod(container({ state: { waiting: { reason, message: 'm' } }, ...more }));
  const oom = { lastState: { terminated: { reason: 'OOMKilled', exitCode: 137 } } };
  test.each<[string, readonly Pod[], string, string]>([
    ['none', [], 'Fail', 'the operator has no pods'],
    ['well', [pod(container({ state: { running: {} } }))], 'Pass', '1 pod, no restarts'],
    ['starting', [waiting('ContainerCreating')], 'Pass', '1 pod, no restarts'],
    ['not pulled', [waiting('ImagePullBackOff')], 'Fail', 'Pod a is waiting: ImagePullBackOff (m)'],
    [
      'crashing',
      [waiting('CrashLoopBackOff', { restartCount: 3, ...oom })],
      'Fail',
      'Pod a is waiting: CrashLoopBackOff (OOMKilled, exit code 137)',
    ],
    [
      'restarted',
      [pod(container({ restartCount: 2, ...oom }))],
      'Warn',
      'Pod a restarted 2 times (OOMKilled, exit code 137)',
    ],
    [
      'unscheduled',
      [pod({ conditions: [{ type: 'PodScheduled', status: 'False', message: '0/1 nodes are available' }] })],
      'Fail',
      'Pod a is not scheduled: 0/1 nodes are available',
    ],
    ['going', [pod({}, { deletionTimestamp: 'x' })], 'Fail', 'the operator has no pods'],
    [
      'the worst of several',
      [pod(container({ restartCount: 1 })), waiting('ErrImagePull')],
      'Fail',
      'Pod a is waiting: ErrImagePull (m); 1 more of 2 pods',
    ],
  ])('%s', (_, all, result, message) => {
    expect(podsVerdict(all, 'n')).toMatchObject({ result, message });
  });
});

describe('CRDs', () => {
  const properties = (...names: string[]) => ({ properties: Object.fromEntries(names.map((name) => [name, {}])) });
  const crd = (schema: object, more: object = {}): Crd =>
    ({
      metadata: { name: 'things.x' },
      spec: { versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: schema } }] },
      status: { conditions: [{ type: 'Established', status: 'True' }], storedVersions: ['v1'] },
      ...more,
    }) as unknown as Crd;
  const pair = (live: Crd | undefined) => [{ name: 'things.x', ours: crd(properties('a', 'b')), live }];

  test.each<[string, Crd | undefined, string, string]>([
    ['well', crd({}), 'Pass', 'all 1 CRDs are installed and Established'],
    ['missing', undefined, 'Fail', 'no CRD of Holdfast is installed'],
    ['not established', crd({}, { status: {} }), 'Fail', 'CRD things.x is not Established'],
    [
      'not served',
      crd({}, { spec: { versions: [{ name: 'v2', served: true }] } }),
      'Fail',
      'CRD things.x does not serve v1',
    ],
    [
      'stored as another version',
      crd({}, { status: { conditions: [{ type: 'Established', status: 'True' }], storedVersions: ['v1', 'v0'] } }),
      'Fail',
      'CRD things.x has objects stored as v0, which this CLI does not know',
    ],
  ])('%s', (_, live, result, message) => {
    expect(crdVerdict(pair(live), 'FIX')).toMatchObject({ result, message });
  });

  test.each<[string, Crd | undefined, string, string]>([
    ['equal, in another order', crd({ properties: { b: {}, a: {} } }), 'Pass', '1 schemas are those of this CLI'],
    ['older', crd(properties('a')), 'Fail', '1 of 1 CRDs are older than this CLI, and lack things.x .b'],
    [
      'newer',
      crd(properties('a', 'b', 'c')),
      'Warn',
      '1 of 1 CRDs are newer than this CLI, and have things.x .c; use the CLI of their version',
    ],
    [
      'another',
      crd(properties('a', 'c')),
      'Fail',
      '1 of 1 CRDs are of another version than this CLI, and lack things.x .b',
    ],
    [
      'other bounds',
      crd({ ...properties('a', 'b'), maxProperties: 1 }),
      'Warn',
      '1 of 1 CRDs have the fields of this CLI, but other bounds or descriptions: things.x',
    ],
    ['none', undefined, 'Unknown', 'no CRD of Holdfast is installed'],
  ])('a schema that is %s', (_, live, result, message) => {
    expect(schemaVerdict(pair(live), 'FIX')).toMatchObject({ result, message });
  });
});

describe('clocks', () => {
  const at = (seconds: number): number => 1_000_000 + seconds * 1000;
  test.each([
    ['the same second', at(10), at(10.2), at(10.4), 0],
    ['whole seconds are not behind', at(10), at(10.9), at(10.95), 0],
    ['a slow answer is not skew', at(10), at(5), at(20), 0],
    ['ahead', at(70), at(9), at(10), 60],
    ['behind', at(10), at(71), at(72), -60],
  ])('%s', (_, date, before, after, seconds) => {
    expect(skew(date, before, after)).toBe(seconds);
  });
});

describe('policies', () => {
  const shipped = {
    kind: 'ValidatingAdmissionPolicy',
    name: 'p',
    spec: { failurePolicy: 'Fail', validations: [1] },
  } as const;
  const live = (spec: object) => ({ apiVersion: '', kind: '', metadata: { name: 'p' }, spec });
  test.each<[string, object | undefined, string | undefined]>([
    ['as shipped', shipped.spec, undefined],
    ['missing', undefined, 'ValidatingAdmissionPolicy p is not installed'],
    [
      'lenient',
      { ...shipped.spec, failurePolicy: 'Ignore' },
      'ValidatingAdmissionPolicy p has `failurePolicy: Ignore`, and is not as shipped',
    ],
    ['less', { failurePolicy: 'Fail' }, 'ValidatingAdmissionPolicy p is not as shipped'],
    [
      'only warning',
      { ...shipped.spec, validationActions: ['Warn'] },
      'ValidatingAdmissionPolicy p does not deny, and is not as shipped',
    ],
  ])('%s', (_, spec, fault) => {
    expect(policyFault(shipped, spec && live(spec))).toBe(fault);
  });
});

describe('Devices', () => {
  const ill = (count: number) => ({ count, example: 'fleet/web-01', message: 'timed out' });
  test.each([
    [0, new Map(), 'Pass', 'there are none'],
    [3, new Map(), 'Pass', 'all 3 are reachable and Ready'],
    [
      9,
      new Map([
        ['A', ill(1)],
        ['B', ill(2)],
      ]),
      'Warn',
      '3 of 9 Devices are not reachable or not Ready, 2 for B, such as Device fleet/web-01: timed out',
    ],
    [
      2,
      new Map([['A', ill(2)]]),
      'Fail',
      '2 of 2 Devices are not reachable or not Ready, 2 for A, such as Device fleet/web-01: timed out',
    ],
  ])('%s', (devices, map, result, message) => {
    expect(devicesVerdict({ devices, ill: map })).toMatchObject({ result, message });
  });
});

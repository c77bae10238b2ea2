/**
 * What people with little rights in the namespace of a run can do to it, on a real apiserver with the real Job controller. The test is the kubelet:
 * it says what the containers of a pod left.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { V1Job, V1Pod } from '@kubernetes/client-node';
import type { AnsibleRun } from '../../operator/api/v1alpha1/ansibleRun.ts';
import type { DeviceBaseline } from '../../operator/api/v1alpha1/deviceBaseline.ts';
import { apiVersion, conditionOf, namespace, startBed, untilCondition, type Bed } from '../operator/bed.ts';
import { createAs, rightsOf, type People } from '../operator/people.ts';
import { until } from '../operator/until.ts';

let bed: Bed;

const may = (group: string, resources: string[], verbs = ['get', 'list', 'create']) => ({
  apiGroups: [group],
  resources,
  verbs,
});
/** Each may do one thing only. */
const tenants: People = {
  rita: [may('holdfast.dev', ['ansibleruns'])],
  jonas: [may('batch', ['jobs'])],
  paul: [may('', ['pods'])],
};

beforeAll(async () => {
  bed = await startBed(['web-01']);
  await bed.kubectl.apply(...rightsOf(tenants));
  await bed.operator('--runner-image', 'registry.example.com/runner', '--max-local-runs', '2');
}, 900_000);

afterAll(() => bed.stop(), 60_000);

const playbook = { inline: '- hosts: all\n  tasks: []\n' };

function runNamed(name: string, spec: object = {}, metadata: object = {}): object {
  return {
    apiVersion,
    kind: 'AnsibleRun',
    metadata: { name, namespace, ...metadata },
    spec: { deviceNames: ['web-01'], playbook, ...spec },
  };
}

const runOf = (name: string) => bed.kubectl.get<AnsibleRun>('ansiblerun', name);

/** The run once its Job is released, with that. */
async function released(name: string): Promise<{ run: AnsibleRun; job: V1Job; uid: string }> {
  await bed.kubectl.apply(runNamed(name));
  return until(`the Job of ${name} is released`, async () => {
    const run = await runOf(name);
    const { name: jobName = '', uid = '' } = run?.status?.job ?? {};
    const job = jobName ? await bed.kubectl.get<V1Job>('job', jobName) : undefined;
    return run && job?.spec?.suspend === false ? { run, job, uid } : undefined;
  });
}

/** The pod that the Job controller made. */
function podOf(uid: string): Promise<V1Pod> {
  return until('the Job has a pod', async () => {
    const pods = await bed.kubectl.list<V1Pod>('pods', { selector: `batch.kubernetes.io/controller-uid=${uid}` });
    return pods.find(({ metadata }) => metadata?.name?.startsWith('holdfast-'));
  });
}

const resultOf = (failed: number) =>
  JSON.stringify({ rc: failed ? 2 : 0, hosts: [[1, 0, failed, 0]], messages: failed ? { 0: 'forged' } : {} });

/** As a kubelet does when the container has ended. */
async function leaves(pod: string, message: string): Promise<void> {
  const terminated = { exitCode: 0, message, reason: 'Completed' };
  const status = {
    phase: 'Succeeded',
    containerStatuses: [
      { name: 'ansible', image: 'x', imageID: 'x', ready: false, restartCount: 0, state: { terminated } },
    ],
  };
  await bed.kubectl.merge('pod', pod, { status }, { subresource: 'status' });
}

function forgedPod(name: string, { metadata }: V1Job, ownerReferences: object[]): object {
  const labels = {
    'holdfast.dev/run': 'x',
    'batch.kubernetes.io/controller-uid': metadata?.uid,
    'batch.kubernetes.io/job-name': metadata?.name,
    'app.kubernetes.io/managed-by': 'holdfast',
  };
  const spec = { restartPolicy: 'Never', containers: [{ name: 'ansible', image: 'mine' }] };
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace, labels, ownerReferences }, spec };
}

describe('a run as a Job', () => {
  test('is ended by what the pod of its very Job left, and not by one that bears its labels', async () => {
    const { run, job, uid } = await released('labels');
    expect(job.metadata?.uid).toBe(uid);
    expect(await bed.kubectl.get('configmap', run.status?.job?.name ?? '')).toMatchObject({ immutable: true });
    expect(await bed.kubectl.get('secret', run.status?.job?.name ?? '')).toBeUndefined();
    const pod = await podOf(uid);
    // Of one without an owner, the Job controller would make its own: who may create pods may do that, and mount the Secret as well.
    const { name, uid: runUid } = run.metadata;
    const owner = { apiVersion, kind: 'AnsibleRun', name, uid: runUid, controller: true };
    expect(await createAs(bed.kubectl, 'paul', forgedPod('forged', job, [owner]))).toMatchObject({ code: 0 });
    await leaves('forged', resultOf(1));
    await leaves(pod.metadata?.name ?? '', resultOf(0));
    const ended = await untilCondition<AnsibleRun>(bed.kubectl, 'ansiblerun', 'labels', 'Succeeded', 'True');
    expect(ended.status?.hosts).toEqual([{ name: 'web-01', outcome: 'Completed' }]);
  }, 90_000);

  test('whose pod was evicted before it began is over, and what it did is unknown', async () => {
    const { uid } = await released('evicted');
    const pod = await podOf(uid);
    const status = { phase: 'Failed', reason: 'Evicted' };
    await bed.kubectl.merge('pod', pod.metadata?.name ?? '', { status }, { subresource: 'status' });
    const ended = await untilCondition<AnsibleRun>(bed.kubectl, 'ansiblerun', 'evicted', 'Succeeded', 'False');
    expect(conditionOf(ended, 'Succeeded')).toMatchObject({ reason: 'Interrupted' });
  }, 90_000);

  test('whose Job is replaced by one of its name is over, and the other is not read', async () => {
    const { job } = await released('replaced');
    const name = job.metadata?.name ?? '';
    await bed.kubectl.run('delete', 'job', name, '--cascade=background');
    await until('it is gone', async () => ((await bed.kubectl.get('job', name)) ? undefined : true));
    const ownerReferences = job.metadata?.ownerReferences?.map((one) => ({ ...one, blockOwnerDeletion: false }));
    const mine = {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name, namespace, labels: job.metadata?.labels, ownerReferences },
      spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'ansible', image: 'mine' }] } } },
    };
    expect(await createAs(bed.kubectl, 'jonas', mine)).toMatchObject({ code: 0 });
    const ended = await untilCondition<AnsibleRun>(bed.kubectl, 'ansiblerun', 'replaced', 'Succeeded', 'False');
    expect(conditionOf(ended, 'Succeeded')).toMatchObject({ reason: 'Interrupted' });
  }, 90_000);

  test('whose variables cannot be given to Ansible is refused by the apiserver', async () => {
    for (const variables of [{ tags: 'x' }, { ansible_host: 'x' }, { big: 2 ** 60 }])
      expect(await createAs(bed.kubectl, 'rita', runNamed('variables', { variables }))).toMatchObject({ code: 1 });
    expect(
      await createAs(bed.kubectl, 'rita', runNamed('lost', { playbook: { configMapRef: { name: 'none' } } })),
    ).toMatchObject({ code: 0 });
    await until('it says what it waits for', async () =>
      conditionOf(await runOf('lost'), 'Succeeded')?.reason === 'PlaybookNotFound' ? true : undefined,
    );
  }, 60_000);
});

test('a baseline corrects, whoever used up its numbers, claims to be its run, or waits for ever on its hosts', async () => {
  const motd = { name: 'motd', file: { path: '/etc/motd', content: 'Authorized use only.\n' } };
  const baseline = {
    apiVersion,
    kind: 'DeviceBaseline',
    metadata: { name: 'base', namespace },
    spec: { selector: {}, intervalSeconds: 10, remediation: { backend: 'Local' }, checks: [motd] },
  };
  await bed.host('web-01').writeFile('/etc/motd', 'drifted\n');
  await bed.kubectl.apply(baseline);
  const drifted = await untilCondition<DeviceBaseline>(bed.kubectl, 'devicebaseline', 'base', 'Compliant', 'False');
  const { uid = '' } = drifted.metadata;
  const ownerReferences = [{ apiVersion, kind: 'DeviceBaseline', name: 'base', uid, controller: true }];
  const labels = { 'app.kubernetes.io/managed-by': 'holdfast', 'holdfast.dev/baseline': 'base' };
  const waits = { playbook: { configMapRef: { name: 'none' } }, baselineRef: { name: 'base' } };
  for (const name of ['base-1', 'base-2', 'base-999999999', 'base-1000000000'])
    expect(await createAs(bed.kubectl, 'rita', runNamed(name, waits, { labels, ownerReferences }))).toMatchObject({
      code: 0,
    });
  await bed.kubectl.apply({ ...baseline, spec: { ...baseline.spec, mode: 'Enforce' } });
  await untilCondition(bed.kubectl, 'devicebaseline', 'base', 'Compliant', 'True', 90);
  const run = await runOf('base-3');
  expect(conditionOf(run, 'Succeeded')).toMatchObject({ status: 'True', reason: 'Verified' });
  const after = await bed.kubectl.get<DeviceBaseline>('devicebaseline', 'base');
  expect(after?.status?.runs).toEqual([run?.metadata.uid]);

  // A correction that never comes is told.
  await bed.kubectl.apply({
    ...baseline,
    spec: { ...baseline.spec, mode: 'Enforce', remediation: { backend: 'Job', playbookRef: { name: 'none' } } },
  });
  await bed.host('web-01').writeFile('/etc/motd', 'drifted again\n');
  const blocked = await untilCondition<DeviceBaseline>(
    bed.kubectl,
    'devicebaseline',
    'base',
    'CorrectionBlocked',
    'True',
  );
  expect(conditionOf(blocked, 'CorrectionBlocked')?.reason).toBe('PlaybookNotFound');
}, 240_000);

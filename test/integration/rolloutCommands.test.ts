/** `kubectl holdfast rollout` as people run it, on a real apiserver: each verb on a status that the test wrote, as the operator would. */
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { CanaryRollout } from '../../operator/api/v1alpha1/canaryRollout.ts';
import type { DeviceBaseline } from '../../operator/api/v1alpha1/deviceBaseline.ts';
import { revisionOf } from '../../operator/drift/driftReport/report.ts';
import { makeBaseline } from '../builders/drift.ts';
import { startCluster, type Cluster } from '../cluster/cluster.ts';
import { crds, role } from '../operator/bed.ts';
import { Kubectl } from '../operator/kubectl.ts';

const plugin = resolve(import.meta.dirname, '../../bin/kubectl-holdfast');
const namespace = 'fleet';
const before = `sha256:${'0'.repeat(64)}`;
const place = { subresource: 'status', fieldManager: 'holdfast-status', namespace };

let cluster: Cluster;
let kubectl: Kubectl;
let revision: string;

beforeAll(async () => {
  cluster = await startCluster({ manifests: [crds, role] });
  kubectl = new Kubectl(cluster, namespace);
  const checks = [{ name: 'motd', file: { path: '/etc/motd', content: 'B\n' } }];
  const baseline = {
    ...makeBaseline({ checks, updateStrategy: { type: 'Rollout' } }),
    metadata: { name: 'rhel9', namespace },
  };
  await kubectl.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }, baseline, ...reader);
  const stored = await kubectl.get<DeviceBaseline>('devicebaseline', 'rhel9');
  if (!stored) throw new Error('there is no baseline');
  revision = revisionOf(stored);
}, 300_000);

afterAll(() => cluster.stop(), 60_000);

/** She may read rollouts, and nothing else. */
const reader = [
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'Role',
    metadata: { name: 'reader', namespace },
    rules: [{ apiGroups: ['holdfast.dev'], resources: ['canaryrollouts'], verbs: ['get', 'list'] }],
  },
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: { name: 'mia', namespace },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'reader' },
    subjects: [{ kind: 'User', name: 'mia', apiGroup: 'rbac.authorization.k8s.io' }],
  },
];

/** A rollout whose first step soaks. */
beforeEach(async () => {
  await kubectl.run('delete', 'canaryrollouts', '--all');
  await kubectl.merge(
    'devicebaseline',
    'rhel9',
    { status: { assignment: { base: before, proven: true, rejected: null } } },
    place,
  );
  await kubectl.apply({
    apiVersion: 'holdfast.dev/v1alpha1',
    kind: 'CanaryRollout',
    metadata: { name: 'rhel9', namespace },
    spec: { target: { deviceBaselineRef: { name: 'rhel9' } } },
  });
  await says({ step: 1, exposedPercent: 10 });
});

async function says(status: object): Promise<void> {
  const now = new Date().toISOString();
  const about = {
    revision,
    previousRevision: before,
    startTime: now,
    stepStartTime: now,
    soakStartTime: now,
    observedGeneration: 1,
  };
  await kubectl.merge('canaryrollout', 'rhel9', { status: { ...about, seal: 'a'.repeat(64), ...status } }, place);
}

async function rollout(args: readonly string[], kubeconfig = cluster.kubeconfig) {
  const all = ['rollout', ...args, '--namespace', namespace, '--kubeconfig', kubeconfig];
  const child = spawn(plugin, all, { env: { ...process.env, NODE_OPTIONS: '' } });
  const ran = { stdout: '', stderr: '' };
  child.stdout.on('data', (part: Buffer) => (ran.stdout += part.toString()));
  child.stderr.on('data', (part: Buffer) => (ran.stderr += part.toString()));
  const code = await new Promise<number | null>((done) => child.on('close', done));
  return { code, ...ran };
}

const stored = async (): Promise<CanaryRollout> => {
  const found = await kubectl.get<CanaryRollout>('canaryrollout', 'rhel9');
  if (!found) throw new Error('there is no rollout');
  return found;
};
const fine = { code: 0, stderr: '' };

test.each([
  ['skip', (attempt: string) => `${attempt}/1`],
  ['promote', (attempt: string) => `${attempt}/1`],
  ['abort', (attempt: string) => attempt],
] as const)('%s asks for what is there now, once', async (verb, value) => {
  expect(await rollout([verb, 'rhel9'])).toMatchObject(fine);
  const { metadata, spec, status } = await stored();
  const attempt = `${revision}@${status?.startTime}`;
  expect(metadata.annotations).toEqual({ [`holdfast.dev/rollout-${verb}`]: value(attempt) });
  expect(metadata.generation).toBe(1);
  expect(spec.pause).toBeUndefined();
  const again = await rollout([verb, 'rhel9']);
  expect(again).toMatchObject({ ...fine, stdout: expect.stringContaining('requested already') as unknown });
  expect((await stored()).metadata.resourceVersion).toBe(metadata.resourceVersion);
});

test('retry asks for the very rejection', async () => {
  const refused = await rollout(['retry', 'rhel9']);
  expect(refused).toMatchObject({
    code: 1,
    stderr: 'error: CanaryRollout rhel9: nothing is rejected: no revision was taken back.\n',
  });
  const time = '2026-11-27T01:02:03Z';
  const rejected = [{ revision, time, reason: 'it broke' }];
  await kubectl.merge('devicebaseline', 'rhel9', { status: { assignment: { rejected } } }, place);
  await says({ rollback: { startTime: time, completionTime: time, reason: 'it broke', rejects: true } });
  expect(await rollout(['retry', 'rhel9'])).toMatchObject(fine);
  expect((await stored()).metadata.annotations).toEqual({ 'holdfast.dev/rollout-retry': `${revision}@${time}` });
  for (const verb of ['skip', 'promote', 'abort']) expect(await rollout([verb, 'rhel9'])).toMatchObject({ code: 1 });
});

test('the example of promote in the docs is what is printed', async () => {
  const page = await readFile(resolve(import.meta.dirname, '../../docs/canaryRollout.md'), 'utf8');
  const [, printed] = /^\$ kubectl holdfast rollout promote rhel9\n([^`]+)```/m.exec(page) ?? [];
  expect(await rollout(['promote', 'rhel9'])).toEqual({ ...fine, stdout: printed });
});

test('pause and resume change `spec.pause` alone', async () => {
  expect(await rollout(['pause', 'rhel9'])).toMatchObject({ code: 1 });
  expect(await rollout(['pause', 'rhel9', '--reason', 'audit', '--until', '2h'])).toMatchObject(fine);
  const { spec, metadata } = await stored();
  expect(spec.pause).toEqual({ reason: 'audit', until: expect.stringMatching(/^2.*Z$/) as unknown });
  expect(metadata.annotations).toBeUndefined();
  expect(await rollout(['resume', 'canaryrollout/rhel9'])).toMatchObject(fine);
  expect((await stored()).spec.pause).toBeUndefined();
  expect(await rollout(['resume', 'rhel9'])).toMatchObject({ ...fine, stdout: 'It is not paused.\n' });
});

test('get and explain show it, and objects, and all of the namespace', async () => {
  const tree = await rollout(['get', 'rhel9']);
  expect(tree).toMatchObject(fine);
  expect(tree.stdout).toContain(`Revision ${revision.slice(7, 15)}, from 00000000`);
  expect(tree.stdout).toContain('soaking');
  const json = await rollout(['get', 'rhel9', '-o', 'json']);
  expect((JSON.parse(json.stdout) as CanaryRollout).status?.revision).toBe(revision);
  expect((await rollout(['get', '-o', 'yaml'])).stdout).toMatch(/^apiVersion: v1\nkind: List/);
  expect((await rollout(['get'])).stdout).toMatch(/^NAME +STATE +STEP +HOSTS +SINCE +REVISION +BASELINE\nrhel9 /);
  expect((await rollout(['explain', 'rhel9'])).stdout).toContain('is in step 1 of 3');
  expect(await rollout(['get', 'none'])).toMatchObject({ code: 1 });
});

test('--until-done ends when it is over', async () => {
  await says({ completionTime: new Date().toISOString() });
  expect(await rollout(['get', 'rhel9', '--until-done'])).toMatchObject(fine);
  const time = new Date().toISOString();
  await says({ completionTime: null, rollback: { startTime: time, completionTime: time, reason: 'it broke' } });
  expect(await rollout(['get', 'rhel9', '--until-done'])).toMatchObject({ code: 1, stderr: '' });
});

test('what someone else wrote into the status is neither shown nor acted upon', async () => {
  await kubectl.merge('canaryrollout', 'rhel9', { status: { step: 3 } }, { ...place, fieldManager: 'mallory' });
  expect((await rollout(['get', 'rhel9'])).stdout).toContain('its status was written by field manager mallory');
  expect(await rollout(['skip', 'rhel9'])).toMatchObject({ code: 1 });
  expect((await stored()).metadata.annotations).toBeUndefined();
});

test('who may only read rollouts sees what that shows, and changes nothing', async () => {
  const mia = await cluster.kubeconfigFor('mia');
  const tree = await rollout(['get', 'rhel9'], mia);
  expect(tree).toMatchObject({ code: 0 });
  expect(tree.stdout.replace(/\s+│?\s*/g, ' ')).toContain(
    'you may not get devicebaselines.holdfast.dev in namespace fleet',
  );
  for (const verb of ['skip', 'abort'])
    expect(await rollout([verb, 'rhel9'], mia)).toMatchObject({
      code: 1,
      stderr:
        'error: CanaryRollout rhel9 was not changed: you may not patch canaryrollouts.holdfast.dev in namespace fleet.\n',
    });
});

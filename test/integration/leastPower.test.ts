/**
 * The operator under exactly what is shipped in `manifests/rbac/`, with its election: it has no power over what belongs to a namespace until that is
 * granted there, by the very commands that its conditions show.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { execFile, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { V1Job, V1Lease } from '@kubernetes/client-node';
import type { AnsibleRun } from '../../operator/api/v1alpha1/ansibleRun.ts';
import type { ClusterBaseline } from '../../operator/api/v1alpha1/clusterBaseline.ts';
import type { Device } from '../../operator/api/v1alpha1/device.ts';
import type { Condition } from '../../operator/api/v1alpha1/shared.ts';
import { Client } from '../../operator/runtime/client.ts';
import { connectionOf } from '../../operator/runtime/connection.ts';
import { assertNoRival } from '../../operator/wiring/rivals.ts';
import { sharedKey } from '../../operator/wiring/sharedKey.ts';
import { startCluster, type Cluster } from '../cluster/cluster.ts';
import { startFleet, type Fleet } from '../fleet/fleet.ts';
import { apiVersion, conditionOf, crds, credentials, deviceOf, namespace } from '../operator/bed.ts';
import { account, home, policies, writer } from '../operator/clusterOnly.ts';
import { untilPoliciesAreHeeded } from '../operator/heeded.ts';
import { Kubectl } from '../operator/kubectl.ts';
import { startOperator, type Operator } from '../operator/process.ts';
import { freePort } from '../freePort.ts';
import { until } from '../operator/until.ts';

const rbac = resolve(import.meta.dirname, '../../manifests/rbac');
const user = 'system:serviceaccount:holdfast:holdfast-operator';
const lease = 'holdfast/holdfast-operator';
const program = resolve(import.meta.dirname, '../../operator/main.ts');

let cluster: Cluster;
let fleet: Fleet;
let kubectl: Kubectl;
let operator: Operator;
let folder: string;

beforeAll(async () => {
  [cluster, fleet] = await Promise.all([
    startCluster({ manifests: [crds, policies, rbac] }),
    startFleet({ names: ['web-01'] }),
  ]);
  folder = await mkdtemp(join(tmpdir(), 'holdfast-bed-'));
  kubectl = new Kubectl(cluster, namespace);
  for (const name of [namespace, home])
    await kubectl.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  const everything = [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }];
  await kubectl.apply(await credentials(fleet), ...account(writer, everything));
  await untilPoliciesAreHeeded(kubectl);
  const kubeconfig = await cluster.kubeconfigFor(user, ['system:serviceaccounts', 'system:serviceaccounts:holdfast']);
  const flags = ['--allow-local-playbooks', '--lease', lease, '--runner-image', 'registry.example.com/runner'];
  operator = await startOperator({ kubeconfig, folder, flags });
}, 900_000);

afterAll(async () => {
  await operator.stop();
  await Promise.all([cluster.stop(), fleet.stop()]);
  await rm(folder, { recursive: true, force: true });
}, 60_000);

/** The object's condition, once its message has the words. */
async function tells(kind: string, name: string, type: string, words: RegExp, where = namespace): Promise<Condition> {
  let last: Condition | undefined;
  return until(
    `${kind} ${name} tells`,
    async () => {
      last = conditionOf(await kubectl.get<Device>(kind, name, where), type);
      return last && words.test(last.message) ? last : undefined;
    },
    { seconds: 60, seen: () => last },
  );
}

/** Runs what a condition advises, as an administrator. */
async function runsAdviceOf({ message }: Condition): Promise<string> {
  const [, command = ''] = /`(kubectl [^`]*)`/.exec(message) ?? [];
  const PATH = `${dirname(cluster.kubectl)}${delimiter}${process.env['PATH'] ?? ''}`;
  await promisify(execFile)('sh', ['-ec', command], { env: { ...process.env, PATH, KUBECONFIG: cluster.kubeconfig } });
  return command;
}

/** So that it is looked at again now. */
function touched(kind: string, name: string, where = namespace): Promise<void> {
  return kubectl.merge(kind, name, { metadata: { annotations: { touched: `${Date.now()}` } } }, { namespace: where });
}

test.each([
  ['get', 'secrets', namespace],
  ['list', 'secrets', 'holdfast'],
  ['get', 'secrets', 'holdfast'],
  ['patch', 'secrets/holdfast-digest-key', 'holdfast'],
  ['list', 'secrets', namespace],
  ['create', 'secrets', namespace],
  ['delete', 'secrets', namespace],
  ['impersonate', 'serviceaccounts', home],
  ['create', 'jobs.batch', namespace],
  ['create', 'pods', namespace],
  ['get', 'configmaps', namespace],
  ['create', 'serviceaccounts/token', home],
  ['patch', 'devices.holdfast.dev', namespace],
  ['create', 'approvals.holdfast.dev', namespace],
  ['approve', 'policywaivers.holdfast.dev', namespace],
  ['get', 'leases.coordination.k8s.io', namespace],
  ['*', '*', ''],
])('as it is shipped, the operator may not %s %s', async (verb, resource, where) => {
  const answer = await kubectl.try([
    'auth',
    'can-i',
    verb,
    resource,
    '--as',
    user,
    ...(where ? ['-n', where] : ['-A']),
  ]);
  expect(answer).toMatchObject({ code: 1, stdout: 'no\n' });
});

test('who may edit a namespace may declare and request there, and may not approve', async () => {
  await kubectl.run('create', 'rolebinding', 'eve', '--clusterrole=edit', '--user=eve');
  const may = async (verb: string, resource: string, where = namespace) =>
    (await kubectl.try(['auth', 'can-i', verb, resource, '--as', 'eve', '-n', where])).stdout.trim();
  // The roles are aggregated by a controller.
  await until('eve may create Devices', async () => ((await may('create', 'devices')) === 'yes' ? true : undefined));
  const asked = [
    ['create', 'policywaivers'],
    ['get', 'driftreports'],
    ['approve', 'policywaivers'],
    ['create', 'approvals'],
    ['create', 'driftreports'],
    ['create', 'clusterbaselines'],
  ] as const;
  const answers = await Promise.all(asked.map(([verb, resource]) => may(verb, resource)));
  expect(answers).toEqual(['yes', 'yes', 'no', 'no', 'no', 'no']);
  expect(await may('get', 'devices', home)).toBe('no');
}, 60_000);

test('it holds its Lease, and is refused nothing while there is nothing to do', async () => {
  const held = await kubectl.get<V1Lease>('lease', 'holdfast-operator', 'holdfast');
  expect(held?.spec?.holderIdentity).toBeTruthy();
  expect(operator.log()).not.toMatch(/forbidden/i);
});

test('one that may not use its Lease says so when it is asked whether it is ready', async () => {
  const kubeconfig = await cluster.kubeconfigFor(user, ['system:serviceaccounts']);
  const port = await freePort();
  const state = join(folder, 'other');
  const args = ['--kubeconfig', kubeconfig, '--state-directory', state, '--lease', `${namespace}/other`];
  const other = spawn(process.execPath, [program, ...args, '--listen', `127.0.0.1:${port}`], { stdio: 'ignore' });
  try {
    const told = await until('it is not ready', async () => {
      const response = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => undefined);
      const text = await response?.text();
      return response?.status === 503 && text?.includes('Lease') ? text : undefined;
    });
    expect(told).toMatch(/Lease fleet\/other cannot be acquired .* grant `create` on leases in namespace fleet/);
  } finally {
    other.kill('SIGKILL');
  }
}, 60_000);

test('a second operator that has no election is refused, since it would write over the first', async () => {
  const kubeconfig = await cluster.kubeconfigFor(user, ['system:serviceaccounts']);
  const args = ['--kubeconfig', kubeconfig, '--state-directory', join(folder, 'second'), '--lease', 'none'];
  const second = promisify(execFile)(process.execPath, [program, ...args, '--listen', '127.0.0.1:0']);
  await expect(second).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringMatching(
      /^error: another operator leads by Lease holdfast\/holdfast-operator, .*stop one of them/m,
    ),
  });
}, 60_000);

test('a Lease that a tenant renews in the name of an operator prevents nobody from leading', async () => {
  const forged = { metadata: { name: 'holdfast-operator', namespace: home } };
  await kubectl.apply({
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    ...forged,
    spec: { holderIdentity: 'mine' },
  });
  const client = new Client(await connectionOf(await cluster.kubeconfigFor(user, ['system:serviceaccounts'])));
  let renewals = 0;
  const wait = async () => {
    renewals += 1;
    await kubectl.merge('lease', 'holdfast-operator', { spec: { leaseTransitions: renewals } }, { namespace: home });
  };
  const own = { namespace: 'holdfast', name: 'holdfast-operator' };
  await assertNoRival({ client, own, wait, onUnknown: (error) => expect(error).toBeUndefined() });
  expect(renewals).toBe(1);
  await kubectl.run('delete', 'lease', 'holdfast-operator', '-n', home);
}, 60_000);

describe('the key that replicas share', () => {
  const at = (name: string, where = 'holdfast') => ({ namespace: where, name });
  const asOperator = async () =>
    new Client(await connectionOf(await cluster.kubeconfigFor(user, ['system:serviceaccounts'])));

  test('is made once, of whoever makes it at the same time, and cannot be changed', async () => {
    const client = await asOperator();
    const keys = await Promise.all([1, 2, 3].map(() => sharedKey(client, at('holdfast-digest-key'))));
    expect(keys[0]).toHaveLength(32);
    expect(new Set(keys.map((key) => key.toString('hex'))).size).toBe(1);
    const change = [
      'patch',
      'secret',
      'holdfast-digest-key',
      '-n',
      'holdfast',
      '--patch',
      '{"stringData":{"key":"x"}}',
    ];
    expect((await kubectl.try(change)).stderr).toContain('field is immutable when `immutable` is set');
  });

  test('is not used when it is too short, or where it may not be read', async () => {
    const client = await asOperator();
    await kubectl.run('delete', 'secret', 'holdfast-digest-key', '-n', 'holdfast');
    const short = { metadata: { name: 'holdfast-digest-key', namespace: 'holdfast' }, stringData: { key: 'short' } };
    await kubectl.apply({ apiVersion: 'v1', kind: 'Secret', ...short });
    await expect(sharedKey(client, at('holdfast-digest-key'))).rejects.toThrow(
      /^Secret holdfast\/holdfast-digest-key has fewer than 32 bytes in data\.key; delete it/,
    );
    await kubectl.run('delete', 'secret', 'holdfast-digest-key', '-n', 'holdfast');
    await expect(sharedKey(client, at('key', namespace))).rejects.toThrow(
      /^Secret fleet\/key of --digest-key-secret cannot be used: .*forbidden.*; grant get on it/,
    );
  });
});

describe('the credentials of a fleet', () => {
  test('are read once that is granted by the name of their Secret, and whether there is one is not told before', async () => {
    const device = deviceOf(fleet.hosts[0]!, fleet);
    const { ssh } = device.spec;
    const nowhere = { ...device, metadata: { ...device.metadata, name: 'web-02' } };
    await kubectl.apply(device, { ...nowhere, spec: { ssh: { ...ssh, credentialsRef: { name: 'no-such' } } } });
    const baseline = {
      selector: { matchLabels: { os: 'rhel9' } },
      checks: [{ name: 'motd', severity: 'Low', file: { path: '/etc/motd', mode: '0644' } }],
    };
    await kubectl.apply({ apiVersion, kind: 'DeviceBaseline', metadata: { name: 'rhel9', namespace }, spec: baseline });
    const refused = await tells('device', 'web-01', 'Reachable', /may not read Secret fleet-ssh/);
    const other = await tells('device', 'web-02', 'Reachable', /may not read Secret no-such/);
    expect(other.message.replaceAll('no-such', 'fleet-ssh')).toBe(refused.message);
    expect(await runsAdviceOf(refused)).toBe(
      'kubectl -n fleet create role holdfast-credentials-fleet-ssh --verb=get --resource=secrets --resource-name=fleet-ssh' +
        ' && kubectl -n fleet create rolebinding holdfast-credentials-fleet-ssh --role=holdfast-credentials-fleet-ssh' +
        ' --serviceaccount=holdfast:holdfast-operator',
    );
    await touched('device', 'web-01');
    await tells('device', 'web-01', 'Reachable', /responds/);
    await touched('device', 'web-02');
    await tells('device', 'web-02', 'Reachable', /may not read Secret no-such/);
  }, 120_000);
});

describe('a playbook in a ConfigMap', () => {
  test('is read once that is granted by its name, and whether there is one is not told before', async () => {
    const spec = { deviceNames: ['web-01'], backend: 'Local', playbook: { configMapRef: { name: 'site' } } };
    await kubectl.apply({ apiVersion, kind: 'AnsibleRun', metadata: { name: 'site', namespace }, spec });
    const refused = await tells('ansiblerun', 'site', 'Succeeded', /may not read ConfigMap site/);
    expect(refused.reason).toBe('PlaybookNotGranted');
    await runsAdviceOf(refused);
    await touched('ansiblerun', 'site');
    expect((await tells('ansiblerun', 'site', 'Succeeded', /does not exist/)).reason).toBe('PlaybookNotFound');
    await kubectl.run('delete', 'ansiblerun', 'site');
  }, 120_000);
});

describe('a run as a Job', () => {
  test('waits until Jobs are granted in its namespace, and has no Secret of its own', async () => {
    const secrets = async () => (await kubectl.list<Device>('secrets')).map(({ metadata }) => metadata.name);
    const before = await secrets();
    const spec = { deviceNames: ['web-01'], playbook: { inline: '- hosts: all\n  tasks: []\n' } };
    await kubectl.apply({ apiVersion, kind: 'AnsibleRun', metadata: { name: 'by-hand', namespace }, spec });
    const refused = await tells('ansiblerun', 'by-hand', 'Succeeded', /may not create Jobs/);
    expect(refused.reason).toBe('JobsNotGranted');
    await runsAdviceOf(refused);
    await touched('ansiblerun', 'by-hand');
    const job = await until('a Job is released', async () => {
      const run = await kubectl.get<AnsibleRun>('ansiblerun', 'by-hand');
      const found = run?.status?.job?.uid ? await kubectl.get<V1Job>('job', run.status.job.name) : undefined;
      return found?.spec?.suspend === false ? found : undefined;
    });
    const sources = job.spec?.template.spec?.volumes?.flatMap(({ projected }) => projected?.sources ?? []);
    expect(sources?.map(({ secret }) => secret?.name)).toEqual(['fleet-ssh']);
    expect(await secrets()).toEqual(before);
  }, 120_000);
});

describe('a ClusterBaseline', () => {
  test('acts as its account once that is granted by name, and as no other', async () => {
    const template = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'banner', namespace: home },
      data: { a: '1' },
    };
    const baseline = (name: string, accountName: string) => ({
      apiVersion,
      kind: 'ClusterBaseline',
      metadata: { name },
      spec: { serviceAccountRef: { namespace: home, name: accountName }, objects: [{ name: 'banner', template }] },
    });
    await kubectl.apply(baseline('granted', writer), baseline('other', 'default'));
    const refused = await tells('clusterbaseline', 'granted', 'Authorized', /may not act as ServiceAccount/, '');
    expect(refused.reason).toBe('AccountNotGranted');
    const compliance = conditionOf(await kubectl.get<ClusterBaseline>('clusterbaseline', 'granted', ''), 'Compliant');
    expect(compliance?.status).toBe('Unknown');
    await runsAdviceOf(refused);
    await touched('clusterbaseline', 'granted', '');
    await tells('clusterbaseline', 'granted', 'Compliant', /banner/, '');
    await until('it differs', async () => {
      const one = await kubectl.get<ClusterBaseline>('clusterbaseline', 'granted', '');
      return conditionOf(one, 'Compliant')?.status === 'False' && !conditionOf(one, 'Authorized') ? true : undefined;
    });
    await tells('clusterbaseline', 'other', 'Authorized', /may not act as ServiceAccount platform\/default/, '');
  }, 120_000);
});

/**
 * A baseline whose revisions are rolled out, on the real apiserver: nobody takes it off its rollout without the right to, and what hosts of another
 * revision than the declared one lack can be waived.
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { resolve } from 'node:path';
import type { DeviceBaseline } from '../../operator/api/v1alpha1/deviceBaseline.ts';
import type { DeviceCheck } from '../../operator/api/v1alpha1/deviceCheck.ts';
import type { PolicyWaiver } from '../../operator/api/v1alpha1/policyWaiver.ts';
import { deviceBaseline } from '../../operator/drift/deviceBaseline/index.ts';
import { keptRevisions } from '../../operator/drift/revision/store.ts';
import { findingSources } from '../../operator/findingSources.ts';
import { approval } from '../../operator/governance/approval/index.ts';
import { policyWaiver } from '../../operator/governance/policyWaiver/index.ts';
import { sha256 } from '../../operator/lib/digest.ts';
import { Client } from '../../operator/runtime/client.ts';
import { systemClock } from '../../operator/runtime/clock.ts';
import { connect } from '../../operator/runtime/connection.ts';
import { openAll } from '../../operator/runtime/feature.ts';
import { createLog } from '../../operator/runtime/log.ts';
import { startRuntime } from '../../operator/runtime/runtime.ts';
import { approvalPolicies } from '../../operator/wiring/approvalPolicies.ts';
import { motd } from '../builders/drift.ts';
import { startCluster, type Cluster } from '../cluster/cluster.ts';
import { apiVersion, binding, conditionOf, crds, namespace, operatorAccount, role } from '../operator/bed.ts';
import { untilPoliciesAreHeeded } from '../operator/heeded.ts';
import { Kubectl, type Answer } from '../operator/kubectl.ts';
import { createAs, patchAs, people as waiving, rightsOf, type People } from '../operator/people.ts';
import { until } from '../operator/until.ts';

const policies = resolve(import.meta.dirname, '../../policies');
const collector = 'system:serviceaccount:kube-system:generic-garbage-collector';
const everyday = ['get', 'list', 'create', 'update', 'patch', 'delete', 'deletecollection'];
const baselines = (...verbs: string[]) => ({ apiGroups: ['holdfast.dev'], resources: ['devicebaselines'], verbs });
const people: People = {
  alice: [baselines(...everyday)],
  bea: [baselines(...everyday, 'bypass-rollout')],
  cleo: [baselines(...everyday), { ...baselines('bypass-rollout'), resourceNames: ['hers'] }],
  [collector]: [baselines(...everyday)],
  /** Requests waivers, and approves them. */
  nina: waiving['nina'] ?? [],
  bob: waiving['bob'] ?? [],
};
let cluster: Cluster;
let kubectl: Kubectl;
let count = 0;

beforeAll(async () => {
  cluster = await startCluster({ controllerManager: false, manifests: [crds] });
  kubectl = new Kubectl(cluster, namespace);
  await kubectl.run('apply', '--filename', policies);
  await kubectl.run('apply', '--server-side', '--filename', role);
  await kubectl.apply(
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
    binding,
    ...rightsOf(people),
  );
  await until('the policies are in force', async () => {
    const name = await declared('Rollout');
    return (await remove('alice', name)).code === 0 ? undefined : true;
  });
}, 900_000);

afterAll(async () => {
  await cluster.stop();
}, 60_000);

const owner = { apiVersion: 'v1', kind: 'ConfigMap', name: 'gone', uid: '00000000-0000-0000-0000-000000000001' };

function baseline(type: string | undefined, name: string, metadata: object = {}): object {
  const updateStrategy = type === undefined ? {} : { updateStrategy: { type } };
  const spec = { selector: { matchLabels: { os: 'rhel9' } }, checks: [motd], ...updateStrategy };
  return { apiVersion, kind: 'DeviceBaseline', metadata: { name, namespace, ...metadata }, spec };
}

async function declared(type?: string, name = `baseline-${(count += 1)}`): Promise<string> {
  accepted(await createAs(kubectl, 'alice', baseline(type, name)));
  return name;
}

function refused({ code, stderr }: Answer, message: RegExp): void {
  expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(message) });
}

function accepted({ code, stderr }: Answer): void {
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
}

function remove(person: string, name: string): Promise<Answer> {
  return kubectl.try(['delete', 'devicebaseline', name, '--as', person, '--wait=false']);
}

function replace(person: string, object: object): Promise<Answer> {
  return kubectl.try(['replace', '--as', person, '--filename', '-'], JSON.stringify(object));
}

const patched = (person: string, name: string, patch: object) =>
  patchAs(kubectl, person, 'devicebaseline', name, patch);
const needs =
  /to change `updateStrategy.type` from `Rollout`, you need the verb `bypass-rollout` on devicebaselines.holdfast.dev\/baseline-\d+ in namespace fleet/;

test.each<[string, object]>([
  ['another type', { updateStrategy: { type: 'Immediate' } }],
  ['the type that is the default', { updateStrategy: { type: null } }],
  ['no strategy', { updateStrategy: null }],
])('one that is rolled out is not given %s without the right', async (_, spec) => {
  const name = await declared('Rollout');
  refused(await patched('alice', name, { spec }), needs);
  refused(await patched('cleo', name, { spec }), needs);
  accepted(await patched('bea', name, { spec }));
});

test('nor by a replacement, by server-side apply, or with another change beside', async () => {
  const name = await declared('Rollout');
  refused(await replace('alice', baseline(undefined, name)), needs);
  const apply = ['apply', '--server-side', '--force-conflicts', '--as', 'alice', '--filename', '-'];
  refused(await kubectl.try(apply, JSON.stringify(baseline('Immediate', name))), needs);
  const both = { metadata: { labels: { a: 'b' } }, spec: { mode: 'Enforce', updateStrategy: { type: 'Immediate' } } };
  refused(await patched('alice', name, both), needs);
});

test('what keeps the strategy needs no right, and neither does one that is not rolled out', async () => {
  const name = await declared('Rollout');
  accepted(await patched('alice', name, { spec: { checks: [{ ...motd, severity: 'High' }] } }));
  accepted(await patched('alice', name, { metadata: { labels: { a: 'b' } } }));
  accepted(await replace('alice', baseline('Rollout', name)));
  const other = await declared('Immediate');
  accepted(await patched('alice', other, { spec: { updateStrategy: null } }));
  accepted(await patched('alice', other, { spec: { updateStrategy: { type: 'Rollout' } } }));
  refused(await patched('alice', other, { spec: { updateStrategy: null } }), needs);
  accepted(await remove('alice', await declared()));
});

test('the right may be for one name', async () => {
  await declared('Rollout', 'hers');
  accepted(await patched('cleo', 'hers', { spec: { updateStrategy: null } }));
});

test('it is deleted, alone or with all others, by who has the right and by garbage collection', async () => {
  const name = await declared('Rollout');
  const words = /to delete a DeviceBaseline with `updateStrategy.type: Rollout`, you need the verb `bypass-rollout`/;
  refused(await remove('alice', name), words);
  const all = `/apis/${apiVersion}/namespaces/${namespace}/devicebaselines`;
  refused(await kubectl.try(['delete', '--raw', all, '--as', 'alice']), words);
  accepted(await remove('bea', name));
  accepted(await remove(collector, await declared('Rollout')));
  refused(await patched(collector, await declared('Rollout'), { spec: { updateStrategy: null } }), needs);
});

test('it gets no owner with which it is deleted, at its making and later', async () => {
  const name = await declared('Rollout');
  const words =
    /to give a DeviceBaseline with `updateStrategy.type: Rollout` an owner, with which it is deleted, you need/;
  const owned = { ownerReferences: [owner] };
  refused(await patched('alice', name, { metadata: owned }), words);
  refused(await createAs(kubectl, 'alice', baseline('Rollout', 'owned', owned)), words);
  accepted(await createAs(kubectl, 'alice', baseline('Immediate', 'owned', owned)));
  refused(await patched('alice', 'owned', { spec: { updateStrategy: { type: 'Rollout' } } }), words);
  accepted(await patched('bea', name, { metadata: owned }));
  accepted(await patched('alice', name, { metadata: { labels: { a: 'b' } } }));
  refused(await patched('alice', name, { metadata: { ownerReferences: [{ ...owner, name: 'another' }] } }), words);
  accepted(await patched('alice', name, { metadata: { ownerReferences: null } }));
});

test('a check that only hosts of the assigned revision have is waived, by what its severity there needs', async () => {
  const checks = (...severities: [string, DeviceCheck['severity']][]) =>
    severities.map(([name, severity]) => ({ ...motd, name, severity }));
  const waivers = { severities: [{ severity: 'Critical', approvals: 1, maxDays: 2 }] };
  const declare = (type: string, ...severities: [string, DeviceCheck['severity']][]) => {
    const spec = {
      selector: { matchLabels: { os: 'rhel9' } },
      updateStrategy: { type },
      waivers,
      checks: checks(...severities),
    };
    return kubectl.apply({ apiVersion, kind: 'DeviceBaseline', metadata: { name: 'rhel9', namespace }, spec });
  };
  const stored = (what: string, is: (one: DeviceBaseline) => boolean) =>
    until(what, async () => {
      const found = await kubectl.get<DeviceBaseline>('devicebaseline', 'rhel9');
      return found && is(found) ? found : undefined;
    });
  const ask = async (name: string, check: string, days: number) => {
    const expiryTime = new Date(Date.now() + days * 86_400_000).toISOString().replace(/\.\d+Z$/, 'Z');
    const source = { kind: 'DeviceBaseline', name: 'rhel9' };
    const about = { source, checks: [check], targets: { names: ['web-01'] }, reason: 'replaced soon' };
    const spec = { ...about, requestedBy: 'nina', expiryTime };
    accepted(
      await createAs(kubectl, 'nina', { apiVersion, kind: 'PolicyWaiver', metadata: { name, namespace }, spec }),
    );
  };
  const waiver = (name: string, reason: string) =>
    until(`PolicyWaiver ${name} says ${reason}`, async () => {
      const found = await kubectl.get<PolicyWaiver>('policywaiver', name);
      return found?.status?.conditions?.some((one) => one.reason === reason) ? found : undefined;
    });
  await untilPoliciesAreHeeded(kubectl);
  await declare('Immediate', ['old', 'Critical'], ['both', 'Critical']);
  const kubeconfig = await cluster.kubeconfigFor(operatorAccount);
  const client = new Client(await connect({ clock: systemClock, environment: {}, kubeconfig }));
  const needs = { approvalPolicies: approvalPolicies(), seal: sha256, revisions: keptRevisions() };
  const features = openAll([policyWaiver(findingSources), approval, deviceBaseline], needs);
  const runtime = await startRuntime({ client, features, notifiers: [], log: createLog('silent') });
  try {
    await stored('it was evaluated', ({ status }) => status?.revision !== undefined);
    await declare('Rollout', ['old', 'Critical'], ['both', 'Critical']);
    const { status } = await stored('what was in force is assigned', (one) => one.status?.assignment !== undefined);
    expect(status?.assignment?.checks).toEqual([{ severity: 'Critical', names: ['both', 'old'] }]);
    await declare('Rollout', ['new', 'Low'], ['both', 'Low']);
    await ask('of-none', 'none', 1);
    expect(conditionOf(await waiver('of-none', 'UnknownChecks'), 'Ready')?.message).toBe(
      'DeviceBaseline rhel9 has no check none; its checks are new, both, old',
    );
    await ask('too-long', 'both', 30);
    await waiver('too-long', 'ExpiryTooFar');
    await ask('fine', 'old', 1);
    const { digest } = (await waiver('fine', 'Pending')).status ?? {};
    const subjectRef = { kind: 'PolicyWaiver', name: 'fine' };
    const spec = { subjectRef, subjectDigest: digest, decision: 'Approve', approver: 'bob' };
    accepted(
      await createAs(kubectl, 'bob', { apiVersion, kind: 'Approval', metadata: { name: 'yes', namespace }, spec }),
    );
    expect((await waiver('fine', 'Approved')).status?.decision).toBe('Approved');
  } finally {
    await runtime.stop();
    await client.close();
  }
}, 120_000);

/** Who approves steps of a rollout, on the real apiserver with its policies: who may, who may not, and what of it counts. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { resolve } from 'node:path';
import type { Approval } from '../../operator/api/v1alpha1/approval.ts';
import type { CanaryRollout } from '../../operator/api/v1alpha1/canaryRollout.ts';
import { sha256 } from '../../operator/lib/digest.ts';
import { approval } from '../../operator/governance/approval/index.ts';
import { canaryRollout } from '../../operator/rollout/canaryRollout/index.ts';
import { Client } from '../../operator/runtime/client.ts';
import { systemClock } from '../../operator/runtime/clock.ts';
import { connect } from '../../operator/runtime/connection.ts';
import { openAll } from '../../operator/runtime/feature.ts';
import { createLog } from '../../operator/runtime/log.ts';
import { startRuntime, type Runtime } from '../../operator/runtime/runtime.ts';
import { approvalPolicies } from '../../operator/wiring/approvalPolicies.ts';
import { makeDevice, motd } from '../builders/drift.ts';
import { startCluster, type Cluster } from '../cluster/cluster.ts';
import { apiVersion, binding, conditionOf, crds, namespace, operatorAccount, role } from '../operator/bed.ts';
import { untilPoliciesAreHeeded } from '../operator/heeded.ts';
import { Kubectl, type Answer } from '../operator/kubectl.ts';
import { createAs, rightsOf, type People } from '../operator/people.ts';
import { until } from '../operator/until.ts';

const policies = resolve(import.meta.dirname, '../../policies');
const on = (resource: string, ...verbs: string[]) => ({ apiGroups: ['holdfast.dev'], resources: [resource], verbs });
const says = on('approvals', 'get', 'create', 'delete');
const robot = 'system:serviceaccount:pipeline:approver';
const people: People = {
  bob: [says, on('canaryrollouts', 'approve')],
  carol: [says, on('canaryrollouts', 'approve')],
  /** Approves waivers alone. */
  walt: [says, on('policywaivers', 'approve')],
  nina: [says],
  /** Each may approve, and change what is rolled out. */
  uma: [says, on('canaryrollouts', 'approve'), { ...on('devicebaselines', 'update'), resourceNames: ['rhel9'] }],
  pat: [says, on('canaryrollouts', 'approve'), on('devicebaselines', 'patch')],
  /** May change another baseline. */
  otto: [says, on('canaryrollouts', 'approve'), { ...on('devicebaselines', 'update'), resourceNames: ['other'] }],
  [robot]: [says, on('canaryrollouts', 'approve')],
};
const steps = [{ percent: 100, soakSeconds: 0 }];
let cluster: Cluster;
let kubectl: Kubectl;
let client: Client;
let runtime: Runtime;
let count = 0;

beforeAll(async () => {
  cluster = await startCluster({ controllerManager: false, manifests: [crds] });
  kubectl = new Kubectl(cluster, namespace);
  await kubectl.run('apply', '--server-side', '--filename', role);
  await kubectl.run('apply', '--filename', policies);
  const space = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } };
  await kubectl.apply(space, binding, ...rightsOf(people));
  const device = makeDevice();
  const { name, labels } = device.metadata;
  const hostKeys = [`ssh-ed25519 ${'A'.repeat(68)}`];
  const spec = { ssh: { ...device.spec.ssh, hostKeys } };
  await kubectl.apply({ ...device, metadata: { name, namespace, labels }, spec });
  await declare('hello');
  // The baseline is evaluated by nobody here: this is what its own pass would have written.
  const status = { assignment: { base: `sha256:${'0'.repeat(64)}`, proven: true } };
  await kubectl.merge('devicebaseline', 'rhel9', { status }, { subresource: 'status' });
  await roll({});
  await untilPoliciesAreHeeded(kubectl);
  const none = () => Promise.resolve({ is: 'none', reason: 'Refused', message: 'nothing is asked' } as const);
  const kubeconfig = await cluster.kubeconfigFor(operatorAccount);
  client = new Client(await connect({ clock: systemClock, environment: {}, kubeconfig }));
  const needs = { approvalPolicies: approvalPolicies(), seal: sha256, askValue: none, askMetrics: none };
  const features = openAll([canaryRollout, approval], needs);
  runtime = await startRuntime({ client, features, notifiers: [], log: createLog('silent') });
  await runtime.synced;
}, 900_000);

afterAll(async () => {
  await runtime.stop();
  await client.close();
  await cluster.stop();
}, 60_000);

async function declare(content: string): Promise<void> {
  await kubectl.apply({
    apiVersion,
    kind: 'DeviceBaseline',
    metadata: { name: 'rhel9', namespace },
    spec: {
      selector: { matchLabels: { os: 'rhel9' } },
      updateStrategy: { type: 'Rollout' },
      checks: [{ ...motd, file: { path: '/etc/motd', content, mode: '0644' } }],
    },
  });
}

async function roll(spec: object): Promise<void> {
  const target = { deviceBaselineRef: { name: 'rhel9' } };
  const approvals = [{ beforeStep: 1, count: 2 }];
  const metadata = { name: 'rhel9', namespace };
  await kubectl.apply({ apiVersion, kind: 'CanaryRollout', metadata, spec: { target, steps, approvals, ...spec } });
}

/** The rollout once that is so. */
async function rollout(what: string, is: (one: CanaryRollout) => boolean): Promise<CanaryRollout> {
  let last: CanaryRollout | undefined;
  const seen = () => last?.status;
  return until(
    what,
    async () => {
      last = await kubectl.get<CanaryRollout>('canaryrollout', 'rhel9');
      return last && is(last) ? last : undefined;
    },
    { seen },
  );
}

const reason = (one: CanaryRollout) => conditionOf(one, 'Progressing')?.reason;

/** The digest that is awaited, in a second after that in which the wait began. */
async function awaited(other?: string): Promise<string> {
  const { status } = await rollout('an approval is awaited', (one) => {
    const { digest } = one.status?.approval ?? {};
    return digest !== undefined && digest !== other;
  });
  const { digest, time } = status!.approval!;
  await until('the next second has begun', () => Date.now() >= Date.parse(time) + 1000 || undefined);
  return digest;
}

async function say(person: string, spec: Partial<Approval['spec']> & { subjectDigest: string }) {
  const name = `approval-${(count += 1)}`;
  const subjectRef = { kind: 'CanaryRollout', name: 'rhel9' };
  const made = { subjectRef, decision: 'Approve', approver: person, ...spec };
  const answer = await createAs(kubectl, person, {
    apiVersion,
    kind: 'Approval',
    metadata: { name, namespace },
    spec: made,
  });
  return { name, answer };
}

async function accepted(person: string, spec: Partial<Approval['spec']> & { subjectDigest: string }): Promise<string> {
  const { name, answer } = await say(person, spec);
  expect(answer).toMatchObject({ code: 0, stderr: '' });
  return name;
}

function refused({ code, stderr }: Answer, message: RegExp): void {
  expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(message) });
}

test.each<[string, string, RegExp]>([
  ['without the verb', 'nina', /you need the verb `approve` on canaryrollouts.holdfast.dev\/rhel9 in namespace fleet/],
  ['with the verb on waivers alone', 'walt', /you need the verb `approve` on canaryrollouts.holdfast.dev\/rhel9/],
  ['of who may update the baseline', 'uma', /rolls out DeviceBaseline rhel9, which you may change yourself; someone/],
  ['of who may patch it', 'pat', /CanaryRollout rhel9 rolls out DeviceBaseline rhel9, which you may change yourself/],
  ['of a service account', robot, /a service account cannot approve: approve as a person/],
])('an approval %s is refused', async (_, person, message) => {
  const { answer } = await say(person, { subjectDigest: await awaited() });
  refused(answer, message);
});

test('in the name of someone else it is refused, and who may change the baseline may reject', async () => {
  const subjectDigest = await awaited();
  const { answer } = await say('carol', { subjectDigest, approver: 'bob' });
  refused(answer, /`spec.approver` must be your own user name: set it to carol/);
  const name = await accepted('uma', { subjectDigest, decision: 'Reject', comment: 'it breaks' });
  await rollout('it is rejected', (one) => reason(one) === 'StepRejected');
  await kubectl.run('delete', 'approval', name, '--as', 'uma');
  await rollout('it is not any longer', (one) => reason(one) === 'ApprovalNeeded');
});

test.each<[string, object]>([
  ['whether it is taken back', { rollback: { automatic: false } }],
  ['how long it may take', { stepTimeoutSeconds: 7200 }],
])('one does not count once the rollout says something else of %s', async (_, edit) => {
  const digest = await awaited();
  const name = await accepted('bob', { subjectDigest: digest });
  await rollout('one more is lacking', (one) => one.status?.approval?.lacking === '1 more approval');
  await roll(edit);
  await rollout(
    'both are lacking',
    ({ status }) => status?.approval?.digest !== digest && status?.approval?.lacking === '2 approvals',
  );
  await kubectl.run('delete', 'approval', name, '--as', 'bob');
  await roll({});
  await rollout('it is as before', (one) => one.status?.approval?.digest === digest);
});

test('one that was said of an older version does not count, and a rejection holds until who rejected approves', async () => {
  const older = await awaited();
  await accepted('bob', { subjectDigest: older });
  await rollout('one more is lacking', (one) => one.status?.approval?.lacking === '1 more approval');
  await declare('another');
  const newer = await awaited(older);
  const stale = await accepted('carol', { subjectDigest: older });
  const told = await until('it is told', async () => {
    const counts = conditionOf(await kubectl.get<Approval>('approval', stale), 'Counts');
    return counts?.status === 'False' ? counts : undefined;
  });
  expect(told).toMatchObject({ reason: 'ChangedAfterApproval' });
  await rollout('both are lacking', (one) => one.status?.approval?.lacking === '2 approvals');
  await accepted('bob', { subjectDigest: newer, decision: 'Reject', comment: 'not today' });
  await rollout('it is rejected', (one) => reason(one) === 'StepRejected');
  const approving = [
    await accepted('carol', { subjectDigest: newer }),
    await accepted('otto', { subjectDigest: newer }),
  ];
  const { status } = await rollout('it is still rejected', (one) => reason(one) === 'StepRejected');
  expect(status?.revision).toBeUndefined();
  // The rejection last: without it, both approvals would count for a moment.
  await kubectl.run('delete', 'approvals', ...approving, '--as-group', 'system:masters', '--as', 'admin');
  await kubectl.run('delete', 'approvals', '--all', '--as-group', 'system:masters', '--as', 'admin');
  await rollout('nothing is said', (one) => one.status?.approval?.lacking === '2 approvals');
  await accepted('carol', { subjectDigest: newer });
  await accepted('otto', { subjectDigest: newer });
  const begun = await rollout('the step has begun', (one) => one.status?.step === 1);
  expect(begun.status?.approval).toBeUndefined();
}, 120_000);

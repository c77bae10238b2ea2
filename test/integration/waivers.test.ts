/** Waivers from request to end, on the real apiserver with its policies and with people who have rights of their own. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { resolve } from 'node:path';
import { fingerprintOf } from '../../operator/api/fingerprint.ts';
import type { AnsibleRun } from '../../operator/api/v1alpha1/ansibleRun.ts';
import type { Approval, ApprovalSpec } from '../../operator/api/v1alpha1/approval.ts';
import type { ClusterBaseline } from '../../operator/api/v1alpha1/clusterBaseline.ts';
import type { Device } from '../../operator/api/v1alpha1/device.ts';
import type { DeviceBaseline, DeviceBaselineSpec } from '../../operator/api/v1alpha1/deviceBaseline.ts';
import type { PolicyWaiver, PolicyWaiverSpec } from '../../operator/api/v1alpha1/policyWaiver.ts';
import type { Condition } from '../../operator/api/v1alpha1/shared.ts';
import { approvalPolicies } from '../../operator/wiring/approvalPolicies.ts';
import { clusterBaseline } from '../../operator/drift/clusterBaseline/index.ts';
import { deviceBaseline } from '../../operator/drift/deviceBaseline/index.ts';
import { approval } from '../../operator/governance/approval/index.ts';
import { policyWaiver } from '../../operator/governance/policyWaiver/index.ts';
import { Client } from '../../operator/runtime/client.ts';
import { systemClock } from '../../operator/runtime/clock.ts';
import { connect } from '../../operator/runtime/connection.ts';
import { sha256 } from '../../operator/lib/digest.ts';
import { findingSources } from '../../operator/findingSources.ts';
import { notifiers } from '../../operator/notifiers.ts';
import { openAll } from '../../operator/runtime/feature.ts';
import { createLog } from '../../operator/runtime/log.ts';
import { createMetrics } from '../../operator/runtime/metrics.ts';
import { startRuntime, type Runtime } from '../../operator/runtime/runtime.ts';
import { makeBaseline, makeDevice, makeFinding, makeReport, motd } from '../builders/drift.ts';
import { makeApproval, makeWaiver } from '../builders/waiver.ts';
import { startCluster, type Cluster } from '../cluster/cluster.ts';
import { apiVersion, binding, conditionOf, crds, namespace, operatorAccount, role } from '../operator/bed.ts';
import { account, home, writer } from '../operator/clusterOnly.ts';
import { untilPoliciesAreHeeded } from '../operator/heeded.ts';
import { grantedIn, grantsFile } from '../operator/grants.ts';
import { Kubectl } from '../operator/kubectl.ts';
import { createAs, patchAs, people, rightsOf } from '../operator/people.ts';
import { until } from '../operator/until.ts';
import { keptRevisions } from '../../operator/drift/revision/store.ts';

const policies = resolve(import.meta.dirname, '../../policies');
const fingerprintOfValue = (found: string): string => fingerprintOf(makeFinding(motd, { found }));
let cluster: Cluster;
let kubectl: Kubectl;
let client: Client;
let runtime: Runtime;
let count = 0;
const writes: string[] = [];
const metrics = createMetrics();

/** How often waivers, approvals and baselines were looked at. */
async function passes(): Promise<number[]> {
  const lines = (await metrics.registry.getMetricsAsJSON()).find(
    ({ name }) => name === 'controller_runtime_reconcile_total',
  );
  return ['PolicyWaiver', 'Approval', 'DeviceBaseline'].map((kind) =>
    (lines?.values ?? [])
      .filter(({ labels }) => String(labels['controller']).toLowerCase() === kind.toLowerCase())
      .reduce((sum, { value }) => sum + value, 0),
  );
}

beforeAll(async () => {
  cluster = await startCluster({ controllerManager: false, manifests: [crds] });
  kubectl = new Kubectl(cluster, namespace);
  await kubectl.run('apply', '--server-side', '--filename', role, '--filename', grantsFile);
  await kubectl.apply(
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
    binding,
    ...rightsOf(people),
  );
  const device = makeDevice();
  const { name, labels } = device.metadata;
  const hostKeys = [`ssh-ed25519 ${'A'.repeat(68)}`];
  await kubectl.apply({
    ...device,
    metadata: { name, namespace, labels },
    spec: { ssh: { ...device.spec.ssh, hostKeys } },
  });
  const kubeconfig = await cluster.kubeconfigFor(operatorAccount);
  client = new Client(await connect({ clock: systemClock, environment: {}, kubeconfig }), {
    onRequest: (verb, code) => void (['apply', 'patch', 'create'].includes(verb) && writes.push(`${verb} ${code}`)),
  });
  const elapsed = () => systemClock.elapsed();
  const needs = {
    approvalPolicies: approvalPolicies(),
    conceal: () => 'hmac:0',
    seal: sha256,
    elapsed,
    revisions: keptRevisions(),
  };
  const features = openAll([policyWaiver(findingSources), approval, deviceBaseline, clusterBaseline], needs);
  runtime = await startRuntime({ client, features, notifiers, log: createLog('silent'), metrics });
  await runtime.synced;
}, 900_000);

afterAll(async () => {
  await runtime.stop();
  await client.close();
  await cluster.stop();
}, 60_000);

const inSeconds = (seconds: number): string =>
  new Date(systemClock.now().getTime() + seconds * 1000).toISOString().replace(/\.\d+Z$/, 'Z');

/** A baseline under which motd differs on web-01, as its report says. */
async function drifting(spec: Partial<DeviceBaselineSpec> = {}, value = 'b'): Promise<string> {
  const name = `base-${(count += 1)}`;
  const made = makeBaseline({ checks: [motd], remediation: { backend: 'Local' }, ...spec }, name);
  await kubectl.apply({ ...made, metadata: { name, namespace } });
  await report(name, value);
  return name;
}

async function report(baseline: string, value: string): Promise<void> {
  const stored = (await kubectl.get<DeviceBaseline>('devicebaseline', baseline))!;
  const { metadata, status } = makeReport(stored, makeDevice(), [makeFinding(motd, { found: value })], {
    observedTime: inSeconds(0),
  });
  const { uid } = (await kubectl.get<Device>('device', 'web-01'))!.metadata;
  const owners = metadata.ownerReferences?.map((owner) => ({ ...owner, uid }));
  await kubectl.apply({
    apiVersion,
    kind: 'DriftReport',
    metadata: { name: metadata.name, namespace, ownerReferences: owners },
    spec: {},
  });
  await kubectl.merge('driftreport', metadata.name, { status }, { subresource: 'status' });
}

/** Asked for by alice, unless said otherwise. */
async function ask(baseline: string, spec: Partial<PolicyWaiverSpec> = {}): Promise<string> {
  const name = `waiver-${(count += 1)}`;
  const source = { kind: 'DeviceBaseline', name: baseline } as const;
  const wanted = makeWaiver({ source, expiryTime: inSeconds(86_400), ...spec });
  const made = { apiVersion, kind: 'PolicyWaiver', metadata: { name, namespace }, spec: wanted.spec };
  expect(await createAs(kubectl, wanted.spec.requestedBy, made)).toMatchObject({ code: 0, stderr: '' });
  return name;
}

/** Bob says of the version that the status shows. */
async function say(waiver: string, spec: Partial<ApprovalSpec> = {}): Promise<string> {
  const { spec: asked } = (await kubectl.get<PolicyWaiver>('policywaiver', waiver))!;
  const made = makeApproval({ ...makeWaiver({}, undefined, waiver), spec: asked }, spec);
  const name = `approval-${(count += 1)}`;
  const answer = await createAs(kubectl, made.spec.approver, { ...made, metadata: { name, namespace } });
  expect(answer).toMatchObject({ code: 0, stderr: '' });
  return name;
}

interface Told {
  status?: { conditions?: Condition[] };
}

/** Once the condition has this status and reason. */
function untilTold<T extends Told>(
  kind: string,
  name: string,
  type: string,
  status: string,
  reason: string,
  seconds = 20,
): Promise<T> {
  let last: T | undefined;
  const look = async (): Promise<T | undefined> => {
    last = await kubectl.get<T>(kind, name);
    const condition = conditionOf(last, type);
    return condition?.status === status && condition.reason === reason ? last : undefined;
  };
  return until(`${kind} ${name} is ${type}=${status} (${reason})`, look, { seconds, seen: () => last?.status });
}

const waiverTells = (
  name: string,
  type: string,
  status: string,
  reason: string,
  seconds?: number,
): Promise<PolicyWaiver> => untilTold<PolicyWaiver>('policywaiver', name, type, status, reason, seconds);

describe('without the policies', () => {
  test('nothing is decided, and what was forged meanwhile never counts', async () => {
    const waiver = await ask(await drifting());
    await waiverTells(waiver, 'Ready', 'False', 'ApprovalPolicyMissing');
    // Alice writes the name of bob, and nobody stops her.
    const { spec } = (await kubectl.get<PolicyWaiver>('policywaiver', waiver))!;
    const forged = makeApproval({ ...makeWaiver({}, undefined, waiver), spec });
    await createAs(kubectl, 'alice', { ...forged, metadata: { name: 'forged', namespace } });
    await untilTold<Approval>('approval', 'forged', 'Counts', 'False', 'ApprovalPolicyMissing');
    const { metadata } = (await kubectl.get<Approval>('approval', 'forged'))!;
    // The apiserver tells when something was made to the second: the policies are to be younger.
    const after = Date.parse(metadata.creationTimestamp ?? '') + 1000;
    await until('the second of its making is over', () => Date.now() >= after || undefined);
    await kubectl.run('apply', '--filename', policies);
    await untilTold<Approval>('approval', 'forged', 'Counts', 'False', 'CreatedBeforePolicies');
    const seen = await waiverTells(waiver, 'Ready', 'False', 'RequestedBeforePolicies');
    expect(seen.status).toMatchObject({ decision: 'Pending' });
    expect(conditionOf(seen, 'Effective')?.status).toBe('False');
    await until('the policies are in force', async () => {
      const { code } = await patchAs(kubectl, 'bob', 'policywaiver', waiver, {
        spec: { ticket: `SEC-${(count += 1)}` },
      });
      return code === 0 ? undefined : true;
    });
    await untilPoliciesAreHeeded(kubectl);
  }, 60_000);
});

/** Events of these reasons are there, by the name of what they tell of. */
async function untilEventsTell(reasons: Readonly<Record<string, string>>): Promise<void> {
  await until('events tell of it', async () => {
    const events = await kubectl.list<{ reason: string; regarding: { name: string } }>('events.events.k8s.io');
    const isTold = ([name, reason]: [string, string]): boolean =>
      events.some((event) => event.regarding.name === name && event.reason === reason);
    return Object.entries(reasons).every(isTold) || undefined;
  });
}

describe('a waiver', () => {
  test('is requested, approved by another, in force, voided by an edit, and approved again', async () => {
    const baseline = await drifting({ mode: 'Enforce', suspend: { reason: 'not yet' } });
    const waiver = await ask(baseline);
    const asked = await waiverTells(waiver, 'Approved', 'False', 'Pending');
    expect(asked.status).toMatchObject({
      decision: 'Pending',
      matchedFindings: 1,
      decisionDueTime: expect.any(String),
    });
    const approval = await say(waiver);
    const covering = await waiverTells(waiver, 'Effective', 'True', 'FindingsCovered');
    expect(covering.status).toMatchObject({
      decision: 'Approved',
      approvals: [{ name: approval, approver: 'bob', decision: 'Approve' }],
      accepted: [{ target: 'web-01', check: 'motd', fingerprint: fingerprintOfValue('b') }],
    });
    await untilTold<Approval>('approval', approval, 'Counts', 'True', 'Counted');

    await kubectl.run('patch', 'devicebaseline', baseline, '--type=merge', '--patch', '{"spec":{"suspend":null}}');
    const held = await untilTold<DeviceBaseline>('devicebaseline', baseline, 'Compliant', 'True', 'CompliantByWaiver');
    expect(held.status?.devices).toMatchObject({ drifted: 0, waived: 1 });
    expect(await kubectl.list<AnsibleRun>('ansibleruns')).toEqual([]);

    // Looked at again, with nothing changed that counts, nobody writes; events come after what they tell of.
    await untilEventsTell({ [waiver]: 'FindingsCovered', [approval]: 'Counted' });
    const [before, passed] = [writes.length, await passes()];
    const touched = { metadata: { annotations: { touched: 'yes' } } };
    await kubectl.merge('policywaiver', waiver, touched);
    await kubectl.merge('approval', approval, touched);
    await kubectl.merge('devicebaseline', baseline, touched);
    await until('each was looked at again', async () => {
      const now = await passes();
      return now.every((count, at) => count > Number(passed[at])) || undefined;
    });
    expect(writes.slice(before)).toEqual([]);

    await patchAs(kubectl, 'alice', 'policywaiver', waiver, { spec: { reason: 'for longer' } });
    await untilTold<DeviceBaseline>('devicebaseline', baseline, 'Compliant', 'False', 'Drifted');
    await waiverTells(waiver, 'Approved', 'False', 'ChangedAfterApproval');
    await untilTold<Approval>('approval', approval, 'Counts', 'False', 'ChangedAfterApproval');
    const [run] = await until('what is not waived is corrected', async () => {
      const runs = await kubectl.list<AnsibleRun>('ansibleruns');
      return runs.length ? runs : undefined;
    });
    expect(run?.spec.checks?.map(({ name }) => name)).toEqual(['motd']);

    await say(waiver);
    await waiverTells(waiver, 'Effective', 'True', 'FindingsCovered');
    await untilTold<DeviceBaseline>('devicebaseline', baseline, 'Compliant', 'True', 'CompliantByWaiver');
  }, 90_000);

  test('is over at the instant of its expiry, for all alike', async () => {
    const baseline = await drifting();
    const expiryTime = inSeconds(12);
    const waiver = await ask(baseline, { expiryTime });
    await waiverTells(waiver, 'Approved', 'False', 'Pending');
    await say(waiver);
    await untilTold<DeviceBaseline>('devicebaseline', baseline, 'Compliant', 'True', 'CompliantByWaiver', 10);
    const [told, open] = await Promise.all([
      waiverTells(waiver, 'Expired', 'True', 'Ended'),
      untilTold<DeviceBaseline>('devicebaseline', baseline, 'Compliant', 'False', 'Drifted'),
    ]);
    for (const seen of [conditionOf(told, 'Expired'), conditionOf(told, 'Effective'), conditionOf(open, 'Compliant')]) {
      const late = Date.parse(seen?.lastTransitionTime ?? '') - Date.parse(expiryTime);
      // Not a moment before; after it, as soon as a busy machine can.
      expect([late >= 0, late <= 5000]).toEqual([true, true]);
    }
    expect(told.status?.ended).toEqual({ digest: told.status?.digest, time: expiryTime });
  }, 60_000);

  test('is rejected by one, whoever approved', async () => {
    const waiver = await ask(await drifting());
    await waiverTells(waiver, 'Approved', 'False', 'Pending');
    await say(waiver);
    await waiverTells(waiver, 'Effective', 'True', 'FindingsCovered');
    await say(waiver, { approver: 'carol', role: 'security', decision: 'Reject', comment: 'patch it' });
    const seen = await waiverTells(waiver, 'Effective', 'False', 'Ended');
    expect(seen.status?.decision).toBe('Rejected');
  }, 60_000);

  test('needs the people that its baseline asks for', async () => {
    const severities = [{ severity: 'Low', approvals: 2, roles: ['security'] }] as const;
    const baseline = await drifting({ waivers: { severities: [{ ...severities[0], roles: ['security'] }] } });
    const waiver = await ask(baseline);
    await waiverTells(waiver, 'Approved', 'False', 'Pending');
    await say(waiver);
    await until('one more is needed', async () => {
      const seen = await kubectl.get<PolicyWaiver>('policywaiver', waiver);
      return seen?.status?.summary?.includes('needs 1 more approval (in role security)') ? true : undefined;
    });
    await say(waiver, { approver: 'carol', role: 'security' });
    const seen = await waiverTells(waiver, 'Approved', 'True', 'Approved');
    expect(conditionOf(seen, 'Approved')?.message).toBe('approved by bob, carol (security)');
  }, 60_000);

  test('does not cover a value that is not the one that was accepted', async () => {
    const baseline = await drifting();
    const waiver = await ask(baseline);
    await waiverTells(waiver, 'Approved', 'False', 'Pending');
    await say(waiver);
    await untilTold<DeviceBaseline>('devicebaseline', baseline, 'Compliant', 'True', 'CompliantByWaiver');
    await report(baseline, 'c');
    const seen = await waiverTells(waiver, 'NeedsReview', 'True', 'ValueChanged');
    expect(seen.status?.needsReview).toEqual([
      { target: 'web-01', check: 'motd', fingerprint: fingerprintOfValue('c') },
    ]);
    await untilTold<DeviceBaseline>('devicebaseline', baseline, 'Compliant', 'False', 'Drifted');
  }, 60_000);

  test('in an emergency is in force at once, and everything may be named', async () => {
    const baseline = await drifting();
    const waiver = await ask(baseline, {
      requestedBy: 'erin',
      checks: ['*'],
      targets: { names: ['*'] },
      breakGlass: { reason: 'outage' },
    });
    await waiverTells(waiver, 'BreakGlass', 'True', 'ApprovalPending');
    await untilTold<DeviceBaseline>('devicebaseline', baseline, 'Compliant', 'True', 'CompliantByWaiver');
  }, 60_000);

  test('that was approved stays so when the policies are altered; nothing else is decided then', async () => {
    const old = await ask(await drifting());
    const fresh = await ask(await drifting());
    await waiverTells(fresh, 'Approved', 'False', 'Pending');
    await waiverTells(old, 'Approved', 'False', 'Pending');
    await say(old);
    await waiverTells(old, 'Effective', 'True', 'FindingsCovered');
    const policy = ['validatingadmissionpolicybinding', 'approvals.holdfast.dev'] as const;
    const act = (actions: string): Promise<string> =>
      kubectl.run('patch', ...policy, '--type=merge', '--patch', `{"spec":{"validationActions":["${actions}"]}}`);
    await act('Audit');
    const seen = await waiverTells(fresh, 'Ready', 'False', 'ApprovalPolicyMissing');
    expect(conditionOf(seen, 'Ready')?.message).toMatch(
      /ValidatingAdmissionPolicyBinding approvals.holdfast.dev was altered; run `kubectl apply -f policies\/`/,
    );
    const approval = await say(fresh);
    await untilTold<Approval>('approval', approval, 'Counts', 'False', 'ApprovalPolicyMissing');
    expect(conditionOf(await kubectl.get<PolicyWaiver>('policywaiver', old), 'Effective')?.status).toBe('True');
    await act('Deny');
    await untilTold<Approval>('approval', approval, 'Counts', 'False', 'CreatedBeforePolicies');
    await untilPoliciesAreHeeded(kubectl);
    await waiverTells(fresh, 'Approved', 'False', 'Pending');
    await say(fresh);
    await waiverTells(fresh, 'Approved', 'True', 'Approved');
  }, 60_000);
});

describe('a waiver of a cluster baseline', () => {
  const limits = (namespace: string, data: object) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'limits', namespace },
    data,
  });
  const template = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'limits' }, data: { pods: '10' } };
  const counts = (objects: object): Promise<ClusterBaseline> =>
    until('the baseline counts so', async () => {
      const seen = await kubectl.get<ClusterBaseline>('clusterbaseline', 'base');
      const told = Object.entries(objects).every(([key, value]) =>
        Object.entries(seen?.status?.objects ?? {}).some(([k, v]) => k === key && v === value),
      );
      return told ? seen : undefined;
    });

  test('covers what is in its own namespace, from home everything, and what it covers is not corrected', async () => {
    for (const name of ['shop', 'bank', home])
      await kubectl.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
    const anywhere = new Kubectl(cluster, '');
    await anywhere.apply(
      ...account(writer, [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }]),
      ...grantedIn(home, operatorAccount),
      limits('shop', { pods: '20' }),
      limits('bank', { pods: '30' }),
    );
    const serviceAccountRef = { namespace: home, name: writer };
    const objects = [{ name: 'limits', severity: 'Low', namespaceSelector: { include: ['shop', 'bank'] }, template }];
    await kubectl.apply({
      apiVersion,
      kind: 'ClusterBaseline',
      metadata: { name: 'base' },
      spec: { serviceAccountRef, objects },
    });
    await counts({ drifted: 2, waived: 0 });

    const about = async (namespace: string): Promise<void> => {
      const there = new Kubectl(cluster, namespace);
      const source = { kind: 'ClusterBaseline', name: 'base' } as const;
      const { spec } = makeWaiver({
        source,
        checks: ['limits'],
        targets: { names: ['limits'] },
        expiryTime: inSeconds(86_400),
      });
      const metadata = { name: 'limits', namespace };
      expect(await createAs(there, 'alice', { apiVersion, kind: 'PolicyWaiver', metadata, spec })).toMatchObject({
        stderr: '',
      });
      await until('it is read', async () => (await there.get<PolicyWaiver>('policywaiver', 'limits'))?.status?.digest);
      const approval = makeApproval({ ...makeWaiver({}, undefined, 'limits'), spec });
      expect(await createAs(there, 'bob', { ...approval, metadata: { name: 'yes', namespace } })).toMatchObject({
        stderr: '',
      });
    };
    await about('shop');
    const { status } = await counts({ drifted: 1, waived: 1 });
    expect(status?.findings?.map(({ object, waiver }) => [object?.namespace, waiver])).toEqual([
      ['bank', undefined],
      ['shop', 'limits'],
    ]);
    await about(home);
    await counts({ drifted: 0, waived: 2 });
    await kubectl.run('patch', 'clusterbaseline', 'base', '--type=merge', '--patch', '{"spec":{"mode":"Enforce"}}');
    await until('the baseline is evaluated in its new mode', async () => {
      const { metadata, status } = (await kubectl.get<ClusterBaseline>('clusterbaseline', 'base'))!;
      return status?.observedGeneration === metadata.generation || undefined;
    });
    expect(
      (await kubectl.list<{ data: object }>('configmap', { namespace: 'bank' })).find(({ data }) => 'pods' in data)
        ?.data,
    ).toEqual({ pods: '30' });
    await kubectl.run('delete', 'policywaiver', 'limits', '--namespace', home);
    await counts({ compliant: 1, drifted: 0, waived: 1 });
    expect(
      (await kubectl.list<{ data: object }>('configmap', { namespace: 'shop' })).find(({ data }) => 'pods' in data)
        ?.data,
    ).toEqual({ pods: '20' });
  }, 90_000);
});

/** A waiver and the looks at a host, on the real apiserver: report, Device, baseline and waiver change in the same second, by few looks. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { resolve } from 'node:path';
import { resources } from '../../operator/api/generated/resources.ts';
import type { Device } from '../../operator/api/v1alpha1/device.ts';
import type { DeviceBaseline } from '../../operator/api/v1alpha1/deviceBaseline.ts';
import type { DriftReport } from '../../operator/api/v1alpha1/driftReport.ts';
import type { PolicyWaiver } from '../../operator/api/v1alpha1/policyWaiver.ts';
import { approvalPolicies } from '../../operator/wiring/approvalPolicies.ts';
import { device } from '../../operator/drift/device/index.ts';
import { deviceBaseline } from '../../operator/drift/deviceBaseline/index.ts';
import { deviceSamples } from '../../operator/drift/metrics.ts';
import { sha256 } from '../../operator/lib/digest.ts';
import { findingGauges } from '../../operator/findings/metrics.ts';
import { findingSources } from '../../operator/findingSources.ts';
import { policyWaiver } from '../../operator/governance/policyWaiver/index.ts';
import { Client } from '../../operator/runtime/client.ts';
import { systemClock } from '../../operator/runtime/clock.ts';
import { connect } from '../../operator/runtime/connection.ts';
import { notifiers } from '../../operator/notifiers.ts';
import { openAll, type Sample } from '../../operator/runtime/feature.ts';
import { createLog } from '../../operator/runtime/log.ts';
import { timestamp } from '../../operator/lib/timestamp.ts';
import { startRuntime, type Runtime } from '../../operator/runtime/runtime.ts';
import { fileFound, makeBaseline, makeDevice } from '../builders/drift.ts';
import { makeApproval, makeWaiver } from '../builders/waiver.ts';
import { startCluster, type Cluster } from '../cluster/cluster.ts';
import {
  apiVersion,
  binding,
  conditionOf,
  crds,
  namespace,
  operatorAccount,
  role,
  untilCondition,
} from '../operator/bed.ts';
import { untilPoliciesAreHeeded } from '../operator/heeded.ts';
import { grantedIn, grantsFile } from '../operator/grants.ts';
import { Kubectl } from '../operator/kubectl.ts';
import { createAs, people, rightsOf } from '../operator/people.ts';
import { until } from '../operator/until.ts';
import { keptRevisions } from '../../operator/drift/revision/store.ts';

const policies = resolve(import.meta.dirname, '../../policies');
const redirects = { name: 'redirects', severity: 'High', file: { path: '/etc/redirects', mode: '0644' } } as const;
let cluster: Cluster;
let kubectl: Kubectl;
let client: Client;
let runtime: Runtime;
let looks = 0;

beforeAll(async () => {
  cluster = await startCluster({ controllerManager: false, manifests: [crds, policies] });
  kubectl = new Kubectl(cluster, namespace);
  await kubectl.run('apply', '--server-side', '--filename', role, '--filename', grantsFile);
  await kubectl.apply(
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
    binding,
    ...grantedIn(namespace, operatorAccount),
    ...rightsOf(people),
  );
  await untilPoliciesAreHeeded(kubectl);
  const kubeconfig = await cluster.kubeconfigFor(operatorAccount);
  client = new Client(await connect({ clock: systemClock, environment: {}, kubeconfig }));
  const needs = {
    probe: () => {
      looks += 1;
      const observed = [fileFound(0o666)];
      return Promise.resolve({ is: 'seen' as const, facts: { os: 'rhel', version: '9.4' }, observed });
    },
    conceal: () => 'hmac:0',
    seal: sha256,
    approvalPolicies: approvalPolicies(),
    revisions: keptRevisions(),
  };
  const features = openAll([device, deviceBaseline, policyWaiver(findingSources)], needs);
  runtime = await startRuntime({ client, features, notifiers, log: createLog('silent') });
  await runtime.synced;
}, 900_000);

afterAll(async () => {
  await runtime.stop();
  await client.close();
  await cluster.stop();
}, 60_000);

const sample = (samples: readonly Sample[], labels: Record<string, string>): number | undefined =>
  samples.find((one) => Object.entries(labels).every(([key, value]) => one.labels[key] === value))?.value;

const [openFindings, waivedFindings] = findingGauges(findingSources);

/** Gauges as a scrape would find them now. */
function gauges(): unknown[] {
  const now = systemClock.now();
  return [
    sample(openFindings!.samples(runtime.reader, now), { severity: 'High' }),
    sample(waivedFindings!.samples(runtime.reader, now), { severity: 'High' }),
    sample(deviceSamples(runtime.reader, now), { result: 'Waived' }),
  ];
}

/** Waits until the operator's own caches have what the apiserver already tells others. */
const counted = (wanted: number[]): Promise<true> =>
  until(
    `the gauges say ${wanted.join(', ')}`,
    () => (JSON.stringify(gauges()) === JSON.stringify(wanted) ? true : undefined),
    { everyMilliseconds: 20, seen: gauges },
  );

const result = (wanted: string): Promise<DriftReport> =>
  until(`the report says ${wanted}`, async () => {
    const seen = await kubectl.get<DriftReport>('driftreport', 'rhel9.web-01');
    return seen?.status?.result === wanted ? seen : undefined;
  });

/** Requested by alice, approved by bob. */
async function approvedWaiver(name: string, expiryTime: string): Promise<void> {
  const { spec } = makeWaiver({ checks: ['redirects'], expiryTime });
  const waiver = { apiVersion, kind: 'PolicyWaiver', metadata: { name, namespace }, spec };
  expect(await createAs(kubectl, 'alice', waiver)).toMatchObject({ code: 0, stderr: '' });
  await untilCondition<PolicyWaiver>(kubectl, 'policywaiver', name, 'Approved', 'False');
  const approval = makeApproval({ ...makeWaiver({}, undefined, name), spec });
  const made = { ...approval, metadata: { name: `${name}-yes`, namespace } };
  await until('bob may approve', async () => ((await createAs(kubectl, 'bob', made)).code === 0 ? true : undefined));
}

test('a finding is waived and open again everywhere at once', async () => {
  const device = makeDevice();
  const { name, labels } = device.metadata;
  const hostKeys = [`ssh-ed25519 ${'A'.repeat(68)}`];
  await kubectl.apply(
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'fleet-ssh', namespace },
      stringData: { 'ssh-privatekey': 'none' },
    },
    { ...device, metadata: { name, namespace, labels }, spec: { ssh: { ...device.spec.ssh, hostKeys } } },
    { ...makeBaseline({ checks: [redirects], intervalSeconds: 86_400 }), metadata: { name: 'rhel9', namespace } },
  );
  await result('Fail');
  await counted([1, 0, 0]);
  const before = looks;

  const expiryTime = new Date(systemClock.now().getTime() + 20_000).toISOString().replace(/\.\d+Z$/, 'Z');
  await approvedWaiver('forwards', expiryTime);

  const waived = await result('Waived');
  expect(waived.status).toMatchObject({
    summary: { pass: 0, fail: 0, waived: 1 },
    findings: [{ waiver: 'forwards', result: 'Fail' }],
  });
  const held = await untilCondition<Device>(kubectl, 'device', 'web-01', 'Compliant', 'True');
  expect(conditionOf(held, 'Compliant')?.reason).toBe('CompliantByWaiver');
  await untilCondition<DeviceBaseline>(kubectl, 'devicebaseline', 'rhel9', 'Compliant', 'True');
  await counted([0, 1, 1]);

  await until(
    'it is nearly time',
    () => (systemClock.now().getTime() > Date.parse(expiryTime) - 2000 ? true : undefined),
    { everyMilliseconds: 20 },
  );
  expect(gauges()).toEqual([0, 1, 1]);
  await until('it is time', () => (systemClock.now().getTime() >= Date.parse(expiryTime) ? true : undefined), {
    everyMilliseconds: 5,
  });
  expect(gauges()).toEqual([1, 0, 0]);
  const open = await result('Fail');
  expect(open.status?.findings?.[0]?.waiver).toBeUndefined();
  const changes = [
    conditionOf(await untilCondition<Device>(kubectl, 'device', 'web-01', 'Compliant', 'False'), 'Compliant'),
    conditionOf(
      await untilCondition<DeviceBaseline>(kubectl, 'devicebaseline', 'rhel9', 'Compliant', 'False'),
      'Compliant',
    ),
    conditionOf(
      await untilCondition<PolicyWaiver>(kubectl, 'policywaiver', 'forwards', 'Effective', 'False'),
      'Effective',
    ),
  ];
  for (const condition of changes) {
    const late = Date.parse(condition?.lastTransitionTime ?? '') - Date.parse(expiryTime);
    // Not a moment before; after it, as soon as a busy machine can.
    expect([late >= 0, late <= 5000]).toEqual([true, true]);
  }
  // Neither the approval nor the end is a reason to look at a host.
  expect(looks).toBe(before);
}, 90_000);

test('a report that somebody else wrote is not believed: the host is asked', async () => {
  const role = { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata: { name: 'forger' } };
  const rules = [{ apiGroups: ['holdfast.dev'], resources: ['driftreports', 'driftreports/status'], verbs: ['get'] }];
  rules.push({ ...rules[0]!, resources: ['driftreports/status'], verbs: ['patch'] });
  // Without it, the policy on statuses would refuse.
  rules.push({ ...rules[0]!, resources: ['driftreports'], verbs: ['write-status'] });
  const subjects = [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'mallory' }];
  const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'forger' };
  await kubectl.apply({ ...role, rules }, { ...role, kind: 'ClusterRoleBinding', subjects, roleRef });
  await approvedWaiver('second', timestamp(new Date(systemClock.now().getTime() + 3_600_000)));
  await result('Waived');
  const before = looks;

  const status = { result: 'Pass', summary: { pass: 1, fail: 0, waived: 0, unknown: 0, drift: '0' }, findings: null };
  const patch = ['patch', 'driftreport', 'rhel9.web-01', '--as', 'mallory', '--subresource=status', '--type=merge'];
  expect(await kubectl.try([...patch, '--patch', JSON.stringify({ status })])).toMatchObject({ code: 0 });
  const key = { namespace, name: 'rhel9.web-01' };
  await until('the operator has heard of it', () =>
    runtime.reader.get(resources.DriftReport, key)?.status?.result === 'Pass' ? true : undefined,
  );
  await kubectl.run('delete', 'policywaiver', 'second');
  expect((await result('Fail')).status).toMatchObject({ summary: { fail: 1 }, findings: [{ check: 'redirects' }] });
  expect(looks).toBe(before + 1);
}, 90_000);

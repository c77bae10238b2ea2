/**
 * The product as a cluster administrator installs it, by Helm on a real node, run through: a drifted host is corrected by a real Job, a waiver is asked for
 * and approved, evidence is signed and exported, an object of the cluster heals; then the release is upgraded, rolled back and uninstalled. The tests follow each other.
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { V1Deployment, V1Job, V1Pod } from '@kubernetes/client-node';
import type { AnsibleRun } from '../../operator/api/v1alpha1/ansibleRun.ts';
import type { ClusterBaseline } from '../../operator/api/v1alpha1/clusterBaseline.ts';
import type { DeviceBaseline } from '../../operator/api/v1alpha1/deviceBaseline.ts';
import type { DriftReport } from '../../operator/api/v1alpha1/driftReport.ts';
import type { PolicyWaiver } from '../../operator/api/v1alpha1/policyWaiver.ts';
import { apiVersion, conditionOf, credentials, deviceOf, untilCondition } from '../operator/bed.ts';
import { account } from '../operator/clusterOnly.ts';
import { createAs, people, rightsOf } from '../operator/people.ts';
import { until } from '../operator/until.ts';
import { jobTests } from './jobs.ts';
import { evidenceTests } from './evidence.ts';
import { wayOutTests } from './wayOut.ts';
import { grantedRights, usedRights } from '../rights/rights.ts';
import { seldomUsed, unusedInstalled } from '../rights/unused.ts';
import { chart, home, images, startEndToEnd, type EndToEnd } from './bed.ts';

let bed: EndToEnd;

beforeAll(async () => {
  bed = await startEndToEnd(['web-01', 'web-02']);
}, 1_800_000);

afterAll(async () => {
  await bed?.stop();
}, 120_000);

function namespaceOf(name: string, labels: Record<string, string> = {}): object {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } };
}

test('a release without an image is refused, with what to do', async () => {
  const { code, stderr } = await bed.tryHelm('install', 'holdfast', chart, '--namespace', home);
  expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining('--set image.repository=') });
});

test('it is installed in a namespace with restricted security, and its pods become ready', async () => {
  await bed.kubectl.apply(
    namespaceOf(home, { 'pod-security.kubernetes.io/enforce': 'restricted' }),
    namespaceOf('fleet'),
  );
  const notes = await bed.install(bed.olderChart, '--set', 'grants.fleet={credentials,jobs}');
  expect(notes).toContain('kubectl get holdfast --all-namespaces');
  const pods = await bed.kubectl.list<V1Pod>('pods', { namespace: home });
  expect(pods.map(({ status }) => [status?.phase, status?.containerStatuses?.[0]?.restartCount])).toEqual([
    ['Running', 0],
    ['Running', 0],
  ]);
}, 300_000);

test('helm test says that it is ready', async () => {
  expect(await bed.helm('test', 'holdfast', '--namespace', home, '--timeout', '1m')).toMatch(/Phase:\s+Succeeded/);
}, 120_000);

test('a drifted host is corrected by a Job on the node, and verified', async () => {
  const { kubectl, fleet } = bed;
  await kubectl.apply(await credentials(fleet), ...fleet.hosts.map((host) => deviceOf(host, fleet)));
  await fleet.hosts[0]?.run('rm -f /etc/motd && sysctl -qw net.ipv4.conf.all.accept_redirects=1');
  await kubectl.apply({
    apiVersion,
    kind: 'DeviceBaseline',
    metadata: { name: 'rhel9', namespace: 'fleet' },
    spec: {
      selector: { matchLabels: { os: 'rhel9' } },
      intervalSeconds: 10,
      mode: 'Enforce',
      remediation: { maxUnavailable: 2 },
      checks: [
        { name: 'motd', severity: 'Low', file: { path: '/etc/motd', content: 'Authorized use only.\n', mode: '0644' } },
        { name: 'no-redirects', severity: 'High', sysctl: { name: 'net.ipv4.conf.all.accept_redirects', value: '0' } },
      ],
    },
  });
  await untilCondition(kubectl, 'devicebaseline', 'rhel9', 'Compliant', 'True', 180);
  // The probe may see the corrections before the run has seen its own.
  const runs = await until('its runs are complete', async () => {
    const all = await kubectl.list<AnsibleRun>('ansibleruns');
    return all.every(({ status }) => status?.completionTime) ? all : undefined;
  });
  expect(
    runs.map(({ spec, status }) => [
      spec.backend,
      status?.conditions?.find(({ type }) => type === 'Succeeded')?.reason,
    ]),
  ).toEqual(runs.map(() => ['Job', 'Verified']));
  const jobs = await kubectl.list<V1Job>('jobs');
  expect(jobs.map(({ status }) => status?.succeeded)).toEqual(runs.map(() => 1));
  expect((await fleet.hosts[0]?.run('cat /etc/motd'))?.stdout).toBe('Authorized use only.\n');
}, 240_000);

test('a release of an older chart is upgraded with its CRDs, and what is in use is as before', async () => {
  const { kubectl, fleet } = bed;
  const inUse = () =>
    Promise.all([
      kubectl.list<AnsibleRun>('ansibleruns'),
      kubectl.get<DeviceBaseline>('devicebaseline', 'rhel9'),
      fleet.hosts[0]?.run('stat --format=%z /etc/motd'),
    ]);
  const newer = { apiVersion, kind: 'AnsibleRun', metadata: { name: 'newer', namespace: 'fleet' } };
  const spec = { mode: 'Check', deviceNames: ['web-01'], playbook: { inline: '- hosts: all' }, serial: 1 };
  expect((await kubectl.tryApply({ ...newer, spec })).stderr).toMatch(/serial/);
  const before = await inUse();
  await bed.upgrade();
  const after = await inUse();
  expect(after[0].map(({ metadata, status }) => [metadata.uid, status])).toEqual(
    before[0].map(({ metadata, status }) => [metadata.uid, status]),
  );
  expect(conditionOf(after[1], 'Compliant')).toEqual(conditionOf(before[1], 'Compliant'));
  expect(after[2]?.stdout).toBe(before[2]?.stdout);
  expect(await kubectl.tryApply({ ...newer, spec })).toMatchObject({ code: 0 });
  expect((await kubectl.get<AnsibleRun>('ansiblerun', 'newer'))?.spec.serial).toBe(1);
}, 240_000);

jobTests(() => bed);

test('a waiver is asked for by one and approved by another, and its finding is waived', async () => {
  const { kubectl, fleet } = bed;
  await kubectl.apply(...rightsOf(people));
  const spec = {
    source: { kind: 'DeviceBaseline', name: 'rhel9' },
    checks: ['motd'],
    targets: { names: ['web-02'] },
    reason: 'the installer of the vendor reads it',
    requestedBy: 'alice',
    expiryTime: new Date(Date.now() + 3_600_000).toISOString().replace(/\.\d+/, ''),
  };
  const waiver = { apiVersion, kind: 'PolicyWaiver', metadata: { name: 'legacy', namespace: 'fleet' }, spec };
  expect(await createAs(kubectl, 'alice', waiver)).toMatchObject({ code: 0 });
  const digest = await until(
    'the waiver is seen',
    async () => (await kubectl.get<PolicyWaiver>('policywaiver', 'legacy'))?.status?.digest,
  );
  const approval = (approver: string) => ({
    apiVersion,
    kind: 'Approval',
    metadata: { name: `by-${approver}`, namespace: 'fleet' },
    spec: {
      subjectRef: { kind: 'PolicyWaiver', name: 'legacy' },
      subjectDigest: digest,
      decision: 'Approve',
      approver,
    },
  });
  expect(await createAs(kubectl, 'alice', approval('alice'))).toMatchObject({ code: 1 });
  expect(await createAs(kubectl, 'bob', approval('bob'))).toMatchObject({ code: 0 });
  await untilCondition(kubectl, 'policywaiver', 'legacy', 'Effective', 'True');
  await fleet.hosts[1]?.run('echo legacy > /etc/motd');
  await until('the finding is waived', async () => {
    const report = await kubectl.get<DriftReport>('driftreport', 'rhel9.web-02');
    return report?.status?.summary?.waived === 1 || undefined;
  });
}, 120_000);

evidenceTests(() => bed);

test('an object of the cluster heals', async () => {
  const { kubectl } = bed;
  await kubectl.apply(namespaceOf('platform'), namespaceOf('shop', { tier: 'application' }));
  const policies = { apiGroups: ['networking.k8s.io'], resources: ['networkpolicies'], verbs: ['*'] };
  const namespaces = { apiGroups: [''], resources: ['namespaces'], verbs: ['get', 'list', 'watch'] };
  await kubectl.apply(...account('baseline-writer', [policies, namespaces]));
  await bed.upgrade('--set', 'grants.platform={accounts}');
  const template = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'deny-all' },
    spec: { podSelector: {}, policyTypes: ['Ingress'] },
  };
  await kubectl.apply({
    apiVersion,
    kind: 'ClusterBaseline',
    metadata: { name: 'platform' },
    spec: {
      serviceAccountRef: { namespace: 'platform', name: 'baseline-writer' },
      mode: 'Enforce',
      objects: [
        { name: 'deny-all', severity: 'High', namespaceSelector: { matchLabels: { tier: 'application' } }, template },
      ],
    },
  });
  await untilCondition<ClusterBaseline>(kubectl, 'clusterbaseline', 'platform', 'Compliant', 'True');
  await kubectl.run('delete', 'networkpolicy', 'deny-all', '--namespace', 'shop');
  await until('it is there again', async () => (await kubectl.get('networkpolicy', 'deny-all', 'shop')) ?? undefined);
}, 300_000);

test('the release is upgraded and rolled back without a gap, and shows the same digests and seals', async () => {
  const { kubectl } = bed;
  const before = await kubectl.get<PolicyWaiver>('policywaiver', 'legacy');
  const replicasOf = async () =>
    (await kubectl.get<V1Deployment>('deployment', 'holdfast-operator', home))?.spec?.replicas;
  await bed.upgrade('--set', 'replicas=1');
  expect(await replicasOf()).toBe(1);
  await bed.helm('rollback', 'holdfast', '--namespace', home, '--wait', '--timeout', '3m');
  expect(await replicasOf()).toBe(2);
  const after = await kubectl.get<PolicyWaiver>('policywaiver', 'legacy');
  expect(after?.status).toEqual(before?.status);
}, 400_000);

test('a second installation is refused, with where the first one is', async () => {
  const { code, stderr } = await bed.tryHelm('install', 'another', chart, '--namespace', 'default', ...images);
  expect({ code, stderr }).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/release holdfast in namespace holdfast/),
  });
});

test('once it is uninstalled, what was declared is still there', async () => {
  await bed.helm('uninstall', 'holdfast', '--namespace', home, '--wait', '--timeout', '2m');
  await until('its pods are gone', async () => {
    const left = await bed.kubectl.list<V1Pod>('pods', { namespace: home });
    return left.length === 0 ? true : undefined;
  });
  expect(await bed.kubectl.get('devicebaseline', 'rhel9')).toBeDefined();
  // Nothing keeps it now that there is no operator, and nothing comes back.
  await bed.kubectl.run(
    'delete',
    'devicebaselines,ansibleruns,policywaivers,approvals,devices,evidenceexports,evidencepacks,evidencestores',
    '--all',
    '--timeout=60s',
  );
  await bed.kubectl.run('delete', 'clusterbaselines', '--all', '--timeout=60s');
  await bed.kubectl.run('delete', 'namespace', 'fleet', '--timeout=60s');
}, 180_000);

wayOutTests(() => bed);

test('each right that it is granted was used, or is explained', async () => {
  const used = await usedRights([bed.cluster.auditLog ?? '']);
  expect(used.size).toBeGreaterThan(30);
  expect([...grantedRights()].filter((right) => !used.has(right) && !(right in unusedInstalled)).sort()).toEqual([]);
  expect(Object.keys(unusedInstalled).filter((right) => used.has(right) && !(right in seldomUsed))).toEqual([]);
});

/**
 * What alerts and runbooks are about, for real: the operator with its own rights and its Lease, objects of each kind, the people of a platform,
 * and a Deployment and a pod of the names that runbooks use, which no node runs. A host in namespace `lab` is a real sshd; those in `fleet` lack credentials.
 */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { makeDevice } from '../builders/drift.ts';
import { makeWaiver } from '../builders/waiver.ts';
import { startCluster, type Cluster } from '../cluster/cluster.ts';
import { freePort } from '../freePort.ts';
import { apiVersion, crds, namespace as fleet } from '../operator/bed.ts';
import { account, home, policies, writer } from '../operator/clusterOnly.ts';
import { untilPoliciesAreHeeded } from '../operator/heeded.ts';
import { Kubectl } from '../operator/kubectl.ts';
import { createAs, rightsOf, type People } from '../operator/people.ts';
import { startOperator, type Operator } from '../operator/process.ts';
import { until } from '../operator/until.ts';
import { startTestServer, type TestServer } from '../ssh/server.ts';

const root = resolve(import.meta.dirname, '../..');
const rbac = join(root, 'manifests/rbac');
const user = 'system:serviceaccount:holdfast:holdfast-operator';
const flags = ['--lease', 'holdfast/holdfast-operator', '--allowed-networks', '127.0.0.0/8'];
const labels = { 'app.kubernetes.io/name': 'holdfast' };
const lab = 'lab';
const rbacGroup = 'rbac.authorization.k8s.io';

export interface Shell {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface MonitoringBed {
  readonly cluster: Cluster;
  readonly kubectl: Kubectl;
  readonly folder: string;
  readonly operator: Operator;
  /** Of the operator, where /metrics is. */
  readonly address: string;
  metrics(from?: string): Promise<string>;
  /** Starts another process beside the first, which leads; ends with its address once its caches are complete. */
  standby(): Promise<string>;
  /** Makes again what runbooks have deleted. */
  restore(): Promise<void>;
  /** Runs a command in a shell as a person, in a directory that has the files of a release. */
  run(person: string, command: string): Promise<Shell>;
  stop(): Promise<void>;
}

/** Who is on call reads everything of Holdfast, and acts on its objects and its Deployment; alice and bob request and approve. */
const everyKind = { apiGroups: ['holdfast.dev'], resources: ['*'] };
const people: People = {
  oncall: [
    { ...everyKind, verbs: ['get', 'list', 'watch', 'create', 'patch', 'delete'] },
    { apiGroups: [''], resources: ['pods', 'pods/log', 'events'], verbs: ['get', 'list', 'watch'] },
    { apiGroups: ['apps'], resources: ['deployments', 'replicasets'], verbs: ['get', 'list', 'watch', 'patch'] },
    { apiGroups: ['batch'], resources: ['jobs'], verbs: ['get', 'list', 'watch'] },
    { apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: ['get'] },
  ],
  alice: [{ ...everyKind, resources: ['policywaivers'], verbs: ['get', 'create', 'update', 'patch', 'delete'] }],
  bob: [
    { ...everyKind, resources: ['approvals'], verbs: ['get', 'create'] },
    { ...everyKind, resources: ['policywaivers'], verbs: ['get', 'approve'] },
  ],
};

const containers = [{ name: 'operator', image: 'registry.example.com/holdfast' }];

function objects(): object[] {
  const device = makeDevice();
  const hostKeys = [`ssh-ed25519 ${'A'.repeat(68)}`];
  return [
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'holdfast-operator', namespace: 'holdfast', labels },
      spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers } } },
    },
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'holdfast-operator-0', namespace: 'holdfast', labels },
      spec: { containers },
    },
    {
      apiVersion,
      kind: 'Device',
      metadata: { name: 'web-01', namespace: fleet, labels: { os: 'rhel9' } },
      spec: { ssh: { ...device.spec.ssh, hostKeys } },
    },
    {
      apiVersion,
      kind: 'DeviceBaseline',
      metadata: { name: 'rhel9', namespace: fleet },
      spec: {
        selector: { matchLabels: { os: 'rhel9' } },
        mode: 'Enforce',
        checks: [
          {
            name: 'motd',
            severity: 'High',
            file: { path: '/etc/motd', content: 'Authorized use only.\n', mode: '0644' },
          },
        ],
      },
    },
    {
      apiVersion,
      kind: 'CanaryRollout',
      metadata: { name: 'rhel9', namespace: fleet },
      spec: { target: { deviceBaselineRef: { name: 'rhel9' } } },
    },
    {
      apiVersion,
      kind: 'EvidenceStore',
      metadata: { name: 'nightly', namespace: fleet },
      spec: { filesystem: {} },
    },
    {
      apiVersion,
      kind: 'EvidencePack',
      metadata: { name: 'nightly', namespace: fleet },
      spec: { storeRef: { name: 'nightly' }, signing: { keyRef: { name: 'evidence-key' } } },
    },
    {
      apiVersion,
      kind: 'ClusterBaseline',
      metadata: { name: 'platform' },
      spec: {
        serviceAccountRef: { namespace: home, name: writer },
        mode: 'Inform',
        objects: [
          {
            name: 'banner',
            severity: 'High',
            template: {
              apiVersion: 'v1',
              kind: 'ConfigMap',
              metadata: { name: 'banner', namespace: home },
              data: { text: 'Authorized use only.' },
            },
          },
        ],
      },
    },
    {
      apiVersion,
      kind: 'AnsibleRun',
      metadata: { name: 'rhel9-1', namespace: fleet },
      spec: { deviceNames: ['web-01'], checks: [{ name: 'motd', file: { path: '/etc/motd', mode: '0644' } }] },
    },
  ];
}

export async function startMonitoringBed(): Promise<MonitoringBed> {
  const [cluster, server] = await Promise.all([startCluster({ manifests: [crds, policies, rbac] }), startTestServer()]);
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-bed-'));
  for (const name of ['crds', 'policies', 'manifests']) await symlink(join(root, name), join(folder, name));
  const kubectl = new Kubectl(cluster, '');
  await kubectl.apply(
    ...[fleet, home, lab].map((name) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })),
    ...account(writer, [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }]),
    ...rightsOf(people),
    bound('holdfast-accounts', home),
    bound('holdfast-credentials', lab),
    ...hostOf(server),
  );
  await untilPoliciesAreHeeded(kubectl);
  const kubeconfig = await cluster.kubeconfigFor(user, ['system:serviceaccounts', 'system:serviceaccounts:holdfast']);
  // On all addresses, as in a pod.
  const port = await freePort();
  const operator = await startOperator({
    kubeconfig,
    folder,
    flags: [...flags, '--listen', `0.0.0.0:${port}`],
  });
  const address = `127.0.0.1:${port}`;
  let waiting: Promise<Operator> | undefined;
  const standby = async (): Promise<string> => {
    const other = `127.0.0.1:${await freePort()}`;
    const key = join(folder, 'state/digest-key');
    const others = [...flags, '--listen', other, '--digest-key-file', key];
    await mkdir(join(folder, 'standby'));
    waiting = startOperator({ kubeconfig, folder: join(folder, 'standby'), flags: others });
    await until('the standby is ready', async () => {
      const response = await fetch(`http://${other}/readyz`).catch(() => undefined);
      return response?.ok || undefined;
    });
    return other;
  };
  const kubeconfigs = new Map([['admin', cluster.kubeconfig]]);
  for (const person of Object.keys(people)) kubeconfigs.set(person, await cluster.kubeconfigFor(person));
  const restore = async (): Promise<void> => {
    const run = objects().at(-1)!;
    await kubectl.apply(...objects().slice(0, -1));
    // What has begun to run cannot be changed.
    if (!(await kubectl.get('ansiblerun', 'rhel9-1', fleet))) await kubectl.apply(run);
    if (!(await kubectl.get('policywaiver', 'legacy-motd', fleet))) await request(kubectl);
    await until('the waiver has a digest', async () => {
      const waiver = await kubectl.get<{ status?: { digest?: string } }>('policywaiver', 'legacy-motd', fleet);
      return waiver?.status?.digest;
    });
  };
  await restore();
  await until('hosts are reported', async () => {
    const reports = await kubectl.list('driftreports', { everywhere: true });
    return reports.length >= 2 || undefined;
  });
  return {
    ...{ cluster, kubectl, folder, operator, address, restore, standby },
    metrics: async (from = address) => (await fetch(`http://${from}/metrics`)).text(),
    run: (person, command) =>
      new Promise((settle) => {
        const PATH = `${dirname(cluster.kubectl)}:${process.env['PATH']}`;
        const env = { ...process.env, PATH, KUBECONFIG: kubeconfigs.get(person) };
        execFile('bash', ['-c', command], { cwd: folder, env }, (error, stdout, stderr) =>
          settle({ code: error ? (typeof error.code === 'number' ? error.code : 1) : 0, stdout, stderr }),
        );
      }),
    stop: async () => {
      await operator.stop();
      // It leads now.
      await (await waiting)?.stop();
      await Promise.all([cluster.stop(), server.stop()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** As alice, for a finding of rhel9, until three weeks from now, with one task of a plan. */
async function request(kubectl: Kubectl): Promise<void> {
  const expiryTime = new Date(Date.now() + 14 * 86_400_000).toISOString().replace(/\.\d+/, '');
  const closurePlan = { tasks: [{ name: 'replace-host', owner: 'team-web' }] };
  const { spec } = makeWaiver({ expiryTime, closurePlan });
  const metadata = { name: 'legacy-motd', namespace: fleet };
  const { code, stderr } = await createAs(kubectl, 'alice', { apiVersion, kind: 'PolicyWaiver', metadata, spec });
  if (code !== 0) throw new Error(stderr);
}

/** One of the grants, in one namespace. */
function bound(name: string, namespace: string): object {
  return {
    apiVersion: `${rbacGroup}/v1`,
    kind: 'RoleBinding',
    metadata: { name: 'bed', namespace },
    roleRef: { apiGroup: rbacGroup, kind: 'ClusterRole', name },
    subjects: [{ kind: 'User', name: user }],
  };
}

/** A host that is evaluated and drifts, and is not changed. */
function hostOf({ port, hostKey, clientKey }: TestServer): object[] {
  const name = 'lab-01';
  const credentials = { 'ssh-privatekey': clientKey.privateKey };
  // Not where the apiserver is, which no host may be.
  const ssh = { host: '127.0.0.5', port, user: userInfo().username, become: 'none', hostKeys: [hostKey.publicKey] };
  return [
    { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'lab-ssh', namespace: lab }, stringData: credentials },
    {
      apiVersion,
      kind: 'Device',
      metadata: { name, namespace: lab, labels: { site: lab } },
      spec: { ssh: { ...ssh, credentialsRef: { name: 'lab-ssh' } } },
    },
    {
      apiVersion,
      kind: 'DeviceBaseline',
      metadata: { name: 'watched', namespace: lab },
      spec: {
        selector: { matchLabels: { site: lab } },
        mode: 'Inform',
        intervalSeconds: 10,
        checks: [
          { name: 'passwd', severity: 'Low', file: { path: '/etc/passwd', mode: '0644' } },
          { name: 'absent', severity: 'High', file: { path: '/etc/holdfast-is-not-there', mode: '0644' } },
        ],
      },
    },
  ];
}

/** `kubectl holdfast doctor` and `support-bundle` as people run them, on a real apiserver: with all rights, with few, and with parts missing. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { join, resolve } from 'node:path';
import { extract } from 'tar-stream';
import { ownVersion } from '../../operator/wiring/version.ts';
import { makeBaseline } from '../builders/drift.ts';
import { crds, role } from '../operator/bed.ts';
import { policies } from '../operator/clusterOnly.ts';
import { startCluster, type Cluster } from '../cluster/cluster.ts';
import { Kubectl } from '../operator/kubectl.ts';
import { until } from '../operator/until.ts';

const plugin = resolve(import.meta.dirname, '../../bin/kubectl-holdfast');
const operatorFile = resolve(import.meta.dirname, '../../manifests/rbac/operator.yaml');
const fleet = 'fleet';
/** They look like secrets, and are in no other file. */
const planted = {
  sensitive: 'planted-sensitive-value',
  password: 'planted-password-value',
  applied: 'planted-applied-value',
  url: 'planted-url-value',
  secret: 'planted-secret-value',
};

let cluster: Cluster;
let kubectl: Kubectl;

beforeAll(async () => {
  cluster = await startCluster({ manifests: [crds, role, operatorFile, policies] });
  kubectl = new Kubectl(cluster, '');
  const metadata = { namespace: 'holdfast', name: 'holdfast-operator' };
  const labels = { 'app.kubernetes.io/name': 'holdfast', 'app.kubernetes.io/component': 'operator' };
  const image = `registry.example/holdfast-operator:${ownVersion()}`;
  const containers = [{ name: 'operator', image, args: ['--log-level=info'] }];
  const spec = { serviceAccountName: 'holdfast-operator', containers };
  await kubectl.apply(
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: fleet } },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { ...metadata, labels },
      spec: { replicas: 1, selector: { matchLabels: labels }, template: { metadata: { labels }, spec } },
    },
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'fleet-ssh', namespace: fleet },
      stringData: { a: planted.secret },
    },
    {
      apiVersion: 'holdfast.dev/v1alpha1',
      kind: 'Device',
      metadata: { name: 'web-01', namespace: fleet, annotations: annotations() },
      spec: {
        ssh: {
          host: 'web-01.example.com',
          user: 'root',
          hostKeys: [`ssh-ed25519 ${'A'.repeat(68)}`],
          credentialsRef: { name: 'fleet-ssh' },
        },
      },
    },
    {
      ...makeBaseline({
        checks: [
          {
            name: 'pin',
            setting: { path: '/etc/x.conf', format: 'KeyValue', key: 'pin', value: planted.sensitive, sensitive: true },
          },
          { name: 'db', file: { path: '/etc/db', content: `db_password = ${planted.password}\n` } },
          { name: 'repo', line: { path: '/etc/r', line: `url=https://bob:${planted.url}@repo.example/x` } },
        ],
      }),
      metadata: { name: 'rhel9', namespace: fleet },
    },
    ...mia,
    { apiVersion: 'v1', kind: 'Pod', metadata: { ...metadata, labels }, spec },
  );
  const crashing = { waiting: { reason: 'CrashLoopBackOff', message: 'back-off' } };
  const before = { terminated: { reason: 'OOMKilled', exitCode: 137 } };
  const status = {
    name: 'operator',
    image,
    imageID: '',
    ready: false,
    restartCount: 3,
    state: crashing,
    lastState: before,
  };
  const patch = JSON.stringify({ status: { containerStatuses: [status] } });
  await kubectl.run(
    '-n',
    'holdfast',
    'patch',
    'pod',
    metadata.name,
    '--subresource=status',
    '--type=merge',
    '-p',
    patch,
  );
}, 300_000);

afterAll(() => cluster.stop(), 60_000);

function annotations(): Record<string, string> {
  return { 'kubectl.kubernetes.io/last-applied-configuration': `{"x":"${planted.applied}"}` };
}

/** She may read one namespace. */
const mia = [
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: { name: 'mia', namespace: fleet },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'holdfast-reader' },
    subjects: [{ kind: 'User', name: 'mia', apiGroup: 'rbac.authorization.k8s.io' }],
  },
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name: 'holdfast-reader' },
    rules: [{ apiGroups: ['holdfast.dev', ''], resources: ['*'], verbs: ['get', 'list'] }],
  },
];

interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The plugin as a program, as kubectl runs it. */
async function holdfast(args: readonly string[], kubeconfig = cluster.kubeconfig): Promise<Ran> {
  const child = spawn(plugin, [...args, '--kubeconfig', kubeconfig], { env: { ...process.env, NODE_OPTIONS: '' } });
  const ran = { stdout: '', stderr: '' };
  child.stdout.on('data', (part: Buffer) => (ran.stdout += part.toString()));
  child.stderr.on('data', (part: Buffer) => (ran.stderr += part.toString()));
  const code = await new Promise<number | null>((done) => child.on('close', done));
  return { code, ...ran };
}

interface Report {
  readonly checks: readonly {
    readonly name: string;
    readonly result: string;
    readonly message: string;
    readonly fixes: string[];
  }[];
}

async function examined(kubeconfig?: string): Promise<Record<string, Report['checks'][number]>> {
  const { stdout, stderr, code } = await holdfast(['doctor', '-o', 'json'], kubeconfig);
  expect({ stderr, code }).toEqual({ stderr: '', code: 2 });
  const { checks } = JSON.parse(stdout) as Report;
  return Object.fromEntries(checks.map((check) => [check.name, check]));
}

const results = (checks: Record<string, { result: string }>) =>
  Object.fromEntries(Object.entries(checks).map(([name, { result }]) => [name, result]));

describe('doctor', () => {
  test('says what is well and what is wrong, with the command', async () => {
    const checks = await examined();
    expect(results(checks)).toEqual({
      apiserver: 'Pass',
      crds: 'Pass',
      schemas: 'Pass',
      deployment: 'Fail',
      version: 'Pass',
      pods: 'Fail',
      lease: 'Fail',
      installations: 'Pass',
      policies: 'Pass',
      enforcement: 'Pass',
      rights: 'Pass',
      grants: 'Fail',
      runner: 'Pass',
      devices: 'Fail',
      clocks: 'Pass',
      monitoring: 'Pass',
    });
    expect(checks['pods']).toMatchObject({
      message: 'Pod holdfast-operator is waiting: CrashLoopBackOff (OOMKilled, exit code 137)',
      fixes: ['kubectl -n holdfast logs holdfast-operator --previous --container operator'],
    });
    const [grant = ''] = checks['grants']!.fixes;
    await kubectl.run(...grant.split(' && ')[0]!.split(' ').slice(1));
    await kubectl.run(...grant.split(' && ')[1]!.split(' ').slice(1));
    expect((await examined())['grants']).toMatchObject({ result: 'Pass' });
  }, 60_000);

  test('fits 80 columns, but for commands', async () => {
    const { stdout, code } = await holdfast(['doctor']);
    expect(code).toBe(2);
    const lines = stdout.split('\n').filter((line) => !/^ +\$ /.test(line));
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
    expect(stdout).toMatch(/\n16 checks: \d+ Pass, 4 Fail\n$/);
  });

  test('a second installation is named, and stopped by the command', async () => {
    const name = 'holdfast-operator';
    const { metadata, spec } = (await kubectl.get<{ metadata: { labels: object }; spec: object }>(
      'deployment',
      name,
      'holdfast',
    ))!;
    const second = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name, namespace: fleet, labels: metadata.labels },
      spec,
    };
    await kubectl.apply(second);
    const { installations } = await examined();
    expect(installations).toMatchObject({ result: 'Fail' });
    await kubectl.run(...installations!.fixes[0]!.split(' ').slice(1));
    expect((await examined())['installations']).toMatchObject({ result: 'Pass' });
  }, 60_000);

  test('to a person with few rights, what could not be read is Unknown, and never Pass', async () => {
    const checks = await examined(await cluster.kubeconfigFor('mia'));
    const passed = Object.values(checks).filter(({ result }) => result !== 'Unknown');
    expect(passed.map(({ name }) => name)).toEqual(['apiserver', 'monitoring']);
    expect(checks['devices']!.message).toBe('you may not list devices.holdfast.dev in all namespaces');
  });

  test('a CRD, a policy and a right that are missing are named', async () => {
    await kubectl.run('delete', 'crd', 'maintenancewindows.holdfast.dev');
    await kubectl.run('delete', 'validatingadmissionpolicybinding', 'policywaivers.holdfast.dev');
    await kubectl.run('delete', 'clusterrolebinding', 'holdfast-operator');
    const found = await until('the apiserver has noticed', async () => {
      const checks = await examined();
      return checks['enforcement']?.result === 'Fail' && checks['rights']?.result === 'Fail' ? checks : undefined;
    });
    expect(found['crds']!.message).toBe('CRD maintenancewindows.holdfast.dev is missing');
    expect(found['policies']!.message).toContain('policywaivers.holdfast.dev is not installed');
    expect(found['enforcement']!.message).toContain("PolicyWaiver in someone else's name");
    expect(found['rights']!.message).toContain('ServiceAccount holdfast/holdfast-operator lacks');
  }, 60_000);

  test('an apiserver that is not there is a failure, and nothing passes', async () => {
    const away = join(cluster.dataFolder, 'away.yaml');
    await writeFile(away, (await readFile(cluster.kubeconfig, 'utf8')).replaceAll(cluster.url, 'https://127.0.0.1:1'));
    const { stdout, code } = await holdfast(['doctor'], away);
    expect(code).toBe(2);
    expect(stdout).toContain('16 checks: 1 Fail, 15 Unknown; 15 were not made\n');
    expect(await holdfast(['support-bundle', '--output', join(cluster.dataFolder, 'none')], away)).toMatchObject({
      code: 1,
      stdout: '',
    });
  });
});

interface Manifest {
  readonly missing: readonly { readonly what: string; readonly cause: string; readonly why: string }[];
  readonly files: readonly { readonly path: string; readonly objects?: number }[];
}

/** Its files, without the directory that all are in. */
async function unpacked(file: string): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  const tar = extract();
  tar.end(gunzipSync(await readFile(file)));
  for await (const entry of tar) {
    const parts: Buffer[] = [];
    for await (const part of entry as AsyncIterable<Buffer>) parts.push(part);
    files[entry.header.name.split('/').slice(1).join('/')] = Buffer.concat(parts).toString();
  }
  return files;
}

async function bundled(name: string, args: readonly string[], kubeconfig?: string) {
  const file = join(cluster.dataFolder, name);
  const ran = await holdfast(['support-bundle', '--output', file, ...args], kubeconfig);
  const files = await unpacked(file);
  return { ran, file, files, manifest: JSON.parse(files['MANIFEST.json'] ?? '') as Manifest };
}

describe('support-bundle', () => {
  test('has objects and reports, says what is missing, and has no secret', async () => {
    const { ran, file, files, manifest } = await bundled('all.tar.gz', []);
    expect(ran.stdout).toContain(file);
    for (const [path, text] of Object.entries(files))
      for (const value of Object.values(planted))
        expect({ path, has: text.includes(value) }).toEqual({ path, has: false });
    expect(Object.keys(files)).toEqual(
      expect.arrayContaining([
        'MANIFEST.json',
        'versions.json',
        'doctor.json',
        'crds.json',
        'objects/fleet/devices.json',
        'objects/fleet/devicebaselines.json',
        'objects/holdfast/deployments.json',
        'objects/holdfast/pods.json',
        'logs/holdfast-operator/operator.log',
      ]),
    );
    expect(manifest.files.map(({ path }) => path).sort()).toEqual(
      Object.keys(files)
        .filter((path) => path !== 'MANIFEST.json')
        .sort(),
    );
    // The CRD that the test before removed.
    expect(manifest.missing.map(({ what }) => what)).toEqual(['maintenancewindows.holdfast.dev']);
    expect(ran.code).toBe(2);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const again = await holdfast(['support-bundle', '--output', file]);
    expect(again).toMatchObject({
      code: 1,
      stderr: `error: ${file} exists already; choose another name with --output, or add --force.\n`,
    });
  }, 60_000);

  test('with the rights of one namespace has what is in it, and says what is not', async () => {
    const mias = await cluster.kubeconfigFor('mia');
    const { ran, files, manifest } = await bundled('few.tar.gz', ['--namespaces', fleet, '--redact-names'], mias);
    expect(ran.code).toBe(2);
    expect(files['objects/fleet/devices.json']).toContain('"name":"host-1"');
    expect(Object.values(files).filter((text) => text.includes('web-01'))).toEqual([]);
    expect(manifest.missing.every(({ cause }) => ['Forbidden', 'Error'].includes(cause))).toBe(true);
    expect(manifest.missing).toContainEqual({
      what: 'pods in namespace holdfast',
      cause: 'Forbidden',
      why: 'you may not list pods in namespace holdfast',
    });
  }, 60_000);
});

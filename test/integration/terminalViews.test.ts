/**
 * `tree`, `windows`, `version` and `explain` as people run them, on real hosts and a real apiserver: what the operator made is believed, what others made to
 * look alike is not; what may not be read is named, and is never well.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { join, resolve } from 'node:path';
import { ownVersion } from '../../operator/wiring/version.ts';
import type { DriftReport } from '../../operator/api/v1alpha1/driftReport.ts';
import { apiVersion, namespace, startBed, untilCondition, type Bed } from '../operator/bed.ts';

const plugin = resolve(import.meta.dirname, '../../bin/kubectl-holdfast');
const operatorFile = resolve(import.meta.dirname, '../../manifests/rbac/operator.yaml');
let bed: Bed;
let kubeconfig: string;
let mute: Server;

const baseline = (name: string, spec: object): object => ({
  apiVersion,
  kind: 'DeviceBaseline',
  metadata: { name, namespace },
  spec: {
    selector: { matchLabels: { os: 'rhel9' } },
    checks: [{ name: 'motd', severity: 'Low', file: { path: '/etc/motd', content: 'Authorized use only.\n' } }],
    ...spec,
  },
});
const window = (name: string, spec: object): object => ({
  apiVersion,
  kind: 'MaintenanceWindow',
  metadata: { name, namespace },
  spec: { timeZone: 'Europe/Vienna', windows: [{ schedule: '0 2 29 2 *', durationSeconds: 7200 }], ...spec },
});

beforeAll(async () => {
  bed = await startBed(['web-01', 'web-02'], { manifests: [operatorFile] });
  await bed.host('web-02').writeFile('/etc/motd', 'Authorized use only.\n', '0644');
  kubeconfig = await bed.cluster.kubeconfigFor('admin', ['system:masters']);
  mute = createServer(() => undefined);
  await new Promise<void>((settle) => mute.listen(0, '127.0.0.1', settle));
  await bed.operator();
  await bed.kubectl.apply(
    window('leap-day', {}),
    window('broken', { timeZone: 'Europe/Wien' }),
    window('paused', { suspend: { reason: 'audit' } }),
    baseline('base', { mode: 'Enforce', remediation: { backend: 'Local', windowRef: { name: 'leap-day' } } }),
    baseline('lost', { remediation: { windowRef: { name: 'gone' } } }),
  );
  await untilCondition(bed.kubectl, 'devicebaseline', 'base', 'WaitsForWindow', 'True');
  await untilCondition(bed.kubectl, 'device', 'web-02', 'Compliant', 'True');
}, 900_000);

afterAll(async () => {
  mute.close();
  await bed.stop();
}, 60_000);

function holdfast(args: readonly string[], environment: NodeJS.ProcessEnv = {}) {
  const child = spawn(plugin, args, { env: { ...process.env, ...environment } });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  return new Promise<{ status: number | null; stdout: string; stderr: string }>((settle) =>
    child.once('close', (status) => settle({ status, stdout, stderr })),
  );
}
const admin = (...args: string[]) =>
  holdfast([...args, '-n', namespace, '--kubeconfig', kubeconfig], { TZ: 'Asia/Tokyo' });
/** Without the lines of the tree, which are between words. */
const oneLine = (text: string): string => text.replace(/[\s│]+/g, ' ');

describe('tree', () => {
  test('of a baseline: what the operator made, the worst first', async () => {
    const { status, stdout, stderr } = await admin('tree', 'devicebaseline/base');
    expect({ status, stderr }).toEqual({ status: 2, stderr: '' });
    expect(stdout).toMatch(/^DeviceBaseline fleet\/base: drifted \(Enforce\)\n/);
    expect(stdout).toMatch(/├─ Device web-01: drifted\n│ {2}└─ DriftReport base\.web-01: drifted, since \d{4}-/);
    expect(stdout).toMatch(/└─ Device web-02: compliant\n$/);
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });

  test('of a host: the baselines that select it; of all baselines without an operand', async () => {
    const { stdout } = await admin('tree', 'device/web-01');
    expect(stdout).toMatch(/^Device fleet\/web-01: drifted\n/);
    expect(stdout).toContain('├─ DeviceBaseline base: drifted (Enforce)\n');
    expect(stdout).toContain('└─ DeviceBaseline lost: drifted (Inform)\n');
    const all = JSON.parse((await admin('tree', '-o', 'json')).stdout) as { roots: { name: string }[] };
    expect(all.roots.map(({ name }) => name)).toEqual(['base', 'lost']);
  });

  test('what another writes to look alike changes nothing, and is named', async () => {
    const real = await bed.kubectl.get<DriftReport>('driftreport', 'base.web-01');
    const forged = {
      apiVersion,
      kind: 'DriftReport',
      metadata: {
        ...real!.metadata,
        name: 'base.forged',
        resourceVersion: undefined,
        uid: undefined,
        managedFields: undefined,
      },
      spec: {},
      status: { ...real!.status, result: 'Pass', summary: { pass: 1, fail: 0, waived: 0, unknown: 0, drift: '0' } },
    };
    await bed.kubectl.apply(forged);
    await bed.kubectl.run(
      'patch',
      'driftreport',
      'base.forged',
      '--subresource=status',
      '--type=merge',
      '-p',
      JSON.stringify({ status: forged.status }),
    );
    await bed.kubectl.apply({
      apiVersion,
      kind: 'AnsibleRun',
      metadata: { name: 'base-1', namespace, labels: { 'holdfast.dev/baseline': 'base' } },
      spec: {
        mode: 'Check',
        deviceNames: ['web-01'],
        baselineRef: { name: 'base' },
        checks: [{ name: 'motd', file: { path: '/etc/motd' } }],
      },
    });
    const { stdout } = await admin('tree', 'devicebaseline/base');
    expect(stdout).toContain('├─ Device web-01: drifted\n');
    expect(stdout).not.toMatch(/AnsibleRun base-1:/);
    expect(oneLine(stdout)).toContain(
      'ignored: 1 AnsibleRun that names it, such as base-1, and that it did not create',
    );
    expect(oneLine(stdout)).toContain('ignored: DriftReport base.forged, which says that it is about a host');
    await bed.kubectl.run('delete', 'driftreport/base.forged', 'ansiblerun/base-1', '--wait=false');
  });

  test('with few rights shows what may be read, and names the rest', async () => {
    await bed.kubectl.apply(
      {
        ...{ apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role', metadata: { name: 'reader', namespace } },
        rules: [{ apiGroups: ['holdfast.dev'], resources: ['devices', 'devicebaselines'], verbs: ['get', 'list'] }],
      },
      {
        ...{ apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'RoleBinding', metadata: { name: 'reader', namespace } },
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'reader' },
        subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'reader' }],
      },
    );
    const own = await bed.cluster.kubeconfigFor('reader');
    const { status, stdout, stderr } = await holdfast([
      'tree',
      'devicebaseline/base',
      '-n',
      namespace,
      '--kubeconfig',
      own,
    ]);
    expect({ status, stderr }).toEqual({ status: 2, stderr: '' });
    expect(stdout).toContain('Device web-02: unknown\n');
    for (const what of ['driftreports', 'ansibleruns', 'policywaivers', 'canaryrollouts'])
      expect(oneLine(stdout)).toContain(`unknown: you may not list ${what}.holdfast.dev in namespace fleet`);
  });

  test('of what does not exist says where to find the others', async () => {
    expect(await admin('tree', 'hdbl/none')).toEqual({
      ...{ status: 1, stdout: '' },
      stderr:
        'error: DeviceBaseline none does not exist in namespace fleet; list them with `kubectl get devicebaselines -A`.\n',
    });
  });
});

describe('windows', () => {
  test('says what opens when, who waits, and what is wrong', async () => {
    const { status, stdout, stderr } = await admin('windows');
    expect({ status, stderr }).toEqual({ status: 2, stderr: '' });
    expect(stdout).toMatch(
      /^MaintenanceWindow fleet\/leap-day: closed, opens in \d+ days\n├─ opens \w{3} \d{4}-02-29 02:00 Europe\/Vienna, for 2 h\n/,
    );
    expect(stdout).toMatch(
      /│ {4}UTC: \w{3} \d{4}-02-29 01:00\n│ {4}here: \w{3} \d{4}-02-29 10:00 Asia\/Tokyo\n└─ DeviceBaseline base waits\n/,
    );
    expect(stdout).toContain('MaintenanceWindow fleet/broken: invalid\n');
    expect(stdout).toContain('MaintenanceWindow fleet/paused: suspended\n');
    expect(stdout).toContain('MaintenanceWindow fleet/gone: missing\n');
  });

  test('of one: the next openings, as many as asked for', async () => {
    const { stdout } = await admin('windows', 'leap-day', '--next', '3', '-o', 'json');
    const { windows } = JSON.parse(stdout) as { windows: { openings: { opens: string }[] }[] };
    expect(windows[0]?.openings.map(({ opens }) => opens.slice(4))).toEqual(Array(3).fill('-02-29T01:00:00Z'));
    expect((await admin('windows', 'none')).stderr).toContain('list them with `kubectl holdfast windows -A`');
  });
});

describe('version', () => {
  const version = (...more: string[]) => holdfast(['version', '--kubeconfig', kubeconfig, ...more]);
  const deploy = async (tag: string) => {
    const labels = { 'app.kubernetes.io/name': 'holdfast', 'app.kubernetes.io/component': 'operator' };
    const containers = [{ name: 'operator', image: `registry.example/holdfast-operator:${tag}` }];
    await bed.kubectl.everywhere().apply({
      ...{ apiVersion: 'apps/v1', kind: 'Deployment' },
      metadata: { name: 'holdfast-operator', namespace: 'holdfast', labels },
      spec: {
        replicas: 1,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers } },
      },
    });
  };

  test('is unknown without an operator, and the rest is said', async () => {
    const { status, stdout } = await version();
    expect(status).toBe(2);
    expect(stdout).toMatch(/^Plugin {6}\d/);
    expect(stdout).toContain('Operator    unknown: none runs in namespace holdfast\n');
    expect(stdout).toMatch(/^CRDs {8}13 schemas are those of this CLI$/m);
    expect(stdout).toMatch(/^Apiserver {3}v1\./m);
    expect(stdout).toContain('Warning: the version of the operator is unknown.\n');
  });

  test('works together one minor version apart, and not further', async () => {
    const [major, minor = 0] = ownVersion().split('.').map(Number);
    await deploy(`${major}.${minor + 1}.0`);
    const next = await version();
    expect({ status: next.status, last: next.stdout.trim().split('\n').at(-1) }).toEqual({
      status: 0,
      last: 'The operator is 1 minor version newer than this plugin, which works.',
    });
    await deploy(`${major}.${minor + 2}.0`);
    const far = await version('-o', 'json');
    expect(far.status).toBe(2);
    expect(JSON.parse(far.stdout)).toMatchObject({ skew: { skew: 'unsupported' } });
  });

  // https://github.com/argoproj/argo-cd/issues/10178, kubernetes/kubernetes#70212
  test('ends by itself where nothing responds, with the own version', async () => {
    const { port } = mute.address() as { port: number };
    const silent = join(bed.folder, 'silent');
    const text = await readFile(kubeconfig, 'utf8');
    await writeFile(silent, text.replace(/https:\/\/[^\s"]+/, `https://127.0.0.1:${port}`), { mode: 0o600 });
    // The process ends although the connection is still being made.
    const { status, stdout } = await holdfast(['version', '--kubeconfig', silent]);
    expect(status).toBe(2);
    expect(stdout).toMatch(/^Plugin {6}\d.*\n\nWarning: no cluster could be asked: /);
  }, 30_000);

  test('also where the program for credentials waits for somebody', async () => {
    const waiting = join(bed.folder, 'waiting');
    const exec = {
      apiVersion: 'client.authentication.k8s.io/v1',
      command: 'sleep',
      args: ['300'],
      interactiveMode: 'Never',
    };
    const config = {
      ...{ apiVersion: 'v1', kind: 'Config', 'current-context': 'a' },
      contexts: [{ name: 'a', context: { cluster: 'a', user: 'a' } }],
      clusters: [{ name: 'a', cluster: { server: 'https://127.0.0.1:1' } }],
      users: [{ name: 'a', user: { exec } }],
    };
    await writeFile(waiting, JSON.stringify(config), { mode: 0o600 });
    const { status, stdout } = await holdfast(['version', '--kubeconfig', waiting]);
    expect(status).toBe(2);
    expect(oneLine(stdout)).toContain('the kubeconfig gave no credentials in time; log in, then repeat');
  }, 30_000);
});

test('explain asks no cluster', async () => {
  const { status, stdout } = await holdfast(['explain', 'hmw.spec.windows.schedule'], { KUBECONFIG: '/nonexistent' });
  expect(status).toBe(0);
  expect(stdout).toContain('Field     spec.windows[].schedule <string>, required\n');
});

describe('the examples of the docs are what is printed, but for times', () => {
  const page = resolve(import.meta.dirname, '../../docs/terminal.md');
  const timeless = (text: string): string =>
    text
      .replace(/\d{4}-\d\d-\d\dT[\d:]+Z/g, 'TIME')
      .replace(/\w{3} \d{4}-02-29/g, 'DAY')
      .replace(/\d+ days/g, 'DAYS');
  test.each(['tree devicebaseline/base', 'windows leap-day'])('%s', async (command) => {
    const text = await readFile(page, 'utf8');
    const [, args = '', printed = ''] =
      new RegExp(`^\\$ kubectl holdfast (${command} [^\n]*)\n((?:(?!\`\`\`)[^])+)`, 'm').exec(text) ?? [];
    expect(args).not.toBe('');
    const words = args.replace(' -n fleet', '').split(' ');
    expect(timeless((await admin(...words)).stdout)).toBe(timeless(printed));
  });
});

/**
 * The plugin as people run it, on real hosts and a real apiserver: `check --host` has the verdicts of the operator, and a host that cannot be checked is never
 * a pass; `status` and `why` say what is known, what is worst, and what to do next.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { apiVersion, namespace, startBed, untilCondition, type Bed } from '../operator/bed.ts';
import { until } from '../operator/until.ts';

const policies = resolve(import.meta.dirname, '../../policies');
const plugin = resolve(import.meta.dirname, '../../bin/kubectl-holdfast');
let bed: Bed;
let folder: string;
let mute: Server;

let kubeconfig: string;

const checks = [
  { name: 'motd', severity: 'Low', file: { path: '/etc/motd', content: 'Authorized use only.\n', mode: '0644' } },
  { name: 'shadow', severity: 'Critical', file: { path: '/etc/shadow', maxMode: '0640', owner: 'root' } },
  {
    name: 'umask',
    severity: 'Medium',
    setting: { path: '/etc/login.defs', key: 'UMASK', value: '027', compare: 'AtLeast' },
  },
  { name: 'redirects', severity: 'High', sysctl: { name: 'net.ipv4.conf.all.accept_redirects', value: '0' } },
  { name: 'root-login', severity: 'High', sshd: { option: 'PermitRootLogin', value: 'no' } },
  { name: 'telnet', severity: 'High', package: { name: 'telnet', state: 'Absent' } },
  { name: 'auditor', user: { name: 'auditor', shell: '/usr/sbin/nologin' } },
  { name: 'crond', service: { name: 'crond.service', enabled: true } },
];
const baseline = {
  apiVersion,
  kind: 'DeviceBaseline',
  metadata: { name: 'base', namespace },
  spec: { selector: { matchLabels: { os: 'rhel9' } }, checks },
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-check-'));
  bed = await startBed(['web-01', 'web-02'], { manifests: [policies] });
  await bed.host('web-02').writeFile('/etc/motd', 'Authorized use only.\n', '0644');
  // Accepts connections, and never says a word.
  mute = createServer(() => undefined);
  await new Promise<void>((settle) => mute.listen(0, '127.0.0.1', settle));
  const { port } = mute.address() as { port: number };
  const hosts = bed.fleet.hosts.map(
    ({ name, address }) => `Host ${name}\n  HostName ${address}\n  HostKeyAlias ${name}`,
  );
  const known = bed.fleet.hosts.map(({ name, hostKey }) => `${name} ${hostKey}`);
  const config = [
    ...hosts,
    `Host stranger\n  HostName ${bed.host('web-01').address}\n  HostKeyAlias stranger`,
    `Host mute\n  HostName 127.0.0.1\n  Port ${port}`,
    `Host *\n  User ${bed.fleet.user}\n  IdentityFile ${bed.fleet.privateKey}\n  IdentitiesOnly yes\n  UserKnownHostsFile ${join(folder, 'known_hosts')}`,
    '',
  ];
  await writeFile(join(folder, 'known_hosts'), `${known.join('\n')}\n`);
  await writeFile(join(folder, 'config'), config.join('\n'));
  await writeFile(join(folder, 'ssh'), `#!/bin/sh\nexec /usr/bin/ssh -F ${join(folder, 'config')} "$@"\n`);
  await chmod(join(folder, 'ssh'), 0o755);
  await writeFile(join(folder, 'baseline.json'), JSON.stringify(baseline));
  kubeconfig = await bed.cluster.kubeconfigFor('admin', ['system:masters']);
  await bed.operator();
  await bed.kubectl.apply(baseline);
  await untilCondition(bed.kubectl, 'devicebaseline', 'base', 'Compliant', 'False');
}, 900_000);

afterAll(async () => {
  mute.close();
  await bed.stop();
  await rm(folder, { recursive: true, force: true });
}, 60_000);

/** By the user's own ssh, whose configuration is that of the bed. */
function holdfast(...args: string[]): Promise<{ status: number | null; stdout: string; stderr: string }> {
  const child = spawn(plugin, args, { env: { ...process.env, PATH: `${folder}:${process.env['PATH']}` } });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  return new Promise((settle) => child.once('close', (status) => settle({ status, stdout, stderr })));
}

const check = (...args: string[]) => holdfast('check', '-f', join(folder, 'baseline.json'), ...args);

interface Results {
  readonly targets: readonly { readonly name: string; readonly checks: readonly object[] }[];
}

/** Without the time at which something was first seen. */
function verdicts(text: string): unknown {
  const { targets } = JSON.parse(text, (key: string, value: unknown) =>
    key === 'since' ? undefined : value,
  ) as Results;
  return targets.map(({ name, checks }) => ({ name, checks }));
}

test('the verdicts on hosts are those of the operator in a cluster, word for word', async () => {
  const inCluster = await holdfast('results', 'base', '-n', namespace, '--kubeconfig', kubeconfig);
  const { status, stdout } = await check('--host', 'web-01', '--host', 'web-02', '--sudo', '-o', 'json');
  expect(status).toBe(2);
  expect(verdicts(stdout)).toEqual(verdicts(inCluster.stdout));
});

test('what only root can read is unknown without it, and the report says how to read it', async () => {
  const { status, stdout } = await check('--host', 'web-02');
  expect(status).toBe(2);
  expect(stdout).toMatch(/^web-02 \(/);
  expect(stdout).toMatch(/Unknown +root-login/);
  expect(stdout).toContain('What only root can read is unknown: repeat it with --sudo.');
});

test('a host whose key is not known is not checked, and none is accepted', async () => {
  const { status, stdout } = await check('--host', 'stranger');
  expect({ status, said: stdout.replace(/\s+/g, ' ').trim() }).toEqual({
    status: 1,
    said: "stranger: not checked: the host key of stranger is not in your known_hosts; connect once with 'ssh stranger', and compare the key with the host's console",
  });
});

test('a host that hangs ends within its time, and the others are reported', async () => {
  const { status, stdout } = await check('--host', 'mute', '--host', 'web-02', '--sudo', '--timeout', '5');
  expect(status).toBe(2);
  expect(stdout).toMatch(/^mute: not checked: /m);
  expect(stdout).toMatch(/^web-02 \(/m);
}, 60_000);

describe('status', () => {
  const status = (...args: string[]) => holdfast('status', '--kubeconfig', kubeconfig, ...args);

  test('says what is known of how many, what is worst first, and whether an operator runs', async () => {
    const { status: code, stdout, stderr } = await status();
    expect({ code, stderr }).toEqual({ code: 2, stderr: '' });
    expect(stdout).toMatch(/^Operator +unknown: none has taken the Lease holdfast-operator in\n +namespace holdfast\n/);
    expect(stdout).toMatch(/^Hosts +2: 2 drifted$/m);
    expect(stdout).toMatch(/^DeviceBaselines +1: 1 drifted$/m);
    expect(stdout).toMatch(/Worst first\n {2}device\/web-01 -n fleet: drifted\n {4}6 of 8 checks fail/);
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });

  test('in JSON has all of it', async () => {
    const { stdout } = await status('-o', 'json', '-n', namespace);
    expect(JSON.parse(stdout)).toMatchObject({
      isWell: false,
      areas: expect.arrayContaining([
        { title: 'Hosts', kind: 'Device', total: 2, states: [{ state: 'drifted', count: 2, isWell: false }] },
      ]),
      concerns: expect.arrayContaining([expect.objectContaining({ kind: 'Device', name: 'web-02', state: 'drifted' })]),
    });
  });

  test('without any right says which is missing', async () => {
    const nobody = await bed.cluster.kubeconfigFor('nobody');
    const { status: code, stdout, stderr } = await holdfast('status', '--kubeconfig', nobody);
    expect({ code, stdout, stderr }).toEqual({
      code: 1,
      stdout: '',
      stderr:
        'error: nothing can be read: you may not list devices.holdfast.dev in all namespaces; for one namespace, add `-n NAMESPACE`.\n',
    });
  });
});

describe('why', () => {
  const why = (...args: string[]) => holdfast('why', ...args, '--kubeconfig', kubeconfig, '-n', namespace);

  test('explains a host to who may not read runs and waivers, and says so', async () => {
    const metadata = { name: 'sees-hosts', namespace };
    const resources = ['devices', 'devicebaselines', 'driftreports'];
    const apiGroup = 'rbac.authorization.k8s.io';
    await bed.kubectl.apply(
      {
        ...{ apiVersion: `${apiGroup}/v1`, kind: 'Role', metadata },
        rules: [{ apiGroups: ['holdfast.dev'], resources, verbs: ['get', 'list'] }],
      },
      {
        ...{ apiVersion: `${apiGroup}/v1`, kind: 'RoleBinding', metadata },
        roleRef: { kind: 'Role', name: metadata.name, apiGroup },
        subjects: [{ kind: 'User', name: 'mia', apiGroup }],
      },
    );
    const mia = await bed.cluster.kubeconfigFor('mia');
    const { status, stdout, stderr } = await holdfast('why', 'web-01', '--kubeconfig', mia, '-n', namespace);
    expect({ status, stderr }).toEqual({ status: 2, stderr: '' });
    const text = stdout.replaceAll(/\s+/g, ' ');
    expect(text).toContain(
      `not known: what was tried: you may not list ansibleruns.holdfast.dev in namespace ${namespace}`,
    );
    expect(text).toContain('not known: until when waivers last: you may not list policywaivers.holdfast.dev');
    expect(text).toContain('Fail root-login (high');
  });

  test('names what fails, worst first, and the next step', async () => {
    const { status, stdout, stderr } = await why('web-01');
    expect({ status, stderr }).toEqual({ status: 2, stderr: '' });
    const order = ['redirects (high', 'root-login (high', 'auditor (medium', 'motd (low'].map((text) =>
      stdout.indexOf(text),
    );
    expect(order).toEqual(order.toSorted((a, b) => a - b));
    expect(order[0]).toBeGreaterThan(0);
    expect(stdout).toContain('value: expected no, found without-password');
    const enforce = `$ kubectl -n fleet patch devicebaseline base --type merge -p '{"spec":{"mode":"Enforce"}}'`;
    expect(stdout.split(enforce)).toHaveLength(2);
  });

  test('of one check shows that check alone', async () => {
    const { stdout } = await why('device/web-01', 'umask');
    expect(stdout).toContain('umask (medium');
    expect(stdout).not.toContain('root-login (');
  });

  test('of a host that there is none of says where to look', async () => {
    const { status, stderr } = await why('web-99');
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: 'error: Device web-99 does not exist in namespace fleet; list them with `kubectl get devices -A`.\n',
    });
  });
});

describe('a deviation', () => {
  const as = async (user: string, ...args: string[]) => {
    const own = await bed.cluster.kubeconfigFor(user, ['system:masters']);
    return holdfast(...args, '-n', namespace, '--kubeconfig', own);
  };
  const waive = (...more: string[]) =>
    as('alice', 'waive', 'web-01', 'motd', '--reason', 'the vendor writes it', '--until', '336h', ...more);

  test('of a check that does not fail, or for longer than its severity allows, is not requested', async () => {
    const passing = await as('alice', 'waive', 'web-01', 'telnet', '--reason', 'x', '--until', '24h');
    expect(passing).toMatchObject({ status: 1, stdout: '' });
    expect(passing.stderr).toContain(
      'telnet does not fail on web-01 under one baseline: what fails there is redirects, ',
    );
    const long = await as('alice', 'waive', 'web-01', 'redirects', '--reason', 'x', '--until', '744h');
    expect(long.stderr).toBe('error: A waiver of these checks ends after at most 30 days; set --until to less.\n');
  });

  test('is printed as a manifest by a dry run, and nothing is created', async () => {
    const { status, stdout } = await waive('--dry-run');
    expect(status).toBe(0);
    expect(stdout).toContain('requestedBy: alice');
    expect(await bed.kubectl.list('policywaivers')).toEqual([]);
  });

  test('is requested by one and approved by another; who requests it cannot approve it', async () => {
    const requested = await waive();
    expect(requested).toMatchObject({ status: 0, stderr: '' });
    expect(requested.stdout).toContain('kubectl holdfast approve policywaiver/web-01-motd -n fleet');
    const own = await as('alice', 'approve', 'policywaiver/web-01-motd');
    const stale = await as('bob', 'approve', 'policywaiver/web-01-motd', '--digest', 'sha256:00000000');
    expect([own.status, stale.status]).toEqual([1, 1]);
    expect(stale.stderr).toContain('is another now (sha256:');
    const approved = await as('bob', 'approve', 'policywaiver/web-01-motd', '--comment', 'until it is replaced');
    expect(approved).toMatchObject({ status: 0, stderr: '' });
    expect(approved.stdout).toMatch(/reason: ["']?the vendor writes it["']?\n/);
    await untilCondition(bed.kubectl, 'policywaiver', 'web-01-motd', 'Effective', 'True');
    const { stdout } = await holdfast('why', 'web-01', 'motd', '--kubeconfig', kubeconfig, '-n', namespace);
    expect(stdout).toMatch(/Waived motd \(low/);
    expect(stdout).toContain('next: PolicyWaiver web-01-motd covers it until ');
  });
});

describe('small requests', () => {
  const admin = (...args: string[]) => holdfast(...args, '-n', namespace, '--kubeconfig', kubeconfig);
  const spec = async () => (await bed.kubectl.get<{ spec: { suspend?: object } }>('device', 'web-02'))?.spec.suspend;

  test('suspend and resume an object, and replace no pause of somebody else', async () => {
    const paused = await admin('suspend', 'device/web-02', '--reason', 'moved', '--until', '2h');
    expect(paused.stdout).toMatch(/^Suspended Device web-02 until 2\d{3}-/);
    expect(await spec()).toMatchObject({ reason: 'moved' });
    await untilCondition(bed.kubectl, 'device', 'web-02', 'Suspended', 'True');
    const other = await admin('suspend', 'device/web-02', '--reason', 'mine');
    expect(other).toMatchObject({ status: 1, stdout: '' });
    expect(other.stderr).toContain('it is suspended already, for another reason (moved); resume it first');
    expect((await admin('resume', 'device/web-02')).stdout).toBe('Resumed Device web-02.\n');
    expect(await spec()).toBeUndefined();
    expect((await admin('resume', 'device/web-02')).stdout).toBe('Device web-02 is not suspended.\n');
  });

  test('evaluate hosts now; one that there is none of stops no other', async () => {
    await bed.host('web-02').writeFile('/etc/motd', 'Changed.\n', '0644');
    const { status, stdout, stderr } = await admin('scan', 'web-99', 'web-02');
    expect({ status, stdout }).toEqual({ status: 1, stdout: 'Requested to evaluate Device web-02 now.\n' });
    expect(stderr).toBe('error: Device web-99: it does not exist in namespace fleet; check its name.\n');
    await until('the change is found', async () => {
      const found = await holdfast('why', 'web-02', 'motd', '--kubeconfig', kubeconfig, '-n', namespace);
      return found.stdout.includes('found line 1: Changed.') || undefined;
    });
  });
});

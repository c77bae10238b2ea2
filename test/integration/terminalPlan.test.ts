/**
 * `plan`, `correct` and `undo` as people run them, on two real hosts and a real apiserver: what is planned is what the operator then does, nothing is
 * written meanwhile, and what a run by hand changed is put back, or named.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { AnsibleRun } from '../../operator/api/v1alpha1/ansibleRun.ts';
import { apiVersion, namespace, startBed, untilCondition, type Bed } from '../operator/bed.ts';
import { until } from '../operator/until.ts';

const repository = resolve(import.meta.dirname, '../..');
let bed: Bed;
let folder: string;
let kubeconfig: string;

const motd = 'Authorized use only.\n';
const checks = [
  { name: 'motd', severity: 'Low', file: { path: '/etc/motd', content: motd, mode: '0644' } },
  { name: 'umask', setting: { path: '/etc/login.defs', key: 'UMASK', value: '027', compare: 'AtLeast' } },
  { name: 'root-login', severity: 'High', sshd: { option: 'PermitRootLogin', value: 'no' } },
  { name: 'telnet', severity: 'High', package: { name: 'telnet', state: 'Absent' } },
];
const baseline = (spec: object = {}, name = 'base') => ({
  ...{ apiVersion, kind: 'DeviceBaseline', metadata: { name, namespace } },
  spec: { selector: { matchLabels: { os: 'rhel9' } }, remediation: { backend: 'Local' }, checks, ...spec },
});

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-plan-'));
  bed = await startBed(['web-01', 'web-02'], { manifests: [join(repository, 'policies')] });
  const hosts = bed.fleet.hosts.map(
    ({ name, address }) => `Host ${address}\n  HostName ${address}\n  HostKeyAlias ${name}`,
  );
  const config = `Host *\n  User ${bed.fleet.user}\n  IdentityFile ${bed.fleet.privateKey}\n  IdentitiesOnly yes\n  UserKnownHostsFile ${join(folder, 'known_hosts')}\n`;
  await writeFile(join(folder, 'config'), `${hosts.join('\n')}\n${config}`);
  const known = bed.fleet.hosts.map(({ name, hostKey }) => `${name} ${hostKey}\n`);
  await writeFile(join(folder, 'known_hosts'), known.join(''));
  await writeFile(join(folder, 'ssh'), `#!/bin/sh\nexec /usr/bin/ssh -F ${join(folder, 'config')} "$@"\n`);
  await chmod(join(folder, 'ssh'), 0o755);
  kubeconfig = await bed.cluster.kubeconfigFor('admin', ['system:masters']);
  await bed.operator();
}, 900_000);

afterAll(async () => {
  await bed.stop();
  await rm(folder, { recursive: true, force: true });
}, 60_000);

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** By the user's own ssh, whose configuration is that of the bed, in a pipe. */
function holdfastAs(config: string, args: readonly string[], input = ''): Promise<Ended> {
  const env = { ...process.env, PATH: `${folder}:${process.env['PATH']}` };
  const child = spawn(join(repository, 'bin/kubectl-holdfast'), [...args, '--kubeconfig', config], {
    env,
    cwd: folder,
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  child.stdin.end(input);
  return new Promise((settle) => child.once('close', (status) => settle({ status, stdout, stderr })));
}

const holdfast = (...args: string[]) => holdfastAs(kubeconfig, args);
const plan = (objects: readonly object[], ...args: string[]) =>
  holdfastAs(kubeconfig, ['plan', '-f', '-', ...args], objects.map((one) => JSON.stringify(one)).join('\n---\n'));

/** As most people apply: on their own side, so that a later apply removes what the file says no longer. */
async function applied(object: object): Promise<void> {
  await writeFile(join(folder, 'applied.json'), JSON.stringify(object));
  await bed.kubectl.run('apply', '-f', join(folder, 'applied.json'));
}

/** Versions of all that a plan could have written. */
async function versions(): Promise<string> {
  const kinds = 'devices,devicebaselines,ansibleruns,policywaivers,maintenancewindows,secrets,resourcequotas';
  return bed.kubectl.run(
    'get',
    kinds,
    '-A',
    '-o',
    'jsonpath={range .items[*]}{.metadata.uid} {.metadata.generation}{"\\n"}{end}',
  );
}

const evaluated = () =>
  until('both hosts are evaluated', async () => {
    const found = await holdfast('results', 'base', '-n', namespace, '-o', 'json');
    const { targets } = JSON.parse(found.stdout) as { targets: { state: string }[] };
    return (targets.length === 2 && targets.every(({ state }) => state === 'Seen')) || undefined;
  });

describe('plan', () => {
  test('of a baseline that nobody has evaluated says so, check by check, and writes nothing', async () => {
    const before = await versions();
    const { status, stdout, stderr } = await plan([baseline({ mode: 'Enforce' })]);
    expect({ status, stderr }).toEqual({ status: 2, stderr: '' });
    expect(stdout).toMatch(
      /^DeviceBaseline fleet\/base: would be created\n├─ 2 hosts; 2 gained: web-01, web-02\n├─ checks: 4 added\n/,
    );
    expect(stdout.match(/unknown \(not evaluated yet\) on web-01, web-02/g)).toHaveLength(4);
    expect(stdout).toContain('correction: nothing that is known');
    expect(await versions()).toBe(before);
  });

  test('asks the hosts, by the ssh of who calls, and names what a correction would change', async () => {
    const { status, stdout } = await plan([baseline({ mode: 'Enforce' })], '--ssh', '--sudo');
    expect(status).toBe(2);
    expect(stdout).toContain('root-login (added): fails on web-01, web-02');
    expect(stdout).toContain('telnet (added): passes on 2 hosts');
    expect(stdout).toMatch(/ {3}├─ root-login on web-01, web-02\n {3}│ {4}change 1 line of \/etc\/ssh\/sshd_config\n/);
    expect(await bed.kubectl.list('driftreports')).toEqual([]);
  });

  test('of what is there already is nothing, and 0', async () => {
    await applied(baseline());
    await untilCondition(bed.kubectl, 'devicebaseline', 'base', 'Compliant', 'False');
    await evaluated();
    expect(await plan([baseline()])).toEqual({ status: 0, stdout: 'Plan: 1 unchanged.\n', stderr: '' });
  });

  test('shows what differs, what is known of it, and a check that is removed', async () => {
    const [, ...others] = checks;
    const changed = { ...checks[0], file: { path: '/etc/motd', content: 'Go away.\n', mode: '0644' } };
    const { status, stdout } = await plan([baseline({ checks: [changed, ...others.slice(0, 2)] })]);
    expect(status).toBe(2);
    const page = await readFile(join(repository, 'docs/terminal.md'), 'utf8');
    const [, shown = ''] = /```console\n\$ kubectl holdfast plan -f base\.yaml\n([\s\S]*?)```/.exec(page) ?? [];
    expect(shown).toBe(stdout);
  });

  test('tries all documents, names what the apiserver refuses, and what waits for the others', async () => {
    const window = (name: string, within: string, seconds: number) => ({
      ...{ apiVersion, kind: 'MaintenanceWindow', metadata: { name, namespace: within } },
      spec: { timeZone: 'Etc/UTC', windows: [{ schedule: '0 2 * * 0', durationSeconds: seconds }] },
    });
    const objects = [
      window('short', namespace, 1),
      window('new', 'shop', 7200),
      window('lost', 'nowhere', 7200),
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } },
      window('sunday', namespace, 7200),
      baseline({ mode: 'Enforce', remediation: { backend: 'Local', windowRef: { name: 'sunday' } } }),
      { apiVersion: 'example.com/v1', kind: 'Widget', metadata: { name: 'x' } },
      { ...baseline({ selektor: {} }, 'typo') },
    ];
    const { status, stdout } = await plan(objects);
    expect(status).toBe(1);
    const said = stdout.replace(/\s+/g, ' ');
    expect(said).toContain(
      'MaintenanceWindow fleet/short: would be refused: MaintenanceWindow.holdfast.dev "short" is invalid: spec.windows[0].durationSeconds',
    );
    expect(said).toContain('MaintenanceWindow shop/new: not known: namespace shop is created by the same files');
    expect(said).toContain(
      'MaintenanceWindow nowhere/lost: would be refused: namespace nowhere does not exist; create it first',
    );
    expect(said).toContain(
      'Widget x: would be refused: the apiserver has no kind Widget in example.com/v1; install its CRD',
    );
    expect(said).toMatch(/DeviceBaseline fleet\/typo: would be refused: .*unknown field "spec.selektor"/);
    // The window of the same files counts.
    expect(said).toMatch(/waits for MaintenanceWindow sunday: opens \w+ \d{4}-/);
    expect(said).toMatch(/Plan: 2 to create, 1 to change, 4 refused, 1 unknown/);
  });

  test('never prints what is secret, whichever form it has', async () => {
    const secret = (password: string) => ({
      ...{ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'db', namespace } },
      stringData: { password },
    });
    const sensitive = (content: string) =>
      baseline({ checks: [{ name: 'token', file: { path: '/etc/token', content, mode: '0600' } }] }, 'tokens');
    await applied(secret('hunter2-before'));
    await applied(sensitive('hunter2-before\n'));
    for (const output of ['text', 'wide', 'json']) {
      const { status, stdout } = await plan(
        [secret('hunter2-after'), sensitive('hunter2-after\n')],
        '-o',
        output,
        '--ssh',
        '--sudo',
      );
      expect(status).toBe(2);
      expect(stdout).toContain('spec.checks[token].file.content');
      for (const text of ['hunter2-before', 'hunter2-after'])
        for (const form of [text, Buffer.from(text).toString('base64').slice(0, 16)])
          expect(stdout).not.toContain(form);
    }
    const refused = await plan([{ ...secret('x'), stringData: { password: { 'hunter2-after': ['hunter2-after'] } } }]);
    expect(refused.status).toBe(1);
    expect(refused.stdout).not.toContain('hunter2-after');
    await bed.kubectl.run('delete', 'devicebaseline/tokens', 'secret/db');
  });

  test('of a ClusterBaseline names the objects, by dry runs with the rights of who asks', async () => {
    const cluster = {
      ...{ apiVersion, kind: 'ClusterBaseline', metadata: { name: 'quotas' } },
      spec: {
        ...{ mode: 'Enforce', serviceAccountRef: { namespace, name: 'writer' } },
        objects: [
          {
            ...{ name: 'quota', severity: 'High', namespaceSelector: { include: [namespace] } },
            template: {
              apiVersion: 'v1',
              kind: 'ResourceQuota',
              metadata: { name: 'all' },
              spec: { hard: { pods: '10' } },
            },
          },
        ],
      },
    };
    const before = await versions();
    const { status, stdout } = await plan([cluster]);
    expect(status).toBe(2);
    expect(stdout).toContain('resourcequota/fleet/all (quota), would be created');
    expect(stdout.replace(/\s+/g, ' ')).toContain('it acts with those of ServiceAccount fleet/writer');
    expect(await versions()).toBe(before);
  });

  test('without rights is unknown, and says which are missing', async () => {
    const nobody = await bed.cluster.kubeconfigFor('nobody');
    const { status, stdout } = await holdfastAs(
      nobody,
      ['plan', '-f', '-'],
      JSON.stringify(baseline({ mode: 'Enforce' })),
    );
    expect(status).toBe(2);
    const said = stdout.replace(/\s+/g, ' ');
    expect(said).toContain(
      'DeviceBaseline fleet/base: not known: you may not get devicebaselines.holdfast.dev in namespace fleet',
    );
    expect(said).toContain('unknown: you may not list devices.holdfast.dev in namespace fleet');
    expect(said).not.toContain('web-01');
  });

  test('of a wrong command line or file is 1', async () => {
    const none = await holdfast('plan');
    const missing = await holdfast('plan', '-f', 'no-such-file.yaml');
    expect([none.status, missing.status]).toEqual([1, 1]);
    expect(missing.stdout).toContain('error: no-such-file.yaml: no-such-file.yaml cannot be read: it does not exist');
  });
});

const run = async (stdout: string) => {
  const [, name = ''] = /Created AnsibleRun (\S+?)[.,;]/.exec(stdout) ?? [];
  return (await bed.kubectl.get<AnsibleRun>('ansiblerun', name))!;
};
const motdOf = (host: string) => bed.host(host).mustRun('cat /etc/motd');

describe('correct and undo', () => {
  test('say first what they would do, and do nothing without consent', async () => {
    const dry = await holdfast('correct', 'web-01', 'web-02', '--check', 'motd', '-n', namespace, '--dry-run');
    expect(dry).toMatchObject({ status: 2, stderr: '' });
    expect(dry.stdout).toContain(
      '2 checks would be corrected on web-01, web-02\n└─ DeviceBaseline base\n   ├─ web-01: motd\n   └─ web-02: motd\n',
    );
    const silent = await holdfast('correct', 'web-01', '-n', namespace);
    expect(silent).toMatchObject({
      status: 1,
      stderr: 'error: not confirmed, so nothing was done; without a terminal, repeat it with --yes.\n',
    });
    expect(await bed.kubectl.list('ansibleruns')).toEqual([]);
  });

  test('wait for the window of the baseline, and for those of all others of the host', async () => {
    const closed = { timeZone: 'Etc/UTC', windows: [{ schedule: '0 2 29 2 *', durationSeconds: 60 }] };
    await bed.kubectl.apply({
      apiVersion,
      kind: 'MaintenanceWindow',
      metadata: { name: 'leap', namespace },
      spec: closed,
    });
    const other = baseline(
      { checks: [checks[3]], remediation: { backend: 'Local', windowRef: { name: 'leap' } } },
      'other',
    );
    await applied(other);
    const { status, stdout } = await holdfast('correct', 'web-01', '--check', 'motd', '-n', namespace, '--yes');
    expect(status).toBe(0);
    expect(stdout.replace(/\s+/g, ' ')).toContain('the run waits for MaintenanceWindow leap');
    const { metadata } = await run(stdout);
    await untilCondition(bed.kubectl, 'ansiblerun', metadata.name, 'Succeeded', 'Unknown').catch(() => undefined);
    await until('it waits', async () => {
      const waiting = await bed.kubectl.get<AnsibleRun>('ansiblerun', metadata.name);
      return (
        waiting?.status?.conditions?.some(({ message }) => message.includes('MaintenanceWindow leap')) || undefined
      );
    });
    expect(await motdOf('web-01')).toBe('');
    await bed.kubectl.run('delete', `ansiblerun/${metadata.name}`, 'devicebaseline/other', 'maintenancewindow/leap');
  });

  test('correct what fails and follow it to the end; undo puts it back exactly, once', async () => {
    const corrected = await holdfast(
      'correct',
      'web-01',
      'web-02',
      '--check',
      'motd',
      '--check',
      'umask',
      '-n',
      namespace,
      '--yes',
      '--wait',
    );
    expect(corrected.status).toBe(0);
    expect(corrected.stdout).toContain('├─ web-01: corrected, and verified\n└─ web-02: corrected, and verified\n');
    expect([await motdOf('web-01'), await motdOf('web-02')]).toEqual([motd, motd]);
    const made = await run(corrected.stdout);
    // Within what the baseline allows at once.
    expect(made.spec).toMatchObject({ serial: 1, baselineRef: { name: 'base' }, backend: 'Local' });

    const { name } = made.metadata;
    const dry = await holdfast('undo', name, '-n', namespace, '--dry-run');
    expect(dry.status).toBe(2);
    expect(dry.stdout).toContain(`AnsibleRun ${name}: 4 checks on 2 hosts would be put back\n`);
    const one = await holdfast('undo', name, '--device', 'web-02', '-n', namespace, '--yes', '--wait');
    expect(one.status).toBe(0);
    expect([await motdOf('web-01'), await motdOf('web-02')]).toEqual([motd, '']);

    // What somebody changed since is not put back, and is named.
    await bed.host('web-01').writeFile('/etc/motd', 'Changed since.\n', '0644');
    const partly = await holdfast('undo', `ansiblerun/${name}`, '-n', namespace, '--yes', '--wait');
    expect(partly.status).toBe(2);
    expect(partly.stdout.replace(/\s+/g, ' ')).toContain('undone already on web-02');
    expect(partly.stdout).toMatch(/motd: not put back: /);
    expect(partly.stdout).not.toMatch(/umask: not put back/);
    expect(await motdOf('web-01')).toBe('Changed since.\n');

    const again = await holdfast('undo', name, '--device', 'web-02', '-n', namespace, '--yes');
    expect(again).toMatchObject({ status: 1, stdout: '' });
    expect(again.stderr).toMatch(new RegExp(`^error: AnsibleRun ${name} was undone already, by AnsibleRun undo-`));
  }, 180_000);

  test('leave what is waived and what a person has to do', async () => {
    const waiver = (requestedBy: string) =>
      holdfastAs(requestedBy, ['waive', 'web-02', 'root-login', '-n', namespace, '--reason', 'x', '--until', '24h']);
    const alice = await bed.cluster.kubeconfigFor('alice', ['system:masters']);
    await evaluated();
    expect(await waiver(alice)).toMatchObject({ status: 0 });
    expect((await holdfast('approve', 'policywaiver/web-02-root-login', '-n', namespace)).status).toBe(0);
    await untilCondition(bed.kubectl, 'policywaiver', 'web-02-root-login', 'Effective', 'True');
    const { status, stdout } = await holdfast('correct', 'web-02', '--check', 'root-login', '-n', namespace, '--yes');
    expect({ status, stdout }).toEqual({
      status: 2,
      stdout:
        'Nothing can be corrected on web-02\n└─ left as it is: root-login on web-02: PolicyWaiver web-02-root-login covers it\n',
    });
  });

  test('without rights say which is missing', async () => {
    const nobody = await bed.cluster.kubeconfigFor('nobody');
    const correct = await holdfastAs(nobody, ['correct', 'web-01', '-n', namespace, '--yes']);
    const undo = await holdfastAs(nobody, ['undo', 'x', '-n', namespace, '--yes']);
    expect([correct, undo].map(({ status, stdout }) => [status, stdout])).toEqual([
      [1, ''],
      [1, ''],
    ]);
    expect(correct.stderr).toContain(
      'nothing is corrected: you may not list devicebaselines.holdfast.dev in namespace fleet',
    );
    expect(undo.stderr).toBe(
      'error: AnsibleRun x cannot be read: you may not get ansibleruns.holdfast.dev in namespace fleet.\n',
    );
  });
});

test('what was planned for a baseline in mode Enforce is what the operator does then', async () => {
  await evaluated();
  const enforcing = baseline({ mode: 'Enforce', remediation: { backend: 'Local', maxUnavailable: 1 } });
  const { stdout } = await plan([enforcing], '-o', 'json');
  const { objects } = JSON.parse(stdout) as {
    objects: {
      effect: { correction: { first: { names: string[] }; corrects: { check: string; hosts: { names: string[] } }[] } };
    }[];
  };
  const { first, corrects } = objects[0]!.effect.correction;
  await applied(enforcing);
  const runs = await until('the first run is created', async () => {
    const all = await bed.kubectl.list<AnsibleRun>('ansibleruns');
    const own = all.filter(({ metadata }) => metadata.name === 'base-1');
    return own.length > 0 ? own : undefined;
  });
  const [created] = runs;
  expect(created!.spec.deviceNames).toEqual(first.names);
  const planned = corrects.filter(({ hosts }) => hosts.names.includes(first.names[0]!)).map(({ check }) => check);
  expect(created!.spec.corrections?.[0]?.checks.toSorted()).toEqual(planned.toSorted());
});

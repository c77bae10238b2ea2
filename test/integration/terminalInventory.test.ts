/**
 * Devices of an inventory on a real apiserver and real hosts: each is accepted, one whose key was imported is reached, and one whose key differs is never
 * written. The example of docs/import-inventory.md is run here.
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { execFileSync, spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { commands } from '../../operator/cli/commands.ts';
import { dispatch } from '../../operator/cli/dispatch.ts';
import { processIo } from '../../operator/cli/processIo.ts';
import { namespace, startBed, untilCondition, type Bed } from '../operator/bed.ts';
import { inventories } from './inventories.ts';

const root = resolve(import.meta.dirname, '../..');
const plugin = join(root, 'bin/kubectl-holdfast');
let bed: Bed;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-inventory-'));
  bed = await startBed(['web-01', 'web-02']);
  await bed.kubectl.run('delete', 'devices', '--all', '-n', namespace);
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

/** In the directory of the test, whose known_hosts is that of its user. */
function holdfast(...args: string[]): Promise<Ended> {
  const child = spawn(plugin, args, {
    cwd: folder,
    env: { ...process.env, HOME: folder },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  return new Promise((settle) => child.once('close', (status) => settle({ status, stdout, stderr })));
}

async function files(all: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(all)) {
    await mkdir(join(folder, dirname(path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}

const imported = (...args: string[]) =>
  holdfast('import', 'inventory', ...args, '--credentials-secret', 'fleet-ssh', '-n', namespace);

/** The hosts of the bed. */
function hostsFile(): string {
  const lines = bed.fleet.hosts.map(({ name, address }) => `${name} ansible_host=${address}`);
  return `[web]\n${lines.join('\n')}\n[web:vars]\nansible_user=${bed.fleet.user}\nansible_become=true\n`;
}

function fingerprintOf(key: string): string {
  return execFileSync('ssh-keygen', ['-lf', '-'], { input: key, encoding: 'utf8' }).split(' ')[1] ?? '';
}

test('every Device of the corpus is accepted by the apiserver', async () => {
  await files({ any: `* ${bed.host('web-01').hostKey}\n` });
  const devices: string[] = [];
  for (const [at, { files: all, sources = ['hosts'], isRefused }] of Object.values(inventories).entries()) {
    await files(Object.fromEntries(Object.entries(all).map(([path, text]) => [`corpus/${at}/${path}`, text])));
    const paths = sources.map((source) => join(folder, `corpus/${at}/${source}`));
    let made = '';
    const io = { ...processIo(), stdout: (text: string) => void (made += text), stderr: () => undefined };
    const flags = ['--credentials-secret', 'fleet-ssh', '-n', namespace, '--user', 'holdfast'];
    const args = ['import', 'inventory', ...paths, ...flags, '--known-hosts', join(folder, 'any')];
    const status = await dispatch(args, commands, io);
    if (isRefused) expect([paths, status, made]).toEqual([paths, 1, '']);
    if (made) devices.push(made);
  }
  expect(devices.length).toBeGreaterThan(25);
  const { code, stderr } = await bed.kubectl.try(
    ['apply', '--server-side', '--dry-run=server', '--force-conflicts', '-f', '-'],
    devices.join(''),
  );
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
}, 300_000);

test('a host whose key is known becomes a Device that is reached; one whose key differs is refused loudly', async () => {
  const [one, two] = [bed.host('web-01'), bed.host('web-02')];
  await files({
    hosts: hostsFile(),
    '.ssh/known_hosts': `${one.address} ${one.hostKey}\n${two.address} ${one.hostKey}\n`,
  });
  execFileSync('ssh-keygen', ['-q', '-H', '-f', join(folder, '.ssh/known_hosts')], { stdio: 'ignore' });
  const { status, stdout, stderr } = await imported('hosts', '--scan-host-keys');
  expect(status).toBe(2);
  const said = stderr.replace(/\s+/g, ' ');
  expect(said).toContain(
    'HOST KEYS DIFFER, not translated: web-02: its host key is another than the one in known_hosts',
  );
  expect(said).toContain(`now ssh-ed25519 ${fingerprintOf(two.hostKey)}`);
  expect(said).toMatch(/1 Device, 1 not translated\. $/);
  const { code } = await bed.kubectl.try(['apply', '-f', '-'], stdout);
  expect(code).toBe(0);
  await untilCondition(bed.kubectl, 'device', 'web-01', 'Reachable', 'True');
  const device = await bed.kubectl.get<{ metadata: { labels: object } }>('device', 'web-01');
  expect(device?.metadata.labels).toEqual({ 'inventory.holdfast.dev/web': '' });
  expect(await bed.kubectl.get('device', 'web-02')).toBeUndefined();
}, 120_000);

test('a scanned key that nobody confirmed is shown, and not written; one that a pipeline accepts is', async () => {
  const [one, two] = [bed.host('web-01'), bed.host('web-02')];
  await files({ hosts: hostsFile(), none: '' });
  const open = await imported('hosts', '--known-hosts', 'none', '--scan-host-keys');
  expect({ status: open.status, stdout: open.stdout }).toEqual({ status: 1, stdout: '' });
  expect(open.stderr).toContain(`web-02 ${fingerprintOf(two.hostKey)} ssh-ed25519`);
  expect(open.stderr.replace(/\s+/g, ' ')).toContain('web-01, web-02: its scanned host key is not confirmed');
  await files({ accepted: `web-02 ${fingerprintOf(two.hostKey)}\nweb-01 ${fingerprintOf(two.hostKey)}\n` });
  const accepted = await imported(
    'hosts',
    '--known-hosts',
    'none',
    '--accept-host-keys',
    'accepted',
    '-o',
    'devices.yaml',
  );
  expect({ status: accepted.status, stdout: accepted.stdout }).toEqual({ status: 2, stdout: '' });
  expect(accepted.stderr.replace(/\s+/g, ' ')).toContain(
    `HOST KEYS DIFFER, not translated: web-01: none of its host keys is accepted by --accept-host-keys (now ${fingerprintOf(one.hostKey)}`,
  );
  const { code } = await bed.kubectl.try(['apply', '-f', '-'], await readFile(join(folder, 'devices.yaml'), 'utf8'));
  expect(code).toBe(0);
  await untilCondition(bed.kubectl, 'device', 'web-02', 'Reachable', 'True');
}, 120_000);

test('at a terminal, keys are shown and trusted by yes, or host by host', async () => {
  const [one, two] = [bed.host('web-01'), bed.host('web-02')];
  await files({ hosts: hostsFile(), none: '' });
  const all = await atTerminal('yes\n');
  expect(all.status).toBe(0);
  expect(all.stdout).toContain(`web-01 ${fingerprintOf(one.hostKey)} ssh-ed25519`);
  expect(all.stdout).toContain('Type yes to trust the keys of all 2 hosts, or press Enter to be asked for each: ');
  const single = await atTerminal('\n', 'n\n', 'y\n');
  expect(single.status).toBe(2);
  const yaml = await readFile(join(folder, 'confirmed.yaml'), 'utf8');
  expect(yaml.match(/^  name: .*$/gm)).toEqual(['  name: web-02']);
  expect(yaml).toContain(two.hostKey.split(' ')[1]);
}, 60_000);

/** Each answer is typed when a question for it is there. */
function atTerminal(...answers: readonly string[]): Promise<Ended> {
  const flags = '--known-hosts none --scan-host-keys --credentials-secret fleet-ssh -n fleet -o confirmed.yaml';
  const child = spawn('script', ['-qec', `${plugin} import inventory hosts ${flags}`, '/dev/null'], {
    cwd: folder,
    env: { ...process.env, HOME: folder },
  });
  const left = [...answers];
  let [stdout, asked] = ['', 0];
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
    const questions = stdout.match(/asked for each: |\[y\/N\] /g)?.length ?? 0;
    for (; asked < questions; asked += 1) child.stdin.write(left.shift() ?? '');
  });
  return new Promise((settle) => child.once('close', (status) => settle({ status, stdout, stderr: '' })));
}

test('the example of the documentation prints what it shows', async () => {
  const page = await readFile(join(root, 'docs/import-inventory.md'), 'utf8');
  const blocks = [...page.matchAll(/<!-- file: (\S+) -->\s+```\w+\n([^]*?)```/g)];
  await files(Object.fromEntries(blocks.map(([, path = '', text = '']) => [`example/${path}`, text])));
  const [, line = '', shown = ''] = /```console\n\$ kubectl holdfast ([^\n]*)\n([^]*?)```/.exec(page) ?? [];
  const { stderr } = await holdfast(
    ...line.split(' ').map((word) => (/\.(ini|txt)$/.test(word) ? `example/${word}` : word)),
  );
  expect(stderr).toBe(shown);
  expect(await readFile(join(folder, 'devices.yaml'), 'utf8')).toBe(
    blocks.find(([, path]) => path === 'devices.yaml')?.[2],
  );
});

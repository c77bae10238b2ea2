/** The frame of the plugin on a real apiserver: names that shells complete, forms of output, a table that fits, and what is said without rights or without an answer. */
import { spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startCluster, type Cluster } from '../cluster/cluster.ts';
import { makeDevices } from '../bench/cli/devices.ts';

const root = resolve(import.meta.dirname, '../..');
const plugin = join(root, 'bin/kubectl-holdfast');
let cluster: Cluster;
let mute: Server;
let muted: string;

beforeAll(async () => {
  cluster = await startCluster({ controllerManager: false, manifests: [join(root, 'crds')] });
  // More than a page of the apiserver.
  await makeDevices(cluster.kubeconfig, 600);
  mute = createServer(() => undefined);
  await new Promise<void>((settle) => mute.listen(0, '127.0.0.1', settle));
  const { port } = mute.address() as { port: number };
  muted = join(cluster.dataFolder, 'muted');
  const config = await readFile(cluster.kubeconfig, 'utf8');
  await writeFile(muted, config.replaceAll(cluster.url, `https://127.0.0.1:${port}`), { mode: 0o600 });
}, 300_000);

afterAll(async () => {
  mute.close();
  await cluster.stop();
}, 60_000);

interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function run(program: string, args: readonly string[], environment: Record<string, string> = {}): Promise<Ran> {
  const env = { ...process.env, PATH: `${dirname(plugin)}:${process.env['PATH']}`, ...environment };
  const child = spawn(program, args, { env });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  return new Promise((settle) => child.once('close', (status) => settle({ status, stdout, stderr })));
}

describe('a shell is offered', () => {
  const offered = async (kubeconfig: string, ...words: string[]) =>
    (await run(plugin, ['__complete', ...words], { KUBECONFIG: kubeconfig })).stdout.split('\n').slice(0, -1);

  test('hosts of the namespace, of all pages', async () => {
    const all = await offered(cluster.kubeconfig, 'scan', '-n', 'fleet-0', '');
    expect(all).toHaveLength(501);
    expect(all.at(-1)).toBe(':4');
    expect(await offered(cluster.kubeconfig, 'suspend', '-n', 'fleet-1', 'device/web-0051')).toEqual([
      ...Array.from({ length: 10 }, (_, at) => `device/web-0051${at}`),
      ':4',
    ]);
  });

  test('namespaces, and contexts of the kubeconfig', async () => {
    expect(await offered(cluster.kubeconfig, 'status', '-n', 'fleet-')).toEqual(['fleet-0', 'fleet-1', ':4']);
    expect((await offered(cluster.kubeconfig, 'status', '--context', '')).length).toBe(2);
  });

  test('nothing, silently, without rights and without an answer', async () => {
    const nobody = await cluster.kubeconfigFor('nobody');
    for (const kubeconfig of [nobody, muted, '/dev/null']) {
      const answer = await run(plugin, ['__complete', 'scan', ''], { KUBECONFIG: kubeconfig });
      expect(answer).toEqual({ status: 0, stdout: ':4\n', stderr: '' });
    }
  });

  test('by kubectl, what follows `kubectl holdfast`', async () => {
    const words = ['__complete', 'holdfast', 'why', '-n', 'fleet-1', 'web-0059'];
    const { stdout } = await run('kubectl', words, { KUBECONFIG: cluster.kubeconfig });
    expect(stdout.split('\n').filter((line) => line.startsWith('web-'))).toHaveLength(10);
  });
});

describe('status', () => {
  const status = (...args: string[]) => run(plugin, ['status', '--kubeconfig', cluster.kubeconfig, ...args]);

  test('by name lists all that is not well, for other programs', async () => {
    const { status: code, stdout } = await status('-o', 'name');
    expect(code).toBe(2);
    const names = stdout.trimEnd().split('\n');
    expect(names.length).toBeGreaterThan(20);
    expect(names.filter((name) => !/^device\.holdfast\.dev\/web-\d{5}$/.test(name))).toEqual([]);
    const wide = await status('-o', 'wide');
    expect(wide.stdout.match(/^ {2}device\/web-/gm)).toHaveLength(names.length);
  });

  test('in YAML is as in JSON', async () => {
    const [json, yaml] = [await status('-o', 'json'), await status('-o', 'yaml')];
    const { moreConcerns, areas } = JSON.parse(json.stdout) as { moreConcerns: number; areas: { total: number }[] };
    expect({ moreConcerns, hosts: areas[0]?.total }).toEqual({ moreConcerns: 0, hosts: 600 });
    expect(yaml.stdout).toMatch(/^operator: /);
    expect(yaml.stdout.match(/^ {2}- kind: "?Device"?$/gm)?.length).toBe(
      json.stdout.match(/"kind": "Device",\n {6}"namespace"/g)?.length,
    );
  });

  test('has no colors in a pipe, unless they are asked for', async () => {
    expect((await status()).stdout).not.toContain('\x1b');
    expect((await status('--color', 'always')).stdout).toContain('\x1b[31mdrifted\x1b[39m');
  });

  test('of a cluster that does not respond says so within its time', async () => {
    const { status: code, stdout, stderr } = await run(plugin, ['status', '--kubeconfig', muted]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^error: nothing can be read: .*respon.*\.\n$/);
  }, 60_000);
});

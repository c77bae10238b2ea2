/** The test cluster itself: that it is a real control plane, can be lost and found, and leaves nothing behind. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startCluster } from './cluster.ts';
import type { Cluster } from './cluster.ts';
import { processesNaming, until } from './observation.ts';
import { setUp } from './setUp.ts';

const minutes = 60_000;
const here = dirname(fileURLToPath(import.meta.url));

async function kubectl(cluster: Cluster, words: string[], kubeconfig = cluster.kubeconfig): Promise<string> {
  const { stdout } = await promisify(execFile)(cluster.kubectl, ['--kubeconfig', kubeconfig, ...words]);
  return stdout;
}

async function create(cluster: Cluster, object: object): Promise<void> {
  const running = promisify(execFile)(cluster.kubectl, ['--kubeconfig', cluster.kubeconfig, 'create', '--filename=-']);
  running.child.stdin?.end(JSON.stringify(object));
  await running;
}

describe('A test cluster', () => {
  let cluster: Cluster;

  beforeAll(async () => {
    cluster = await startCluster({ scheduler: true, audit: true, manifests: [join(here, 'testdata/widget.yaml')] });
  }, 20 * minutes);

  afterAll(() => cluster.stop());

  test('keeps what kubectl creates in it', async () => {
    await kubectl(cluster, ['create', 'namespace', 'shelf']);
    await kubectl(cluster, ['create', 'configmap', 'book', '--namespace=shelf', '--from-literal=title=Emma']);
    const title = ['get', 'configmap', 'book', '--namespace=shelf', '--output=jsonpath={.data.title}'];
    expect(await kubectl(cluster, title)).toBe('Emma');
  });

  test('says the version of Kubernetes that it was built from', async () => {
    const required = /k8s\.io\/kubernetes (v\S+)/.exec(await readFile(join(here, 'controlplane/go.mod'), 'utf8'))?.[1];
    expect(await kubectl(cluster, ['version'])).toContain(`Server Version: ${required}`);
  });

  test('serves the kinds of its manifests, and collects what their objects own as soon as these are deleted', async () => {
    const kind = { apiVersion: 'test.holdfast.dev/v1', kind: 'Widget' };
    await create(cluster, { ...kind, metadata: { name: 'owner' } });
    const uid = await kubectl(cluster, ['get', 'widget', 'owner', '--output=jsonpath={.metadata.uid}']);
    const metadata = { name: 'owned', ownerReferences: [{ ...kind, name: 'owner', uid }] };
    await create(cluster, { apiVersion: 'v1', kind: 'ConfigMap', metadata });
    await kubectl(cluster, ['delete', 'widget', 'owner']);
    await kubectl(cluster, ['wait', '--for=delete', 'configmap/owned', '--timeout=20s']);
  });

  test('refuses a user without rights and obeys one who is given them', async () => {
    const alice = await cluster.kubeconfigFor('alice/ops+1@example.com', ['readers']);
    const read = (): Promise<string> => kubectl(cluster, ['get', 'secrets', '--namespace=default'], alice);
    await expect(read()).rejects.toThrow('User "alice/ops+1@example.com" cannot list resource "secrets"');
    await kubectl(cluster, ['create', 'clusterrolebinding', 'readers', '--clusterrole=admin', '--group=readers']);
    await until(() =>
      read().then(
        () => true,
        () => false,
      ),
    );
    await expect(kubectl(cluster, ['get', 'nodes'], alice)).rejects.toThrow('cannot list resource "nodes"');
  });

  test('writes who did what to its audit log', async () => {
    await kubectl(cluster, ['create', 'configmap', 'audited']);
    const log = await readFile(cluster.auditLog ?? '', 'utf8');
    expect(log).toMatch(/"verb":"create".*"username":"kubernetes-admin".*"name":"audited"/);
  });

  test(
    'loses its API server and finds it again, with its data',
    async () => {
      await kubectl(cluster, ['create', 'configmap', 'before-outage']);
      await cluster.stopApiServer();
      await expect(kubectl(cluster, ['get', 'configmaps'])).rejects.toThrow('refused');
      await cluster.startApiServer();
      await kubectl(cluster, ['get', 'configmap', 'before-outage']);
      await kubectl(cluster, ['create', 'job', 'after-outage', '--image=none']);
      await kubectl(cluster, ['wait', '--for=create', 'pod', '--selector=job-name=after-outage', '--timeout=60s']);
    },
    3 * minutes,
  );

  test('can be offered to other tests, which use it and leave it running', async () => {
    const before = { ...process.env };
    const offer = { HOLDFAST_TEST_EXISTING_CLUSTER: '1', KUBECONFIG: cluster.kubeconfig };
    Object.assign(process.env, offer, { PATH: `${dirname(cluster.kubectl)}:${before['PATH']}` });
    const offered = await startCluster().finally(() => (process.env = before));
    expect(offered).toMatchObject({ url: cluster.url, owned: false });
    await expect(offered.stopApiServer()).rejects.toThrow('offered by KUBECONFIG');
    await offered.stop();
    await kubectl(cluster, ['get', 'namespaces']);
  });

  test('leaves no process and no file when it is stopped', async () => {
    expect(await processesNaming(cluster.dataFolder)).toHaveLength(5);
    await cluster.stop();
    expect(await processesNaming(cluster.dataFolder)).toEqual([]);
    expect(existsSync(cluster.dataFolder)).toBe(false);
  });
});

test(
  'A test cluster ends with the process that started it, even when that is killed',
  async () => {
    const owner = spawn(process.execPath, [join(here, 'main.ts')], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = (await once(createInterface(owner.stdout), 'line')) as [string];
    const dataFolder = dirname(line.replace('export KUBECONFIG=', ''));
    expect((await processesNaming(dataFolder)).length).toBeGreaterThan(3);
    owner.kill('SIGKILL');
    await until(async () => (await processesNaming(dataFolder)).length === 0);
    expect(existsSync(dataFolder)).toBe(false);
  },
  3 * minutes,
);

describe('With KUBEBUILDER_ASSETS', () => {
  let assets: string;
  let programs: string;

  beforeAll(async () => {
    programs = await setUp('cluster');
    assets = await mkdtemp(join(tmpdir(), 'holdfast-assets-'));
    process.env['KUBEBUILDER_ASSETS'] = assets;
    for (const name of ['etcd', 'kubectl']) await symlink(join(programs, name), join(assets, name));
  }, 3 * minutes);

  afterAll(async () => {
    delete process.env['KUBEBUILDER_ASSETS'];
    await rm(assets, { recursive: true });
  });

  test('a program that is missing there is named', async () => {
    await expect(startCluster()).rejects.toThrow(/holds no kube-apiserver: unset it or add/);
  });

  test('a program that does not start is named with the end of its log, and nothing is left running', async () => {
    const broken = join(assets, 'kube-apiserver');
    await writeFile(broken, '#!/bin/sh\necho no route to etcd\nexit 3\n', { mode: 0o755 });
    await expect(startCluster()).rejects.toThrow(/kube-apiserver .* exit code 3[^]*no route to etcd/);
    expect(await processesNaming(assets)).toEqual([]);
    await rm(broken);
  });

  test('a cluster without a controller manager says so, and takes pods without service accounts', async () => {
    await symlink(join(programs, 'kube-apiserver'), join(assets, 'kube-apiserver'));
    const cluster = await startCluster();
    expect(cluster.runsControllers).toBe(false);
    await kubectl(cluster, ['run', 'bare', '--image=none']);
    await cluster.stop();
  });
});

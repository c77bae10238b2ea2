/** A thousand runs as Jobs leave nothing behind once they are deleted, and no more than their Jobs before. The test is the node, which would take an hour. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { generateKeyPairSync } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { V1Pod } from '@kubernetes/client-node';
import type { AnsibleRun } from '../../../operator/api/v1alpha1/ansibleRun.ts';
import { apiVersion, operatorAccount } from '../../operator/bed.ts';
import { startClusterOnly, type ClusterOnlyBed } from '../../operator/clusterOnly.ts';
import { grantedIn } from '../../operator/grants.ts';
import { reachesLoopback } from '../../operator/hungHosts.ts';
import { until } from '../../operator/until.ts';

const namespace = 'many';
const hosts = 50;
const runs = 1000;
let bed: ClusterOnlyBed;

beforeAll(async () => {
  bed = await startClusterOnly();
  await bed.operator('--runner-image', 'registry.example.com/runner', ...reachesLoopback);
}, 900_000);

afterAll(() => bed?.stop(), 60_000);

const numbered = <T>(count: number, make: (number: number) => T): T[] =>
  Array.from({ length: count }, (_, at) => make(at));
const metadata = (name: string) => ({ name, namespace });

/** Nobody listens there: only a pod would connect. */
function device(number: number): object {
  const hostKeys = [`ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${'A'.repeat(43)}`];
  const ssh = { host: '127.0.0.1', port: 1, user: 'root', hostKeys, credentialsRef: { name: 'ssh' } };
  return { apiVersion, kind: 'Device', metadata: metadata(`web-${number}`), spec: { ssh } };
}

function run(number: number): object {
  const spec = { deviceNames: [`web-${number % hosts}`], playbook: { inline: '- hosts: all\n  tasks: []\n' } };
  return { apiVersion, kind: 'AnsibleRun', metadata: metadata(`run-${number}`), spec };
}

/** As a kubelet does when the container has ended. */
async function leave({ metadata: { name = '' } = {} }: V1Pod): Promise<void> {
  const terminated = { exitCode: 0, message: JSON.stringify({ rc: 0, hosts: [[1, 1, 0, 0]], messages: {} }) };
  const container = { name: 'ansible', image: 'x', imageID: 'x', ready: false, restartCount: 0, state: { terminated } };
  await bed.write(`/api/v1/namespaces/${namespace}/pods/${name}/status`, {
    status: { phase: 'Succeeded', containerStatuses: [container] },
  });
}

/** How many objects of each kind that lists there are, in all namespaces; events tell of the past. */
async function counts(): Promise<Record<string, number>> {
  const kinds = (await bed.kubectl.run('api-resources', '--verbs=list', '--output=name')).trim().split('\n');
  const asked = kinds.filter((kind) => !/^events(\.|$)/.test(kind)).sort();
  const names = await bed.kubectl.run('get', asked.join(), '--all-namespaces', '--output=name');
  const all = Map.groupBy(names.trim().split('\n'), (name) => name.split('/')[0] ?? '');
  return Object.fromEntries([...all].map(([kind, own]) => [kind, own.length]));
}

const files = (): number => readdirSync(join(bed.folder, 'state'), { recursive: true }).length;

test('a thousand runs', async () => {
  const { kubectl } = bed;
  const key = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' });
  await kubectl.apply(
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
    ...grantedIn(namespace, operatorAccount),
    { apiVersion: 'v1', kind: 'Secret', metadata: metadata('ssh'), stringData: { 'ssh-privatekey': key } },
    ...numbered(hosts, device),
  );
  const before = { objects: await counts(), files: files() };
  await kubectl.apply(...numbered(runs, run));
  const left = new Set<string>();
  await until(
    'all runs are complete',
    async () => {
      const pods = await kubectl.list<V1Pod>('pods', { namespace });
      const open = pods.filter(({ metadata, status }) => status?.phase === 'Pending' && !left.has(metadata?.uid ?? ''));
      await Promise.all(open.map(leave));
      for (const { metadata: { uid = '' } = {} } of open) left.add(uid);
      if (left.size < runs) return undefined;
      const all = await kubectl.list<AnsibleRun>('ansibleruns', { namespace });
      return all.every(({ status }) => status?.completionTime) || undefined;
    },
    { seconds: 600, everyMilliseconds: 300, seen: () => left.size },
  );
  expect(left.size).toBe(runs);
  const { objects } = before;
  const during = await counts();
  expect(during).toEqual({
    ...objects,
    'ansiblerun.holdfast.dev': runs,
    'job.batch': runs,
    pod: runs,
    configmap: (objects['configmap'] ?? 0) + runs,
  });
  await kubectl.run('delete', 'ansibleruns', '--all', '--namespace', namespace, '--wait=false');
  const isAsBefore = async () => (JSON.stringify(await counts()) === JSON.stringify(objects) ? true : undefined);
  await until('nothing is left of them', isAsBefore, { seconds: 300, everyMilliseconds: 2000, seen: counts });
  expect(files()).toBe(before.files);
}, 1_200_000);

/**
 * A thousand Devices behind one sshd of this machine, one baseline, and a control plane with an audit log. The hosts are
 * all this machine, so their checks only read.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Device } from '../../../operator/api/v1alpha1/device.ts';
import type { AddressedTarget } from '../../../operator/connect/ssh/types.ts';
import { type Cluster, startCluster } from '../../cluster/cluster.ts';
import { createTemporaryFolder } from '../../cluster/temporaryFolder.ts';
import { type ManyHosts, startManyHosts } from '../../fleet/manyHosts.ts';
import { ApiClient, forEachNumber } from '../apiClient.ts';
import { compiled } from '../start.ts';
import { checks } from './checks.ts';
import { MeasuredOperator } from './operator.ts';

const writers = 16;
const root = '/apis/holdfast.dev/v1alpha1/namespaces/default';
const baseline = 'many';
const userAgent = 'holdfast';
/** Longer than any benchmark: a look happens when the benchmark asks for it. */
const intervalSeconds = 86_400;

export interface ManyBed {
  readonly targets: readonly AddressedTarget[];
  /** Private, for what the benchmark keeps. */
  readonly folder: string;
  readonly privateKey: string;
  /** Devices as on the first day: no status, no report. */
  makeDevicesNew(): Promise<void>;
  startOperator(): Promise<MeasuredOperator>;
  /** Has the operator look at all hosts once more. */
  askForPass(): Promise<void>;
  /** Where the audit log ends now. */
  auditEnd(): Promise<number>;
  /** Resolves when the operator has written nothing but its Lease for two seconds. */
  settled(from: number): Promise<void>;
  /** Writes of the operator since, by verb and resource. */
  writesSince(from: number): Promise<Record<string, number>>;
  /** Why hosts gave no answer when last looked at, by reason. */
  complaints(): Promise<Record<string, number>>;
  stop(): Promise<void>;
}

export async function openManyBed(count: number): Promise<ManyBed> {
  const crds = join(import.meta.dirname, '../../../crds');
  const operator = await compiled(join(import.meta.dirname, '../../../operator/main.ts'), ['--help']);
  const folder = await createTemporaryFolder('holdfast-bench-many-');
  const cluster = await startCluster({ controllerManager: false, audit: true, manifests: [crds] });
  const hosts = await startManyHosts({ count });
  const client = await ApiClient.open(cluster.kubeconfig, writers);
  const privateKey = await readFile(hosts.privateKey, 'utf8');
  let asked = 0;
  await client.apply('/api/v1/namespaces/default/secrets/fleet-ssh', 'bench', secret(privateKey));
  return {
    folder: folder.path,
    privateKey: hosts.privateKey,
    targets: hosts.addresses.map((address, index) => targetOf(hosts, address, index, privateKey)),
    makeDevicesNew: () => makeDevicesNew(client, hosts),
    startOperator: () =>
      MeasuredOperator.start(operator.command, [
        ...['--kubeconfig', cluster.kubeconfig, '--state-directory', join(folder.path, 'state')],
        ...['--lease', 'default/holdfast', '--max-connections', `${count}`, '--allowed-networks', '127.0.0.0/8'],
      ]),
    askForPass: () =>
      client.mergePatch(`${root}/devicebaselines/${baseline}`, 'bench', {
        // Another declaration, for what is known of a host would do for the same one; of what no status says.
        spec: { remediation: { maxUnavailable: (asked += 1) } },
      }),
    auditEnd: async () => (await wholeLines(auditLogOf(cluster))).length,
    settled: (from) => settled(auditLogOf(cluster), from),
    writesSince: (from) => writesSince(auditLogOf(cluster), from),
    complaints: () => complaints(client),
    stop: async () => {
      await client.close();
      await Promise.all([cluster.stop(), hosts.stop(), operator.stop()]);
      await folder.delete();
    },
  };
}

async function makeDevicesNew(client: ApiClient, hosts: ManyHosts): Promise<void> {
  for (const plural of ['devicebaselines', 'devices', 'driftreports'])
    await client.request('DELETE', `${root}/${plural}`);
  await forEachNumber(0, hosts.addresses.length, writers, (index) =>
    client.apply(`${root}/devices/${nameOf(index)}`, 'bench', device(hosts, hosts.addresses[index]!, index)),
  );
  const spec = { selector: { matchLabels: { bench: 'many' } }, intervalSeconds, checks };
  await client.apply(`${root}/devicebaselines/${baseline}`, 'bench', { ...typed('DeviceBaseline', baseline), spec });
}

function typed(kind: string, name: string): { apiVersion: string; kind: string; metadata: object } {
  return { apiVersion: 'holdfast.dev/v1alpha1', kind, metadata: { name, labels: { bench: 'many' } } };
}

function device({ port, user, hostKey }: ManyHosts, host: string, index: number): object {
  const ssh = { host, port, user, become: 'none', hostKeys: [hostKey], credentialsRef: { name: 'fleet-ssh' } };
  return { ...typed('Device', nameOf(index)), spec: { ssh } };
}

function secret(privateKey: string): object {
  const stringData = { 'ssh-privatekey': privateKey };
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'fleet-ssh' }, stringData };
}

function targetOf(
  { port, user, hostKey }: ManyHosts,
  host: string,
  index: number,
  privateKey: string,
): AddressedTarget {
  const keys = { hostKeys: [hostKey], hostCertificateAuthorities: [], privateKey };
  return { id: nameOf(index), host, address: host, port, user, become: 'none', ...keys };
}

function nameOf(index: number): string {
  return `host-${String(index + 1).padStart(4, '0')}`;
}

async function complaints(client: ApiClient): Promise<Record<string, number>> {
  const { items } = await client.get<{ items: readonly Device[] }>(`${root}/devices`);
  const conditions = items.flatMap(({ status }) => status?.conditions ?? []);
  const bad = conditions.filter(({ type, status }) => type === 'Reachable' && status !== 'True');
  return countBy(bad.map(({ reason }) => reason));
}

function countBy(words: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}

function auditLogOf({ auditLog }: Cluster): string {
  if (auditLog === undefined)
    throw new Error('This benchmark counts writes by an audit log: run it without KUBECONFIG.');
  return auditLog;
}

async function settled(auditLog: string, from: number): Promise<void> {
  const besidesLeases = async (): Promise<string> => {
    const writes = Object.entries(await writesSince(auditLog, from));
    return JSON.stringify(writes.filter(([what]) => !what.endsWith(' leases')));
  };
  for (let before = '', now = await besidesLeases(); before !== now; now = await besidesLeases()) {
    before = now;
    await delay(2000);
  }
}

interface AuditEvent {
  readonly verb: string;
  readonly userAgent?: string;
  readonly objectRef?: { readonly resource: string; readonly subresource?: string };
}

async function writesSince(auditLog: string, from: number): Promise<Record<string, number>> {
  const writes: string[] = [];
  const lines = (await wholeLines(auditLog)).subarray(from).toString('utf8').split('\n');
  for (const line of lines.filter(Boolean)) {
    const { verb, userAgent: who, objectRef } = JSON.parse(line) as AuditEvent;
    if (!who?.startsWith(userAgent) || !['create', 'update', 'patch', 'delete', 'deletecollection'].includes(verb))
      continue;
    writes.push([verb, objectRef?.resource, objectRef?.subresource].filter(Boolean).join(' '));
  }
  return countBy(writes);
}

/** Without one that is still being written. */
async function wholeLines(auditLog: string): Promise<Buffer> {
  const content = await readFile(auditLog);
  return content.subarray(0, content.lastIndexOf('\n') + 1);
}

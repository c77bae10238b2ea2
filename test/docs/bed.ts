/**
 * What the pages for readers assume: an installed operator, two hosts, a bucket, and the samples. Each page begins with the two Devices in namespace `fleet`, of
 * which nothing is declared; the README begins without them. Runs are those of this machine: there is no node on which Jobs would.
 */
import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { gatewayCredentials, startGateway, type Gateway } from '../objectStore/gateway.ts';
import { credentials, deviceOf, operatorAccount, startBed, type Bed } from '../operator/bed.ts';
import { policies } from '../operator/clusterOnly.ts';
import { untilPoliciesAreHeeded } from '../operator/heeded.ts';
import { until } from '../operator/until.ts';
import { root } from './pages.ts';
import type { Terminal } from './session.ts';

const hosts = ['web-01', 'web-02'];
const rbac = join(root, 'manifests/rbac');
const bucket = 'audit';
/** What a page has of a host that readers replace by theirs. */
const sampleKey = /ssh-ed25519 AAAA(?:[A-Za-z0-9+/]{60,}|…)/;

export interface DocsBed {
  readonly terminal: Terminal;
  /** Whether the apiserver would store it, as the person in whose name it is; what it says if not. */
  refusal(object: Named): Promise<string | undefined>;
  /** Nothing is declared any more, and the hosts are as at first. */
  reset(withDevices: boolean): Promise<void>;
  stop(): Promise<void>;
}

export async function startDocsBed(): Promise<DocsBed> {
  const [bed, gateway] = await Promise.all([startBed(hosts, { manifests: [rbac, policies] }), startGateway()]);
  await gateway.createBucket(bucket, 'locked');
  const filledIn = (text: string): string => withOwn(bed, text);
  const home = join(bed.folder, 'reader');
  await layOut(bed, home, filledIn);
  await Promise.all(hosts.map((name) => bed.host(name).mustRun(`tar -C / -cf /root/first.tar ${changed}`)));
  await bed.kubectl.apply(leads);
  await untilPoliciesAreHeeded(bed.kubectl);
  await bed.operator(...(await flags(bed, gateway)));
  const terminal: Terminal = {
    directory: home,
    environment: async (person) => ({
      ...(process.env as Record<string, string>),
      ...{ NODE_OPTIONS: '', HOME: home, COLUMNS: '80', S3_ENDPOINT: gateway.url },
      KUBECONFIG: person === undefined ? bed.cluster.kubeconfig : await bed.cluster.kubeconfigFor(person),
      PATH: [join(root, 'bin'), dirname(bed.cluster.kubectl), process.env['PATH']].join(':'),
    }),
    onHost: async (host, command) => {
      const { code, stdout, stderr } = await bed.host(host).run(command);
      if (code !== 0) throw new Error(`${host}# ${command}: ${stderr}`);
      return stdout;
    },
    filledIn,
  };
  return {
    terminal,
    refusal: (object) => refusal(bed, object),
    reset: (withDevices) => reset(bed, withDevices),
    stop: async () => {
      await bed.stop();
      await gateway.stop();
    },
  };
}

/** An object that may be in a person's own name. */
export interface Named {
  readonly kind: string;
  readonly metadata?: object;
  readonly spec?: { readonly requestedBy?: string; readonly approver?: string };
}

async function refusal({ cluster, kubectl }: Bed, object: Named): Promise<string | undefined> {
  const name = object.spec?.requestedBy ?? object.spec?.approver;
  const own = name === undefined ? cluster.kubeconfig : await cluster.kubeconfigFor(name, ['system:masters']);
  const flags = ['create', '--dry-run=server', '--kubeconfig', own, '--filename', '-'];
  const { code, stderr } = await kubectl.try(flags, JSON.stringify(object));
  return code === 0 ? undefined : `${object.kind}: ${stderr.trim()}`;
}

/** It has its Lease and its key where an installation has them. */
const leads = {
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'RoleBinding',
  metadata: { name: operatorAccount, namespace: 'holdfast' },
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: operatorAccount },
  subjects: [{ kind: 'User', name: operatorAccount, apiGroup: 'rbac.authorization.k8s.io' }],
};

/** Where the reader is: in a copy of this repository, as far as pages need it. */
async function layOut(bed: Bed, home: string, filledIn: (text: string) => string): Promise<void> {
  const samples = join(home, 'manifests/samples');
  await mkdir(join(home, '.ssh'), { recursive: true });
  await cp(join(root, 'manifests/samples'), samples, { recursive: true });
  for (const file of ['device.yaml', 'deviceBaseline.yaml', 'ansibleRun.yaml', 'maintenanceWindow.yaml'])
    await writeFile(join(samples, file), filledIn(await readFile(join(samples, file), 'utf8')));
  await symlink(join(root, 'bin'), join(home, 'bin'));
  await symlink(join(root, 'operator'), join(home, 'operator'));
  await writeFile(join(home, 'accessKeyId'), gatewayCredentials.accessKeyId);
  await writeFile(join(home, 'secretAccessKey'), gatewayCredentials.secretAccessKey);
  await symlink(bed.fleet.privateKey, join(home, '.ssh/fleet'));
}

/** With the address and the key of a host instead of those of a page, and with runs that need no node. */
function withOwn(bed: Bed, text: string): string {
  const [, name = ''] = /\b(web-\d\d)\.example\.com\b/.exec(text) ?? [];
  const host = bed.fleet.hosts.find((one) => one.name === name);
  const local = text
    // Not open now, on whatever day this runs.
    .replaceAll(/"0 2 \* \* 0(#1)?"/g, `"0 2 * * ${(new Date().getUTCDay() + 3) % 7}$1"`)
    .replaceAll('backend: Job', 'backend: Local')
    .replaceAll(/^spec:$(?=\n\s+(?:mode|revertOf|deviceNames):)/gm, 'spec:\n  backend: Local')
    .replaceAll('--serviceaccount=holdfast:holdfast-operator', `--user=${operatorAccount}`)
    .replaceAll('https://s3.example.com', '$S3_ENDPOINT');
  if (!host) return local;
  return local
    .replaceAll(`${name}.example.com`, host.address)
    .replace(/user: holdfast\b/, `user: ${bed.fleet.user}`)
    .replace(/ *become: sudo\n/, '')
    .replace(sampleKey, host.hostKey);
}

async function flags(bed: Bed, { url }: Gateway): Promise<string[]> {
  const stores = join(bed.folder, 'object-stores.json');
  await writeFile(stores, JSON.stringify({ main: { s3: { endpoint: url, region: 'us-east-1' } } }));
  return ['--lease', 'holdfast/holdfast-operator', '--object-stores', stores, '--allow-local-playbooks'];
}

async function reset(bed: Bed, withDevices: boolean): Promise<void> {
  const { kubectl, fleet } = bed;
  const kinds = 'clusterbaselines,devicebaselines,canaryrollouts,policywaivers,approvals,maintenancewindows';
  await kubectl.everywhere().run('delete', kinds, '--all', '--all-namespaces');
  await kubectl.run('delete', 'ansibleruns,devices,evidencepacks,evidencestores', '--all');
  await kubectl.run('delete', 'secret', 'fleet-ssh', '--ignore-not-found');
  await Promise.all(hosts.map((name) => bed.host(name).mustRun(asAtFirst)));
  if (!withDevices) return;
  await kubectl.apply(await credentials(fleet), ...fleet.hosts.map((one) => deviceOf(one, fleet)));
  await until('the hosts respond', async () => {
    const ready = await kubectl.run(
      'get',
      'devices',
      '-o',
      'jsonpath={.items[*].status.conditions[?(@.type=="Reachable")].status}',
    );
    return ready === 'True True' || undefined;
  });
}

const changed = 'etc/ssh etc/login.defs etc/sysctl.d';

/** What the sample baseline requires is not so. */
const asAtFirst = [
  `rm -rf /etc/sysctl.d /etc/ssh && tar -C / -xf /root/first.tar`,
  'systemctl reload ssh* || true',
  'echo Welcome. > /etc/motd',
  'userdel auditor 2>/dev/null || true',
  'sysctl -qw net.ipv4.conf.all.accept_redirects=1',
].join(' && ');

/** A whole bed for the main job: control plane with our CRDs, hosts that are Devices, credentials, and kubectl. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Device } from '../../operator/api/v1alpha1/device.ts';
import type { Condition } from '../../operator/api/v1alpha1/shared.ts';
import { startCluster, type Cluster, type ClusterOptions } from '../cluster/cluster.ts';
import { startFleet, type Fleet, type Host } from '../fleet/fleet.ts';
import { grantedIn, grantsFile } from './grants.ts';
import { Kubectl } from './kubectl.ts';
import { startOperator, type Operator, type OperatorOptions } from './process.ts';
import { until } from './until.ts';

export const apiVersion = 'holdfast.dev/v1alpha1';
export const crds = resolve(import.meta.dirname, '../../crds');
export const role = resolve(import.meta.dirname, '../../manifests/rbac/role.yaml');
/** The operator has the rights of its generated role and no others. */
export const operatorAccount = 'holdfast-operator';

export interface Bed {
  readonly cluster: Cluster;
  readonly fleet: Fleet;
  readonly kubectl: Kubectl;
  /** For state and logs of the operator. */
  readonly folder: string;
  host(name: string): Host;
  operator(...flags: readonly string[]): Promise<Operator>;
  /** An operator with variables in its environment. */
  operatorWith(options: Pick<OperatorOptions, 'environment' | 'flags'>): Promise<Operator>;
  stop(): Promise<void>;
}

export const namespace = 'fleet';

export const binding = {
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'ClusterRoleBinding',
  metadata: { name: operatorAccount },
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: operatorAccount },
  subjects: [{ kind: 'User', name: operatorAccount, apiGroup: 'rbac.authorization.k8s.io' }],
};

/** Hosts as Devices labelled `os: rhel9` in namespace `fleet`; no operator yet. */
export async function startBed(names: readonly string[], options: ClusterOptions = {}): Promise<Bed> {
  const [cluster, fleet] = await Promise.all([
    startCluster({ ...options, manifests: [crds, role, grantsFile, ...(options.manifests ?? [])] }),
    startFleet({ names }),
  ]);
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-bed-'));
  const kubectl = new Kubectl(cluster, namespace);
  const operators: Operator[] = [];
  const operatorWith = async (options: Pick<OperatorOptions, 'environment' | 'flags'>): Promise<Operator> => {
    const kubeconfig = await cluster.kubeconfigFor(operatorAccount);
    const operator = await startOperator({ kubeconfig, folder, ...options });
    operators.push(operator);
    return operator;
  };
  await kubectl.apply(
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
    binding,
    ...grantedIn(namespace, operatorAccount),
  );
  await kubectl.apply(await credentials(fleet), ...fleet.hosts.map((host) => deviceOf(host, fleet)));
  return {
    cluster,
    fleet,
    kubectl,
    folder,
    host: (name) => found(fleet.hosts.find((host) => host.name === name)),
    operator: (...flags) => operatorWith({ flags }),
    operatorWith,
    stop: async () => {
      await Promise.all(operators.map((operator) => operator.stop()));
      await Promise.all([cluster.stop(), fleet.stop()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export async function credentials(fleet: Fleet, name = 'fleet-ssh'): Promise<object> {
  const key = await readFile(fleet.privateKey, 'utf8');
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace }, stringData: { 'ssh-privatekey': key } };
}

export function deviceOf(
  { name, address, hostKey }: Host,
  fleet: Fleet,
): Omit<Device, 'metadata'> & { metadata: object } {
  return {
    apiVersion,
    kind: 'Device',
    metadata: { name, namespace, labels: { os: 'rhel9' } },
    spec: { ssh: { host: address, user: fleet.user, hostKeys: [hostKey], credentialsRef: { name: 'fleet-ssh' } } },
  };
}

interface WithConditions {
  status?: { conditions?: Condition[] };
}

export function conditionOf(object: WithConditions | undefined, type: string): Condition | undefined {
  return object?.status?.conditions?.find((condition) => condition.type === type);
}

/** The object, once its condition has this status. */
export function untilCondition<T extends WithConditions>(
  kubectl: Kubectl,
  kind: string,
  name: string,
  type: string,
  status: string,
  seconds = 60,
): Promise<T> {
  let last: T | undefined;
  const look = async (): Promise<T | undefined> => {
    last = await kubectl.get<T>(kind, name);
    return conditionOf(last, type)?.status === status ? last : undefined;
  };
  return until(`${kind} ${name} is ${type}=${status}`, look, { seconds, seen: () => last?.status });
}

function found<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('there is no host of that name in this bed');
  return value;
}

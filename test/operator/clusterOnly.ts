/** A bed without hosts: control plane with our CRDs and those of OpenShift that tests need, kubectl, and the operator with its own rights. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { connectionOf } from '../../operator/runtime/connection.ts';
import { Http } from '../../operator/runtime/http.ts';
import { startCluster, type Cluster, type ClusterOptions } from '../cluster/cluster.ts';
import { binding, crds, operatorAccount, role } from './bed.ts';
import { grantedIn, grantsFile } from './grants.ts';
import { untilPoliciesAreHeeded } from './heeded.ts';
import { Kubectl } from './kubectl.ts';
import { startOperator, type Operator } from './process.ts';

export const openshift = resolve(import.meta.dirname, '../crds');
/** Without them nothing of a ClusterBaseline is read or written. */
export const policies = resolve(import.meta.dirname, '../../policies');
export const home = 'platform';
/** The account with whose rights baselines of tests act, unless they are about rights. */
export const writer = 'baseline-writer';

export interface ClusterOnlyBed {
  readonly cluster: Cluster;
  readonly kubectl: Kubectl;
  readonly folder: string;
  /** Merges a patch into the object at this path, over a connection that is kept: fast. */
  write(path: string, patch: object): Promise<void>;
  operator(...flags: readonly string[]): Promise<Operator>;
  stop(): Promise<void>;
}

export async function startClusterOnly(options: ClusterOptions = {}): Promise<ClusterOnlyBed> {
  const cluster = await startCluster({
    ...options,
    manifests: [crds, openshift, role, grantsFile, policies, ...(options.manifests ?? [])],
  });
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-bed-'));
  const kubectl = new Kubectl(cluster, '');
  const operators: Operator[] = [];
  const http = new Http(await connectionOf(cluster.kubeconfig), { timeoutSeconds: 30, userAgent: 'holdfast-test' });
  await kubectl.run('apply', '--server-side', '--filename', role, '--filename', grantsFile);
  await kubectl.run('apply', '--filename', policies);
  await untilPoliciesAreHeeded(kubectl);
  await kubectl.apply(
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: home } },
    binding,
    ...grantedIn(home, operatorAccount),
    ...account(writer, [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }]),
  );
  return {
    cluster,
    kubectl,
    folder,
    write: async (path, body) => {
      const contentType = 'application/merge-patch+json';
      await http.json({ verb: 'patch', method: 'PATCH', path, body, contentType });
    },
    operator: async (...flags) => {
      const operator = await startOperator({ kubeconfig: await cluster.kubeconfigFor(operatorAccount), folder, flags });
      operators.push(operator);
      return operator;
    },
    stop: async () => {
      await Promise.all(operators.map((operator) => operator.stop()));
      await http.close();
      await cluster.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A service account in the home namespace with these rights in all namespaces. */
export function account(name: string, rules: readonly object[]): object[] {
  const rbac = 'rbac.authorization.k8s.io';
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace: home } },
    { apiVersion: `${rbac}/v1`, kind: 'ClusterRole', metadata: { name }, rules },
    {
      apiVersion: `${rbac}/v1`,
      kind: 'ClusterRoleBinding',
      metadata: { name },
      roleRef: { apiGroup: rbac, kind: 'ClusterRole', name },
      subjects: [{ kind: 'ServiceAccount', name, namespace: home }],
    },
  ];
}

/** What checks read of a cluster: each fact is read once, when the first check asks for it, and every read has its own time limit. */
import type { Kind } from '../../../api/kind.ts';
import { resources } from '../../../api/generated/resources.ts';
import { ACCESS_REVIEW, ask } from '../../../runtime/metricsAccess.ts';
import { LEASE } from '../../../runtime/lease.ts';
import type { Cluster } from '../../command.ts';
import {
  CRD,
  DEPLOYMENT,
  POD,
  operatorLabels,
  operatorName,
  type Crd,
  type Deployment,
  type Lease,
  type Pod,
} from '../kinds.ts';
import type { Shipped, Wanted } from '../shipped.ts';
import type { ClusterBaseline } from '../../../api/v1alpha1/clusterBaseline.ts';
import type { Device } from '../../../api/v1alpha1/device.ts';
import type { DeviceBaseline } from '../../../api/v1alpha1/deviceBaseline.ts';
import { censusOf, type Census } from './census.ts';

export const readMilliseconds = 10_000;

export interface Facts {
  readonly cluster: Cluster;
  readonly shipped: Shipped;
  /** That of the operator. */
  readonly namespace: string;
  /** A new time limit, for one read. */
  readonly limit: () => AbortSignal;
  readonly deployment: () => Promise<Deployment | undefined>;
  /** The name of its service account. */
  readonly account: () => Promise<string>;
  readonly lease: () => Promise<Lease | undefined>;
  readonly pods: () => Promise<readonly Pod[]>;
  readonly crd: (name: string) => Promise<Crd | undefined>;
  /** What Devices and baselines need, counted. */
  readonly census: () => Promise<Census>;
  /** Whether the operator's account has a right. */
  readonly may: (right: Wanted) => Promise<boolean>;
  /** The command that brings the installation to the version of this CLI, as it was installed; `part` is a directory of the project. */
  readonly upgrade: (part: 'manifests' | 'crds' | 'policies') => Promise<string>;
}

export function factsOf(cluster: Cluster, shipped: Shipped, namespace: string): Facts {
  const { client } = cluster;
  const limit = (): AbortSignal => AbortSignal.timeout(readMilliseconds);
  const key = { namespace, name: operatorName };
  const deployment = once(() => client.get<Deployment>(DEPLOYMENT, key, limit()));
  const account = async (): Promise<string> =>
    (await deployment())?.spec?.template?.spec?.serviceAccountName ?? operatorName;
  return {
    cluster,
    shipped,
    namespace,
    limit,
    deployment,
    account,
    lease: () => client.get<Lease>(LEASE, key, limit()),
    pods: once(() => all<Pod>(cluster, POD, { namespace, labelSelector: operatorLabels })),
    crd: (name) => client.get<Crd>(CRD, { namespace: '', name }, limit()),
    census: once(() =>
      censusOf({
        devices: pages<Device>(cluster, resources.Device),
        deviceBaselines: pages<DeviceBaseline>(cluster, resources.DeviceBaseline),
        clusterBaselines: pages<ClusterBaseline>(cluster, resources.ClusterBaseline),
      }),
    ),
    may: async ({ group, resource, subresource, verb, ...place }) => {
      const name = await account();
      const { allowed } = await ask<{ allowed?: boolean }>(client, ACCESS_REVIEW, {
        user: `system:serviceaccount:${namespace}:${name}`,
        groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'],
        resourceAttributes: { group, resource, subresource, verb, ...place },
      });
      return allowed === true;
    },
    upgrade: async (part) => upgradeCommand(await deployment().catch(() => undefined), part),
  };
}

function upgradeCommand(deployment: Deployment | undefined, part: string): string {
  const { labels = {}, annotations = {}, namespace = '' } = deployment?.metadata ?? {};
  if (labels['app.kubernetes.io/managed-by'] === 'Helm') {
    const release = annotations['meta.helm.sh/release-name'] ?? 'holdfast';
    return `helm upgrade ${release} charts/holdfast --namespace ${namespace} --reset-then-reuse-values`;
  }
  return `kubectl apply --server-side --force-conflicts --kustomize ${part}`;
}

/** All objects of a few. */
async function all<R>(cluster: Cluster, kind: Kind, where: ListWhere): Promise<R[]> {
  const found: R[] = [];
  for await (const page of pages<R>(cluster, kind, where)) found.push(...page);
  return found;
}

interface ListWhere {
  readonly namespace?: string;
  readonly labelSelector?: string;
}

/** Page by page, so that only one is in memory. */
export async function* pages<R>(
  { client }: Pick<Cluster, 'client'>,
  kind: Kind,
  { namespace = '', labelSelector }: ListWhere = {},
): AsyncGenerator<readonly R[]> {
  let from = '';
  do {
    const signal = AbortSignal.timeout(readMilliseconds);
    const page = await client.list(kind, namespace, from, { signal, labelSelector });
    yield page.items as readonly unknown[] as readonly R[];
    from = page.continue;
  } while (from);
}

function once<T>(read: () => Promise<T>): () => Promise<T> {
  let known: Promise<T> | undefined;
  return () => (known ??= read());
}

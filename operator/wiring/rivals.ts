/**
 * Whether another operator leads elsewhere. Each elects by a Lease of the same name in its own namespace, so two that were installed in different
 * namespaces, or of which one has no election, would write over each other. Whoever may write Leases in a namespace can make one of that name and renew it:
 * only one counts beside which there is an account with the rights of an operator, which nobody but an administrator of the cluster can give.
 */
import { resources } from '../api/generated/resources.ts';
import { hasStatus, type ApiError } from '../runtime/apiError.ts';
import type { Client } from '../runtime/client.ts';
import type { Key } from '../runtime/feature.ts';
import { LEASE } from '../runtime/lease.ts';
import { ACCESS_REVIEW, ask } from '../runtime/metricsAccess.ts';

/** The Lease of every operator, unless another was chosen, and its service account. */
export const leaseName = 'holdfast-operator';
/** A leader renews its Lease every two seconds. */
export const renewalMilliseconds = 5000;

export interface Surroundings {
  readonly client: Pick<Client, 'list' | 'create'>;
  /** Our own, which is nobody else's while we have it. */
  readonly own: Key | undefined;
  readonly wait: (milliseconds: number) => Promise<void>;
  /** Told where it may not be known. */
  readonly onUnknown: (error: ApiError) => void;
}

/** Rejects with a sentence when one does. Takes 5 s where there is such a Lease, and else as long as a list. */
export async function assertNoRival({ client, own, wait, onUnknown }: Surroundings): Promise<void> {
  const others = async (): Promise<Map<string, string>> => {
    const { items } = await client.list(LEASE, '', '', { name: leaseName, only: 'metadata' });
    const foreign = items.filter(({ metadata }) => metadata.namespace !== own?.namespace || own?.name !== leaseName);
    return new Map(foreign.map(({ metadata }) => [metadata.namespace ?? '', metadata.resourceVersion ?? '']));
  };
  try {
    const before = await others();
    if (before.size === 0) return;
    await wait(renewalMilliseconds);
    const after = await others();
    for (const [namespace, version] of after) {
      const isRenewed = before.has(namespace) && before.get(namespace) !== version;
      if (!isRenewed || !(await isOperator(client, namespace))) continue;
      throw new Error(
        `another operator leads by Lease ${namespace}/${leaseName}, and two would write over each other; stop one of them, or give both the same --lease`,
      );
    }
  } catch (error) {
    if (!hasStatus(error, 403)) throw error;
    onUnknown(error);
  }
}

/** Whether its account there may write statuses, which admission asks of an operator alone. */
async function isOperator(client: Pick<Client, 'create'>, namespace: string): Promise<boolean> {
  const { group, plural: resource } = resources.Device;
  const { allowed } = await ask<{ allowed?: boolean }>(client, ACCESS_REVIEW, {
    user: `system:serviceaccount:${namespace}:${leaseName}`,
    groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`],
    resourceAttributes: { group, resource, verb: 'write-status' },
  });
  return allowed === true;
}

/**
 * Whether another operator leads elsewhere. Each elects by a Lease of the same name in a namespace of its own choice, so two that were installed in different
 * namespaces, or of which one has no election, would write over each other.
 */
import { hasStatus, type ApiError } from '../runtime/apiError.ts';
import type { Client } from '../runtime/client.ts';
import type { Key } from '../runtime/feature.ts';
import { LEASE } from '../runtime/lease.ts';

/** The Lease of every operator, unless another was chosen. */
export const leaseName = 'holdfast-operator';
/** A leader renews its Lease every two seconds. */
export const renewalMilliseconds = 5000;

export interface Surroundings {
  readonly client: Pick<Client, 'list'>;
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
    const rival = [...after].find(([namespace, version]) => before.has(namespace) && before.get(namespace) !== version);
    if (!rival) return;
    throw new Error(
      `another operator leads by Lease ${rival[0]}/${leaseName}, and two would write over each other; stop one of them, or give both the same --lease`,
    );
  } catch (error) {
    if (!hasStatus(error, 403)) throw error;
    onUnknown(error);
  }
}

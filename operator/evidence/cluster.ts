/** Which cluster this is: the uid of a namespace that every cluster has, and that nobody can make again. */
import type { Kind } from '../api/kind.ts';
import type { Access, Reader } from '../runtime/feature.ts';

const namespaces: Kind = { group: '', version: 'v1', kind: 'Namespace', plural: 'namespaces', namespaced: false };
const name = 'kube-system';

export const readCluster: Access = { group: '', resources: ['namespaces'], verbs: ['get'], resourceNames: [name] };

/** Undefined when it cannot be read. */
export async function clusterId(read: Pick<Reader, 'tryFetch'>, signal: AbortSignal): Promise<string | undefined> {
  const found = await read.tryFetch(namespaces, { namespace: '', name }, signal);
  return found && !('is' in found) ? found.metadata.uid : undefined;
}

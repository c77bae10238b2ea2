/** A command in a namespace of a cluster: connected for as long as it runs. */
import type { Cluster, Io, Where } from '../command.ts';

/** As whom the plugin writes. */
export const manager = 'kubectl-holdfast';

export interface Place {
  /** That of the context when undefined. */
  readonly namespace?: string | undefined;
  readonly where: Where;
}

export async function within<T>(
  { namespace, where }: Place,
  io: Io,
  act: (cluster: Cluster, namespace: string) => Promise<T>,
): Promise<T> {
  const cluster = await io.cluster(where);
  try {
    return await act(cluster, namespace ?? cluster.namespace ?? 'default');
  } finally {
    await cluster.close();
  }
}

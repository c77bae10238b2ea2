/** Lists objects with the rights of who asks, and says in a sentence why they cannot be read. */
import type { Kind } from '../../api/kind.ts';
import type { Resource } from '../../api/v1alpha1/shared.ts';
import { Failure, type Cluster } from '../command.ts';
import { printable } from '../table.ts';
import { unread } from './unread.ts';

const readMilliseconds = 10_000;

/** All pages; of all namespaces where it is empty. */
export async function listed<R extends Resource>(
  { client }: Pick<Cluster, 'client'>,
  kind: Kind<R>,
  namespace: string,
  labelSelector?: string,
): Promise<R[]> {
  const all: R[] = [];
  let from = '';
  do {
    const page = await client.list(kind, namespace, from, {
      signal: AbortSignal.timeout(readMilliseconds),
      ...(labelSelector !== undefined && { labelSelector }),
    });
    all.push(...(page.items as R[]));
    from = page.continue;
  } while (from !== '');
  return all;
}

/** What went wrong with a request, as a sentence for people. */
export function asFailure(what: string, error: unknown): Failure {
  return error instanceof Failure ? error : new Failure(printable(`${what}: ${unread(error).message}.`));
}

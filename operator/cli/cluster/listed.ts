/** Lists objects with the rights of who asks, and says in a sentence why they cannot be read. */
import type { Kind } from '../../api/kind.ts';
import type { Resource } from '../../api/v1alpha1/shared.ts';
import { Failure, type Cluster } from '../command.ts';
import { printable } from '../table.ts';
import { unread } from './unread.ts';

const readMilliseconds = 10_000;

interface Listing {
  readonly labelSelector?: string | undefined;
  /** Hears of the objects of each page. */
  readonly told?: (objects: number) => void;
}

/** All pages; of all namespaces where it is empty. */
export async function listed<R extends Resource>(
  { client }: Pick<Cluster, 'client'>,
  kind: Kind<R>,
  namespace: string,
  { labelSelector, told }: Listing = {},
): Promise<R[]> {
  const all: R[] = [];
  let from = '';
  do {
    const page = await client.list(kind, namespace, from, {
      signal: AbortSignal.timeout(readMilliseconds),
      ...(labelSelector !== undefined && { labelSelector }),
    });
    all.push(...(page.items as R[]));
    told?.(page.items.length);
    from = page.continue;
  } while (from !== '');
  return all;
}

/** What went wrong with a request, as a sentence for people. */
export function asFailure(what: string, error: unknown): Failure {
  return error instanceof Failure ? error : new Failure(printable(`${what}: ${unread(error).message}.`));
}

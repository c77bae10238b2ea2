/**
 * Reads and dry runs as the passes of the operator make them, with the rights of who asks instead of those of the service account. What is listed is
 * listed once.
 */
import type { Kind } from '../../api/kind.ts';
import type { Resource } from '../../api/v1alpha1/shared.ts';
import { writeAs } from '../../runtime/accountReader.ts';
import { ApiError } from '../../runtime/apiError.ts';
import { Discovery } from '../../runtime/discovery.ts';
import type { AccountReader, Followed, Refused } from '../../runtime/feature.ts';
import type { Cluster } from '../command.ts';
import { unread } from '../cluster/unread.ts';

const milliseconds = 20_000;
/** More than that is not held in memory for a plan. */
const mostObjects = 50_000;

export function ownAccount({ client, clock }: Pick<Cluster, 'client' | 'clock'>): AccountReader {
  const discovery = new Discovery(client, clock);
  const lists = new Map<string, Promise<Followed>>();
  return {
    kindOf: (group, version, kind) => discovery.kindOf(group, version, kind),
    openApi: (group, version) => discovery.openApi(group, version),
    follow(kind, only) {
      const id = `${kind.group}/${kind.version}/${kind.kind}/${only ?? ''}`;
      const list = lists.get(id) ?? everything(client, kind, only);
      lists.set(id, list);
      return list;
    },
    get: <R>(kind: Kind, key: { namespace: string; name: string }, signal: AbortSignal) =>
      refusedOr(client.get<R>(kind, key, signal)),
    may: (kind, verb, signal) => client.may(kind, verb, signal),
    lastWrite: () => undefined,
    async try(kind, write, signal) {
      const tried = await refusedOr(writeAs(client, kind, write, { signal, how: 'dryRun' }));
      return isRefused(tried) ? tried : { is: 'accepted', object: tried as Resource | undefined };
    },
  };
}

async function everything(client: Cluster['client'], kind: Kind, only: 'metadata' | undefined): Promise<Followed> {
  const all: Resource[] = [];
  try {
    let from = '';
    do {
      const signal = AbortSignal.timeout(milliseconds);
      const page = await client.list(kind, '', from, { signal, ...(only && { only }) });
      all.push(...page.items);
      if (all.length > mostObjects)
        return {
          is: 'unknown',
          message: `there are more than ${mostObjects} ${kind.plural}, which a plan does not read`,
        };
      from = page.continue;
    } while (from !== '');
  } catch (error) {
    return { is: 'unknown', message: unread(error).message };
  }
  const byKey = new Map(all.map((object) => [`${object.metadata.namespace ?? ''}/${object.metadata.name}`, object]));
  const byNamespace = Map.groupBy(all, ({ metadata }) => metadata.namespace ?? '');
  return {
    is: 'current',
    get: ({ namespace, name }) => byKey.get(`${namespace}/${name}`),
    list: (namespace) => (namespace === '' ? all : (byNamespace.get(namespace) ?? [])),
  };
}

async function refusedOr<R>(answer: Promise<R>): Promise<R | Refused> {
  return answer.catch((error: unknown) => {
    if (error instanceof ApiError) return { is: 'refused', status: error.status, message: error.said } as const;
    throw error;
  });
}

function isRefused(answer: unknown): answer is Refused {
  return typeof answer === 'object' && answer !== null && (answer as Partial<Refused>).is === 'refused';
}

/** What collectors are given, and how they read lists: page by page, of all namespaces, or of those that may be read. */
import type { Kind } from '../../../api/kind.ts';
import type { Resource } from '../../../api/v1alpha1/shared.ts';
import { hasStatus } from '../../../runtime/apiError.ts';
import type { Cluster } from '../../command.ts';
import type { Shipped } from '../shipped.ts';
import { limits, WriteError, type Bundle } from './bundle.ts';

export const readMilliseconds = 30_000;

export interface Collecting {
  readonly bundle: Bundle;
  readonly cluster: Cluster;
  readonly shipped: Shipped;
  /** That of the operator. */
  readonly namespace: string;
  /** Those whose objects are collected; all when undefined. */
  readonly chosen: readonly string[] | undefined;
}

/** One part of a bundle. */
export interface Collector {
  readonly what: string;
  readonly collect: (collecting: Collecting) => Promise<void>;
}

export interface Selection {
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  /** The name of its files, where it is not the plural of the kind. */
  readonly file?: string;
}

/** Adds all objects of a kind below `objects/NAMESPACE/`, or `objects/_cluster/`; several files where there are several pages. */
export async function addObjects(collecting: Collecting, kind: Kind, selection: Selection = {}): Promise<void> {
  const { bundle, chosen } = collecting;
  const what = kind.group ? `${kind.plural}.${kind.group}` : kind.plural;
  const budget = { left: limits.kind };
  const addFrom = (namespace: string): Promise<void> => addPages(collecting, kind, { ...selection, namespace }, budget);
  if (!kind.namespaced) return bundle.attempt(what, () => addFrom(''));
  if (chosen) return each(collecting, chosen, what, addFrom);
  try {
    await addFrom('');
  } catch (error) {
    if (error instanceof WriteError) throw error;
    if (!hasStatus(error, 403)) return bundle.lack(what, error);
    const few = fewNamespaces(collecting);
    bundle.lack(what, error, `; only ${few.join(', ')} were tried`);
    await each(collecting, few, what, addFrom);
  }
}

/** For those who may not read all. */
export function fewNamespaces({ namespace, cluster }: Pick<Collecting, 'namespace' | 'cluster'>): readonly string[] {
  return [...new Set([namespace, ...(cluster.namespace ? [cluster.namespace] : [])])];
}

async function each(
  { bundle }: Collecting,
  namespaces: readonly string[],
  what: string,
  add: (namespace: string) => Promise<void>,
): Promise<void> {
  for (const namespace of namespaces) await bundle.attempt(`${what} in namespace ${namespace}`, () => add(namespace));
}

async function addPages(
  { bundle, cluster }: Collecting,
  kind: Kind,
  { namespace, file = kind.plural, ...selection }: Selection & { readonly namespace: string },
  budget: { left: number },
): Promise<void> {
  const numbers = new Map<string, number>();
  let objects = 0;
  let from = '';
  do {
    const signal = AbortSignal.timeout(readMilliseconds);
    const page = await cluster.client.list(kind, namespace, from, { ...selection, signal });
    objects += page.items.length;
    for (const [place, items] of byNamespace(page.items, kind)) {
      const number = (numbers.get(place) ?? 0) + 1;
      numbers.set(place, number);
      budget.left -= await bundle.addList(`objects/${place}/${file}${number > 1 ? `-${number}` : ''}.json`, items);
    }
    from = page.continue;
    if (from && budget.left < 0) return bundle.cut(kind.plural, `there are more than ${limits.kind / 2 ** 20} MiB`);
  } while (from);
  bundle.collected.push({ what: `${file}${namespace && ` in namespace ${namespace}`}`, objects });
}

/** Lists of kinds of Kubernetes itself do not say their kind with each object. */
function byNamespace(items: readonly Resource[], kind: Kind): Map<string, object[]> {
  const apiVersion = kind.group ? `${kind.group}/${kind.version}` : kind.version;
  const places = new Map<string, object[]>();
  for (const item of items) {
    const place = item.metadata.namespace ?? '_cluster';
    const object = { ...item, apiVersion, kind: kind.kind };
    const known = places.get(place);
    if (known) known.push(object);
    else places.set(place, [object]);
  }
  return places;
}

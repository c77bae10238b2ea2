/**
 * Tries an apply as its author would make it, with `dryRun=All`: schema, rules and admission say their word, with the rights of who asks. What a
 * client-side apply made is tried as such, for a server-side apply would leave what the file says no longer.
 */
import type { Kind } from '../../api/kind.ts';
import type { Resource } from '../../api/v1alpha1/shared.ts';
import { shortened } from '../../lib/text.ts';
import { hasStatus, isAway } from '../../runtime/apiError.ts';
import type { Body, Client, Written } from '../../runtime/client.ts';
import { unread } from '../cluster/unread.ts';
import { differencesBetween } from './difference.ts';
import type { Declared } from './documents.ts';
import { lastAppliedOf, threeWayPatch } from './threeWay.ts';
import { manager } from '../cluster/within.ts';

export type Tried = { readonly live?: Resource } & (
  | { readonly is: 'created' | 'changed' | 'same'; readonly after: Resource; readonly notes: readonly string[] }
  /** The apiserver would not take it; with its own words. */
  | { readonly is: 'refused'; readonly message: string }
  | { readonly is: 'unknown'; readonly message: string }
  /** The namespace or the kind is not there. */
  | { readonly is: 'homeless'; readonly lacks: 'namespace' | 'kind'; readonly message: string }
);

export interface Trying {
  readonly client: Client;
  readonly kind: Kind;
  /** As the user names it; otherwise that of the last apply. */
  readonly manager: string | undefined;
}

const milliseconds = 20_000;
const clientSideManager = 'kubectl-client-side-apply';

export async function tryApply(declared: Declared, trying: Trying): Promise<Tried> {
  const { client, kind } = trying;
  const key = { namespace: declared.metadata.namespace ?? '', name: declared.metadata.name };
  let live: Resource | undefined;
  try {
    live = await client.get<Resource>(kind, key, AbortSignal.timeout(milliseconds));
    if (!live) return { is: 'created', after: await created(declared, trying), notes: [] };
    const { after, notes } = await changed(declared, live, trying);
    return { is: differencesBetween(live, after).length === 0 ? 'same' : 'changed', live, after, notes };
  } catch (error) {
    return { ...whyNot(error), ...(live && { live }) };
  }
}

async function created(declared: Declared, { client, kind, manager = 'kubectl' }: Trying): Promise<Resource> {
  const signal = AbortSignal.timeout(milliseconds);
  return asResource(await client.create(kind, bodyOf(declared), { manager, signal, how: 'dryRun' }));
}

interface Changed {
  readonly after: Resource;
  readonly notes: readonly string[];
}

async function changed(declared: Declared, live: Resource, trying: Trying): Promise<Changed> {
  const { client, kind, manager } = trying;
  const lastApplied = manager === undefined && isMergedAsJson(kind, declared) ? lastAppliedOf(live) : undefined;
  const body = bodyOf(declared);
  if (!lastApplied) return appliedByServer(body, live, trying);
  const patch = threeWayPatch(lastApplied, body, live as unknown as Record<string, unknown>);
  if (Object.keys(patch).length === 0) return { after: live, notes: [] };
  const key = { namespace: live.metadata.namespace ?? '', name: live.metadata.name };
  const signal = AbortSignal.timeout(milliseconds);
  const after = await client.mergePatch(kind, key, patch, { manager: clientSideManager, signal, how: 'dryRun' });
  return { after: asResource(after), notes: [] };
}

/** As `kubectl apply --server-side` does it, which refuses to take over fields of others unless it is forced. */
async function appliedByServer(body: Body, live: Resource, { client, kind, manager }: Trying): Promise<Changed> {
  const how = { manager: manager ?? appliedBy(live) ?? 'kubectl', how: 'dryRun' } as const;
  const once = (force: boolean): Promise<Written> =>
    client.apply(kind, body, { ...how, force, signal: AbortSignal.timeout(milliseconds) });
  try {
    return { after: asResource(await once(false)), notes: [] };
  } catch (error) {
    if (!hasStatus(error, 409)) throw error;
    const note = `a server-side apply refuses it unless it is forced: ${shortened(error.said, 300)}`;
    return { after: asResource(await once(true)), notes: [note] };
  }
}

/** Who applied it before, where that is one alone: what the file says no longer is removed by that one only. */
function appliedBy({ metadata }: Resource): string | undefined {
  const { managedFields = [] } = metadata as { managedFields?: readonly { manager?: string; operation?: string }[] };
  const managers = new Set(managedFields.flatMap((one) => (one.operation === 'Apply' ? [one.manager ?? ''] : [])));
  for (const own of ['holdfast', 'holdfast-status', manager]) managers.delete(own);
  return managers.size === 1 ? [...managers][0] : undefined;
}

/** Custom resources are, and what has no list whose items have keys. */
function isMergedAsJson({ group }: Kind, declared: Declared): boolean {
  return (group.includes('.') && !group.endsWith('.k8s.io')) || !hasListOfObjects(declared);
}

function hasListOfObjects(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value) && value.some((item) => typeof item === 'object' && item !== null)) return true;
  return Object.values(value).some(hasListOfObjects);
}

/** What only the apiserver says is left out, as an apply of a file that was read from a cluster needs it. */
export function bodyOf(declared: Declared): Body {
  const body = structuredClone(declared) as unknown as Body & { status?: unknown; metadata: Record<string, unknown> };
  delete body.status;
  for (const name of ['managedFields', 'creationTimestamp', 'generation']) delete body.metadata[name];
  return body;
}

function asResource(written: Written): Resource {
  return written as unknown as Resource;
}

function whyNot(error: unknown): Tried {
  const { message, cause } = unread(error);
  if (hasStatus(error, 404)) {
    if (/^namespaces? "/.test(error.said)) return { is: 'homeless', lacks: 'namespace', message: error.said };
    return { is: 'homeless', lacks: 'kind', message };
  }
  if (hasStatus(error, 401) || (hasStatus(error, 403) && / cannot \w+ resource /.test(error.said)))
    return { is: 'unknown', message };
  if (hasStatus(error, 400, 403, 405, 409, 413, 422)) return { is: 'refused', message: error.said };
  // A server-side apply says so that the object does not fit its kind.
  if (hasStatus(error, 500) && /typed patch|field not declared|schema/.test(error.said))
    return { is: 'refused', message: error.said };
  if (isAway(error) || cause !== 'Error') return { is: 'unknown', message };
  throw error;
}

/** The caches of all watched kinds, as features read them. */
import type { Resource } from '../api/v1alpha1/shared.ts';
import { hasStatus } from './apiError.ts';
import type { Cache } from './cache.ts';
import type { Client } from './client.ts';
import type { Kind } from '../api/kind.ts';
import type { Account, AccountReader, Change, Grant, Index, Key, Reader, Refused } from './feature.ts';
import { ungranted, type Place } from './grants.ts';
import { keyId, keyOf, kindId } from './identity.ts';

type ReadingClient = Pick<Client, 'get' | 'list' | 'mayHere' | 'self'>;

export class Caches implements Reader {
  readonly #client: ReadingClient;
  readonly #within: string;
  readonly #byId: ReadonlyMap<string, Cache>;
  /** Kinds are constants, so that the object itself finds its cache without making a string of it. */
  readonly #byKind = new WeakMap<Kind, { readonly cache: Cache | undefined }>();

  /** `within` is the only namespace that is watched; all are when it is empty. */
  constructor(client: ReadingClient, caches: readonly Cache[], within = '') {
    this.#client = client;
    this.#within = within;
    this.#byId = new Map(caches.map((cache) => [kindId(cache.kind), cache]));
  }

  /** `undefined` for kinds that no feature watches. */
  of(kind: Kind): Cache | undefined {
    let found = this.#byKind.get(kind);
    if (!found) this.#byKind.set(kind, (found = { cache: this.#byId.get(kindId(kind)) }));
    return found.cache;
  }

  get<R extends Resource>(kind: Kind<R>, key: Key): R | undefined {
    return this.#watched(kind).get(key) as R | undefined;
  }

  list<R extends Resource>(kind: Kind<R>, namespace: string): readonly R[] {
    return this.#watched(kind).list(namespace) as R[];
  }

  by<R extends Resource>({ kind, name }: Index<R>, namespace: string, value: string): readonly R[] {
    return this.#watched(kind).list(namespace, { index: name, value }) as R[];
  }

  fetch<R>(kind: Kind<R>, key: Key, signal: AbortSignal): Promise<R | undefined> {
    return this.#client.get<R>(kind as Kind, key, signal);
  }

  tryFetch<R>(kind: Kind<R>, key: Key, signal: AbortSignal): Promise<R | Refused | undefined> {
    return this.fetch(kind, key, signal).catch((error: unknown) => {
      if (hasStatus(error, 403)) return { is: 'refused', status: error.status, message: error.said } as const;
      throw error;
    });
  }

  ungranted(grant: Grant, place: Place, signal: AbortSignal): Promise<string | undefined> {
    return ungranted(this.#client, grant, place, signal);
  }

  async isCurrent(kind: Kind, change: Change, namespace: string, signal: AbortSignal): Promise<boolean> {
    const place = kind.namespaced ? namespace || this.#within : '';
    const known = new Map(
      this.#watched(kind)
        .list(place)
        .map((one) => [keyId(keyOf(one)), versionOf(one, change)]),
    );
    let from = '';
    do {
      const page = await this.#client.list(kind, place, from, { signal, only: 'metadata' });
      for (const object of page.items) {
        const id = keyId(keyOf(object));
        if (known.get(id) !== versionOf(object, change)) return false;
        known.delete(id);
      }
      from = page.continue;
    } while (from !== '');
    return known.size === 0;
  }

  async search<R>(kind: Kind<R>, namespace: string, labelSelector: string, signal: AbortSignal): Promise<readonly R[]> {
    const { items } = await this.#client.list(kind as Kind, namespace, '', { signal, labelSelector });
    return items as unknown as R[];
  }

  as(account: Account): AccountReader {
    throw new Error(`This feature cannot read as ${account.namespace}/${account.name}; set \`follows: true\`.`);
  }

  #watched(kind: Kind): Cache {
    const cache = this.of(kind);
    if (!cache)
      throw new Error(`${kind.kind} is not watched; add it to the reads or watches of the feature, or use fetch.`);
    return cache;
  }
}

/** What is another after each such change. Annotations are left out: the cache does not keep all of them. */
function versionOf({ metadata }: Resource, change: Change): string {
  const { uid, resourceVersion, generation, labels = {}, deletionTimestamp } = metadata;
  if (change === 'any' || generation === undefined) return `${uid}/${resourceVersion}`;
  const sorted = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([uid, generation, deletionTimestamp, sorted]);
}

/** The caches of all watched kinds, as features read them. */
import type { Resource } from '../api/v1alpha1/shared.ts';
import type { Cache } from './cache.ts';
import type { Client } from './client.ts';
import type { Account, AccountReader, Key, Kind, Reader } from './feature.ts';
import { kindId } from './identity.ts';

export class Caches implements Reader {
  readonly #client: Pick<Client, 'get' | 'list'>;
  readonly #byId: ReadonlyMap<string, Cache>;
  /** Kinds are constants, so that the object itself finds its cache without making a string of it. */
  readonly #byKind = new WeakMap<Kind, { readonly cache: Cache | undefined }>();

  constructor(client: Pick<Client, 'get' | 'list'>, caches: readonly Cache[]) {
    this.#client = client;
    this.#byId = new Map(caches.map((cache) => [kindId(cache.kind), cache]));
  }

  /** `undefined` for kinds that no feature watches. */
  of(kind: Kind): Cache | undefined {
    let found = this.#byKind.get(kind);
    if (!found) this.#byKind.set(kind, (found = { cache: this.#byId.get(kindId(kind)) }));
    return found.cache;
  }

  get<R extends Resource>(kind: Kind, key: Key): R | undefined {
    return this.#watched(kind).get(key) as R | undefined;
  }

  list<R extends Resource>(kind: Kind, namespace: string, by?: { index: string; value: string }): readonly R[] {
    return this.#watched(kind).list(namespace, by) as R[];
  }

  fetch<R>(kind: Kind, key: Key, signal: AbortSignal): Promise<R | undefined> {
    return this.#client.get<R>(kind, key, signal);
  }

  async search<R>(kind: Kind, namespace: string, labelSelector: string, signal: AbortSignal): Promise<readonly R[]> {
    const { items } = await this.#client.list(kind, namespace, '', signal, labelSelector);
    return items as unknown as R[];
  }

  as(account: Account): AccountReader {
    throw new Error(`This feature cannot read as ${account.namespace}/${account.name}; let it say \`follows: true\`.`);
  }

  #watched(kind: Kind): Cache {
    const cache = this.of(kind);
    if (!cache) throw new Error(`${kind.kind} is not watched; name it in the feature's watches, or use fetch.`);
    return cache;
  }
}

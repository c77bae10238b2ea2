/**
 * What one pass reads of the apiserver with the rights of service accounts, beside what is cached for all. It remembers
 * which watches the pass asked for, so that those of the pass before that were not asked for again end.
 */
import type { Resource } from '../api/v1alpha1/shared.ts';
import { ApiError } from './apiError.ts';
import type { Caches } from './caches.ts';
import type { Client, Strictly, Written } from './client.ts';
import type { Discovery } from './discovery.ts';
import type { Kind } from '../api/kind.ts';
import type {
  Account,
  AccountReader,
  AccountWrite,
  Change,
  Followed,
  Grant,
  Index,
  Key,
  Reader,
  Refused,
  Tried,
} from './feature.ts';
import type { Following, Wake } from './following.ts';
import type { Place } from './grants.ts';
import { kindId } from './identity.ts';
import type { WriteOutcomes } from './writeOutcomes.ts';

export interface AccountServices {
  readonly client: Client;
  readonly caches: Caches;
  readonly discovery: Discovery;
  readonly following: Following;
  readonly outcomes: WriteOutcomes;
}

/** The watches that each key follows. */
export class Followers {
  readonly #services: AccountServices;
  readonly #followed = new Map<string, ReadonlySet<string>>();

  constructor(services: AccountServices) {
    this.#services = services;
  }

  /** The reader of a pass of `owner`. */
  reader(owner: string, wake: Wake): PassReader {
    return new PassReader(this.#services, owner, wake, (asked) => this.#keep(owner, asked));
  }

  /** The key is gone. */
  forget(owner: string): void {
    this.#keep(owner, new Set());
    this.#followed.delete(owner);
    this.#services.outcomes.forget(owner);
  }

  #keep(owner: string, asked: ReadonlySet<string>): void {
    const before = this.#followed.get(owner) ?? new Set<string>();
    this.#services.following.leave(
      owner,
      [...before].filter((id) => !asked.has(id)),
    );
    this.#followed.set(owner, asked);
  }
}

export class PassReader implements Reader {
  readonly #services: AccountServices;
  readonly #owner: string;
  readonly #wake: Wake;
  readonly #keep: (asked: ReadonlySet<string>) => void;
  readonly #asked = new Set<string>();

  constructor(services: AccountServices, owner: string, wake: Wake, keep: (asked: ReadonlySet<string>) => void) {
    this.#services = services;
    this.#owner = owner;
    this.#wake = wake;
    this.#keep = keep;
  }

  /** The pass has seen all it wanted: watches that it did not ask for end. */
  end(): void {
    this.#keep(this.#asked);
  }

  get<R extends Resource>(kind: Kind<R>, key: Key): R | undefined {
    return this.#services.caches.get(kind, key);
  }

  list<R extends Resource>(kind: Kind<R>, namespace: string): readonly R[] {
    return this.#services.caches.list(kind, namespace);
  }

  by<R extends Resource>(index: Index<R>, namespace: string, value: string): readonly R[] {
    return this.#services.caches.by(index, namespace, value);
  }

  fetch<R>(kind: Kind<R>, key: Key, signal: AbortSignal): Promise<R | undefined> {
    return this.#services.caches.fetch(kind, key, signal);
  }

  tryFetch<R>(kind: Kind<R>, key: Key, signal: AbortSignal): Promise<R | Refused | undefined> {
    return this.#services.caches.tryFetch(kind, key, signal);
  }

  ungranted(grant: Grant, place: Place, signal: AbortSignal): Promise<string | undefined> {
    return this.#services.caches.ungranted(grant, place, signal);
  }

  isCurrent(kind: Kind, change: Change, namespace: string, signal: AbortSignal): Promise<boolean> {
    return this.#services.caches.isCurrent(kind, change, namespace, signal);
  }

  search<R>(kind: Kind<R>, namespace: string, labelSelector: string, signal: AbortSignal): Promise<readonly R[]> {
    return this.#services.caches.search(kind, namespace, labelSelector, signal);
  }

  as(account: Account): AccountReader {
    const { client, discovery } = this.#services;
    const impersonating = client.as(account);
    return {
      kindOf: (group, version, kind) => orUnavailable(discovery.kindOf(group, version, kind), group, version),
      openApi: (group, version) => discovery.openApi(group, version),
      follow: (kind, only) => this.#follow(account, kind, only),
      get: <R>(kind: Kind, key: Key, signal: AbortSignal) => refusedOr(impersonating.get<R>(kind, key, signal)),
      may: (kind, verb, signal) => impersonating.may(kind, verb, signal),
      lastWrite: (kind, write) => this.#services.outcomes.lastOf(this.#owner, kind, write),
      try: async (kind, write, signal) => {
        const tried = await refusedOr(writeAs(impersonating, kind, write, { signal, how: 'dryRun' }));
        return isRefused(tried) ? tried : ({ is: 'accepted', object: tried } as Tried);
      },
    };
  }

  #follow(account: Account, kind: Kind, only?: 'metadata'): Promise<Followed> {
    const id = followId(account, kind, only);
    this.#asked.add(id);
    return this.#services.following.follow(id, this.#owner, this.#wake, { account, kind, only });
  }
}

export function followId({ namespace, name }: Account, kind: Kind, only?: 'metadata'): string {
  return `${kindId(kind)}/${kind.version} as ${namespace}/${name}${only ? ` (${only})` : ''}`;
}

/** Does a write, or tries it; fields that the kind does not have are refused. `undefined` for deletions. */
export function writeAs(
  client: Client,
  kind: Kind,
  write: AccountWrite,
  how: { readonly signal: AbortSignal; readonly how: Strictly },
): Promise<Written | undefined> {
  if ('apply' in write) return client.apply(kind, write.apply, { ...how, manager: write.manager });
  if ('create' in write) return client.create(kind, write.create, { ...how, manager: write.manager });
  if ('patch' in write) return client.jsonPatch(kind, write.key, write.patch, { ...how, manager: write.manager });
  return client
    .delete(kind, write.delete, write.uid, { ...how, resourceVersion: write.resourceVersion })
    .then(() => undefined);
}

/**
 * What the apiserver answers to this very request, if it is not what was asked for. Of a server-side apply it says with status 500 that
 * the object does not fit its kind, so that no status is a fault of the world by itself; that there is no answer is, and is thrown.
 */
async function refusedOr<R>(answer: Promise<R>): Promise<R | Refused> {
  return answer.catch((error: unknown) => {
    if (error instanceof ApiError) return { is: 'refused', status: error.status, message: error.said } as const;
    throw error;
  });
}

async function orUnavailable<R>(answer: Promise<R>, group: string, version: string): Promise<R> {
  return answer.catch((error: unknown) => {
    if (!(error instanceof ApiError)) throw error;
    const name = [group, version].filter(Boolean).join('/');
    const advice = group ? `; check \`kubectl get apiservices\` for ${version ? `${version}.${group}` : group}` : '';
    throw new Error(`the API ${name} is currently not available (${error.status} ${error.said})${advice}`, {
      cause: error,
    });
  });
}

function isRefused(answer: unknown): answer is Refused {
  return typeof answer === 'object' && answer !== null && (answer as Partial<Refused>).is === 'refused';
}

/**
 * Every write of a pass goes through here. Promises: nothing is written while we do not lead; the version of each write
 * is recorded, so that the next pass of the key waits until the cache has seen it.
 */
import { hasStatus } from './apiError.ts';
import type { AcceptedWrites } from './acceptedWrites.ts';
import type { Caches } from './caches.ts';
import type { Body, Client, Written } from './client.ts';
import type { Clock } from './clock.ts';
import type { Doubts } from './doubts.ts';
import { followId, writeAs } from './accountReader.ts';
import type { Kind } from '../api/kind.ts';
import type { Resource } from '../api/v1alpha1/shared.ts';
import type { Account, AccountWrite, JsonPatch, Key } from './feature.ts';
import type { Following } from './following.ts';
import { NotLeading, Superseded } from './interruptions.ts';
import type { OwnWrites } from './ownWrites.ts';

/** Field managers: one for what people see as the object, one for its status. To change one orphans all its fields. */
export const MANAGER = 'holdfast';
export const STATUS_MANAGER = 'holdfast-status';

export interface WriteOptions {
  readonly client: Client;
  readonly following: Pick<Following, 'cacheOf'>;
  readonly caches: Caches;
  readonly ownWrites: OwnWrites;
  readonly accepted: AcceptedWrites;
  readonly doubts: Pick<Doubts, 'raise'>;
  readonly clock: Clock;
  readonly isLeading: () => boolean;
}

export class Writes {
  readonly #options: WriteOptions;

  constructor(options: WriteOptions) {
    this.#options = options;
  }

  /** The object as the cache has it, or, of a kind that is not cached, as the apiserver has it now. */
  async live<R>(kind: Kind, key: Key, signal: AbortSignal): Promise<R | undefined> {
    const cache = this.#options.caches.of(kind);
    return cache ? (cache.get(key) as R | undefined) : this.fetch(kind, key, signal);
  }

  fetch<R>(kind: Kind, key: Key, signal: AbortSignal): Promise<R | undefined> {
    return this.#options.client.get<R>(kind, key, signal);
  }

  /** Whether an object that the apiserver has is yet to come to the cache; never of a kind that is not cached. */
  isNews(kind: Kind, { metadata }: Resource): boolean {
    const { namespace = '', name, uid } = metadata;
    const cache = this.#options.caches.of(kind);
    return cache !== undefined && cache.get({ namespace, name })?.metadata.uid !== uid;
  }

  /** The object as the apiserver has it now, and as the cache would keep it. */
  async current(kind: Kind, key: Key, signal: AbortSignal): Promise<Resource | undefined> {
    const { items } = await this.#options.client.list(kind, key.namespace, '', { signal, name: key.name });
    const [live] = items;
    return live && (this.#options.caches.of(kind)?.kept(live) ?? live);
  }

  /** The apiserver has denied what the cache shows of that key: see `Doubts`. */
  doubt(kind: Kind, key: Key): void {
    this.#options.doubts.raise(kind, key);
  }

  /** `owner` is the key whose pass writes. What the body gives no version of must not be there, or be ours in all that is applied. */
  apply(owner: string, kind: Kind, body: Body, signal: AbortSignal): Promise<Written> {
    const force = body.metadata.resourceVersion !== undefined;
    return this.#record(owner, kind, () => this.#options.client.apply(kind, body, { manager: MANAGER, signal, force }));
  }

  applyStatus(owner: string, kind: Kind, body: Body, signal: AbortSignal): Promise<Written> {
    return this.#record(owner, kind, () =>
      this.#options.client.apply(kind, body, { manager: STATUS_MANAGER, signal, how: 'status' }),
    );
  }

  /** Removes fields from the status of that very version, whoever wrote them. */
  clearStatus(
    owner: string,
    { kind, metadata, fields }: Pick<Body, 'metadata'> & { readonly kind: Kind; readonly fields: readonly string[] },
    signal: AbortSignal,
  ): Promise<Written> {
    const { name, namespace = '', resourceVersion } = metadata;
    const status = Object.fromEntries(fields.map((field) => [field, null]));
    const patch = { metadata: { resourceVersion }, status };
    return this.#record(owner, kind, () =>
      this.#options.client.mergePatch(kind, { namespace, name }, patch, {
        manager: STATUS_MANAGER,
        signal,
        how: 'status',
      }),
    );
  }

  create(owner: string, kind: Kind, body: Body, signal: AbortSignal): Promise<Written> {
    return this.#record(owner, kind, () => this.#options.client.create(kind, body, { manager: MANAGER, signal }));
  }

  /** A pass whose patch is of an object as it no longer is ends. */
  async jsonPatch(
    owner: string,
    { kind, key, patch }: { readonly kind: Kind; readonly key: Key; readonly patch: JsonPatch },
    signal: AbortSignal,
  ): Promise<Written> {
    try {
      return await this.#record(owner, kind, () =>
        this.#options.client.jsonPatch(kind, key, patch, { manager: MANAGER, signal }),
      );
    } catch (error) {
      if (!hasStatus(error, 404, 409, 422)) throw error;
      this.doubt(kind, key);
      throw new Superseded('The object has changed since it was read.');
    }
  }

  /** With the rights of a service account, onto an object that is not ours. */
  async writeAs(
    owner: string,
    { as: account, kind, write }: { readonly as: Account; readonly kind: Kind; readonly write: AccountWrite },
    signal: AbortSignal,
  ): Promise<void> {
    this.assertLeading();
    const { client, following, ownWrites, accepted, clock } = this.#options;
    const written = await writeAs(client.as(account), kind, write, { signal, how: 'strict' });
    accepted.record(owner, kind, write, clock.now());
    const cache = following.cacheOf(followId(account, kind)) ?? following.cacheOf(followId(account, kind, 'metadata'));
    const version = written?.metadata.resourceVersion;
    if (cache && version) ownWrites.record(owner, cache, version, clock.elapsed());
  }

  /** As it was seen: of an object that the cache has, only that version. A pass whose object is another by now ends. */
  async delete(kind: Kind, key: Key, uid: string, signal: AbortSignal): Promise<void> {
    this.assertLeading();
    const { client, caches } = this.#options;
    const seen = caches.of(kind)?.get(key)?.metadata;
    const resourceVersion = seen?.uid === uid ? seen.resourceVersion : undefined;
    try {
      const wasThere = await client.delete(kind, key, uid, { signal, resourceVersion });
      if (!wasThere) this.doubt(kind, key);
    } catch (error) {
      if (!hasStatus(error, 409)) throw error;
      this.doubt(kind, key);
      throw new Superseded('The object to be deleted has changed since it was read.');
    }
  }

  /** Makes the next pass of `owner` wait until the cache has seen that version, whoever wrote it. */
  expect(owner: string, kind: Kind, resourceVersion: string | undefined): void {
    const cache = this.#options.caches.of(kind);
    if (cache && resourceVersion)
      this.#options.ownWrites.record(owner, cache, resourceVersion, this.#options.clock.elapsed());
  }

  assertLeading(): void {
    if (!this.#options.isLeading()) throw new NotLeading();
  }

  async #record(owner: string, kind: Kind, write: () => Promise<Written>): Promise<Written> {
    this.assertLeading();
    const written = await write();
    this.expect(owner, kind, written.metadata.resourceVersion);
    return written;
  }
}

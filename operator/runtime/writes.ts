/**
 * Every write of a pass goes through here. Promises: nothing is written while we do not lead; the version of each write
 * is recorded, so that the next pass of the key waits until the cache has seen it.
 */
import type { Caches } from './caches.ts';
import type { Body, Client, Written } from './client.ts';
import type { Clock } from './clock.ts';
import { followId, writeAs } from './accountReader.ts';
import type { Kind } from '../api/kind.ts';
import type { Account, AccountWrite, JsonPatch, Key } from './feature.ts';
import type { Following } from './following.ts';
import { NotLeading } from './interruptions.ts';
import type { OwnWrites } from './ownWrites.ts';

/** Field managers: one for what people see as the object, one for its status. To change one orphans all its fields. */
export const MANAGER = 'holdfast';
export const STATUS_MANAGER = 'holdfast-status';

export interface WriteOptions {
  readonly client: Client;
  readonly following: Pick<Following, 'cacheOf'>;
  readonly caches: Caches;
  readonly ownWrites: OwnWrites;
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

  /** `owner` is the key whose pass writes. */
  apply(owner: string, kind: Kind, body: Body, signal: AbortSignal): Promise<Written> {
    return this.#record(owner, kind, () => this.#options.client.apply(kind, body, MANAGER, signal));
  }

  applyStatus(owner: string, kind: Kind, body: Body, signal: AbortSignal): Promise<Written> {
    return this.#record(owner, kind, () => this.#options.client.apply(kind, body, STATUS_MANAGER, signal, 'status'));
  }

  /** Removes fields from the status of that very version, whoever wrote them. */
  clearStatus(
    owner: string,
    kind: Kind,
    { metadata }: Body,
    fields: readonly string[],
    signal: AbortSignal,
  ): Promise<Written> {
    const { name, namespace = '', resourceVersion } = metadata;
    const status = Object.fromEntries(fields.map((field) => [field, null]));
    const patch = { metadata: { resourceVersion }, status };
    return this.#record(owner, kind, () =>
      this.#options.client.mergePatch(kind, { namespace, name }, patch, STATUS_MANAGER, signal, 'status'),
    );
  }

  create(owner: string, kind: Kind, body: Body, signal: AbortSignal): Promise<Written> {
    return this.#record(owner, kind, () => this.#options.client.create(kind, body, MANAGER, signal));
  }

  jsonPatch(owner: string, kind: Kind, key: Key, patch: JsonPatch, signal: AbortSignal): Promise<Written> {
    return this.#record(owner, kind, () => this.#options.client.jsonPatch(kind, key, patch, MANAGER, signal));
  }

  /** With the rights of a service account, onto an object that is not ours. */
  async writeAs(owner: string, account: Account, kind: Kind, write: AccountWrite, signal: AbortSignal): Promise<void> {
    this.assertLeading();
    const { client, following, ownWrites, clock } = this.#options;
    const written = await writeAs(client.as(account), kind, write, signal, 'strict');
    const cache = following.cacheOf(followId(account, kind)) ?? following.cacheOf(followId(account, kind, 'metadata'));
    const version = written?.metadata.resourceVersion;
    if (cache && version) ownWrites.record(owner, cache, version, clock.elapsed());
  }

  async delete(kind: Kind, key: Key, uid: string, signal: AbortSignal): Promise<void> {
    this.assertLeading();
    await this.#options.client.delete(kind, key, uid, signal);
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

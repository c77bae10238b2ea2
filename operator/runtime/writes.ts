/**
 * Every write of a pass goes through here. Promises: nothing is written while we do not lead; the version of each write
 * is recorded, so that the next pass of the key waits until the cache has seen it.
 */
import { ApiError, NoResponse, hasStatus } from './apiError.ts';
import type { Caches } from './caches.ts';
import type { Body, Client, Written } from './client.ts';
import type { Clock } from './clock.ts';
import type { Doubts } from './doubts.ts';
import { followId, writeAs } from './accountReader.ts';
import type { Kind } from '../api/kind.ts';
import type { Resource } from '../api/v1alpha1/shared.ts';
import type { Account, AccountWrite, JsonPatch, Key } from './feature.ts';
import { fewAtOnce } from './fewAtOnce.ts';
import type { Following } from './following.ts';
import { NotLeading, Superseded } from './interruptions.ts';
import type { OwnWrites } from './ownWrites.ts';
import type { WriteOutcomes } from './writeOutcomes.ts';

/** Field managers: one for what people see as the object, one for its status. To change one orphans all its fields. */
export const MANAGER = 'holdfast';
export const STATUS_MANAGER = 'holdfast-status';

export interface WriteOptions {
  readonly client: Client;
  /** For requests with the rights of service accounts. */
  readonly accounts: Client;
  readonly following: Pick<Following, 'cacheOf'>;
  readonly caches: Caches;
  readonly ownWrites: OwnWrites;
  readonly outcomes: WriteOutcomes;
  readonly doubts: Pick<Doubts, 'raise'>;
  readonly clock: Clock;
  readonly isLeading: () => boolean;
}

/** A write with the rights of a service account, onto an object that is not ours. */
export interface AccountAct {
  readonly as: Account;
  readonly kind: Kind;
  readonly write: AccountWrite;
}

/** What allowed writes to objects of others was read before: none begins later than so long after the first. */
const BEGIN_MILLISECONDS = 2000;
const AT_ONCE = 8;

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

  /**
   * A few at once. What the apiserver refuses, or does not answer, of one stops none of the others. Answers with these errors, and with how
   * many were not begun in time. What becomes of each is recorded, also when this fails.
   */
  async writeEachAs(
    owner: string,
    all: readonly AccountAct[],
    signal: AbortSignal,
  ): Promise<{ readonly failures: readonly Error[]; readonly skipped: number }> {
    const { clock, outcomes } = this.#options;
    const until = clock.elapsed() + BEGIN_MILLISECONDS;
    const failures: Error[] = [];
    const left = new Set(all);
    const write = async (one: AccountAct): Promise<void> => {
      this.assertLeading();
      signal.throwIfAborted();
      if (clock.elapsed() > until) return;
      left.delete(one);
      await this.#writeAs(owner, one, signal).catch((error: unknown) => {
        if (!(error instanceof ApiError || error instanceof NoResponse)) throw error;
        failures.push(error);
      });
    };
    try {
      await fewAtOnce(all, AT_ONCE, write);
    } finally {
      for (const { kind, write: skipped } of left)
        outcomes.record(owner, kind, skipped, { is: 'skipped', time: clock.now() });
    }
    return { failures, skipped: left.size };
  }

  async #writeAs(owner: string, { as: account, kind, write }: AccountAct, signal: AbortSignal): Promise<void> {
    const { accounts, following, ownWrites, outcomes, clock } = this.#options;
    try {
      const written = await writeAs(accounts.as(account), kind, write, { signal, how: 'strict' });
      outcomes.record(owner, kind, write, { is: 'accepted', time: clock.now() });
      const cache =
        following.cacheOf(followId(account, kind)) ?? following.cacheOf(followId(account, kind, 'metadata'));
      const version = written?.metadata.resourceVersion;
      if (cache && version) ownWrites.record(owner, cache, version, clock.elapsed());
    } catch (error) {
      const { status, said: message } = error instanceof ApiError ? error : {};
      const what =
        status === undefined
          ? { is: 'unanswered' as const }
          : { is: 'refused' as const, status, message: message ?? '' };
      outcomes.record(owner, kind, write, { ...what, time: clock.now() });
      throw error;
    }
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

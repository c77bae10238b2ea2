/**
 * Watches of kinds that only resources name, with the rights of the service accounts that they name. Promises:
 * - one watch for each kind, account and extent, shared by all keys that follow it;
 * - a watch ends when no key's last pass asked for it;
 * - a key is woken when what it follows changes, is refused, or is answered again;
 * - what an account may no longer see is no longer shown.
 */
import type { Logger } from 'pino';
import type { ApiError } from './apiError.ts';
import { webhookFailure } from '../lib/webhookFailure.ts';
import { Cache } from './cache.ts';
import type { Client } from './client.ts';
import { sleep, type Clock } from './clock.ts';
import type { Kind } from '../api/kind.ts';
import type { Account, Followed, Seconds } from './feature.ts';
import { kindId } from './identity.ts';
import type { Metrics } from './metrics.ts';
import { sourceOf } from './source.ts';
import { Reflector } from './watch.ts';

export interface FollowingOptions {
  readonly client: Client;
  readonly log: Logger;
  readonly clock: Clock;
  readonly random: () => number;
  readonly metrics: Pick<Metrics, 'relisted' | 'observeCache'>;
  readonly watchSeconds?: Seconds;
  /** As of `CacheOptions`. */
  readonly onBack?: () => void;
}

/** Makes another pass of the following key, after so many seconds in which further changes are gathered. */
export type Wake = (settle: Seconds) => void;

interface Follow {
  readonly cache: Cache;
  readonly reflector: Reflector;
  readonly followers: Map<string, Wake>;
  readonly stop: AbortController;
  /** Ends when it is first listed or refused. */
  readonly answered: Promise<void>;
  refusal: ApiError | undefined;
  /** Why it could not be read when that was last tried. */
  fault: ApiError | undefined;
  /** Whether that is so for so long that what is cached may be no longer true. */
  isStale: boolean;
}

/** For a first list; after it the pass goes on without. */
const LONGEST_WAIT = 10_000;
/** Without a word of the apiserver: longer than any watch is, and its grace. */
const STALE_MILLISECONDS = 90_000;
const SETTLE_SECONDS: Seconds = 0.5;

export class Following {
  readonly #options: FollowingOptions;
  readonly #follows = new Map<string, Follow>();

  constructor(options: FollowingOptions) {
    this.#options = options;
  }

  /** How many watches there are. */
  get size(): number {
    return this.#follows.size;
  }

  async follow(id: string, owner: string, wake: Wake, how: { account: Account; kind: Kind; only?: 'metadata' }) {
    const follow = this.#follows.get(id) ?? this.#start(id, how);
    follow.followers.set(owner, wake);
    await Promise.race([follow.answered, sleep(this.#options.clock, LONGEST_WAIT, follow.stop.signal)]);
    return followedOf(follow, how);
  }

  cacheOf(id: string): Cache | undefined {
    return this.#follows.get(id)?.cache;
  }

  /** `owner` follows these no more. */
  leave(owner: string, ids: Iterable<string>): void {
    for (const id of ids) {
      const follow = this.#follows.get(id);
      if (!follow?.followers.delete(owner) || follow.followers.size > 0) continue;
      follow.stop.abort();
      this.#follows.delete(id);
      this.#options.log.info({ watch: id }, 'This watch is no longer needed and is stopped.');
    }
  }

  /** As of the reflectors. */
  endOverdue(): void {
    for (const { reflector } of this.#follows.values()) reflector.endOverdue();
  }

  /** Ends all watches; whatever is followed again is listed anew. */
  stop(): void {
    for (const { stop } of this.#follows.values()) stop.abort();
    this.#follows.clear();
  }

  #start(id: string, { account, kind, only }: { account: Account; kind: Kind; only?: 'metadata' }): Follow {
    const { log, clock, random, metrics, watchSeconds, onBack } = this.#options;
    const client = this.#options.client.as(account, only);
    const cache = new Cache(kind, {
      onFault: (error) => log.error({ err: error }, 'A cache failed; this is a bug.'),
      onBack,
    });
    const { promise: answered, resolve } = Promise.withResolvers<void>();
    const stop = new AbortController();
    const followers = new Map<string, Wake>();
    const wakeAll = (settle: Seconds): void => followers.forEach((wake) => wake(settle));
    cache.listen(() => cache.isSynced && wakeAll(SETTLE_SECONDS));
    void cache.synced.then(() => (resolve(), wakeAll(0)));
    const source = sourceOf(client, kind, '');
    const onRefusal = (refusal: ApiError | undefined): void => {
      const changed = follow.refusal?.message !== refusal?.message || follow.isStale;
      follow.refusal = refusal;
      follow.fault = undefined;
      follow.isStale = false;
      if (refusal) resolve();
      if (changed) wakeAll(0);
    };
    const onFault = (fault: ApiError): void => {
      const wasStale = follow.isStale;
      follow.fault = fault;
      follow.isStale = clock.elapsed() - follow.reflector.heardAt > STALE_MILLISECONDS;
      resolve();
      if (follow.isStale && !wasStale) wakeAll(0);
    };
    const reflector = new Reflector(source, cache, {
      name: id,
      clock,
      random,
      log,
      watchSeconds,
      onRelist: () => metrics.relisted(kindId(kind)),
      onRefusal,
      onFault,
    });
    const unread = { refusal: undefined, fault: undefined, isStale: false };
    const follow: Follow = { cache, reflector, followers, stop, answered, ...unread };
    this.#follows.set(id, follow);
    void reflector.run(follow.stop.signal);
    return follow;
  }
}

function followedOf(
  { cache, refusal, fault, isStale }: Follow,
  { account, kind }: { account: Account; kind: Kind },
): Followed {
  const who = `ServiceAccount ${account.namespace}/${account.name}`;
  if (refusal?.status === 403 && / cannot impersonate /.test(refusal.said))
    return { is: 'unknown', message: `Holdfast may not act as ${who}` };
  if (refusal?.status === 403)
    return {
      is: 'unknown',
      message: `${who} may not list and watch ${kindId(kind)}; bind a role with these verbs to it`,
    };
  if (refusal) return { is: 'unknown', message: `the apiserver has no ${kindId(kind)}; install its CRD` };
  const why = fault
    ? `, because ${webhookFailure(fault.said) ?? `the apiserver responds: ${fault.said} (${fault.status})`}`
    : '';
  if (!cache.isSynced)
    return { is: 'unknown', message: `${kindId(kind)} is not listed yet${why}; Holdfast waits for it` };
  if (isStale) return { is: 'unknown', message: `${kindId(kind)} can no longer be read${why}; Holdfast waits for it` };
  return { is: 'current', get: (key) => cache.get(key), list: (namespace) => cache.list(namespace) };
}

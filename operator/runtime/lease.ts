/**
 * Leadership by a Lease: 15 seconds long, renewed every 2. Time is measured by the local monotonic clock alone: another
 * holder is gone when its record has not changed for its whole length, and ours is valid for 10 seconds from the moment
 * at which we asked for a renewal that was granted, by the wall clock too, because the other one stops while the machine is suspended. While it is not valid nothing is written; when the apiserver is back
 * and nobody else has taken the lease, we lead on. A renewal that nobody answered, or a watch that breaks, ends its validity too, until it is renewed: the
 * store may have been put back meanwhile, and the Lease shows it. Leadership is lost when another one has it, and then for good.
 * A lease is no fence: two processes may believe that they lead. What must happen once is fenced by names and versions.
 */
import type { V1Lease, V1LeaseSpec } from '@kubernetes/client-node';
import type { Logger } from 'pino';
import { hasStatus, isAway } from './apiError.ts';
import type { Client, Written } from './client.ts';
import { sleep, type Clock } from './clock.ts';
import type { Kind } from '../api/kind.ts';
import type { Key, Seconds } from './feature.ts';
import { apiVersionOf, hasSeen } from './identity.ts';

export interface LeaseOptions {
  /** Over connections of its own. */
  readonly client: Pick<Client, 'get' | 'create' | 'mergePatch'>;
  readonly key: Key;
  /** Unique to this process. */
  readonly identity: string;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Logger;
  /** The newest version that is known of any object; empty when none is. */
  readonly newest?: () => string;
  /** Told when the Lease is older than it was, or than what is known: the store of the apiserver was put back. */
  readonly onBack?: () => void;
}

export const LEASE: Kind = {
  group: 'coordination.k8s.io',
  version: 'v1',
  kind: 'Lease',
  plural: 'leases',
  namespaced: true,
};

interface LeaseObject extends Pick<V1Lease, 'spec'> {
  readonly metadata: { readonly resourceVersion: string };
}

const DURATION: Seconds = 15;
const VALID_MILLISECONDS = 10_000;
const RETRY_PERIOD = 2000;

export class Lease {
  readonly #options: LeaseOptions;
  /** The newest record, and since when it has been the same. */
  #record: { resourceVersion: string; seenAt: number } | undefined;
  #renewedAt: { readonly elapsed: number; readonly now: number } | undefined;
  /** Since the last renewal the apiserver could not be reached. */
  #isUnanswered = false;
  /** Whether our last renewal was newer than all that was known: not so where Leases are in a store of their own. */
  #isOfOneStore = false;
  /** Ends the wait for the next renewal. */
  #hurry = new AbortController();
  #refusal: string | undefined;

  constructor(options: LeaseOptions) {
    this.#options = options;
  }

  /** Whether we may write: we lead, and our last renewal was answered and is young enough. */
  isValid(): boolean {
    if (this.#renewedAt === undefined || this.#isUnanswered) return false;
    const { clock } = this.#options;
    const { elapsed, now } = this.#renewedAt;
    return clock.elapsed() - elapsed < VALID_MILLISECONDS && clock.now().getTime() - now < VALID_MILLISECONDS;
  }

  /** To be called when the apiserver may have been away, such as when a watch breaks: it is renewed now, and not valid until then. */
  doubt(): void {
    if (this.#renewedAt === undefined || this.#isUnanswered) return;
    this.#isUnanswered = true;
    this.#hurry.abort();
  }

  /** Why it can never be acquired as things are, with what to do; `undefined` when nothing is known that prevents it. */
  problem(): string | undefined {
    return this.#refusal;
  }

  /** Ends when we lead; also when the signal aborts. */
  async acquire(signal: AbortSignal): Promise<void> {
    const { clock, log, random, key, identity } = this.#options;
    while (!signal.aborted) {
      await this.#tryOnce(signal).catch((error: unknown) => {
        this.#refusal = hasStatus(error, 403) ? refusalOf(key, error.said) : undefined;
        if (!signal.aborted)
          log.warn({ err: error }, `Lease ${key.namespace}/${key.name} could not be acquired; this will be retried.`);
      });
      if (this.isValid()) {
        this.#refusal = undefined;
        return log.info({ identity }, `Acquired Lease ${key.namespace}/${key.name}; this process is the leader.`);
      }
      await sleep(clock, RETRY_PERIOD * (1 + random() / 5), signal);
    }
  }

  /** To be called when we lead. Rejects when another one leads; resolves when the signal aborts. */
  async hold(signal: AbortSignal): Promise<void> {
    const { clock, log, key } = this.#options;
    while (!signal.aborted) {
      await sleep(clock, RETRY_PERIOD, AbortSignal.any([signal, this.#hurry.signal]));
      this.#hurry = new AbortController();
      if (signal.aborted) return;
      const holder = await this.#tryOnce(signal).catch((error: unknown) => {
        if (isAway(error)) this.#isUnanswered = true;
        const effect = this.isValid() ? '' : ' Nothing is written until it is renewed.';
        if (!signal.aborted)
          log.warn(
            { err: error },
            `Lease ${key.namespace}/${key.name} could not be renewed; this will be retried.${effect}`,
          );
        return 'unknown';
      });
      if (holder === 'other')
        throw new Error(`Another process has acquired Lease ${key.namespace}/${key.name}; this one exits.`);
    }
  }

  /** Lets another process take over at once. To be called when nothing writes any more. */
  async release(): Promise<void> {
    const { client, key, log } = this.#options;
    if (!this.isValid() || !this.#record) return;
    const metadata = { resourceVersion: this.#record.resourceVersion };
    this.#renewedAt = undefined;
    const spec = { holderIdentity: '', leaseDurationSeconds: 1 };
    await client.mergePatch(LEASE, key, { metadata, spec }, { manager: 'holdfast' }).catch((error: unknown) => {
      log.warn({ err: error }, 'The Lease could not be released; another process can acquire it when it expires.');
    });
  }

  async #tryOnce(signal: AbortSignal): Promise<'us' | 'other'> {
    const { client, key, identity, clock } = this.#options;
    const askedAt = { elapsed: clock.elapsed(), now: clock.now().getTime() };
    const live = await client.get<LeaseObject>(LEASE, key, signal);
    const holder = live?.spec?.holderIdentity ?? '';
    const ledBefore = this.#renewedAt !== undefined;
    if (live && this.#record?.resourceVersion !== live.metadata.resourceVersion)
      this.#see(live.metadata.resourceVersion);
    if (live && holder !== identity && (ledBefore || !this.#isFree(holder, live.spec))) {
      this.#renewedAt = undefined;
      return 'other';
    }
    const known = this.#options.newest?.() ?? '';
    try {
      const written = await this.#write(live, holder === identity, signal);
      this.#see(written.metadata.resourceVersion!);
      this.#compare(written.metadata.resourceVersion!, known);
      this.#renewedAt = askedAt;
      // What was doubted meanwhile may have been answered before that.
      if (!this.#hurry.signal.aborted) this.#isUnanswered = false;
      return 'us';
    } catch (error) {
      if (hasStatus(error, 409)) return this.#tryOnce(signal); // Someone was quicker: see who.
      throw error;
    }
  }

  /** Versions of one object only rise. We write this one every two seconds, so that of a store that was put back it is the first to show it. */
  #see(resourceVersion: string): void {
    const isBack = this.#record !== undefined && !hasSeen(resourceVersion, this.#record.resourceVersion);
    this.#record = { resourceVersion, seenAt: this.#options.clock.elapsed() };
    if (isBack) this.#options.onBack?.();
  }

  /** Versions of all objects are of one counter, so that what is written now is newer than what was known before, unless the store was put back. */
  #compare(resourceVersion: string, known: string): void {
    if (known === '') return;
    const isNewer = hasSeen(resourceVersion, known);
    if (!isNewer && this.#isOfOneStore) this.#options.onBack?.();
    this.#isOfOneStore = isNewer;
  }

  #isFree(holder: string, spec: V1LeaseSpec = {}): boolean {
    const unchangedFor = this.#options.clock.elapsed() - this.#record!.seenAt;
    return holder === '' || unchangedFor >= (spec.leaseDurationSeconds ?? DURATION) * 1000;
  }

  #write(live: LeaseObject | undefined, isOurs: boolean, signal: AbortSignal): Promise<Written> {
    const { client, key, identity, clock } = this.#options;
    // For people: nobody decides by it.
    const time = clock.now().toISOString().replace('Z', '000Z');
    const renewed = { leaseDurationSeconds: DURATION, renewTime: time };
    const taken = {
      holderIdentity: identity,
      acquireTime: time,
      leaseTransitions: (live?.spec?.leaseTransitions ?? -1) + 1,
    };
    const spec = isOurs ? renewed : { ...taken, ...renewed };
    if (live)
      return client.mergePatch(
        LEASE,
        key,
        { metadata: { resourceVersion: live.metadata.resourceVersion }, spec },
        { manager: 'holdfast', signal },
      );
    return client.create(
      LEASE,
      { apiVersion: apiVersionOf(LEASE), kind: LEASE.kind, metadata: { ...key }, spec },
      { manager: 'holdfast', signal },
    );
  }
}

function refusalOf({ namespace, name }: Key, said: string): string {
  return `Lease ${namespace}/${name} cannot be acquired (${said}); grant \`create\` on leases in namespace ${namespace}, and \`get\` and \`patch\` on this one.`;
}

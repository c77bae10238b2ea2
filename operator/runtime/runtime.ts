/**
 * Starts and stops everything: caches, election, controllers, health. Promises: no pass begins before all caches are
 * synced and we lead; on a stop, passes end (10 seconds), then the lease is released, then the watches close.
 */
import { hostname } from 'node:os';
import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import { Followers } from './accountReader.ts';
import { Caches } from './caches.ts';
import { toNotifiers, type Notifier } from './changes.ts';
import type { Client } from './client.ts';
import { systemClock, type Clock } from './clock.ts';
import { Controller } from './controller.ts';
import { Discovery } from './discovery.ts';
import { Doubts } from './doubts.ts';
import { Events } from './events.ts';
import type { OpenFeature, Key, Reader, Seconds } from './feature.ts';
import { Following } from './following.ts';
import { serveHealth } from './health.ts';
import { keyId, newer } from './identity.ts';
import { Lease } from './lease.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { byTokenReview } from './metricsAccess.ts';
import { objectGauge } from './objectStates.ts';
import { OwnWrites } from './ownWrites.ts';
import { safely, type Recorder } from './recorder.ts';
import { Recovery } from './recovery.ts';
import { Sent } from './sent.ts';
import { sickness, unreadiness, watchKinds } from './watched.ts';
import { WriteOutcomes } from './writeOutcomes.ts';
import { Writes } from './writes.ts';

export interface RuntimeOptions {
  readonly client: Client;
  readonly features: readonly OpenFeature[];
  /** Who hears of changes of conditions. */
  readonly notifiers: readonly Notifier[];
  /** Who keeps a record of what is decided. */
  readonly recorder?: Recorder;
  readonly log: Logger;
  readonly clock?: Clock;
  readonly random?: () => number;
  /** To which features may have added their own. */
  readonly metrics?: Metrics;
  /** Watches only this namespace; all by default. */
  readonly namespace?: string;
  /** Unique to this process; host name and a random part by default. */
  readonly identity?: string;
  /** The Lease to lead by. Without it we lead always. */
  readonly election?: Key;
  /** Has to resolve before the first pass, once we lead: whether nothing else is in the way. */
  readonly beforePasses?: () => Promise<void>;
  /** Why it should not be used yet, though all caches are synced. */
  readonly unready?: (read: Reader) => readonly string[];
  readonly health?: { readonly host?: string; readonly port: number };
  /** Labels that no measurement carries: what differs in them alone is summed up. */
  readonly withoutLabels?: readonly string[];
  /** Longest pass; 120 by default. */
  readonly passSeconds?: Seconds;
  /** Longest time for which a watch is asked; 45 by default. One on which nothing comes is noticed some 10 s later. */
  readonly watchSeconds?: Seconds;
  /** Called when leadership is lost, because nothing may go on then. Ends the process by default. */
  readonly exit?: (code: number) => void;
}

export interface Runtime {
  readonly reader: Reader;
  readonly metrics: Metrics;
  /** Where health is served. */
  readonly healthPort: number | undefined;
  /** Ends when all caches are synced. */
  readonly synced: Promise<void>;
  /** Ends when passes have begun, that is when we lead. */
  readonly leading: Promise<void>;
  /** Evaluates every object of a namespace, and every object without one, again. */
  lookAgain(namespace: string): void;
  stop(): Promise<void>;
}

const DRAIN_MILLISECONDS = 10_000;
const FLUSH_MILLISECONDS = 2000;
const SWEEP_MILLISECONDS = 2000;

export async function startRuntime(options: RuntimeOptions): Promise<Runtime> {
  const { client, features, log, clock = systemClock, random = Math.random, metrics = createMetrics() } = options;
  const identity = options.identity ?? `${hostname()}_${randomUUID()}`;
  const onBack = (): void => recovery.begin();
  const onBreak = (): void => lease?.doubt();
  const watched = watchKinds({ ...options, clock, random, metrics, onBack, onBreak });
  const all = watched.map(({ cache }) => cache);
  const caches = new Caches(client, all, options.namespace);
  const newest = (): string => all.map((cache) => cache.resourceVersion).reduce(newer, ownWrites.newest);
  const leaseClient = client.apart({ connections: 2, timeoutSeconds: 5 });
  const lease =
    options.election &&
    new Lease({ client: leaseClient, key: options.election, identity, clock, random, log, onBack, newest });
  const checks = {
    sick: () => sickness(watched, clock),
    unready: () => {
      const problems = [...unreadiness(watched), ...[lease?.problem() ?? []].flat()];
      return problems.length ? problems : (options.unready?.(caches) ?? []);
    },
  };
  const health =
    options.health &&
    (await serveHealth({
      ...options.health,
      registry: metrics.registry,
      admit: byTokenReview(client, clock),
      ...checks,
    }));
  const isLeading = (): boolean => !recovery.isRunning && (lease?.isValid() ?? true);
  const ownWrites = new OwnWrites();
  const outcomes = new WriteOutcomes(() => clock.now());
  const sent = new Sent();
  // What webhooks of others keep waiting must not keep anything else waiting.
  const accounts = client.apart({});
  const following = new Following({ ...options, clock, random, metrics, onBack });
  const doubts = new Doubts({
    clock,
    cacheOf: (kind) => caches.of(kind),
    relist: (kind) => void watched.find(({ cache }) => cache.kind === caches.of(kind)?.kind)?.reflector.relist(),
  });
  const writes = new Writes({ client, accounts, caches, following, ownWrites, outcomes, doubts, clock, isLeading });
  const eventClient = client.apart({ connections: 8, timeoutSeconds: 5 });
  const events = new Events({
    client: eventClient,
    clock,
    log,
    isLeading,
    random,
    controller: 'holdfast.dev/operator',
    instance: identity,
  });
  const followers = new Followers({
    client: accounts,
    caches,
    following,
    outcomes,
    discovery: new Discovery(client, clock),
  });
  const onChange = toNotifiers(options.notifiers, { tell: (about, note, of) => events.tell(about, note, of) }, log);
  const recorder = options.recorder && safely(options.recorder, log);
  const services = {
    followers,
    caches,
    writes,
    ownWrites,
    sent,
    events,
    onChange,
    clock,
    random,
    ...(recorder && { recorder }),
  };
  const controllers = features.map((feature) => new Controller(feature, { ...options, services, metrics, isLeading }));

  const recovery = new Recovery({
    log,
    relist: () => Promise.all(watched.map(({ reflector }) => reflector.relist())),
    forget() {
      for (const memory of [sent, ownWrites, outcomes]) memory.clear();
      following.stop();
    },
    interrupt: (reason) => controllers.forEach((controller) => controller.abort(reason)),
    lookAtAll: () => controllers.forEach((controller) => controller.lookAtAll()),
  });

  const stopping = { watches: new AbortController(), lease: new AbortController() };
  const reflecting = watched.map(({ reflector }) => reflector.run(stopping.watches.signal));
  let isSynced = false;
  const synced = Promise.all(all.map((cache) => cache.synced)).then(() => {
    isSynced = true;
    log.info({ objects: all.map((c) => c.size) }, 'All caches are synced.');
  });
  // Of a cache that is not complete, too few would be counted.
  for (const gauge of [
    objectGauge(features.filter(({ mirrors }) => !mirrors)),
    ...features.flatMap(({ gauges = [] }) => gauges),
  ])
    metrics.gauge(gauge, options.withoutLabels ?? [], () => (isSynced ? gauge.samples(caches, clock.now()) : []));
  let hasBegun = false;
  metrics.observeLeading(() => hasBegun && isLeading());
  let callOffSweep = clock.after(SWEEP_MILLISECONDS, sweep);
  const holding = { until: Promise.resolve() };
  const leading = begin();
  const lookAgain = (within: string): void => controllers.forEach((controller) => controller.lookAtAll(within));
  return { reader: caches, metrics, healthPort: health?.port, synced, leading, lookAgain, stop: once(stop) };

  async function begin(): Promise<void> {
    if (options.election) metrics.leads(keyId(options.election), false);
    await synced;
    await lease?.acquire(stopping.lease.signal);
    if (stopping.lease.signal.aborted) return;
    if (options.election) metrics.leads(keyId(options.election), true);
    hasBegun = true;
    if (lease) holding.until = lease.hold(stopping.lease.signal).catch(lose);
    await options.beforePasses?.();
    recorder?.begin(caches, clock.now());
    for (const controller of controllers) controller.start(all);
  }

  /** One timer for all watches. */
  function sweep(): void {
    for (const { reflector } of watched) reflector.endOverdue();
    following.endOverdue();
    callOffSweep = clock.after(SWEEP_MILLISECONDS, sweep);
  }

  function lose(error: Error): void {
    log.fatal({ err: error }, error.message);
    for (const controller of controllers) controller.abort();
    (options.exit ?? ((code) => process.exit(code)))(1);
  }

  async function stop(): Promise<void> {
    await Promise.all(controllers.map((controller) => controller.stop(DRAIN_MILLISECONDS)));
    await events.flush(FLUSH_MILLISECONDS);
    stopping.lease.abort();
    await holding.until;
    await lease?.release();
    callOffSweep();
    doubts.stop();
    stopping.watches.abort();
    following.stop();
    await Promise.all(reflecting);
    await Promise.all([health?.close(), ...[leaseClient, eventClient, accounts].map((apart) => apart.close())]);
    log.info('Stopped.');
  }
}

function once(run: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  return () => (running ??= run());
}

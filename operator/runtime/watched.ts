/** Which kinds are watched, and for each its cache, what keeps it true, and how well both are. */
import type { Logger } from 'pino';
import { Cache } from './cache.ts';
import type { Client } from './client.ts';
import type { Clock } from './clock.ts';
import type { Kind } from '../api/kind.ts';
import type { OpenFeature, Seconds } from './feature.ts';
import { kindId } from './identity.ts';
import type { Metrics } from './metrics.ts';
import { sourceOf } from './source.ts';
import { Reflector } from './watch.ts';

export interface WatchedOptions {
  readonly client: Client;
  readonly features: readonly OpenFeature[];
  readonly log: Logger;
  readonly clock: Clock;
  readonly random: () => number;
  readonly metrics: Metrics;
  /** All when undefined. */
  readonly namespace?: string;
  readonly watchSeconds?: Seconds;
  /** As of `CacheOptions`. */
  readonly onBack?: () => void;
  /** As of `ReflectorOptions`. */
  readonly onBreak?: () => void;
}

export interface Watched {
  readonly cache: Cache;
  readonly reflector: Reflector;
}

/** One for each kind that a feature is for, watches, or has an index of. */
export function watchKinds(options: WatchedOptions): Watched[] {
  return kindsOf(options.features).map((kind) => watchKind(kind, options));
}

/** What is wrong with the watches, in sentences. Nothing is, while the apiserver is merely away. */
export function sickness(watched: readonly Watched[], clock: Clock): string[] {
  return watched
    .filter(({ reflector }) => clock.elapsed() - reflector.aliveAt > reflector.longestSilence)
    .map(({ cache }) => `The watch of ${kindId(cache.kind)} has stalled.`);
}

export function unreadiness(watched: readonly Watched[]): string[] {
  return watched
    .filter(({ cache }) => !cache.isSynced)
    .map(({ cache }) => `The cache of ${kindId(cache.kind)} is not synced yet.`);
}

function kindsOf(features: readonly OpenFeature[]): Kind[] {
  const kinds = new Map<string, Kind>();
  for (const { kind } of features) {
    if (kinds.has(kindId(kind)))
      throw new Error(
        `Two features are for ${kind.kind}; a kind may have only one, because both would write its status.`,
      );
    kinds.set(kindId(kind), kind);
  }
  for (const { reads = [], watches = [], indexes = [] } of features)
    for (const kind of [...reads, ...[...watches, ...indexes].map((one) => one.kind)]) kinds.set(kindId(kind), kind);
  return [...kinds.values()];
}

function watchKind(kind: Kind, options: WatchedOptions): Watched {
  const { client, features, log, clock, random, metrics, watchSeconds, onBack, onBreak } = options;
  const name = kindId(kind);
  const cache = new Cache(kind, {
    project: features.find((feature) => kindId(feature.kind) === name)?.keeps,
    onFault: (error, { metadata }) =>
      log.error({ err: error, kind: name, name: metadata.name }, 'A projection or index failed; this is a bug.'),
    onBack,
  });
  for (const index of features.flatMap(({ indexes = [] }) => indexes))
    if (kindId(index.kind) === name) cache.addIndex(index);
  metrics.observeCache(name, () => cache.size);
  const namespace = kind.namespaced ? (options.namespace ?? '') : '';
  const source = sourceOf(client, kind, namespace);
  const onRelist = (): void => metrics.relisted(name);
  const reflector = new Reflector(source, cache, { name, clock, random, log, watchSeconds, onRelist, onBreak });
  metrics.observeWatch(name, () => (clock.elapsed() - reflector.heardAt) / 1000);
  return { cache, reflector };
}

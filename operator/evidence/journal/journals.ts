/**
 * The journals of all stores, and the recorder of the runtime: what is decided about an object of a namespace goes into the journal of each store of that namespace,
 * and what has no namespace to that of the home of its source. Each has a spool and a loop of its own, and so much room that none takes that of another.
 */
import type { Logger } from 'pino';
import type { Spools } from '../../connect/spool/spool.ts';
import type { Kind } from '../../api/kind.ts';
import type { Resource } from '../../api/v1alpha1/shared.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { Key, Reader } from '../../runtime/feature.ts';
import type { Recorder } from '../../runtime/recorder.ts';
import type { Seal } from './checkpoint.ts';
import { decisionOf, objectOf, suspensionOf } from './decision.ts';
import type { Kept } from './decisions.ts';
import type { Draft, JournalEntry } from './entry.ts';
import type { Head } from './head.ts';
import { Journal } from './journal.ts';
import { Keeper, type Connected } from './keeper.ts';
import { readJournal, type Reading } from './read.ts';
import type { JournalStanding } from './standing.ts';

export interface JournalsOptions {
  /** Of the folder of that name, which is made where it is not there. */
  readonly openSpools: (name: string) => Spools;
  /** Stores of a namespace that have a journal, or of all where it is empty; from the cache. */
  readonly stores: (read: Reader, namespace: string) => readonly Key[];
  /** Namespace whose stores take what is decided about an object that is in none; undefined for none. */
  readonly home: (kind: Kind, object: Resource) => string | undefined;
  /** Kinds of the features, to find out which objects are gone. */
  readonly kinds: readonly Kind[];
  readonly connect: (store: Key, signal: AbortSignal) => Promise<Connected>;
  /** Undefined while it is not known: then nothing can be journaled. */
  readonly cluster: () => { readonly id: string } | undefined;
  readonly seal: Seal;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Logger;
  readonly limits: JournalLimits;
  /** A journal was begun: everything of its namespace is to be decided again, so that it is in it. */
  readonly onBegun?: (namespace: string) => void;
}

export interface JournalLimits {
  /** Spooled for one store, and for all together. */
  readonly storeBytes: number;
  readonly totalBytes: number;
  readonly segmentBytes: number;
  readonly segmentSeconds: number;
}

export const defaultLimits: JournalLimits = {
  storeBytes: 256 * 1024 * 1024,
  totalBytes: 1024 * 1024 * 1024,
  segmentBytes: 1024 * 1024,
  // It is stored within a minute.
  segmentSeconds: 50,
};

/** So much each has in any case. */
const leastBytes = 1024 * 1024;
const sweepMilliseconds = 60_000;
const stopMilliseconds = 5000;

interface Open {
  readonly key: Key;
  readonly journal: Journal;
  readonly keeper: Keeper;
}

/** What became of an entry: `Full` is to be tried again. */
export type Appended = 'Taken' | 'Known' | 'Full' | 'NoJournal';

export class Journals implements Recorder {
  readonly #options: JournalsOptions;
  readonly #byStore = new Map<string, Open>();
  readonly #kinds: ReadonlyMap<string, Kind>;
  #read: Reader | undefined;
  #callOffSweep: (() => void) | undefined;
  #isStopping = false;

  constructor(options: JournalsOptions) {
    this.#options = options;
    this.#kinds = new Map(options.kinds.map((kind) => [kind.kind, kind]));
  }

  begin(read: Reader): void {
    this.#read = read;
    this.#sweep();
  }

  decided(decided: Parameters<Recorder['decided']>[0]): void {
    const { kind, object } = decided;
    const stores = this.#of(this.#namespaceOf(kind, object));
    if (!kind.namespaced) this.#leftBy(kind, object, stores);
    if (stores.length === 0) return;
    const kept: Kept = { is: 'decided', decision: decisionOf(decided) };
    for (const { journal } of stores) journal.record(kept);
  }

  suspended(...[kind, object, suspend, now]: Parameters<Recorder['suspended']>): void {
    const stores = this.#of(this.#namespaceOf(kind, object));
    if (stores.length === 0) return;
    const kept: Kept = { is: 'decided', decision: suspensionOf({ kind, object, now }, suspend) };
    for (const { journal } of stores) journal.record(kept);
  }

  gone(kind: Kind, { namespace, name }: Key, now: Date): void {
    const kept: Kept = { is: 'gone', object: objectOf(kind.kind, { namespace, name }), time: now.toISOString() };
    for (const { journal } of kind.namespaced ? this.#of(namespace) : this.#byStore.values()) journal.record(kept);
  }

  /** How the journal of a store stands; undefined where there is none. */
  standing(store: Key): JournalStanding | undefined {
    return this.#byStore.get(idOf(store))?.keeper.standing;
  }

  /** Of all stores, for metrics. */
  *standings(): Iterable<readonly [Key, JournalStanding]> {
    for (const { key, keeper } of this.#byStore.values()) yield [key, keeper.standing];
  }

  /** An entry that no pass decided. `id` is what makes it the same again: of the newest thousand, one with that ID is not written twice. */
  append(store: Key, id: string, entry: Omit<Draft, 'time'>): Appended {
    const journal = this.#opened(store)?.journal;
    if (!journal) return 'NoJournal';
    if (journal.chain?.state.ids.has(id)) return 'Known';
    const time = this.#options.clock.now().toISOString();
    return journal.record({ is: 'appended', draft: { ...entry, time, facts: { ...entry.facts, id } } })
      ? 'Taken'
      : 'Full';
  }

  /** Stores what was recorded by now. Rejects with a JournalError when the signal aborts before. */
  async flush(store: Key, signal: AbortSignal): Promise<Head | undefined> {
    return this.#opened(store)?.keeper.flush(signal);
  }

  /** Entries of a period that are in the store: `flush` before, for the newest ones. */
  async *read(store: Key, reading: Omit<Reading, 'store'>): AsyncGenerator<JournalEntry> {
    const kept = this.#opened(store);
    if (!kept) return;
    const connected = await kept.keeper.connected(reading.signal);
    yield* readJournal({ ...reading, store: connected.store });
  }

  /** Stores what can be stored within some seconds; the rest is on disk. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    this.#callOffSweep?.();
    const signal = AbortSignal.timeout(stopMilliseconds);
    await Promise.all(
      [...this.#byStore.values()].map(async ({ keeper }) => {
        await keeper.flush(signal).catch(() => undefined);
        await keeper.stop();
      }),
    );
  }

  #namespaceOf(kind: Kind, object: Resource): string {
    return (kind.namespaced ? object.metadata.namespace : this.#options.home(kind, object)) ?? '';
  }

  #of(namespace: string): Open[] {
    if (!namespace || !this.#read) return [];
    return this.#options.stores(this.#read, namespace).flatMap((store) => this.#opened(store) ?? []);
  }

  /** Declared, and begun with the first that is asked of it. */
  #opened(key: Key): Open | undefined {
    const known = this.#byStore.get(idOf(key));
    if (known || this.#isStopping) return known;
    if (!this.#read || !this.#options.stores(this.#read, key.namespace).some((one) => one.name === key.name))
      return undefined;
    const cluster = this.#options.cluster();
    if (!cluster) return undefined;
    try {
      return this.#begin(key, cluster);
    } catch (error) {
      // Its disk may be back with the next decision, which differs from what was journaled last all the same.
      this.#options.log.warn(
        { err: error, evidenceStore: idOf(key) },
        'The journal cannot be opened; it will be retried.',
      );
      return undefined;
    }
  }

  #begin(key: Key, cluster: { readonly id: string }): Open {
    const { openSpools, connect, seal, clock, random, log, limits } = this.#options;
    const { namespace, name } = key;
    const journal: Journal = new Journal({
      spools: openSpools(`${namespace}.${name}`),
      about: { store: { namespace, name }, cluster },
      seal,
      segmentBytes: limits.segmentBytes,
      room: () => this.#roomFor(namespace, journal),
      now: () => clock.now(),
      wake: () => keeper.recorded(),
    });
    const isNew = !journal.chain;
    const keeper = new Keeper({
      journal,
      connect: (signal) => connect(key, signal),
      clock,
      random,
      log: log.child({ evidenceStore: idOf(key) }),
      segmentSeconds: limits.segmentSeconds,
      onKnown: () => this.#sweepGone(kept),
    });
    const kept = { key, journal, keeper };
    this.#byStore.set(idOf(key), kept);
    if (isNew) this.#options.onBegun?.(namespace);
    return kept;
  }

  /** Of what all may have, each namespace has the same, and each store of a namespace the same of that. */
  #roomFor(namespace: string, journal: Journal): number {
    const { storeBytes, totalBytes } = this.#options.limits;
    const namespaces = Map.groupBy(this.#byStore.values(), ({ key }) => key.namespace);
    const share = totalBytes / Math.max(1, namespaces.size) / Math.max(1, namespaces.get(namespace)?.length ?? 1);
    let used = 0;
    for (const one of this.#byStore.values()) used += one.journal.bytes;
    const own = Math.max(leastBytes, Math.min(storeBytes, share)) - journal.bytes;
    return Math.min(own, Math.max(leastBytes - journal.bytes, totalBytes - used));
  }

  /** Begins the journals that are declared, ends those that are not, and finds what is gone. */
  #sweep(): void {
    const { clock, stores } = this.#options;
    if (this.#isStopping || !this.#read) return;
    const declared = new Set(stores(this.#read, '').map(idOf));
    for (const [id, { keeper }] of this.#byStore)
      if (!declared.has(id)) {
        this.#byStore.delete(id);
        void keeper.stop();
      }
    for (const store of stores(this.#read, '')) this.#opened(store);
    for (const kept of this.#byStore.values()) this.#sweepGone(kept);
    this.#callOffSweep = clock.after(sweepMilliseconds, () => this.#sweep());
  }

  /** Objects that were deleted while nobody could hear of it. */
  #sweepGone({ journal }: Open): void {
    const read = this.#read;
    if (!read || !journal.chain) return;
    const time = this.#options.clock.now().toISOString();
    for (const id of [...journal.known()]) {
      const [kindName = '', namespace = '', name = ''] = id.split('/');
      const kind = this.#kinds.get(kindName);
      if (!kind || read.get(kind, { namespace, name })) continue;
      journal.record({ is: 'gone', object: objectOf(kindName, { namespace, name }), time });
    }
  }

  /** An object without a namespace, which went from the home of one account to that of another. */
  #leftBy(kind: Kind, { metadata }: Resource, stores: readonly Open[]): void {
    const object = objectOf(kind.kind, { name: metadata.name });
    for (const kept of this.#byStore.values())
      if (!stores.includes(kept) && kept.journal.chain?.state.get(object))
        kept.journal.record({ is: 'gone', object, time: this.#options.clock.now().toISOString() });
  }
}

function idOf({ namespace, name }: Key): string {
  return `${namespace}/${name}`;
}

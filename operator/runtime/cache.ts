/**
 * All objects of a kind, as last heard: one cache a kind, shared by all features. Objects are values: a change puts another
 * in place, and nobody changes one (in tests they are frozen). managedFields are dropped, and a projection may keep less.
 */
import type { Resource } from '../api/v1alpha1/shared.ts';
import type { Kind } from '../api/kind.ts';
import type { Index, Key } from './feature.ts';
import { apiVersionOf, hasSeen, keyOf } from './identity.ts';
import { ObjectIndex } from './objectIndex.ts';
import type { Progress } from './ownWrites.ts';
import { share } from './sharing.ts';
import type { Mirror } from './watch.ts';

/** Told of every change; both are given for an update, one for creation and deletion. A successor of the same name is a deletion and a creation. */
export type Listener = (before: Resource | undefined, after: Resource | undefined) => void;

type Objects = Map<string, Map<string, Resource>>;

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';
const FREEZES = process.env.NODE_ENV === 'test';

export interface CacheOptions {
  /** `applied` is what kubectl keeps in an annotation of it, which is not kept otherwise. */
  readonly project?: (object: Resource, applied?: string) => Resource;
  /** Told when a projection or an index fails on an object, which is then kept whole or not found by that index. */
  readonly onFault: (error: unknown, object: Resource) => void;
  /** Told of a version that is older than what was seen before, with which the store of the apiserver shows that it was put back. */
  readonly onBack?: () => void;
}

export class Cache implements Mirror, Progress {
  readonly kind: Kind;
  /** Ends when everything was listed once. */
  readonly synced: Promise<void>;
  readonly #apiVersion: string;
  readonly #options: CacheOptions;
  readonly #objects: Objects = new Map();
  readonly #indexes = new Map<string, { readonly of: Index; readonly objects: ObjectIndex }>();
  readonly #listeners: Listener[] = [];
  #resolveSynced: () => void = () => undefined;
  #waiting: { resourceVersion: string; callback: () => void }[] = [];
  #unlisted: Set<Resource> | undefined;
  /** Objects of a kind are much alike: each that is listed shares with the one before it. */
  #listedLast: Resource | undefined;
  #listingSince = 0;
  #listedAt = -1;
  #resourceVersion = '';
  #size = 0;

  constructor(kind: Kind, options: CacheOptions) {
    this.kind = kind;
    this.#apiVersion = apiVersionOf(kind);
    this.#options = options;
    this.synced = new Promise((resolve) => (this.#resolveSynced = resolve));
  }

  get size(): number {
    return this.#size;
  }

  get isSynced(): boolean {
    return this.#listedAt >= 0;
  }

  get listedAt(): number {
    return this.#listedAt;
  }

  get resourceVersion(): string {
    return this.#resourceVersion;
  }

  get(key: Key): Resource | undefined {
    return this.#objects.get(key.namespace)?.get(key.name);
  }

  /** In no order that could be relied on. */
  list(namespace: string, by?: { index: string; value: string }): Resource[] {
    if (by) {
      const index = this.#indexes.get(by.index);
      if (!index)
        throw new Error(`There is no index '${by.index}' of ${this.kind.kind}; add it to the indexes of the feature.`);
      const found = index.objects.find(by.value);
      return namespace === '' ? found : found.filter((object) => object.metadata.namespace === namespace);
    }
    if (namespace !== '') return [...(this.#objects.get(namespace)?.values() ?? [])];
    return [...this.#objects.values()].flatMap((objects) => [...objects.values()]);
  }

  /** To be called before anything is cached. The same index may be added by several features. */
  addIndex(index: Index): void {
    const known = this.#indexes.get(index.name);
    if (known && known.of !== index)
      throw new Error(`Two indexes of ${this.kind.kind} are named '${index.name}'; rename one.`);
    const valuesOf = (object: Resource): readonly string[] => this.#guard(object, () => index.valuesOf(object), []);
    if (!known) this.#indexes.set(index.name, { of: index, objects: new ObjectIndex(valuesOf) });
  }

  listen(listener: Listener): void {
    this.#listeners.push(listener);
  }

  whenSeen(resourceVersion: string, callback: () => void): void {
    this.#waiting.push({ resourceVersion, callback });
  }

  beginList(at: number): void {
    this.#listingSince = at;
    this.#unlisted = this.#size === 0 ? undefined : new Set(this.list(''));
  }

  listed(object: Resource): void {
    const before = this.get(keyOf(object));
    if (before) this.#unlisted?.delete(before);
    const { uid, resourceVersion } = object.metadata;
    // Those of some aggregated APIs have neither.
    const isSame = uid !== undefined && resourceVersion !== undefined;
    if (!isSame || before?.metadata.uid !== uid || before.metadata.resourceVersion !== resourceVersion)
      this.changed(object, this.#listedLast);
    this.#listedLast = this.get(keyOf(object));
  }

  endList(resourceVersion: string): void {
    for (const object of this.#unlisted ?? []) if (this.get(keyOf(object)) === object) this.#replace(object, undefined);
    this.#unlisted = this.#listedLast = undefined;
    this.#listedAt = this.#listingSince;
    const isBack = !hasSeen(resourceVersion, this.#resourceVersion);
    this.#resourceVersion = resourceVersion;
    for (const { callback } of this.#waiting.splice(0)) callback();
    this.#resolveSynced();
    if (isBack) this.#options.onBack?.();
  }

  /** `alike` is what it shares with if it was not known before. */
  changed(object: Resource, alike?: Resource): void {
    const before = this.get(keyOf(object));
    const after = this.kept(object, before ?? alike);
    const isBack = before?.metadata.uid === after.metadata.uid && isOlder(after, before);
    if (before && before.metadata.uid !== after.metadata.uid) {
      this.#replace(before, undefined);
      this.#replace(undefined, after);
    } else {
      this.#replace(before, after);
    }
    if (isBack) this.#options.onBack?.();
  }

  deleted(object: Resource): void {
    const before = this.get(keyOf(object));
    if (before) this.#replace(before, undefined);
  }

  reached(resourceVersion: string): void {
    this.#resourceVersion = resourceVersion;
    if (this.#waiting.length === 0) return;
    const waiting = this.#waiting;
    this.#waiting = waiting.filter((wait) => !hasSeen(resourceVersion, wait.resourceVersion));
    for (const wait of waiting) if (hasSeen(resourceVersion, wait.resourceVersion)) wait.callback();
  }

  /** The object as it would be cached, with the parts of `alike` that are equal to its own. */
  kept(object: Resource, alike?: Resource): Resource {
    // Items of a list of a built-in kind lack both.
    object.apiVersion ??= this.#apiVersion;
    object.kind ??= this.kind.kind;
    const { metadata } = object;
    const applied = metadata.annotations?.[LAST_APPLIED];
    if (metadata.annotations) delete metadata.annotations[LAST_APPLIED];
    object.metadata = metadataOf(metadata);
    if (alike) share(alike, object);
    const kept = this.#guard(object, () => this.#options.project?.(object, applied) ?? object, object);
    return FREEZES ? deepFreeze(kept) : kept;
  }

  /** One object on which a function of a feature fails must not stop the others from being heard of. */
  #guard<T>(object: Resource, run: () => T, otherwise: T): T {
    try {
      return run();
    } catch (error) {
      this.#options.onFault(error, object);
      return otherwise;
    }
  }

  #replace(before: Resource | undefined, after: Resource | undefined): void {
    const { namespace, name } = keyOf((after ?? before)!);
    let objects = this.#objects.get(namespace);
    if (after) {
      if (!objects) this.#objects.set(namespace, (objects = new Map<string, Resource>()));
      objects.set(name, after);
    } else {
      objects?.delete(name);
      if (objects?.size === 0) this.#objects.delete(namespace);
    }
    this.#size += (after ? 1 : 0) - (before ? 1 : 0);
    for (const { objects: index } of this.#indexes.values()) {
      if (before) index.remove(before);
      if (after) index.add(after);
    }
    for (const listener of this.#listeners) listener(before, after);
  }
}

function isOlder({ metadata: one }: Resource, other: Resource | undefined): boolean {
  return !hasSeen(one.resourceVersion ?? '', other?.metadata.resourceVersion ?? '');
}

/** In an order that is the same for all: smaller, and quicker to read than what is left after `delete`. What is absent stays absent. */
const keptMetadata = [
  'name',
  'namespace',
  'generateName',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'labels',
  'annotations',
  'finalizers',
  'ownerReferences',
];

function metadataOf(metadata: object): Resource['metadata'] {
  const kept: Record<string, unknown> = {};
  for (const name of keptMetadata) {
    const value = (metadata as Record<string, unknown>)[name];
    if (value !== undefined) kept[name] = value;
  }
  return kept as unknown as Resource['metadata'];
}

function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const member of Object.values(value)) deepFreeze(member);
  return Object.freeze(value);
}

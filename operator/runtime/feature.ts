/**
 * The contract between a feature and the runtime. A feature observes the world into a value, decides in a pure function,
 * and returns what it wants done as data. The runtime alone talks to Kubernetes: it turns the outcome into conditions,
 * observedGeneration, events and the next pass, so that no feature can write an inconsistent status.
 */
import type { Condition, Resource, ResourceStatus } from '../api/v1alpha1/shared.ts';

export type Seconds = number;

/** A kind as the apiserver addresses it. */
export interface Kind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly namespaced: boolean;
}

/** The identity of an object. `namespace` is empty for cluster-scoped kinds. */
export interface Key {
  readonly namespace: string;
  readonly name: string;
}

/** A service account, with whose rights is read and written instead of our own. */
export interface Account {
  readonly namespace: string;
  readonly name: string;
}

/** A kind that is followed by a watch. */
export type Followed =
  /** All objects as last heard, without managedFields. */
  | {
      readonly is: 'current';
      get(key: Key): Resource | undefined;
      /** Of a namespace, or of all when it is empty. */
      list(namespace: string): readonly Resource[];
    }
  /** Nothing is known: not listed yet, or not allowed. */
  | { readonly is: 'unknown'; readonly message: string };

/** How a write would end, tried without being done. */
export type Tried = { readonly is: 'accepted'; readonly object: Resource | undefined } | Refused;
export interface Refused {
  readonly is: 'refused';
  /** HTTP status; 500 and more where the apiserver, or what it asked, failed. */
  readonly status: number;
  /** The apiserver's own words. */
  readonly message: string;
}

/** Reads of a pass with the rights of a service account, of kinds that only the resource names. */
export interface AccountReader {
  /** A kind of the apiserver; `version` empty for the one it prefers. `undefined` when there is none (yet). Throws, with what to look at, when its API has no backend now. */
  kindOf(group: string, version: string, kind: string): Promise<Kind | undefined>;
  /** All objects of the kind. The watch lasts as long as passes of this key ask for it; each change makes another pass. */
  follow(kind: Kind, only?: 'metadata'): Promise<Followed>;
  /** From the apiserver, now, with managedFields. */
  get<R>(kind: Kind, key: Key, signal: AbortSignal): Promise<R | Refused | undefined>;
  /** Whether the account may do that to the kind in all namespaces. */
  may(kind: Kind, verb: string, signal: AbortSignal): Promise<boolean>;
  /** A dry run of a write, with strict validation of fields, as the write itself. */
  try(kind: Kind, write: AccountWrite, signal: AbortSignal): Promise<Tried>;
  /** The OpenAPI v3 document of a group and version; `undefined` when there is none. */
  openApi(group: string, version: string): Promise<unknown>;
}

/** Reads of a pass. Objects are frozen: they are the cache's own. */
export interface Reader {
  /** From the cache. Throws when the kind is not watched by any feature. */
  get<R extends Resource>(kind: Kind, key: Key): R | undefined;
  /** From the cache: all of a namespace (`''` for all namespaces), or those that an index yields. */
  list<R extends Resource>(kind: Kind, namespace: string, by?: { index: string; value: string }): readonly R[];
  /** From the apiserver, now: for Secrets, ConfigMaps, and before disruptive acts. `undefined` when there is none. */
  fetch<R>(kind: Kind, key: Key, signal: AbortSignal): Promise<R | undefined>;
  /** From the apiserver, now: the first 500 objects of a namespace whose labels match, such as the pods of a Job. */
  search<R>(kind: Kind, namespace: string, labelSelector: string, signal: AbortSignal): Promise<readonly R[]>;
  /** Reads with the rights of a service account. Only for features that say `follows`. */
  as(account: Account): AccountReader;
}

/** A kind whose changes wake this feature. Read rights (get, list, watch) follow from it. */
export interface Watch {
  readonly kind: Kind;
  /** Which changes count: of what people declare (generation, labels, annotations, deletion), or any. Creation and deletion always count. */
  readonly on: 'declaration' | 'any';
  /** Keys of this feature's kind to look at again. `before` is the object as it was, when it was known. */
  keysOf(object: Resource, read: Reader, before?: Resource): readonly Key[];
  /** Changes are gathered for so long before the pass; 0 by default. */
  readonly settleSeconds?: Seconds;
}

/** Names an index over a cached kind; `valuesOf` gives the values under which an object is found. */
export interface Index {
  readonly kind: Kind;
  readonly name: string;
  valuesOf(object: Resource): readonly string[];
}

/** Rights beyond those that follow from kind, watches and actions. */
export interface Access {
  readonly group: string;
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
  readonly resourceNames?: readonly string[];
}

export interface Ref {
  readonly kind: Kind;
  readonly name: string;
}

/** Where the object stands after this pass. */
export type Outcome =
  | { is: 'ready'; reason: string; message: string; recheckAfter?: Seconds }
  | { is: 'progressing'; reason: string; message: string; recheckAfter: Seconds }
  | { is: 'waiting'; reason: string; message: string; recheckAfter: Seconds; on?: Ref }
  /** Until a person changes something; `recheckAfter` is for the parts of the declaration that are sound. */
  | { is: 'stalled'; reason: string; message: string; recheckAfter?: Seconds };

/** A fact of the domain, such as `Compliant`. The runtime adds observedGeneration and lastTransitionTime, and tells every change of it. */
export type DomainCondition = Pick<Condition, 'status' | 'reason' | 'message'> & {
  /** Whether somebody should act: the event is a warning then. */
  readonly warns?: boolean;
};
export type DomainConditions = Record<string, DomainCondition>;

/** The status without what the runtime writes. */
export type StatusFields<R extends Resource> = Omit<NonNullable<R['status']>, keyof ResourceStatus>;

/** An object that the feature wants to be, whole as far as the feature owns it: metadata (name, labels, ownerReferences) and spec or data. */
export type Intent = { apiVersion: string; kind: string; metadata: Resource['metadata']; status?: object } & Record<
  string,
  unknown
>;

/** What a pass wants done, in order; the first that fails ends the pass, but for `writeAs`: those after it are still done. */
export type Action<Effect = never> =
  /** Server-side apply of the object, and of its `status` where given. Nothing is sent when the cache shows it so already. */
  | { do: 'apply'; kind: Kind; object: Intent }
  /** Creation that must be the first of this name: when the name is taken, the pass ends and is tried again on a newer cache. */
  | { do: 'create'; kind: Kind; object: Intent }
  /** Deletion; `uid` guards against deleting a successor of the same name. */
  | { do: 'delete'; kind: Kind; key: Key; uid: string }
  /** A write to an object that is not ours, with the rights of a service account. */
  | { do: 'writeAs'; as: Account; kind: Kind; write: AccountWrite }
  /** A side effect outside Kubernetes, given to the feature's own `perform`. */
  | { do: 'perform'; effect: Effect };

/** A write with the rights of a service account; `manager` is the field manager. */
export type AccountWrite =
  /** Server-side apply that takes over fields of others. */
  | { readonly apply: Intent; readonly manager: string }
  /** Creation, which fails when the name is taken. */
  | { readonly create: Intent; readonly manager: string }
  /** JSON patch (RFC 6902). */
  | { readonly patch: JsonPatch; readonly key: Key; readonly manager: string }
  | { readonly delete: Key; readonly uid: string };

export type JsonPatch = readonly { op: 'test' | 'add' | 'remove' | 'replace'; path: string; value?: unknown }[];

/** An event worth telling beyond the change of outcome. */
export interface Note {
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
}

/** Everything the pass wants. Plain data: printable, comparable, explainable. */
export interface Plan<R extends Resource, Effect = never> {
  outcome: Outcome;
  /** Domain conditions; one that was there before and is not given is removed. */
  conditions?: DomainConditions;
  status: StatusFields<R>;
  /** Done before the status is written. */
  actions: readonly Action<Effect>[];
  /** Done after the status is written and stored: the status is the record that they may have begun. */
  afterStatus?: readonly Action<Effect>[];
  notes?: readonly Note[];
}

export interface Feature<R extends Resource = Resource, World = unknown, Effect = never> {
  readonly kind: Kind;
  /** Runs to an end: its summary condition is `Succeeded` instead of `Ready`. */
  readonly bounded?: boolean;
  readonly watches?: readonly Watch[];
  readonly indexes?: readonly Index[];
  readonly access?: readonly Access[];
  /** Whether passes follow kinds with the rights of service accounts: see `Reader.as`. */
  readonly follows?: boolean;
  /** Its `suspend` is for `decide` to judge: a suspended object of this kind still has something to tell. */
  readonly judgesSuspension?: boolean;
  /** Passes at the same time; 4 by default. */
  readonly workers?: number;
  observe(resource: R, read: Reader, signal: AbortSignal): World | Promise<World>;
  decide(resource: R, world: World, now: Date): Plan<R, Effect>;
  /** Its presence is the finalizer. When its outcome is `ready`, the finalizer goes. */
  cleanUp?(resource: R, world: World, now: Date): Plan<R, Effect>;
  perform?(effect: Effect, signal: AbortSignal): Promise<void>;
}

/** Any feature, as the runtime takes it. */
export type AnyFeature = Feature<Resource, unknown, unknown>;

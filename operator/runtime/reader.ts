/** What a pass may read, of the caches and of the apiserver, and with which rights. */
import type { Kind } from '../api/kind.ts';
import type { Resource } from '../api/v1alpha1/shared.ts';

/** Which changes count: of what people declare (generation, labels, annotations, deletion), or any. Creation and deletion always count. */
export type Change = 'declaration' | 'any';

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

/** What became of a write to an object of others, when. */
export type WriteOutcome = { readonly time: Date } & (
  | { readonly is: 'accepted' }
  /** A deletion was accepted, and the object is still there, as one is that a finalizer holds. */
  | { readonly is: 'ineffective' }
  | Refused
  /** There was no answer: it may have been done. */
  | { readonly is: 'unanswered' }
  /** It was not begun, because the time for writes was over. */
  | { readonly is: 'skipped' }
);

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
  /** What became of the last write of the same manager to that object for this key, as far as that is known. */
  lastWrite(kind: Kind, write: AccountWrite): WriteOutcome | undefined;
  /** The OpenAPI v3 document of a group and version; `undefined` when there is none. */
  openApi(group: string, version: string): Promise<unknown>;
}

/** Reads of a pass. Objects are frozen: they are the cache's own. */
export interface Reader {
  /** From the cache. Throws when no feature watches or reads the kind. */
  get<R extends Resource>(kind: Kind<R>, key: Key): R | undefined;
  /** From the cache: all of a namespace, or of all namespaces where that is empty. */
  list<R extends Resource>(kind: Kind<R>, namespace: string): readonly R[];
  /** From the cache: those that an index yields under the value. */
  by<R extends Resource>(index: Index<R>, namespace: string, value: string): readonly R[];
  /** From the apiserver, now: for Secrets, ConfigMaps, and before disruptive acts. `undefined` when there is none. */
  fetch<R>(kind: Kind<R>, key: Key, signal: AbortSignal): Promise<R | undefined>;
  /** As `fetch`, of what the operator may lack the right to read. */
  tryFetch<R>(kind: Kind<R>, key: Key, signal: AbortSignal): Promise<R | Refused | undefined>;
  /** The commands that grant the operator these rights in a namespace, on the object of that name where one is given; `undefined` when it has them. */
  ungranted(
    grant: Grant,
    place: { namespace: string; name?: string },
    signal: AbortSignal,
  ): Promise<string | undefined>;
  /** Whether the cache has that kind as the apiserver has it now, in a namespace, or in all where that is empty; only such changes count. For before acts that it decides about. */
  isCurrent(kind: Kind, change: Change, namespace: string, signal: AbortSignal): Promise<boolean>;
  /** From the apiserver, now: the first 500 objects of a namespace whose labels match, such as the pods of a Job. */
  search<R>(kind: Kind<R>, namespace: string, labelSelector: string, signal: AbortSignal): Promise<readonly R[]>;
  /** Reads with the rights of a service account. Only for features that say `follows`. */
  as(account: Account): AccountReader;
}

/** Names an index over a cached kind; `valuesOf` gives the values under which an object is found. */
export interface Index<R extends Resource = Resource> {
  readonly kind: Kind<R>;
  readonly name: string;
  valuesOf(object: R): readonly string[];
}

/** Rights beyond those that follow from kind, watches and actions. */
export interface Access {
  readonly group: string;
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
  readonly resourceNames?: readonly string[];
}

/** Rights that the operator has only where somebody grants them, as a ClusterRole that is shipped and bound to nobody. */
export interface Grant {
  /** Of the ClusterRole. */
  readonly name: string;
  readonly access: readonly Access[];
  /** What the operator can do with it, in words that follow "the operator can". */
  readonly allows: string;
}

/** An object that the feature wants to be, whole as far as the feature owns it: metadata (name, labels, ownerReferences) and spec or data. */
export type Intent = { apiVersion: string; kind: string; metadata: Resource['metadata']; status?: object } & Record<
  string,
  unknown
>;

/** A write with the rights of a service account; `manager` is the field manager. */
export type AccountWrite =
  /** Server-side apply that takes over fields of others. */
  | { readonly apply: Intent; readonly manager: string }
  /** Creation, which fails when the name is taken. */
  | { readonly create: Intent; readonly manager: string }
  /** JSON patch (RFC 6902). */
  | { readonly patch: JsonPatch; readonly key: Key; readonly manager: string }
  /** Deletion of that very object, and, where a version is given, of that version alone. */
  | { readonly delete: Key; readonly uid: string; readonly resourceVersion?: string };

export type JsonPatch = readonly { op: 'test' | 'add' | 'remove' | 'replace'; path: string; value?: unknown }[];

/**
 * The contract between a feature and the runtime. A feature observes the world into a value, decides in a pure function,
 * and returns what it wants done as data. The runtime alone talks to Kubernetes: it turns the outcome into conditions,
 * observedGeneration, events and the next pass, so that no feature can write an inconsistent status.
 */
import type { Kind } from '../api/kind.ts';
import type { Finding } from '../api/v1alpha1/finding.ts';
import type { Condition, Resource, ResourceStatus } from '../api/v1alpha1/shared.ts';
import type { Share } from '../lib/turns.ts';
import type { Alert } from './alert.ts';
import type { Access, Account, AccountWrite, Change, Grant, Index, Intent, JsonPatch, Key, Reader } from './reader.ts';

export type * from './alert.ts';
export type * from './reader.ts';

export type Seconds = number;

/** A kind whose changes wake this feature. Read rights (get, list, watch) follow from it. */
export interface Watch<W extends Resource = Resource> {
  readonly kind: Kind<W>;
  readonly on: Change;
  /** Keys of this feature's kind to look at again. `before` is the object as it was, when it was known. */
  keysOf(object: W, read: Reader, before?: W): readonly Key[];
  /** Changes are gathered for so long before the pass; 0 by default. */
  readonly settleSeconds?: Seconds;
}

/** A watch, whose `keysOf` takes objects of the kind. */
export function on<W extends Resource>(
  kind: Kind<W>,
  change: Change,
  keysOf: Watch<W>['keysOf'],
  settle: Pick<Watch, 'settleSeconds'> = {},
): Watch {
  return { kind, on: change, keysOf, ...settle } satisfies Watch<W>;
}

/** What a feature does to objects of a kind other than its own; `status` is written by apply. RBAC follows from it. */
export interface Written {
  readonly kind: Kind;
  readonly verbs: readonly ('apply' | 'create' | 'delete' | 'status')[];
}

export function writes(kind: Kind, ...verbs: Written['verbs']): Written {
  return { kind, verbs };
}

/** One value under its labels. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A measurement, counted from the cache when it is asked for, so that it cannot differ from what `kubectl` shows. */
export interface Gauge {
  readonly name: string;
  readonly help: string;
  readonly labels: readonly string[];
  samples(read: Reader, now: Date): readonly Sample[];
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

/** All that a report is about, for who records it: the object has room for some of it. */
export interface Found {
  /** Undefined where the target was not evaluated again, and the report is as before. */
  readonly findings: readonly Finding[] | undefined;
  /** Whether there is more than was listed. */
  readonly isCut?: boolean;
}

/** What a pass wants done, in order; the first that fails ends the pass. Of `writeAs` a few are made at once, and one that fails stops none of the others. */
export type Action<Effect = never> =
  /** Server-side apply of the object, and of its `status` where given. Nothing is sent when the cache shows it so already. */
  | { do: 'apply'; kind: Kind; object: Intent; found?: Found }
  /**
   * Creation that must be the first of this name: when the name is taken, the pass ends and is tried again on a newer cache. With `uidAt`, a
   * path in the plan's status, the uid of what was created is stored there before anything else is done: by it alone is a child known again.
   */
  | { do: 'create'; kind: Kind; object: Intent; uidAt?: readonly (string | number)[] }
  /** JSON patch of an object that was made by us, whose `test`s name it as it was seen: when they fail, nothing is changed and the pass is made again. */
  | { do: 'patch'; kind: Kind; key: Key; patch: JsonPatch }
  /** Deletion; `uid` guards against deleting a successor of the same name. */
  | { do: 'delete'; kind: Kind; key: Key; uid: string; found?: Found }
  /** A write to an object that is not ours, with the rights of a service account. */
  | { do: 'writeAs'; as: Account; kind: Kind; write: AccountWrite }
  /** A side effect outside Kubernetes, given to the feature's own `perform`. */
  | { do: 'perform'; effect: Effect };

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
  /** Fields of the status that others wrote, which are removed first: what is applied leaves those of others. */
  clears?: readonly string[];
  /** Done before the status is written. */
  actions: readonly Action<Effect>[];
  /** Done after the status is written and stored: the status is the record that they may have begun. */
  afterStatus?: readonly Action<Effect>[];
  notes?: readonly Note[];
}

/** What a feature says of itself. Everything central is derived from it: caches, RBAC, metrics. */
export interface Declaration<R extends Resource = Resource> {
  readonly kind: Kind<R>;
  /** Runs to an end: its summary condition is `Succeeded` instead of `Ready`. */
  readonly bounded?: boolean;
  /** Kinds that are cached and wake nobody. */
  readonly reads?: readonly Kind[];
  readonly writes?: readonly Written[];
  readonly watches?: readonly Watch[];
  readonly indexes?: readonly Index[];
  /** Only what cannot be derived from the rest. */
  readonly access?: readonly Access[];
  /** What its passes need in the namespaces that they are about, and may lack. */
  readonly grants?: readonly Grant[];
  /** Kinds among those above of which single objects are also read from the apiserver: `Reader.fetch`. */
  readonly fetches?: readonly Kind[];
  /** Of objects of its own kind. */
  keeps?(this: void, object: R, applied?: string): R;
  readonly gauges?: readonly Gauge[];
  /** What people are woken by, where it is about this kind: generated into rules of Prometheus. */
  readonly alerts?: readonly Alert[];
  /** Another writes the status of its objects: passes write none, and only the log speaks of them. Other objects that they write do not depend on it. */
  readonly mirrors?: boolean;
  /** Whether passes follow kinds with the rights of service accounts: see `Reader.as`. */
  readonly follows?: boolean;
  /**
   * Whether the object has a finalizer, for which there is `cleanUp`: while something would have to be done before it goes, and only then, since nothing
   * that has one goes while there is no operator.
   */
  finalizes?(this: void, object: R): boolean;
  /** Its `suspend` is for `decide` to evaluate: a suspended object of this kind still has something to tell. */
  readonly decidesSuspension?: boolean;
  /** Passes at the same time; 8 by default. One namespace alone has half of them. */
  readonly workers?: number;
  /** Whose share of the workers a pass takes (`Turns`): that of its namespace, or its own where it has none, and not a slow one, by default. */
  shareOf?(this: void, object: R): Partial<Share>;
}

/** What `observe` is given beside the object. */
export interface Observing {
  readonly read: Reader;
  /** When the pass began. */
  readonly now: Date;
  readonly signal: AbortSignal;
}

export interface Behaviour<R extends Resource = Resource, World = unknown, Effect = never> {
  observe(resource: R, observing: Observing): World | Promise<World>;
  decide(resource: R, world: World, now: Date): Plan<R, Effect>;
  /** As in the declaration, where it takes what the feature was given. */
  keeps?(this: void, object: R, applied?: string): R;
  /** Beside those of the declaration, where they take what the feature was given. */
  readonly gauges?: readonly Gauge[];
  /** Only where the feature `finalizes`. When its outcome is `ready`, the finalizer goes. */
  cleanUp?(resource: R, world: World, now: Date): Plan<R, Effect>;
  perform?(effect: Effect, signal: AbortSignal): Promise<void>;
}

/** A feature as the runtime takes it. */
export type OpenFeature<R extends Resource = Resource, World = unknown, Effect = unknown> = Declaration<R> &
  Behaviour<R, World, Effect>;

/** A feature that is yet to be given what it needs of the outside world. */
export interface Feature<Needs = unknown> extends Declaration {
  readonly open: (needs: Needs) => Behaviour<Resource, unknown, unknown>;
}

/** Declares a feature. */
export function feature<R extends Resource, Needs, World, Effect = never>(
  declared: Declaration<R> & { readonly open: (needs: Needs) => Behaviour<R, World, Effect> },
): Feature<Needs> {
  return declared;
}

/** All that these features need. */
export type NeedsOf<F extends readonly Feature<never>[]> = (
  F[number] extends infer One ? (One extends Feature<infer Needs> ? (needs: Needs) => void : never) : never
) extends (needs: infer All) => void
  ? All
  : never;

/** Gives each feature what it needs. Throws when one has a finalizer that nothing would ever remove. */
export function openAll<const F extends readonly Feature<never>[]>(features: F, needs: NeedsOf<F>): OpenFeature[] {
  return features.map(({ open, ...declared }) => {
    const behaviour = (open as Feature['open'])(needs);
    if ((declared.finalizes === undefined) !== (behaviour.cleanUp === undefined))
      throw new Error(`${declared.kind.kind} must have \`finalizes\` if and only if it has \`cleanUp\`.`);
    const gauges = [...(declared.gauges ?? []), ...(behaviour.gauges ?? [])];
    return { ...declared, ...behaviour, gauges };
  });
}

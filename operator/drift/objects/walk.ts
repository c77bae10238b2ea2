/** A walk through a declared value and a live one, as those see it who are on its way: its words, and what they may ask of it. Pure. */
import type { FieldSchema } from './schema.ts';
import type { Trail } from './trail.ts';

/**
 * - `subset`: the live object may have more. What an apply replaces as a whole must nevertheless be the same as a whole: lists without
 *   keys, and objects that the schema calls atomic.
 * - `contained`: the live object may have more, also in lists and objects that an apply replaces as a whole.
 * - `exact`: the live object has nothing else, apart from what the apiserver fills in.
 * - `held`: the live object has all of it, each declared item within some live one: for what must not be.
 */
export type Mode = 'subset' | 'contained' | 'exact' | 'held';
export type Members = Readonly<Record<string, unknown>>;

/** Something that is not as declared. */
export interface ObjectDifference {
  /** For people: `spec.template.spec.containers[name=app].image`. */
  readonly path: string;
  /** JSON pointer (RFC 6901) to where it is in the live object, or would be. */
  readonly pointer: string;
  /** The same place as managedFields has it, for `lastWriter`. */
  readonly fields: readonly string[];
  /** JSON on one line, at most 512 characters; `absent` where there must be nothing. */
  readonly expected: string;
  readonly actual: string;
  readonly kind: 'missing' | 'different' | 'extra';
}

/** What would make it as declared, of that live object alone. */
export interface Change {
  readonly kind: ObjectDifference['kind'];
  readonly pointer: string;
  /** As declared; of what must not be there, nothing. Never shown: it may be secret. */
  readonly value: unknown;
}

/** Replaces text that nobody may see. */
export type Conceal = (text: string) => string;

/** A declared object and a live one. */
export interface Pair {
  readonly template: Members;
  readonly live: Members;
  readonly schema: FieldSchema | undefined;
  /** For the values of Secrets, which are never shown otherwise. */
  readonly conceal?: Conceal | undefined;
}

/** A declared value and a live one, and how they are compared. */
export interface Values {
  readonly expected: unknown;
  readonly actual: unknown;
  readonly field: FieldSchema | undefined;
  readonly mode: Mode;
}

/** Two lists. */
export interface Lists extends Values {
  readonly expected: readonly unknown[];
  readonly actual: readonly unknown[];
}

export interface Walk {
  readonly trail: Trail;
  /** Nothing more needs to be known. */
  readonly stopped: boolean;
  /** Compares what is at this place. */
  value(expected: unknown, actual: unknown, field: FieldSchema | undefined, mode: Mode): void;
  /** Compares a field of the objects that are at this place. */
  field(name: string, values: Values): void;
  members(expected: Members, actual: Members, field: FieldSchema | undefined, mode: Mode): void;
  /** Whether nothing differs; nothing is told. */
  agrees(expected: unknown, actual: unknown, field: FieldSchema | undefined, mode: Mode): boolean;
  /** Tells of a difference at this place. */
  record(kind: ObjectDifference['kind'], expected: unknown, actual: unknown): void;
  /** Whether so many items may still be compared with others. */
  affords(comparisons: number): boolean;
  /** Tells of something that was not compared in full, so that nothing may be written because of it. */
  giveUp(expected: unknown, actual: unknown): void;
}

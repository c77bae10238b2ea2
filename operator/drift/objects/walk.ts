/**
 * One walk through a declared value and a live one, which tells what differs. Where nothing does it builds no text and no copy.
 *
 * - `subset`: the live object may have more. What an apply replaces as a whole must nevertheless be the same as a whole: lists without
 *   keys, and objects that the schema calls atomic.
 * - `contained`: the live object may have more, also in lists and objects that an apply replaces as a whole.
 * - `exact`: the live object has nothing else, apart from what the apiserver fills in.
 * - `held`: the live object has all of it, each declared item within some live one: for what must not be.
 */
import { canonicalJson } from '../../lib/digest.ts';
import { shortened } from '../../lib/text.ts';
import { isLabelOfJobs } from './filledIn.ts';
import { fieldIn, isDefault, isFilledIn, isLeftAway, isMap, isNothing, isObject, own } from './known.ts';
import { compareLists } from './lists.ts';
import { sameScalar } from './scalars.ts';
import type { FieldSchema } from './schema.ts';
import { absent, longestValue, shownPair, visible } from './shown.ts';
import { Trail } from './trail.ts';

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

/** More differences of one object say no more. */
export const mostDifferences = 256;
/** Of lists in which any item may be any other, the work to find out which is which. */
const mostComparisons = 1_000_000;
/** No kind nests so deep; hostile objects do, to exhaust the stack. */
const deepest = 200;
/** What kubectl keeps to itself; the operator's cache has it not. */
const keptByKubectl = 'kubectl.kubernetes.io/last-applied-configuration';
const empty: Members = {};

export class Walk {
  readonly found: ObjectDifference[] = [];
  /** A change for each difference; undefined once something was found too large to be compared in full. */
  changes: Change[] | undefined = [];
  readonly trail = new Trail();
  readonly #conceal: Conceal | undefined;
  #probes: number;
  #failed = false;
  #comparisons = mostComparisons;

  /** `conceal` is given for Secrets. A silent walk ends at the first difference and tells only that there is one. */
  constructor(conceal?: Conceal, how?: 'silent') {
    this.#conceal = conceal;
    this.#probes = how === 'silent' ? 1 : 0;
  }

  get differs(): boolean {
    return this.#failed;
  }

  /** Nothing more needs to be known. */
  get stopped(): boolean {
    return this.#probes > 0 ? this.#failed : this.found.length >= mostDifferences;
  }

  field(name: string, expected: unknown, actual: unknown, field: FieldSchema | undefined, mode: Mode): void {
    this.trail.push(name);
    this.value(expected, actual, field, mode);
    this.trail.pop();
  }

  value(expected: unknown, actual: unknown, field: FieldSchema | undefined, mode: Mode): void {
    if (expected === actual || this.stopped) return;
    if (expected === null || expected === undefined) {
      if (!isNothing(actual, field) && !isDefault(actual, field)) this.record('extra', undefined, actual);
    } else if (actual === null || actual === undefined) {
      this.#missing(expected, field, mode);
    } else if (typeof expected !== 'object') {
      if (!sameScalar(expected, actual, field?.shape.scalar)) this.record('different', expected, actual);
    } else if (Array.isArray(expected)) {
      if (Array.isArray(actual)) compareLists(this, expected, actual, field, mode);
      else this.record('different', expected, actual);
    } else if (isObject(expected) && isObject(actual)) {
      this.members(expected, actual, field, mode);
    } else {
      this.record('different', expected, actual);
    }
  }

  members(expected: Members, actual: Members, field: FieldSchema | undefined, mode: Mode): void {
    if (this.trail.depth > deepest) return this.giveUp('(nested too deep to compare)', '(not compared)');
    const within = mode === 'subset' && field?.atomic ? 'exact' : mode;
    for (const name in expected) {
      if (!Object.hasOwn(expected, name) || name === keptByKubectl) continue;
      const wanted = expected[name];
      const there = own(actual, name);
      if (wanted === there) continue;
      if (there === undefined && isLeftAway(field, name, wanted)) continue;
      this.field(name, wanted, there, field && fieldIn(field, name), within);
      if (this.stopped) return;
    }
    if (within === 'exact') this.#extras(expected, actual, field);
  }

  /** Whether nothing differs; nothing is told. */
  agrees(expected: unknown, actual: unknown, field: FieldSchema | undefined, mode: Mode): boolean {
    const outer = this.#failed;
    this.#failed = false;
    this.#probes += 1;
    this.value(expected, actual, field, mode);
    this.#probes -= 1;
    const agrees = !this.#failed;
    this.#failed = outer;
    return agrees;
  }

  record(kind: ObjectDifference['kind'], expected: unknown, actual: unknown): void {
    this.#failed = true;
    if (this.stopped) return;
    const { trail } = this;
    this.changes?.push({ kind, pointer: trail.pointer(), value: expected });
    const texts = this.#isSecret() ? this.#concealed(expected, actual) : shownPair(expected, actual);
    this.found.push({ path: trail.path(), pointer: trail.pointer(), fields: trail.fields(), ...texts, kind });
  }

  /** Whether so many items may still be compared with others. */
  affords(comparisons: number): boolean {
    this.#comparisons -= comparisons;
    return this.#comparisons >= 0;
  }

  /** Tells of something that was not compared in full, so that nothing may be written because of it. */
  giveUp(expected: unknown, actual: unknown): void {
    this.record('different', expected, actual);
    this.changes = undefined;
  }

  #missing(expected: unknown, field: FieldSchema | undefined, mode: Mode): void {
    if (isNothing(expected, field) || isDefault(expected, field)) return;
    // Each entry of a map is told for itself.
    if (isObject(expected) && isMap(field)) this.members(expected, empty, field, mode);
    else if (saysSomething(expected)) this.record('missing', expected, undefined);
  }

  #extras(expected: Members, actual: Members, field: FieldSchema | undefined): void {
    for (const name in actual) {
      if (!Object.hasOwn(actual, name) || Object.hasOwn(expected, name) || name === keptByKubectl) continue;
      if (isFilledIn(field, name, actual[name], actual)) continue;
      if (isLabelOfJobs(name) && this.trail.endsWith('template', 'metadata', 'labels')) continue;
      this.trail.push(name);
      this.record('extra', undefined, actual[name]);
      this.trail.pop();
      if (this.stopped) return;
    }
  }

  #isSecret(): boolean {
    const { top } = this.trail;
    return this.#conceal !== undefined && (top === 'data' || top === 'stringData');
  }

  #concealed(expected: unknown, actual: unknown): { expected: string; actual: string } {
    const text = (value: unknown): string =>
      value === undefined ? absent : shortened(visible(this.#conceal?.(textOf(value)) ?? ''), longestValue);
    return { expected: text(expected), actual: text(actual) };
  }
}

/** An object whose fields are all null says no more than that they must not be there. */
function saysSomething(value: unknown): boolean {
  if (!isObject(value)) return true;
  const members = Object.values(value);
  return members.length === 0 || members.some((member) => member !== null && saysSomething(member));
}

/** Base64 is the same with and without line breaks: so must be what stands for it. */
function textOf(value: unknown): string {
  return typeof value === 'string' ? value.replace(/\s+/g, '') : canonicalJson(value);
}

/** One walk through a declared value and a live one, which tells what differs. Where nothing does it builds no text and no copy. Pure. */
import { canonicalJson } from '../../lib/digest.ts';
import { shortened } from '../../lib/text.ts';
import { isLabelOfJobs } from './filledIn.ts';
import {
  fieldIn,
  isDefault,
  isFilledIn,
  isLeftAway,
  isMap,
  isNothing,
  isObject,
  keptByKubectl,
  own,
  selectsAll,
} from './known.ts';
import { compareLists } from './lists.ts';
import { sameScalar } from './scalars.ts';
import type { FieldSchema } from './schema.ts';
import { absent, longestValue, shownPair, visible } from './shown.ts';
import { TooLarge, tooLarge } from './tooLarge.ts';
import { Trail } from './trail.ts';
import type { Change, Conceal, Members, Mode, ObjectDifference, Values, Walk } from './walk.ts';

/** More differences of one object say no more. */
const mostDifferences = 256;
/** Of lists in which any item may be any other, the work to find out which is which. */
const mostComparisons = 1_000_000;
/** Values that are compared: more than any object has by far, so that only lists in which each item may be any other need them. */
const mostSteps = 3_000_000;
/** No kind nests so deep; hostile objects do, to exhaust the stack. */
const deepest = 200;
/** Longer annotations of a Secret may have the Secret as somebody applied it: kapp, Rancher and others keep it there. */
const longestPlain = 64;
const empty: Members = {};

export class Walker implements Walk {
  readonly found: ObjectDifference[] = [];
  /** A change for each difference; undefined once something was found too large to be compared in full. */
  changes: Change[] | undefined = [];
  readonly trail = new Trail();
  readonly #conceal: Conceal | undefined;
  #probes: number;
  #failed = false;
  #comparisons = mostComparisons;
  #steps = mostSteps;

  /** `conceal` is given for Secrets. A silent walk ends at the first difference and tells only that there is one. */
  constructor(conceal?: Conceal, how?: 'silent') {
    this.#conceal = conceal;
    this.#probes = how === 'silent' ? 1 : 0;
  }

  get differs(): boolean {
    return this.#failed;
  }

  get stopped(): boolean {
    return this.#probes > 0 ? this.#failed : this.found.length >= mostDifferences;
  }

  field(name: string, { expected, actual, field, mode }: Values): void {
    this.trail.push(name);
    this.value(expected, actual, field, mode);
    this.trail.pop();
  }

  value(expected: unknown, actual: unknown, field: FieldSchema | undefined, mode: Mode): void {
    this.#steps -= 1;
    if (this.#steps < 0) throw new TooLarge(tooLarge);
    if (expected === actual || this.stopped) return;
    if (expected === null || expected === undefined) {
      if (!isNothing(actual, field) && !isDefault(actual, field)) this.record('extra', undefined, actual);
    } else if (actual === null || actual === undefined) {
      this.#missing(expected, field, mode);
    } else if (typeof expected !== 'object') {
      if (!sameScalar(expected, actual, field?.shape.scalar)) this.record('different', expected, actual);
    } else if (Array.isArray(expected)) {
      if (Array.isArray(actual)) compareLists(this, { expected, actual, field, mode });
      else this.record('different', expected, actual);
    } else if (isObject(expected) && isObject(actual)) {
      this.members(expected, actual, field, mode);
    } else {
      this.record('different', expected, actual);
    }
  }

  members(expected: Members, actual: Members, field: FieldSchema | undefined, mode: Mode): void {
    if (this.trail.depth > deepest) return this.giveUp('(nested too deeply to compare)', '(not compared)');
    const isWhole = (mode === 'subset' && field?.atomic) || (mode === 'held' && selectsAll(expected, field));
    const within = isWhole ? 'exact' : mode;
    for (const name in expected) {
      if (!Object.hasOwn(expected, name) || name === keptByKubectl) continue;
      const wanted = expected[name];
      const there = own(actual, name);
      if (wanted === there) continue;
      if (there === undefined && isLeftAway(field, name, wanted)) continue;
      this.trail.push(name);
      this.value(wanted, there, field && fieldIn(field, name), within);
      this.trail.pop();
      if (this.stopped) return;
    }
    if (within === 'exact') this.#extras(expected, actual, field);
  }

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
    const texts = this.#isSecret(expected, actual) ? this.#concealed(expected, actual) : shownPair(expected, actual);
    this.found.push({ path: trail.path(), pointer: trail.pointer(), fields: trail.fields(), ...texts, kind });
  }

  affords(comparisons: number): boolean {
    this.#comparisons -= comparisons;
    return this.#comparisons >= 0;
  }

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

  #isSecret(...values: readonly unknown[]): boolean {
    if (this.#conceal === undefined) return false;
    const { top } = this.trail;
    if (top === 'metadata') return values.some((value) => typeof value === 'string' && value.length > longestPlain);
    return top === 'data' || top === 'stringData';
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

/**
 * Values of CEL as this evaluator has them. int is a bigint, double a number; whole numbers of JSON are ints. Maps are plain objects,
 * whose members are looked up as their own only, so that no name leads to anything of JavaScript. Pure.
 */

/** What cannot be evaluated. The message is for people. */
export class CelError extends Error {
  /** Where in the expression, if that is known. */
  position: number | undefined;
}

/** A value of a kind that has functions but no literals. */
export class Opaque {
  readonly type: string;
  readonly value: unknown;
  /** In one form for all equal values. */
  readonly canonical: string | bigint;

  constructor(type: string, value: unknown, canonical: string | bigint) {
    this.type = type;
    this.value = value;
    this.canonical = canonical;
  }
}

/** A value that may be absent. */
export class Optional {
  readonly value: Value | undefined;

  constructor(value: Value | undefined) {
    this.value = value;
  }
}

export type List = readonly Value[];
export type Members = { readonly [name: string]: Value };
export type Value = null | boolean | bigint | number | string | Uint8Array | Opaque | Optional | List | Members;

const smallestInt = -(2n ** 63n);
const largestInt = 2n ** 63n - 1n;

/** A whole double within a list or a map that an expression made, lest it be taken for an int of JSON. */
class Double {
  readonly value: number;

  constructor(value: number) {
    this.value = value;
  }
}

/** A value as lists and maps hold it; `lifted` gives it back. */
export function kept(value: Value): Value {
  return typeof value === 'number' && Number.isSafeInteger(value) ? new Double(value) : value;
}

/** An item of a list or a map as it is met: whole numbers of JSON become ints. */
export function lifted(value: unknown): Value {
  if (value instanceof Double) return value.value;
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : value;
  return (value === undefined ? null : value) as Value;
}

export function typeOf(value: Value): string {
  switch (typeof value) {
    case 'boolean':
      return 'bool';
    case 'bigint':
      return 'int';
    case 'number':
      return 'double';
    case 'string':
      return 'string';
    default:
  }
  if (value === null) return 'null_type';
  if (Array.isArray(value)) return 'list';
  if (value instanceof Opaque) return value.type;
  if (value instanceof Optional) return 'optional_type';
  return value instanceof Uint8Array ? 'bytes' : 'map';
}

export function isList(value: Value): value is List {
  return Array.isArray(value);
}

export function isMap(value: Value): value is Members {
  return typeOf(value) === 'map';
}

/** Throws when the result of arithmetic leaves 64 bits. */
export function int(value: bigint): bigint {
  if (value < smallestInt || value > largestInt) throw new CelError('the result is beyond 64 bits');
  return value;
}

export function member(map: Members, name: string): Value | undefined {
  return Object.hasOwn(map, name) ? lifted(map[name]) : undefined;
}

/** `spend` is told of each part that is looked at. */
export function equals(a: Value, b: Value, spend: (cost: number) => void): boolean {
  spend(1);
  const type = typeOf(a);
  if (isNumber(type) && isNumber(typeOf(b))) return compareNumbers(a as bigint, b as bigint) === 0;
  if (type !== typeOf(b)) return false;
  if (isList(a) && isList(b))
    return a.length === b.length && a.every((item, at) => equals(lifted(item), lifted(b[at]), spend));
  if (a instanceof Opaque && b instanceof Opaque) return a.canonical === b.canonical;
  if (a instanceof Optional && b instanceof Optional) {
    if (a.value === undefined || b.value === undefined) return a.value === b.value;
    return equals(a.value, b.value, spend);
  }
  if (a instanceof Uint8Array && b instanceof Uint8Array) {
    spend(Math.min(a.length, b.length) / 10);
    return Buffer.compare(a, b) === 0;
  }
  if (typeof a === 'string' && typeof b === 'string') {
    if (a.length === b.length) spend(a.length / 10);
    return a === b;
  }
  if (!isMap(a) || !isMap(b)) return a === b;
  const names = Object.keys(a);
  spend(2 * names.length);
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => Object.hasOwn(b, name) && equals(lifted(a[name]), lifted(b[name]), spend))
  );
}

/** Negative, zero or positive; throws for what has no order. */
export function compare(a: Value, b: Value, spend: (cost: number) => void): number {
  spend(1);
  const [left, right] = [typeOf(a), typeOf(b)];
  if (isNumber(left) && isNumber(right)) return compareNumbers(a as bigint, b as bigint);
  if (left !== right) throw new CelError(`${left} and ${right} have no order; convert one of them`);
  if (typeof a === 'string' && typeof b === 'string') {
    spend(Math.min(a.length, b.length) / 10);
    return compareTexts(a, b);
  }
  if (typeof a === 'boolean') return Number(a) - Number(b);
  if (a instanceof Uint8Array && b instanceof Uint8Array) {
    spend(Math.min(a.length, b.length) / 10);
    return Buffer.compare(a, b);
  }
  if (a instanceof Opaque && b instanceof Opaque && ordered.has(a.type)) {
    return a.canonical < b.canonical ? -1 : a.canonical > b.canonical ? 1 : 0;
  }
  throw new CelError(`values of type ${left} have no order`);
}

/** By characters, whereas JavaScript goes by halves of some. */
function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  const halved = /[\ud800-\udfff]/;
  if (halved.test(a) || halved.test(b)) return Buffer.compare(Buffer.from(a), Buffer.from(b));
  return a < b ? -1 : 1;
}

const ordered = new Set(['duration', 'timestamp']);

function isNumber(type: string): boolean {
  return type === 'int' || type === 'double';
}

/** JavaScript compares a bigint with a number exactly. NaN equals nothing. */
function compareNumbers(a: bigint | number, b: bigint | number): number {
  return a < b ? -1 : a > b ? 1 : a == b ? 0 : NaN;
}

/**
 * Values of CEL as this evaluator has them. int is a bigint, double a number; whole numbers of JSON are ints. Maps are plain objects,
 * whose members are looked up as their own only, so that no name leads to anything of JavaScript. Pure.
 */

/** What cannot be evaluated. The message is for people. */
export class CelError extends Error {
  /** Where in the expression, if that is known. */
  position: number | undefined;
}

/** Of a text that cannot be read as what it should be. */
export function refuse(text: string, what: string): never {
  throw new CelError(`${JSON.stringify(text.slice(0, 60))} is not ${what}`);
}

/** A value of a kind that has functions but no literals. */
export class Opaque {
  readonly type: string;
  readonly value: unknown;
  /** In one form for all equal values. */
  readonly canonical: string | bigint;
  /** The clock that a timestamp was written by, such as `+02:00`. */
  readonly zone: string | undefined;

  constructor(type: string, value: unknown, canonical: string | bigint, zone?: string) {
    this.zone = zone;
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

/** A whole number that has no sign, of a literal such as `1u` or made by `uint()`; JSON has none. */
export class Uint {
  readonly value: bigint;

  constructor(value: bigint) {
    if (value < 0n || value > largestUint) throw new CelError('the result does not fit in an unsigned 64-bit integer');
    this.value = value;
  }
}

export type List = readonly Value[];
export type Members = { readonly [name: string]: Value };
export type Value = null | boolean | bigint | number | Uint | string | Uint8Array | Opaque | Optional | List | Members;

const smallestInt = -(2n ** 63n);
const largestInt = 2n ** 63n - 1n;
const largestUint = 2n ** 64n - 1n;

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

/**
 * An item of a list or a map as it is met: whole numbers of JSON become ints, be they numbers or, beyond 2^53, bigints. Those beyond 64
 * bits are doubles, as Kubernetes has them.
 */
export function lifted(value: unknown): Value {
  if (value instanceof Double) return value.value;
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : value;
  if (typeof value === 'bigint') return BigInt.asIntN(64, value) === value ? value : Number(value);
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
  if (value instanceof Uint) return 'uint';
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
  if (value < smallestInt || value > largestInt) throw new CelError('the result does not fit in a 64-bit integer');
  return value;
}

/** What a map holds under a name. A member whose value is undefined is not there. */
export function member(map: Members, name: string): Value | undefined {
  let held = own(map, name);
  if (held === undefined && name.startsWith('\0')) held = own(map, twinOf(name));
  return held === undefined ? undefined : lifted(held);
}

function own(map: Members, name: string): Value | undefined {
  return Object.hasOwn(map, name) ? map[name] : undefined;
}

/** A number is the same key with and without a sign (`operator/cel/key.ts`). */
function twinOf(name: string): string {
  return name.replace(/^\0[nu]/, (kind) => (kind === '\0n' ? '\0u' : '\0n'));
}

/** Names of what a map holds, which are slow to list: `spend` is told of them. */
export function namesIn(map: Members, spend: (cost: number) => void): string[] {
  const names = Object.keys(map);
  spend(4 * names.length);
  return names.filter((name) => (map[name] as unknown) !== undefined);
}

export function numberIn(value: Value): bigint | number | undefined {
  if (value instanceof Uint) return value.value;
  return typeof value === 'bigint' || typeof value === 'number' ? value : undefined;
}

/** `spend` is told of each part that is looked at. */
export function equals(a: Value, b: Value, spend: (cost: number) => void): boolean {
  spend(1);
  const type = typeOf(a);
  const [left, right] = [numberIn(a), numberIn(b)];
  if (left !== undefined && right !== undefined) return compareNumbers(left, right) === 0;
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
  const names = namesIn(a, spend);
  return (
    names.length === namesIn(b, spend).length &&
    names.every((name) => {
      const other = member(b, name);
      return other !== undefined && equals(lifted(a[name]), other, spend);
    })
  );
}

/** Negative, zero or positive; throws for what has no order. */
export function compare(a: Value, b: Value, spend: (cost: number) => void): number {
  spend(1);
  const [one, other] = [numberIn(a), numberIn(b)];
  if (one !== undefined && other !== undefined) return compareNumbers(one, other);
  const [left, right] = [typeOf(a), typeOf(b)];
  if (left !== right) throw new CelError(`${left} and ${right} cannot be compared; convert one of them`);
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
  throw new CelError(`values of type ${left} cannot be compared`);
}

/** By characters, whereas JavaScript goes by halves of some. */
function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  const halved = /[\ud800-\udfff]/;
  if (halved.test(a) || halved.test(b)) return Buffer.compare(Buffer.from(a), Buffer.from(b));
  return a < b ? -1 : 1;
}

const ordered = new Set(['google.protobuf.Duration', 'google.protobuf.Timestamp']);

/** As Kubernetes compares a whole number with a double: both as doubles. NaN equals nothing. */
function compareNumbers(a: bigint | number, b: bigint | number): number {
  const [left, right] = typeof a === typeof b ? [a, b] : [Number(a), Number(b)];
  return left < right ? -1 : left > right ? 1 : left == right ? 0 : NaN;
}

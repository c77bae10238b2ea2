/** Arithmetic of CEL: ints stay within 64 bits, ints and doubles do not mix. Pure. */
import { addNanoseconds } from './time.ts';
import { CelError, Opaque, Uint, int, isList, typeOf, type Value } from './value.ts';

type Spend = (cost: number) => void;
export type Operation = (a: Value, b: Value, spend: Spend) => Value;

/** The longest text or list that may come to be. */
const mostLength = 1_000_000;

const ints: Record<string, (a: bigint, b: bigint) => bigint> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / nonZero(b),
  '%': (a, b) => (b === -1n ? int(a / b) * 0n : a % nonZero(b)),
};
const doubles: Record<string, (a: number, b: number) => number> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
};

export function arithmetic(op: string): Operation {
  const onInts = ints[op];
  if (!onInts) throw new CelError(`there is no operator \`${op}\``);
  const onDoubles = doubles[op];
  return (a, b, spend) => {
    if (typeof a === 'bigint' && typeof b === 'bigint') return int(onInts(a, b));
    if (a instanceof Uint && b instanceof Uint) return new Uint(onInts(a.value, b.value));
    if (typeof a === 'number' && typeof b === 'number' && onDoubles) return onDoubles(a, b);
    const other = op === '+' ? joined(a, b, spend) : undefined;
    if (other !== undefined) return other;
    if (a instanceof Opaque && b instanceof Opaque && (op === '+' || op === '-')) return addNanoseconds(a, b, op);
    throw new CelError(
      `\`${op}\` does not take ${typeOf(a)} and ${typeOf(b)}; convert one of them, for example with double() or int()`,
    );
  };
}

export function negated(value: Value): Value {
  if (typeof value === 'bigint') return int(-value);
  if (typeof value === 'number') return -value;
  throw new CelError(`a ${typeOf(value)} cannot be negated`);
}

function joined(a: Value, b: Value, spend: Spend): Value | undefined {
  if (typeof a === 'string' && typeof b === 'string') {
    spend((a.length + b.length) / 10);
    bounded(a.length + b.length);
    return a + b;
  }
  if (isList(a) && isList(b)) {
    // Memory costs more than time.
    spend(3 * (a.length + b.length));
    return [...a, ...b];
  }
  if (a instanceof Uint8Array && b instanceof Uint8Array) {
    spend((a.length + b.length) / 10);
    return Uint8Array.from([...a, ...b]);
  }
  return undefined;
}

export function bounded(length: number): void {
  if (length > mostLength) throw new CelError('the string would be longer than a million characters');
}

function nonZero(value: bigint): bigint {
  if (value === 0n) throw new CelError('division by zero');
  return value;
}

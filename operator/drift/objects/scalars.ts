/** When values are the same although their text differs. Pure. Everything else is the same only when type and value are. */
import { parseDuration } from '../../lib/duration.ts';
import { compareQuantities, parseQuantity } from '../../lib/quantity.ts';
import type { Scalar } from './schema.ts';

/**
 * `80` and `"80"` are not the same, also where both are allowed: the apiserver keeps them apart, and as a port of a Service the text is
 * a name. Only quantities are text or number as one likes.
 */
export function sameScalar(a: unknown, b: unknown, scalar: Scalar | undefined): boolean {
  if (a === b) return true;
  if (scalar === undefined) return false;
  if (scalar === 'quantity') return sameQuantity(a, b);
  if (typeof a !== 'string' || typeof b !== 'string') return false;
  switch (scalar) {
    case 'duration':
      return sameOf(parseDuration, a, b);
    case 'time':
      return sameOf(instantOf, a, b);
    case 'bytes':
      return withoutSpace(a) === withoutSpace(b);
  }
}

/** Of JSON values, without any knowledge of fields. */
export function sameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a))
    return Array.isArray(b) && a.length === b.length && a.every((item, index) => sameJson(item, b[index]));
  if (Array.isArray(b)) return false;
  const [left, right] = [a as Record<string, unknown>, b as Record<string, unknown>];
  const names = Object.keys(left);
  return (
    names.length === Object.keys(right).length &&
    names.every((name) => Object.hasOwn(right, name) && sameJson(left[name], right[name]))
  );
}

function sameQuantity(a: unknown, b: unknown): boolean {
  if (!isWritten(a) || !isWritten(b)) return false;
  const [left, right] = [parseQuantity(String(a)), parseQuantity(String(b))];
  return left !== undefined && right !== undefined && compareQuantities(left, right) === 0;
}

function isWritten(value: unknown): value is string | number | bigint {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint';
}

function sameOf<T>(read: (text: string) => T | undefined, a: string, b: string): boolean {
  const left = read(a);
  return left !== undefined && left === read(b);
}

/** Seconds and their fraction apart: a `Date` holds no microseconds. */
function instantOf(text: string): string | undefined {
  const [, date, fraction = '', zone] =
    /^(\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?([Zz]|[-+]\d\d:\d\d)$/.exec(text) ?? [];
  const seconds = Date.parse(`${date}${zone}`);
  return Number.isNaN(seconds) ? undefined : `${seconds}.${fraction.replace(/0+$/, '')}`;
}

/** Base64 may be broken into lines. */
function withoutSpace(text: string): string {
  return text.replace(/\s+/g, '');
}

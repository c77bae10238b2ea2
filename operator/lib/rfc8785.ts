/**
 * JSON of RFC 8785 (JCS): one value has one text, so that a signature over the text is one over the value. Unlike `canonicalJson`, which
 * digests what an apiserver may send, it refuses what the RFC has no text for. Pure.
 */
import { canonicalJson } from './digest.ts';

/** Throws a sentence that names the place of what is not I-JSON. Members without a value are left out, as `JSON.stringify` does. */
export function rfc8785(value: unknown): string {
  assertIJson(value, '$');
  return canonicalJson(value);
}

/** Its UTF-8, which is what is signed. */
export function rfc8785Bytes(value: unknown): Buffer {
  return Buffer.from(rfc8785(value), 'utf8');
}

function assertIJson(value: unknown, place: string): void {
  if (value === null || typeof value === 'boolean') return;
  if (typeof value === 'number') return assert(Number.isFinite(value), place, 'is not a finite number');
  if (typeof value === 'string') return assert(value.isWellFormed(), place, 'has half of a pair of surrogates');
  assert(typeof value === 'object', place, `is a ${typeof value}`);
  if (Array.isArray(value)) {
    for (const [index, item] of (value as unknown[]).entries()) assertIJson(item, `${place}[${index}]`);
    return;
  }
  assert(isPlain(value), place, 'is not a plain object');
  for (const [name, member] of Object.entries(value as object)) {
    assert(name.isWellFormed(), place, 'has a name with half of a pair of surrogates');
    if (member !== undefined) assertIJson(member, `${place}.${name}`);
  }
}

/** A Date, a Map or a Buffer would be written as something else, or as nothing. */
function isPlain(value: unknown): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype || Object.getPrototypeOf(prototype) === null;
}

function assert(isTrue: boolean, place: string, what: string): void {
  if (!isTrue) throw new TypeError(`${place} ${what}; RFC 8785 has no text for it.`);
}

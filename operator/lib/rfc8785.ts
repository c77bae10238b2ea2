/**
 * JSON of RFC 8785 (JCS): one value has one text, so that a signature over the text is one over the value. Names are in the order of their UTF-16 code
 * units, numbers and strings as ECMAScript writes them. Unlike `canonicalJson`, which digests what an apiserver may send, it refuses what the RFC has no
 * text for. Pure.
 */

/** Throws a sentence that names the place of what is not I-JSON. Members without a value are left out, as `JSON.stringify` does. */
export function rfc8785(value: unknown): string {
  try {
    if (!isWrittenSo(value)) return written(value);
    const text = JSON.stringify(value);
    // Halves of pairs of surrogates are escaped like this, and hardly anything else is.
    if (text.includes('\\ud')) assertIJson(value, '$');
    return text;
  } catch (error) {
    // Where it is, is asked for only now: that takes longer.
    assertIJson(value, '$');
    throw error;
  }
}

/** Its UTF-8, which is what is signed. */
export function rfc8785Bytes(value: unknown): Buffer {
  return Buffer.from(rfc8785(value), 'utf8');
}

/**
 * Whether `JSON.stringify` writes it as it is to be, but for halves of pairs of surrogates, which takes a fraction of the time. Throws for what else has no
 * text.
 */
function isWrittenSo(value: unknown): boolean {
  if (typeof value === 'string') return true;
  if (value === null || typeof value !== 'object') {
    assertScalar(value);
    return true;
  }
  if (Array.isArray(value)) return value.every(isWrittenSo);
  if (!isPlain(value)) throw new TypeError('it is not a plain object');
  let last: string | undefined;
  for (const name in value) {
    if (last !== undefined && name < last) return false;
    last = name;
    const member = (value as Readonly<Record<string, unknown>>)[name];
    if (member !== undefined && typeof member !== 'string' && !isWrittenSo(member)) return false;
  }
  return true;
}

function assertScalar(value: unknown): void {
  const isSound =
    value === null ||
    typeof value === 'boolean' ||
    (typeof value === 'number' && Number.isFinite(value)) ||
    (typeof value === 'string' && value.isWellFormed());
  if (!isSound) throw new TypeError('it has no text in JSON');
}

function written(value: unknown): string {
  if (value === null || typeof value !== 'object') {
    assertScalar(value);
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) return `[${value.map(written).join(',')}]`;
  if (!isPlain(value)) throw new TypeError('it is not a plain object');
  const members = value as Readonly<Record<string, unknown>>;
  let text = '';
  for (const name of Object.keys(members).sort())
    if (members[name] !== undefined) text += `${text && ','}${written(name)}:${written(members[name])}`;
  return `{${text}}`;
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
    if (member === undefined) continue;
    assert(name.isWellFormed(), place, 'has a name with half of a pair of surrogates');
    assertIJson(member, `${place}.${name}`);
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

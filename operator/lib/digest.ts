/** Digests of values: equal values have equal digests, whatever the order of their keys. */
import { createHmac, hash } from 'node:crypto';

/** JSON with sorted keys and without `undefined`. */
export function canonicalJson(value: unknown): string {
  return isSorted(value) ? (JSON.stringify(value) ?? 'null') : sortedJson(value);
}

/** Whether `JSON.stringify` writes it as it is to be, which takes a third of the time: so it is with what an apiserver sends. */
function isSorted(value: unknown): boolean {
  if (value === null || typeof value !== 'object') return typeof value !== 'bigint';
  if (Array.isArray(value)) return value.every(isSorted);
  let last = '';
  for (const name in value) {
    if (name < last || !isSorted((value as Readonly<Record<string, unknown>>)[name])) return false;
    last = name;
  }
  return true;
}

function sortedJson(value: unknown): string {
  if (typeof value === 'bigint') return String(value);
  if (value === null || typeof value !== 'object') return JSON.stringify(value ?? null);
  let text = '';
  if (Array.isArray(value)) {
    for (const item of value) text += `${text && ','}${sortedJson(item ?? null)}`;
    return `[${text}]`;
  }
  const members = value as Readonly<Record<string, unknown>>;
  for (const name of Object.keys(members).sort()) {
    if (members[name] !== undefined) text += `${text && ','}${JSON.stringify(name)}:${sortedJson(members[name])}`;
  }
  return `{${text}}`;
}

/** `sha256:` and the digest of the value's canonical JSON. */
export function digestOf(value: unknown): string {
  return `sha256:${sha256(canonicalJson(value))}`;
}

/** SHA-256 in hexadecimal; a string is taken as UTF-8. */
export function sha256(data: string | Uint8Array): string {
  return hash('sha256', data, 'hex');
}

/** HMAC-SHA-256 in hexadecimal: a digest that tells nothing of guessable text to those without the key. */
export function keyedDigest(key: Uint8Array, data: string | Uint8Array): string {
  return createHmac('sha256', key).update(data).digest('hex');
}

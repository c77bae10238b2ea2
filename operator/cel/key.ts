/** Keys of maps: those of JSON are text; others are kept as text that no JSON is likely to have. Pure. */
import { CelError, Uint, typeOf, type Value } from './value.ts';

/** The name under which a map holds the key. */
export function keyText(key: Value): string {
  if (typeof key === 'string') return key;
  if (key instanceof Uint) return `\u0000u${key.value}`;
  if (typeof key === 'boolean') return `\u0000b${key}`;
  if (typeof key === 'bigint') return `\u0000n${key}`;
  if (typeof key === 'number' && Number.isInteger(key)) return `\u0000n${BigInt(key)}`;
  throw new CelError(`a ${typeOf(key)} cannot be the key of a map`);
}

/** Nothing else can be a key; doubles only where they are whole. */
export function isKey(key: Value): key is string | bigint | boolean | number | Uint {
  return key instanceof Uint || ['string', 'bigint', 'boolean'].includes(typeof key) || Number.isInteger(key);
}

/** The key that is held under a name. */
export function keyOf(text: string): Value {
  if (!/^\u0000(?:b(?:true|false)|n-?[0-9]{1,20}|u[0-9]{1,20})$/.test(text)) return text;
  if (text[1] === 'u') return new Uint(BigInt(text.slice(2)));
  return text[1] === 'b' ? text.slice(2) === 'true' : BigInt(text.slice(2));
}

/** For people. */
export function shownKey(key: Value): string {
  return typeof key === 'string' ? JSON.stringify(key) : keyText(key).slice(2);
}

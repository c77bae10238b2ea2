/** Keys of maps: those of JSON are text; others are kept as text that no JSON is likely to have. Pure. */
import { CelError, typeOf, type Value } from './value.ts';

/** The name under which a map holds the key. */
export function keyText(key: Value): string {
  if (typeof key === 'string') return key;
  if (isKey(key)) return `\u0000${typeof key === 'boolean' ? 'b' : 'n'}${key.toString()}`;
  throw new CelError(`a ${typeOf(key)} cannot be a key`);
}

/** Nothing else can be a key; doubles only where they are whole. */
export function isKey(key: Value): key is string | bigint | boolean | number {
  return ['string', 'bigint', 'boolean'].includes(typeof key) || Number.isInteger(key);
}

/** The key that is held under a name. */
export function keyOf(text: string): Value {
  if (!/^\u0000(?:b(?:true|false)|n-?[0-9]{1,20})$/.test(text)) return text;
  return text[1] === 'b' ? text.slice(2) === 'true' : BigInt(text.slice(2));
}

/** For people. */
export function shownKey(key: Value): string {
  return typeof key === 'string' ? JSON.stringify(key) : keyText(key).slice(2);
}

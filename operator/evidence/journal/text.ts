/**
 * Values of others as they are journaled: nothing in them breaks a line, hides what follows, moves a terminal's cursor or is without bound. What is
 * replaced is shown as its code point; what is cut ends with its length and digest. Pure.
 */
import { canonicalJson, sha256 } from '../../lib/digest.ts';

const longestText = 2048;
const mostItems = 1000;
const mostDepth = 12;
/** Of one entry, in characters; what is beyond has no room in any reader. */
export const longestEntry = 256 * 1024;

/** Control characters but tab and newline, which JSON escapes; line separators that JSON does not; what reverses the direction of text; halves of pairs. */
const unsafe =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

export function plainText(text: string): string {
  const cut =
    text.length <= longestText
      ? text
      : `${text.slice(0, longestText)}… (${text.length} characters, sha256 ${sha256(text.toWellFormed())})`;
  return cut.replaceAll(unsafe, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** The value with plain texts, as JSON has it: without what is undefined, and bounded in every direction. */
export function plainValue(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return plainText(value);
  if (typeof value === 'bigint') return String(value);
  if (value === null || typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value !== 'object') return undefined;
  if (depth >= mostDepth) return '…';
  if (Array.isArray(value)) {
    const items = value.slice(0, mostItems).map((item) => plainValue(item, depth + 1) ?? null);
    return value.length > mostItems ? [...items, `… and ${value.length - mostItems} more`] : items;
  }
  const members = Object.entries(value).flatMap(([name, member]): [string, unknown][] => {
    const plain = plainValue(member, depth + 1);
    return plain === undefined ? [] : [[plainText(name), plain]];
  });
  // Defined, never assigned: `__proto__` is a name like others.
  return Object.fromEntries(
    members.length > mostItems
      ? [...members.slice(0, mostItems), ['…', `${members.length - mostItems} more`]]
      : members,
  );
}

/** As a line of a segment, without its newline. */
export function lineOf(value: unknown): string {
  return canonicalJson(value);
}

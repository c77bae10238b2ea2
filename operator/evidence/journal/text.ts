/**
 * Values of others as they are journaled: nothing in them breaks a line, hides what follows, moves a terminal's cursor or is without bound. What is
 * replaced is shown as its code point; what is cut ends with its length and digest. Pure.
 */
import { canonicalJson, sha256 } from '../../lib/digest.ts';

const longestText = 2048;
const mostItems = 1000;
const mostDepth = 12;
/** Of the facts of one entry, in characters. */
const longestFacts = 192 * 1024;

/** Control characters but tab and newline, which JSON escapes; line separators that JSON does not; what reverses the direction of text; halves of pairs. */
const unsafe =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** Of what is plain already, it is the same. */
export function plainText(text: string): string {
  const plain = text.replaceAll(unsafe, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`);
  if (plain.length <= longestText) return plain;
  const marker = `… (${text.length} characters, sha256 ${sha256(text.toWellFormed())})`;
  return `${plain.slice(0, longestText - marker.length - 1).toWellFormed()}${marker}`;
}

/**
 * A name that JSON writes without an escape: V8 (13.6) reads a name with one as another that it has seen, where their first characters are alike. What is
 * replaced is different for each, so that no name takes the place of another.
 */
function plainName(name: string): string {
  const simple = name.replaceAll(
    /[%"\\\u0000-\u001f]/g,
    (one) => `%${one.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return plainText(simple).replaceAll('\\', '%');
}

/** The value with plain texts, as JSON has it: without what is undefined, and bounded in every direction. Once only: names would be replaced twice. */
export function plainValue(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return plainText(value);
  if (typeof value === 'bigint') return String(value);
  if (value === null || typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value !== 'object') return undefined;
  if (depth >= mostDepth) return '…';
  if (Array.isArray(value)) {
    const shown = value.length > mostItems ? value.slice(0, mostItems - 1) : value;
    const items = shown.map((item) => plainValue(item, depth + 1) ?? null);
    return value.length > mostItems ? [...items, `… and ${value.length - shown.length} more`] : items;
  }
  const members = Object.entries(value).flatMap(([name, member]): [string, unknown][] => {
    const plain = plainValue(member, depth + 1);
    return plain === undefined ? [] : [[plainName(name), plain]];
  });
  // Defined, never assigned: `__proto__` is a name like others.
  return Object.fromEntries(
    members.length > mostItems
      ? [...members.slice(0, mostItems - 1), ['…', `and ${members.length - mostItems + 1} more`]]
      : members,
  );
}

/** The facts as they are journaled: plain, and without the longest members where there is no room for all. */
export function plainFacts(facts: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  let plain = plainValue(facts) as Readonly<Record<string, unknown>>;
  while (canonicalJson(plain).length > longestFacts) {
    const sizes = Object.entries(plain).map(([name, value]) => [canonicalJson(value).length, name] as const);
    const [size, longest] = sizes.reduce((a, b) => (b[0] > a[0] ? b : a));
    const marker = `… (${size} characters, sha256 ${sha256(canonicalJson(plain[longest]))})`;
    plain = Object.fromEntries(Object.entries(plain).map(([name, value]) => [name, name === longest ? marker : value]));
  }
  return plain;
}

/** As a line of a segment, without its newline. */
export function lineOf(value: unknown): string {
  return canonicalJson(value);
}

/** Values as people see them: JSON on one line with sorted keys, cut to a bound. Pure. */
import { canonicalJson } from '../../lib/digest.ts';

/** Characters that a finding has for a value. */
export const longestValue = 512;
/** How much of long texts is shown before the place where they differ. */
const lead = 60;
/** Nobody reads values nested deeper, and hostile ones are. */
const deepest = 32;

/** Instead of a value that is not there. JSON has no bare words, so it is mistaken for none. */
export const absent = 'absent';

/** Both values; long texts from shortly before the place where they begin to differ. */
export function shownPair(expected: unknown, actual: unknown): { expected: string; actual: string } {
  if (typeof expected === 'string' && typeof actual === 'string') {
    const from = Math.max(0, firstDifference(expected, actual) - lead);
    if (from > longestValue / 2) return { expected: excerpt(expected, from), actual: excerpt(actual, from) };
  }
  return { expected: shown(expected), actual: shown(actual) };
}

/** The beginning of the value's canonical JSON. Takes no longer for large values than for small ones. */
export function shown(value: unknown): string {
  if (value === undefined) return absent;
  const text = visible(jsonOf(value, longestValue, 0));
  return text.length <= longestValue ? text : `${text.slice(0, longestValue - 1)}…`;
}

/** Control, format and other invisible characters as JSON writes them, so that no terminal obeys them. */
export function visible(text: string): string {
  return text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (character) =>
    Array.from(
      { length: character.length },
      (_, at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`,
    ).join(''),
  );
}

/** Stops when there is more than `most`. */
function jsonOf(value: unknown, most: number, depth: number): string {
  if (typeof value === 'string') return JSON.stringify(value.length > most ? value.slice(0, most + 1) : value);
  if (value === null || typeof value !== 'object') return canonicalJson(value);
  if (depth >= deepest) return '…';
  let text = '';
  if (Array.isArray(value)) {
    for (const item of value) {
      if (text.length > most) break;
      text += `${text && ','}${jsonOf(item, most - text.length, depth + 1)}`;
    }
    return `[${text}]`;
  }
  const members = value as Readonly<Record<string, unknown>>;
  for (const name of Object.keys(members).sort()) {
    if (text.length > most) break;
    if (members[name] === undefined) continue;
    text += `${text && ','}${jsonOf(name, most, depth)}:${jsonOf(members[name], Math.max(1, most - text.length), depth + 1)}`;
  }
  return `{${text}}`;
}

function excerpt(text: string, from: number): string {
  return shown(`…${text.slice(from, from + longestValue)}`);
}

function firstDifference(a: string, b: string): number {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at += 1;
  return at;
}

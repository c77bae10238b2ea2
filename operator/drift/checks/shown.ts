/** Text of a host as people may see it: without anything that a terminal would obey, and cut to what matters. Pure. */
import { shortened } from '../../lib/text.ts';

const longestExcerpt = 300;
/** How much of a long line is shown before the place where it differs. */
const lead = 60;

/** Control, format and other invisible characters as `\u{1b}`. */
export function visible(text: string): string {
  return text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (character) => `\\u{${character.codePointAt(0)?.toString(16) ?? ''}}`);
}

/** Both texts at the first line in which they differ: `line 3: …`. */
export function excerpts(expected: string, actual: string): { expected: string; actual: string } {
  const [left, right] = [expected.split('\n'), actual.split('\n')];
  const index = left.findIndex((line, at) => line !== right[at]);
  const at = index < 0 ? left.length : index;
  const from = Math.max(0, firstDifference(left[at] ?? '', right[at] ?? '') - lead);
  return { expected: excerpt(left, at, from), actual: excerpt(right, at, from) };
}

function excerpt(lines: readonly string[], index: number, from: number): string {
  const line = lines[index];
  if (line === undefined) return `ends after line ${index}, without a trailing newline`;
  if (line === '' && index === lines.length - 1) return index ? `ends after line ${index}` : 'empty';
  return shortened(`line ${index + 1}: ${from ? '…' : ''}${visible(line.slice(from))}`, longestExcerpt);
}

function firstDifference(a: string, b: string): number {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at += 1;
  return at;
}

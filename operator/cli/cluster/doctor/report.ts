/** The report of a doctor, as lines for people and as JSON. Pure. */
import { listed } from '../../../lib/text.ts';
import { printable } from '../../table.ts';
import { results, type Result, type Verdict } from './check.ts';

export interface Line extends Verdict {
  readonly name: string;
  /** Not made, because none could be. */
  readonly isSkipped?: true;
}

const width = 80;
const mostFixes = 3;
const resultWidth = Math.max(...results.map(({ length }) => length));

/** A line, its message wrapped below itself, and the commands, which are not wrapped, so that they can be copied. */
export function lineText({ name, result, message, fixes = [] }: Line, nameWidth: number): string {
  const head = `${result.padEnd(resultWidth)}  ${name.padEnd(nameWidth)}  `;
  const indent = ' '.repeat(head.length);
  const [first = '', ...more] = wrapped(printable(message), width - head.length);
  const shown = fixes.slice(0, mostFixes).map((fix) => `${indent}$ ${printable(fix)}`);
  const rest = fixes.length - shown.length;
  const hidden = rest > 0 ? [`${indent}and ${rest} more, which -o json shows`] : [];
  return [`${head}${first}`, ...more.map((text) => indent + text), ...shown, ...hidden, ''].join('\n');
}

/** Words that are longer than a line stay as they are. */
function wrapped(text: string, most: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= most) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

export function countsOf(lines: readonly Line[]): Record<Result, number> {
  const counts = { Pass: 0, Warn: 0, Fail: 0, Unknown: 0 };
  for (const { result } of lines) counts[result]++;
  return counts;
}

/** Whether nothing failed and everything is known. */
export function isWell(lines: readonly Line[]): boolean {
  return lines.every(({ result }) => result === 'Pass' || result === 'Warn');
}

export function summaryText(lines: readonly Line[]): string {
  const counts = countsOf(lines);
  const parts = results.filter((result) => counts[result] > 0).map((result) => `${counts[result]} ${result}`);
  const skipped = lines.filter(({ isSkipped }) => isSkipped).length;
  const more = skipped > 0 ? `; ${skipped} were not made` : '';
  return `\n${lines.length} checks: ${listed(parts, results.length)}${more}\n`;
}

/** What programs read: stable names, no columns. */
export function reportJson(lines: readonly Line[], about: object): object {
  const checks = lines.map(({ name, result, message, fixes = [] }) => ({ name, result, message, fixes }));
  return { ...about, checks, counts: countsOf(lines) };
}

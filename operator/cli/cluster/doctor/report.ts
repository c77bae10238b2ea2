/** The report of a doctor, as lines for people and as JSON. Pure. */
import { listed } from '../../../lib/text.ts';
import { printable } from '../../table.ts';
import { wrapped } from '../lines.ts';
import { results, type Result, type Verdict } from './check.ts';

export interface Line extends Verdict {
  readonly name: string;
  /** Not made, because none could be. */
  readonly isSkipped?: true;
}

const resultWidth = Math.max(...results.map(({ length }) => length));
/** Where there is less room beside the name, the message is below it. */
const narrowest = 30;

export interface Layout {
  readonly nameWidth: number;
  readonly columns: number;
  /** Commands of one check. */
  readonly mostFixes: number;
}

/** A line, its message wrapped below itself, and the commands, which are not wrapped, so that they can be copied. */
export function lineText(
  { name, result, message, fixes = [] }: Line,
  { nameWidth, columns, mostFixes }: Layout,
): string {
  const head = `${result.padEnd(resultWidth)}  ${name.padEnd(nameWidth)}  `;
  const isBeside = columns - head.length >= narrowest;
  const indent = ' '.repeat(isBeside ? head.length : 4);
  const lines = wrapped(message, columns - indent.length);
  const shown = fixes.slice(0, mostFixes).map((fix) => `$ ${printable(fix)}`);
  const rest = fixes.length - shown.length;
  const hidden = rest > 0 ? wrapped(`and ${rest} more, which -o wide shows`, columns - indent.length) : [];
  const [first = '', ...more] = isBeside ? [head + lines[0], ...lines.slice(1)] : [head.trimEnd(), ...lines];
  return [first, ...[...more, ...shown, ...hidden].map((line) => indent + line), ''].join('\n');
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

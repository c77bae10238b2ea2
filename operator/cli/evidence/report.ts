/** The report of a verification, for a terminal of 80 columns. Pure. */
import type { Check, Problem, Verdict } from '../../evidence/verify/verdict.ts';
import { printable } from '../table.ts';

const WIDTH = 80;
/** Of one check; the JSON has all. */
const MOST_PROBLEMS = 20;

const marks: Record<Check['is'], string> = {
  Passed: 'ok',
  Failed: 'REFUSED',
  Unverifiable: 'unknown',
  Partial: 'partial',
  NotChecked: '-',
};

/** A line for each check, what is wrong below it, and the verdict at the end. */
export function printed({ is, message, checks }: Verdict): string {
  const lines = checks.flatMap(({ name, problems, ...check }) => {
    const alike = [...Map.groupBy(problems, (problem) => problem.message).values()];
    const shown = alike.slice(0, MOST_PROBLEMS);
    const more = alike.slice(MOST_PROBLEMS).flat().length;
    // What was checked is no answer where something is wrong.
    const said = problems.length > 0 ? '' : check.message;
    return [
      ...wrapped(`${marks[check.is].padEnd(8)} ${name.padEnd(12)} `, said),
      ...shown.flatMap((same) => wrapped('           ', `${placesOf(same)}: ${same[0]?.message ?? ''}`)),
      ...(more > 0 ? [`           and ${more} more; see --output json`] : []),
    ];
  });
  return `${[...lines, '', ...wrapped(`${is}: `, message)].join('\n')}\n`;
}

function placesOf([first, ...others]: readonly Problem[]): string {
  return `${first?.where ?? ''}${others.length > 0 ? ` and ${others.length} more` : ''}`;
}

/** After its head, in lines that are no longer than the terminal; the rest is below the head's end. */
function wrapped(head: string, text: string): string[] {
  const lines: string[] = [];
  let line = head;
  for (const word of visible(text).split(' ')) {
    const isFirst = line.length === (lines.length === 0 ? head : ' '.repeat(head.length)).length;
    if (!isFirst && line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = ' '.repeat(head.length) + word;
    } else line += isFirst ? word : ` ${word}`;
  }
  return [...lines, line].map((one) => one.trimEnd());
}

/** Names of files are of who wrote to the store: none may move the cursor, or turn the text around. */
function visible(text: string): string {
  return printable(text).replace(/[\p{Cf}\p{Cs}\p{Co}]/gu, (one) => `\\u{${(one.codePointAt(0) ?? 0).toString(16)}}`);
}

/** A tree as lines of a terminal: wrapped, but for commands, which are copied. Nothing that objects say reaches the terminal as more than text. Pure. */
import { printable } from '../table.ts';

export interface Branch {
  readonly text: string;
  /** Lines below the text, at its indentation. */
  readonly more?: readonly string[];
  /** Commands: not wrapped. */
  readonly commands?: readonly string[];
  readonly branches?: readonly Branch[];
}

const width = 80;

/** Without what terminals obey, or what turns the direction of text around. */
export function plain(text: string): string {
  return printable(text).replace(/[\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g, '');
}

/** The root stands at the margin. */
export function treeText({ text, more = [], branches = [] }: Branch): string {
  const own = [text, ...more].flatMap((line) => wrapped(line, width));
  return `${[...own, ...branchLines(branches, '')].join('\n')}\n`;
}

function branchLines(branches: readonly Branch[], indent: string): string[] {
  return branches.flatMap(({ text, more = [], commands = [], branches: inner = [] }, at) => {
    const isLast = at === branches.length - 1;
    const below = `${indent}${isLast ? '   ' : '│  '}`;
    const hangs = `${below}${inner.length ? '│ ' : '  '}`;
    const [first = '', ...rest] = wrapped(text, width - below.length);
    const others = [...rest, ...more.flatMap((line) => wrapped(line, width - hangs.length))];
    return [
      `${indent}${isLast ? '└─ ' : '├─ '}${first}`,
      ...others.map((line) => `${hangs}${line}`),
      ...commands.map((line) => `${hangs}$ ${plain(line)}`),
      ...branchLines(inner, below),
    ];
  });
}

/** A word that is longer than a line is cut into lines. */
export function wrapped(text: string, most: number): string[] {
  const lines: string[] = [];
  for (const word of plain(text)
    .split(/ (?=\S)/)
    .flatMap((one) => pieces(one, most - 2))) {
    const last = lines.at(-1);
    const room = lines.length === 1 ? most : most - 2;
    if (last !== undefined && last.length + 1 + word.length <= room) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines.map((line) => line.trimEnd());
}

function pieces(word: string, most: number): string[] {
  const count = Math.max(1, Math.ceil(word.length / most));
  return Array.from({ length: count }, (_, at) => word.slice(at * most, (at + 1) * most));
}

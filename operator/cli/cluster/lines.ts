/** A tree as lines of a terminal: wrapped, but for commands, which are copied. Nothing that objects say reaches the terminal as more than text. Pure. */
import { printable } from '../table.ts';
import { piecesOf, widthOf } from '../width.ts';

export interface Branch {
  readonly text: string;
  /** Lines below the text, at its indentation. */
  readonly more?: readonly string[];
  /** Commands: not wrapped. */
  readonly commands?: readonly string[];
  readonly branches?: readonly Branch[];
}

const width = 80;
/** Where a terminal has less room beside the signs of the tree, it wraps by itself. */
const narrowest = 16;

/** Without what terminals obey, or what turns the direction of text around. */
export function plain(text: string): string {
  return printable(text).replace(/[\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g, '');
}

/** The root stands at the margin. */
export function treeText({ text, more = [], branches = [] }: Branch, columns = width): string {
  const own = [text, ...more].flatMap((line) => wrapped(line, columns).map((one, at) => (at === 0 ? one : `  ${one}`)));
  return `${[...own, ...branchLines(branches, '', columns)].join('\n')}\n`;
}

function branchLines(branches: readonly Branch[], indent: string, columns: number): string[] {
  return branches.flatMap(({ text, more = [], commands = [], branches: inner = [] }, at) => {
    const isLast = at === branches.length - 1;
    const below = `${indent}${isLast ? '   ' : '│  '}`;
    const hangs = `${below}${inner.length ? '│ ' : '  '}`;
    const [first = '', ...rest] = wrapped(text, columns - below.length);
    const others = [...rest, ...more.flatMap((line) => wrapped(line, columns - hangs.length))];
    return [
      `${indent}${isLast ? '└─ ' : '├─ '}${first}`,
      ...others.map((line) => `${hangs}${line}`),
      ...commands.map((line) => `${hangs}$ ${plain(line)}`),
      ...branchLines(inner, below, columns),
    ];
  });
}

/** At which a line may end: not between a number and its unit. */
const blank = / (?=\S)(?!(?<=\d )(?:s|min|h|%|[KMG]iB)(?:[\s,.;:)]|$))/;

/** Lines after the first have two columns less, for their indentation. A word that is longer than a line is cut into lines. */
export function wrapped(text: string, columns: number): string[] {
  const most = Math.max(columns, narrowest);
  const lines: string[] = [];
  let room = 0;
  for (const word of plain(text)
    .split(blank)
    .flatMap((one) => piecesOf(one, most - 2))) {
    const takes = widthOf(word);
    if (lines.length > 0 && takes < room) {
      lines[lines.length - 1] += ` ${word}`;
      room -= takes + 1;
    } else {
      room = (lines.length === 0 ? most : most - 2) - takes;
      lines.push(word);
    }
  }
  return lines.map((line) => line.trimEnd());
}

/** Columns for a terminal, as kubectl prints them. Control characters never reach the terminal. Pure. */
import { padded, widthOf } from './width.ts';

type Cell = string | readonly string[];

const gap = '   ';

export interface Column<R> {
  readonly title: string;
  readonly cell: (row: R) => Cell;
  /** In which turn it is dropped where the table is too wide: 1 is the first. Never, when undefined. */
  readonly drop?: number;
}

/**
 * A table that fits the width: columns are dropped in their turns until it does, and none is wrapped. Those that are never dropped are printed in full
 * all the same, because what is cut cannot be copied. Without a width, as in a pipe or with `-o wide`, all columns are there.
 */
export function fitted<R>(columns: readonly Column<R>[], rows: readonly R[], width: number | undefined): string {
  const measured = columns.map((column) => {
    const cells = rows.map((row) => column.cell(row));
    return { ...column, cells, width: widestOf([column.title, ...cells.flat()]) };
  });
  const turns = [...new Set(columns.flatMap(({ drop }) => drop ?? []))].sort((a, b) => a - b);
  const fits = (shown: typeof measured): boolean =>
    shown.reduce((sum, one) => sum + one.width + gap.length, -gap.length) <= (width ?? Infinity);
  let shown = measured;
  for (const turn of turns) {
    if (fits(shown)) break;
    shown = shown.filter(({ drop }) => drop !== turn);
  }
  return table(
    shown.map(({ title }) => title),
    rows.map((_, at) => shown.map(({ cells }) => cells[at]!)),
  );
}

/** A header and rows, each column as wide as its longest cell. A cell of several lines goes on below itself. */
export function table(header: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const lines = [header, ...rows.flatMap(linesOf)].map((cells) => cells.map(printable));
  const widths = header.map((_, column) => widestOf(lines.map((cells) => cells[column] ?? '')));
  return lines
    .map(
      (cells) =>
        `${cells
          .map((cell, column) => padded(cell, widths[column] ?? 0))
          .join(gap)
          .trimEnd()}\n`,
    )
    .join('');
}

/** Not by spreading: a fleet has more cells than a call may have arguments. */
function widestOf(texts: readonly string[]): number {
  return texts.reduce((widest, text) => Math.max(widest, widthOf(printable(text))), 0);
}

function linesOf(row: readonly Cell[]): string[][] {
  const cells = row.map((cell) => (typeof cell === 'string' ? [cell] : cell));
  const height = Math.max(1, ...cells.map(({ length }) => length));
  return Array.from({ length: height }, (_, index) => cells.map((cell) => cell[index] ?? ''));
}

/** The text on one line. */
export function printable(text: string): string {
  return text.replace(/[\x00-\x1f\x7f-\x9f\u2028\u2029]+/g, ' ');
}

/** Columns for a terminal, as kubectl prints them. */

/**
 * A header and rows, each column as wide as its longest cell. A cell of several lines goes on below itself. Control characters never
 * reach the terminal.
 */
export function table(header: readonly string[], rows: readonly (readonly (string | readonly string[])[])[]): string {
  const lines = [header, ...rows.flatMap(linesOf)].map((cells) => cells.map(printable));
  const widths = header.map((_, column) => Math.max(...lines.map((cells) => cells[column]?.length ?? 0)));
  return lines
    .map(
      (cells) =>
        `${cells
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join('   ')
          .trimEnd()}\n`,
    )
    .join('');
}

function linesOf(row: readonly (string | readonly string[])[]): string[][] {
  const cells = row.map((cell) => (typeof cell === 'string' ? [cell] : cell));
  const height = Math.max(1, ...cells.map(({ length }) => length));
  return Array.from({ length: height }, (_, index) => cells.map((cell) => cell[index] ?? ''));
}

/** The text on one line. */
export function printable(text: string): string {
  return text.replace(/[\x00-\x1f\x7f-\x9f\u2028\u2029]+/g, ' ');
}

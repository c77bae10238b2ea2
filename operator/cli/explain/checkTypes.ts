/** What docs/check-types.md says of a check type: what is read, what passes, what a correction changes, and what is unknown. Pure. */

export interface CheckTypeWords {
  readonly read: string;
  readonly passes: string;
  readonly correction: string;
  readonly undo: string;
  readonly unknown: string;
}

/** Of the row of its table; undefined for what is no check type. */
export function checkTypeIn(page: string, type: string): CheckTypeWords | undefined {
  const row = page.split('\n').find((line) => line.startsWith(`| \`${type}\` |`));
  if (row === undefined) return undefined;
  // A bar in a cell is escaped.
  const cells = row
    .split(/(?<!\\)\|/)
    .slice(2, -1)
    .map((cell) => cell.trim().replaceAll('\\|', '|'));
  const [read = '', passes = '', correction = '', undo = '', unknown = ''] = cells;
  return { read, passes, correction, undo, unknown };
}

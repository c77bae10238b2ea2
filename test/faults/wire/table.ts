/** How many of each fault a scenario met, as lines of a table. */
import type { CaseResult } from './case.ts';

export function tableOf(results: readonly CaseResult[]): string[] {
  const groups = Map.groupBy(
    results,
    ({ scenario, trouble }) => `${scenario} ${trouble?.of ?? ''} ${trouble?.what ?? ''}`,
  );
  const header = ['scenario', 'at', 'fault', 'met', 'not reached', 'failed'];
  const rows = [...groups].map(([key, all]) => [
    ...key.split(' '),
    `${all.filter(({ struck }) => struck !== undefined).length}`,
    `${all.filter(({ struck }) => struck === undefined).length}`,
    `${all.filter(({ problems }) => problems.length > 0).length}`,
  ]);
  return aligned([header, ...rows]);
}

/** The columns one below the other; the first row is the header. */
export function aligned(table: readonly (readonly string[])[]): string[] {
  const widths = (table[0] ?? []).map((_, at) => Math.max(...table.map((row) => row[at]?.length ?? 0)));
  return table.map((row) =>
    row
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

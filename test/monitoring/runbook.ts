/** The commands of a runbook: what is in its blocks `console`, each with what it prints, as far as the page shows it, and what is annotated. */
import { readFileSync } from 'node:fs';

export interface Command {
  /** As it is typed, with the lines of a here-document. */
  readonly text: string;
  /** Lines that the page shows below it: headings of columns, or a word. */
  readonly shows: readonly string[];
  readonly person: 'oncall' | 'admin' | 'alice' | 'bob';
  /** `prints nothing` is annotated: always, or when there is nothing to show. */
  readonly mayBeSilent: boolean;
}

const persons = [
  [/# as an administrator of the cluster/, 'admin'],
  [/# as the requester/, 'alice'],
  [/# as an approver/, 'bob'],
] as const;

export function commandsOf(page: string): Command[] {
  const text = readFileSync(page, 'utf8');
  return [...text.matchAll(/^```console\n([\s\S]*?)^```$/gm)].flatMap(([, block = '']) => blockCommands(block));
}

/** Queries, which promtool parses. */
export function queriesOf(page: string): string[] {
  return [...readFileSync(page, 'utf8').matchAll(/^```promql\n([\s\S]*?)^```$/gm)].map(([, block = '']) =>
    block.trim(),
  );
}

function blockCommands(block: string): Command[] {
  return block
    .split(/^\$ /m)
    .filter((part) => part !== '')
    .map((part) => {
      const lines = part.trimEnd().split('\n');
      const isDocument = lines[0]!.includes('<<EOF');
      const own = isDocument ? lines.slice(0, lines.indexOf('EOF') + 1) : lines.slice(0, 1);
      const [first = ''] = own;
      return {
        text: own.join('\n'),
        shows: lines.slice(own.length),
        person: persons.find(([pattern]) => pattern.test(first))?.[1] ?? 'oncall',
        mayBeSilent: /# .*prints nothing/.test(first),
      };
    });
}

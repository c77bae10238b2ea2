/** The commands of a runbook: what is in its blocks `console`, each with what it prints, as far as the page shows it, and what is annotated. */
import { readFileSync } from 'node:fs';
import { blocksOf, commandsOf as typedIn } from '../docs/blocks.ts';

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
  return blocksOf(page, readFileSync(page, 'utf8'))
    .filter(({ language }) => language === 'console')
    .flatMap((block) => typedIn(block))
    .map(({ text, shows }) => {
      const [first = ''] = text.split('\n');
      const person = persons.find(([pattern]) => pattern.test(first))?.[1] ?? 'oncall';
      return { text, shows, person, mayBeSilent: /# .*prints nothing/.test(first) };
    });
}

/** Queries, which promtool parses. */
export function queriesOf(page: string): string[] {
  return [...readFileSync(page, 'utf8').matchAll(/^```promql\n([\s\S]*?)^```$/gm)].map(([, block = '']) =>
    block.trim(),
  );
}

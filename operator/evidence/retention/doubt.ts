/** Why nothing of a chain is deleted: something there is not as Holdfast stored it, or could not be read. Pure. */
import { shown, type Findings } from '../verify/verdict.ts';

/** The message is a sentence. */
export class Doubt extends Error {}

/** Throws the first of what verification objects to. */
export function assertNoObjection({ objections }: Findings, what: string): void {
  const [first] = objections;
  if (!first) return;
  const more = objections.length > 1 ? ` (and ${objections.length - 1} more)` : '';
  throw new Doubt(
    `nothing of ${what} is deleted: ${shown(first.where, 200)}: ${shown(first.message, 400)}${more}; verify the store, and find out who wrote there`,
  );
}

/**
 * Numbers of packs that a later pack skips, because another writer stored a bundle there that cannot be removed. What is there is no evidence. But a pack that
 * is signed as all others are cannot be skipped: then there are two histories. Pure.
 */
import type { PackFiles } from './layout.ts';
import type { ReadPack } from './packs.ts';
import { shown, type Findings } from './verdict.ts';

export interface ReadNumber extends PackFiles {
  /** Undefined where it cannot be read, or is not signed by whom is believed. */
  readonly pack: ReadPack | undefined;
  /** What is wrong with it. */
  readonly findings: Findings;
}

export function skippedIn(read: readonly ReadNumber[], findings: Findings): ReadonlySet<number> {
  const there = new Map(read.map((one) => [one.number, one]));
  const skipped = new Set<number>();
  for (const { pack, path } of read) {
    if (!pack?.isSigned || pack.predicate.sequence !== pack.number) continue;
    for (const { sequence, reason } of pack.predicate.skipped ?? []) {
      const other = there.get(sequence);
      if (other?.pack?.isSigned && other.pack.predicate.sequence === sequence) {
        findings.refuse('Chain', path, `it skips pack ${sequence}, which is signed as well: there are two histories`);
        continue;
      }
      skipped.add(sequence);
      const what = `${sequence} is not of this chain, as pack ${pack.number} says: ${shown(reason, 200)}`;
      findings.partial('Chain', other?.path ?? path, what);
    }
  }
  return skipped;
}

/** That evidence was exported is evidence itself: the entry for the journal, from what the archive says. Pure. */
import type { JournalEntry, JournalObject } from '../journal/entry.ts';
import type { ExportWish, Selection } from './selection.ts';

export interface Exported {
  readonly selection: Selection;
  readonly wish: ExportWish;
  /** Of the archive. */
  readonly sha256: string;
  readonly bytes: number;
  /** Who, as far as is known. */
  readonly actor: string;
  readonly verdict: string;
  /** The EvidenceExport that made it, and why it was requested. */
  readonly by?: { readonly object: JournalObject; readonly reason: string };
}

/** Its number and time are given by the journal. */
export function exportRecord({
  selection,
  wish,
  sha256,
  bytes,
  actor,
  verdict,
  by,
}: Exported): Omit<JournalEntry, 'sequence' | 'time'> {
  const { packs, leftOut } = selection;
  const first = packs[0]?.predicate;
  return {
    event: 'Exported',
    object: by?.object ?? {
      kind: 'EvidenceStore',
      namespace: first?.store.namespace ?? '',
      name: first?.store.name ?? '',
    },
    actor,
    facts: {
      archive: { sha256, bytes },
      packs: packs.map(({ predicate: { pack, sequence }, digest }) => ({ name: pack.name, sequence, digest })),
      leftOut: leftOut.length,
      ...(wish.from && { from: wish.from.toISOString() }),
      ...(wish.to && { to: wish.to.toISOString() }),
      ...(wish.frameworks.length > 0 && { frameworks: wish.frameworks }),
      ...(wish.sections.length > 0 && { sections: wish.sections }),
      verdict,
      ...(by && { reason: by.reason }),
    },
  };
}

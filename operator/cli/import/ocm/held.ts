/**
 * No import corrects what it does not mean as Open Cluster Management did: where a note says that something else is meant, the mode is
 * Inform, whatever was asked for, until a person has read the note. Pure.
 */
import type { Mode } from './objectTemplate.ts';
import { note, otherMeanings, type Note, type Reason } from './report.ts';

/** The mode for what has these notes, and a note on it where it is not the one that was asked for. */
export function heldMode(
  asked: Mode,
  notes: readonly Note[],
  accepted: ReadonlySet<Reason>,
): { mode: Mode; notes: Note[] } {
  const open = otherMeanings(notes).filter((reason) => !accepted.has(reason));
  if (asked === 'Inform' || open.length === 0) return { mode: asked, notes: [] };
  return {
    mode: 'Inform',
    notes: [
      note('NotEnforced', `NOT ENFORCED, only reported (${open.join(', ')}): it has a different meaning in Holdfast`),
    ],
  };
}

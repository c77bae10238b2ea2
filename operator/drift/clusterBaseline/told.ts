/** What a cluster baseline says of its corrections: in conditions, in a word for a column, and in events. Pure. */
import { targetId } from '../../findings/waiver/subject.ts';
import { counted, listed } from '../../lib/text.ts';
import type { DomainConditions, Note } from '../../runtime/feature.ts';
import type { Work } from '../work.ts';
import type { Corrections } from './correction.ts';
import type { Standing } from './standing.ts';

/** What differs and cannot be corrected, and why. */
export function blocked(failing: readonly Standing[]): DomainConditions {
  const obstacles = failing.flatMap(({ judged, item }) =>
    judged.is === 'fails' && judged.fix?.obstacle
      ? [`${item.name}, ${targetId({ object: judged.object })}: ${judged.fix.obstacle}`]
      : [],
  );
  if (!obstacles.length) return {};
  return { CorrectionBlocked: { status: 'True', reason: 'Refused', message: listed(obstacles, 2), warns: true } };
}

export function contended(corrections: Corrections['contended']): DomainConditions[string] {
  const words = corrections.map(
    ({ check, target, manager, rounds }) =>
      `${target} (${check}): ${manager ?? 'another writer'} undid what this baseline wrote, ${rounds} times in a row`,
  );
  const message = `${listed(words, 2)}. Corrections become less frequent; stop the other writer, waive the drift, or change the template`;
  return { status: 'True', reason: 'ConflictingWriter', message, warns: true };
}

export function workOf(
  { done, postponed, next, recorded }: Corrections,
  conditions: DomainConditions,
  standings: readonly Standing[],
): Work {
  if (conditions['Contended']) return { correction: 'Contended' };
  if (done.length) {
    const later = postponed ? `; ${postponed} more deletions follow` : '';
    return { correction: 'Running', correctionMessage: `correcting ${counted(done.length, 'object')}${later}` };
  }
  if (conditions['CorrectionBlocked']) return { correction: 'Blocked' };
  if (next && recorded.length)
    return { correction: 'Done', correctionMessage: `${counted(recorded.length, 'object')} corrected recently` };
  return { correction: standings.some(({ is }) => is === 'unknown') ? 'Unknown' : 'Idle' };
}

export function notesOf({ done, postponed }: Corrections): Note[] {
  if (!done.length) return [];
  const later = postponed ? `; ${postponed} more deletions follow, because of \`maxDeletions\`` : '';
  return [{ type: 'Normal', reason: 'Corrected', message: `corrected ${listed(done, 5)}${later}` }];
}

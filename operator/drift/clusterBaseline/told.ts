/** What a cluster baseline says of its corrections: in conditions, in a word for a column, and in events. Pure. */
import { targetId } from '../../findings/waiver/subject.ts';
import { counted, listed } from '../../lib/text.ts';
import type { DomainConditions, Note } from '../../runtime/feature.ts';
import type { Work } from '../work.ts';
import { contendedCondition, exhaustedCondition, nextAttempt } from '../contention.ts';
import type { Corrections, LeftAlone } from './correction.ts';
import type { ObjectCompliance } from './objectCompliance.ts';

/** What differs and cannot be corrected, and why. */
export function blocked(failing: readonly ObjectCompliance[]): DomainConditions {
  const obstacles = failing.flatMap(({ evaluation, item }) =>
    evaluation.is === 'fails' && evaluation.fix?.obstacle
      ? [`${item.name}, ${targetId({ object: evaluation.object })}: ${evaluation.fix.obstacle}`]
      : [],
  );
  if (!obstacles.length) return {};
  return { CorrectionBlocked: { status: 'True', reason: 'Refused', message: listed(obstacles, 2), warns: true } };
}

/** What is corrected no more, or not for long, because corrections of it do not last. */
export function notLasting({ contended, exhausted }: Corrections): DomainConditions {
  const contending = contended.map(
    (one) => `${nameOf(one)}: ${one.manager ?? 'another writer'} undid what this baseline wrote`,
  );
  const failed = exhausted.map((one) => `${nameOf(one)}${one.manager ? `: last written by ${one.manager}` : ''}`);
  return {
    ...(contending.length && { Contended: contendedCondition('ConflictingWriter', contending) }),
    ...(failed.length && {
      CorrectionFailed: exhaustedCondition(
        counted(failed.length, 'object'),
        listed(failed),
        "Each is corrected again after one hour, or when the baseline's checks change",
      ),
    }),
  };
}

function nameOf({ target, check }: LeftAlone): string {
  return `${target} (${check})`;
}

export function workOf(
  { done, postponed, next, recorded, waiting }: Corrections,
  conditions: DomainConditions,
  results: readonly ObjectCompliance[],
  now: Date,
): Work {
  if (conditions['Contended']) return { correction: 'Contended' };
  if (done.length) {
    const later = postponed ? `; ${postponed} more deletions follow` : '';
    return { correction: 'Running', correctionMessage: `correcting ${counted(done.length, 'object')}${later}` };
  }
  if (conditions['CorrectionFailed']) return { correction: 'Failed' };
  if (conditions['CorrectionBlocked']) return { correction: 'Blocked' };
  const [first] = waiting;
  if (first?.until)
    return { correction: 'Waiting', correctionMessage: `${nameOf(first)} failed; ${nextAttempt(first.until, now)}` };
  if (next && recorded.length)
    return { correction: 'Done', correctionMessage: `${counted(recorded.length, 'object')} corrected recently` };
  return { correction: results.some(({ is }) => is === 'unknown') ? 'Unknown' : 'Idle' };
}

export function notesOf({ done, postponed }: Corrections): Note[] {
  if (!done.length) return [];
  const later = postponed ? `; ${postponed} more deletions follow, because of \`maxDeletions\`` : '';
  return [{ type: 'Normal', reason: 'Corrected', message: `corrected ${listed(done, 5)}${later}` }];
}

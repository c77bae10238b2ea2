/** Whether at least one of some objects has what a template says (`MustExist`). */
import { setImmediate } from 'node:timers/promises';
import type { ObjectRef } from '../../api/v1alpha1/finding.ts';
import { listed } from '../../lib/text.ts';
import type { Suspicion } from './suspicion.ts';
import type { NonCompliant, Evaluation } from './evaluation.ts';
import type { Spot } from './scope.ts';

type Suspected = Exclude<Suspicion, { is: 'holds' }>;

/** What is known of an object, and how a suspicion is made sure of. */
export interface Asking {
  known(spot: Spot): Evaluation | Suspected;
  confirm(suspicion: Suspected, spot: Spot): Promise<Evaluation>;
}

/** An object that is not as it must be, with what differs. */
interface Near {
  readonly spot: Spot;
  readonly answer: Extract<Evaluation | Suspected, { differences: unknown }>;
  readonly lacks: readonly { readonly path: string }[];
}

/** So many are looked at before others get a turn. */
const slice = 500;
/** So many are tried. */
const mostTried = 3;

/**
 * `holds` where one does. Where none seems to, those that lack least are tried: defaults may excuse what they lack. Fails, with what the
 * nearest lacks, or is unknown, because one of them is. `place` says where they were looked for.
 */
export async function oneOf(spots: readonly Spot[], place: ObjectRef, asking: Asking): Promise<Evaluation> {
  const near: Near[] = [];
  let unknown: Evaluation | undefined;
  for (const [at, spot] of spots.entries()) {
    if (at % slice === slice - 1) await setImmediate();
    const answer = asking.known(spot);
    if (answer === 'holds') return answer;
    if (answer.is === 'unknown') unknown = answer;
    if ('differences' in answer) near.push({ spot, answer, lacks: answer.differences });
  }
  near.sort((a, b) => a.lacks.length - b.lacks.length);
  for (const { spot, answer } of near.slice(0, mostTried)) {
    const sure = answer.is === 'differs' ? await asking.confirm(answer, spot) : answer;
    if (sure === 'holds') return sure;
    if (sure.is === 'unknown') unknown ??= sure;
  }
  return unknown ?? noneLike(near, spots.filter(({ object }) => object).length, place);
}

function noneLike([nearest]: readonly Near[], count: number, object: ObjectRef): NonCompliant {
  const places = nearest
    ? listed(
        nearest.lacks.map(({ path }) => path),
        2,
      )
    : '';
  const actual = nearest ? `none of ${count}; the closest, ${nearest.spot.name}, differs in ${places}` : 'absent';
  return {
    is: 'fails',
    object,
    differences: [{ path: '', expected: 'at least one that matches the template', actual }],
  };
}

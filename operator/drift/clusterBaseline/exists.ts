/** Whether at least one of some objects has what a template says (`MustExist`). */
import type { ObjectRef } from '../../api/v1alpha1/finding.ts';
import { listed } from '../../lib/text.ts';
import type { Suspicion } from './suspicion.ts';
import { later, type NonCompliant, type Evaluation } from './evaluation.ts';
import type { Spot } from './scope.ts';

type Suspected = Exclude<Suspicion, { is: 'holds' }>;

/** What is known of an object, and how a suspicion is made sure of. */
export interface Asking {
  /** What to await before the next object, so that others get a turn. */
  rest(): Promise<void> | undefined;
  /** `undefined` when it is left for a later pass. */
  known(spot: Spot): Evaluation | Suspected | undefined;
  confirm(suspicion: Suspected, spot: Spot): Promise<Evaluation>;
}

/** An object that is not as it must be, with what differs. */
interface Near {
  readonly spot: Spot;
  readonly answer: Extract<Evaluation | Suspected, { differences: unknown }>;
  readonly lacks: readonly { readonly path: string }[];
}

/** So many are tried. */
const mostTried = 3;

/**
 * `holds` where one does. Where none seems to, those that lack least are tried: defaults may excuse what they lack. Fails, with what the
 * nearest lacks, or is unknown, because one of them is. `place` says where they were looked for.
 */
export async function oneOf(spots: Iterable<Spot | undefined>, place: ObjectRef, asking: Asking): Promise<Evaluation> {
  const near: Near[] = [];
  let unknown: Evaluation | undefined;
  let [there, left] = [0, 0];
  for (const spot of spots) {
    const rest = asking.rest();
    if (rest) await rest;
    if (!spot) continue;
    if (spot.object) there += 1;
    const answer = asking.known(spot);
    if (answer === undefined) {
      left += 1;
      continue;
    }
    if (answer === 'holds') return answer;
    if (answer.is === 'unknown') unknown = answer;
    if ('differences' in answer) near.push({ spot, answer, lacks: answer.differences });
  }
  const [unevaluated] = later(left);
  if (unevaluated?.is === 'unknown') return { is: 'unknown', object: place, message: unevaluated.message };
  near.sort((a, b) => a.lacks.length - b.lacks.length);
  for (const { spot, answer } of near.slice(0, mostTried)) {
    const sure = answer.is === 'differs' ? await asking.confirm(answer, spot) : answer;
    if (sure === 'holds') return sure;
    if (sure.is === 'unknown') unknown ??= sure;
  }
  return unknown ?? noneLike(near, there, place);
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

/** The lattice of outcomes: what many gates say together is what the worst of them says. Pure. */
import type { GateOutcome } from '../../api/v1alpha1/rolloutVerdict.ts';

/** Best first. `Error` is worse than `Inconclusive`, because a person must act; it is no `Fail`, because it says nothing about the hosts. */
export const outcomes: readonly GateOutcome[] = ['Pass', 'Inconclusive', 'Error', 'Fail'];

export function worse(a: GateOutcome, b: GateOutcome): GateOutcome {
  return outcomes.indexOf(a) >= outcomes.indexOf(b) ? a : b;
}

/** Of none, nothing is known. */
export function worst(of: readonly GateOutcome[]): GateOutcome {
  return of.length ? of.reduce(worse) : 'Inconclusive';
}

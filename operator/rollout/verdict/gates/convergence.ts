/**
 * `convergence`: the hosts that a step has reached come to comply. It fails when more of them failed, or are unreachable, than `maxFailed` allows;
 * is inconclusive as long as others may yet comply; and passes when at least one does. Its message says how little a few hosts prove. Pure.
 */
import type { IntOrString } from '../../../api/v1alpha1/shared.ts';
import { failureUpperBound } from '../../../lib/statistics.ts';
import { counted } from '../../../lib/text.ts';
import type { FleetEvidence } from '../evidence.ts';
import { is, unknown, type Evaluated, type Gate } from '../gate.ts';

export const convergence: Gate = ({ evidence, rollout }) => [
  { gate: 'convergence', ...converged(evidence.fleet, rollout.maxFailed) },
];

function converged(fleet: FleetEvidence, maxFailed: IntOrString): Omit<Evaluated, 'gate'> {
  const { targeted, converged, failed, unreachable } = fleet;
  if (!isConsistent(fleet))
    return is('Error', 'Inconsistent', `the counts of hosts do not add up: ${JSON.stringify(fleet)}`, {
      isBlind: true,
    });
  if (!targeted) return unknown('NothingTargeted', 'no host has the revision yet');
  const allowed = allowedFailures(maxFailed, targeted);
  if (allowed === undefined)
    return is('Error', 'InvalidLimit', `\`spec.maxFailed\` must be a number or a percentage, not ${String(maxFailed)}`);
  const lost = failed + unreachable;
  const details = { value: `${lost}`, limit: `${allowed}`, samples: targeted };
  if (lost > allowed) {
    const message = `${lost} of ${counted(targeted, 'host')} did not come to comply (${failed} failed, ${unreachable} unreachable), ${allowed} may; see status.fleet.missing`;
    return is('Fail', 'TooManyFailed', message, details);
  }
  if (converged + lost < targeted)
    return is('Inconclusive', 'Converging', `${converged} of ${counted(targeted, 'host')} comply so far`, details);
  if (!converged) return unknown('NothingConverged', `none of ${counted(targeted, 'host')} complies`, details);
  const bound = failureUpperBoundPercent(fleet);
  const message = `${converged} of ${counted(targeted, 'host')} comply; with 95 % confidence, at most ${bound} % of all hosts would fail`;
  return is('Pass', 'Converged', message, details);
}

/** The largest failure rate, in percent, that what was seen leaves possible with 95 % confidence: for `status.fleet`. */
export function failureUpperBoundPercent({
  targeted,
  converged,
}: Pick<FleetEvidence, 'targeted' | 'converged'>): number {
  return Math.round(100 * failureUpperBound(targeted - converged, targeted));
}

/** How many of so many may fail: a number, or a percentage of them, rounded down. Undefined if it is neither. */
export function allowedFailures(maxFailed: IntOrString, of: number): number | undefined {
  const [, percent] = /^([0-9]{1,3})%$/.exec(String(maxFailed)) ?? [];
  if (percent !== undefined) return Math.floor((Number(percent) * of) / 100);
  const count = typeof maxFailed === 'number' ? maxFailed : Number.NaN;
  return Number.isInteger(count) && count >= 0 ? count : undefined;
}

function isConsistent({ total, targeted, converged, failed, unreachable }: FleetEvidence): boolean {
  const areCounts = [total, targeted, converged, failed, unreachable].every(
    (count) => Number.isSafeInteger(count) && count >= 0,
  );
  return areCounts && targeted <= total && converged + failed + unreachable <= targeted;
}

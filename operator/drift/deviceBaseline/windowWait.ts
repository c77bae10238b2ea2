/** What a baseline says while corrections wait for its maintenance window. Pure. */
import type { DomainConditions } from '../../runtime/feature.ts';
import type { ClosedGate } from '../../governance/maintenanceWindow/windowGate.ts';
import { secondsUntil } from '../../lib/recheck.ts';

/** A gate that opens only when somebody acts. */
export function needsSomebody({ reason }: ClosedGate): boolean {
  return reason === 'WindowMissing' || reason === 'WindowInvalid' || reason === 'NeverOpens';
}

export function waitsForWindow(gate: ClosedGate): DomainConditions[string] {
  const message = `${gate.words}; ${gate.advice}`;
  return { status: 'True', reason: gate.reason, message, warns: needsSomebody(gate) };
}

/** In how many seconds to look again: at the opening, or sooner where there is cause. */
export function recheckBefore({ until }: ClosedGate, sooner: number | undefined, now: Date): number | undefined {
  return until ? Math.min(sooner ?? Infinity, secondsUntil(until, now)) : sooner;
}

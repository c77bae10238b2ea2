/** The steps of a rollout, and what must hold before one starts. Pure. */
import { isSuspended } from '../../api/suspension.ts';
import type { CanaryRollout, RolloutStep } from '../../api/v1alpha1/canaryRollout.ts';
import { recheckBefore, windowGate } from '../../governance/maintenanceWindow/windowGate.ts';
import type { RolloutWorld } from './observe.ts';

const defaultSteps: readonly RolloutStep[] = [
  { percent: 10, soakSeconds: 86400 },
  { percent: 50, soakSeconds: 14400 },
  { percent: 100, soakSeconds: 3600 },
];

export function stepsOf({ spec }: CanaryRollout): readonly RolloutStep[] {
  return spec.steps ?? defaultSteps;
}

/** The step of that number, from 1; the last where there are fewer by now. */
export function stepAt(rollout: CanaryRollout, number: number): RolloutStep {
  const steps = stepsOf(rollout);
  return steps[Math.min(number, steps.length) - 1] ?? { percent: 100, soakSeconds: 0 };
}

/** Why something does not begin now. */
export interface Held {
  readonly reason: string;
  readonly message: string;
  readonly recheckAfter: number;
}

const recheckSeconds = 300;

/** What keeps further hosts from getting the revision; undefined when nothing does. */
export function heldBy(rollout: CanaryRollout, world: RolloutWorld, now: Date): Held | undefined {
  const { pause, windowRef } = rollout.spec;
  if (pause && isSuspended(pause, now)) {
    const until = pause.until === undefined ? '' : ` until ${pause.until}`;
    const message = `paused${until}: ${pause.reason}; to resume, remove \`spec.pause\``;
    return { reason: 'Paused', message, recheckAfter: recheckSeconds };
  }
  const gate = windowGate(windowRef, world.window, now);
  if (gate.open) return undefined;
  const recheckAfter = recheckBefore(gate, recheckSeconds, now) ?? recheckSeconds;
  return { reason: gate.reason, message: `${gate.words}; ${gate.advice}`, recheckAfter };
}

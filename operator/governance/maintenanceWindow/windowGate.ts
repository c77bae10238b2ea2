/**
 * Whether what refers to a MaintenanceWindow may change things now. It fails closed: a window that is missing, invalid or
 * suspended is closed. It goes by the spec and the time, never by the status, so everything changes at the same instant. Pure.
 */
import type { MaintenanceWindow } from '../../api/v1alpha1/maintenanceWindow.ts';
import type { LocalRef } from '../../api/v1alpha1/shared.ts';
import { secondsUntil } from '../../lib/recheck.ts';
import { shortened } from '../../lib/text.ts';
import type { DomainCondition } from '../../runtime/feature.ts';
import { opennessOf, type KnownOpenness } from './openness.ts';

export type Gate = { readonly open: true; readonly until?: Date } | ClosedGate;

export interface ClosedGate {
  readonly open: false;
  readonly reason: 'WindowMissing' | 'WindowInvalid' | KnownOpenness['reason'];
  /** Why not now and when: `waits for MaintenanceWindow sunday-night: opens Sun 2026-11-29 02:00 Etc/UTC`. */
  readonly words: string;
  /** What somebody can do who cannot wait. */
  readonly advice: string;
  /** When it opens, as far as that is known. */
  readonly until?: Date;
}

/** It stands in a column. */
const mostWords = 500;

/** Without a reference it is always open. `window` is the object that `windowRef` names, undefined when there is none. */
export function windowGate(windowRef: LocalRef | undefined, window: MaintenanceWindow | undefined, now: Date): Gate {
  if (!windowRef) return { open: true };
  const waits = `waits for MaintenanceWindow ${windowRef.name}`;
  if (!window || window.metadata.deletionTimestamp !== undefined)
    return {
      open: false,
      reason: 'WindowMissing',
      words: `${waits}, which does not exist`,
      advice: `create it, or remove \`windowRef\``,
    };
  const openness = opennessOf(window, now);
  if (openness.is === 'invalid')
    return {
      open: false,
      reason: 'WindowInvalid',
      words: `${waits}, which is invalid`,
      advice: `fix it: ${openness.message}`,
    };
  const { open, reason, words, opensAt, closesAt } = openness;
  if (open) return { open, until: closesAt };
  const advice = adviceOn(reason);
  return { open, reason, words: shortened(`${waits}: ${words}`, mostWords), advice, until: opensAt };
}

function adviceOn(reason: KnownOpenness['reason']): string {
  if (reason === 'Suspended') return `to start sooner, remove its \`spec.suspend\``;
  return `to start sooner, set its \`spec.emergency\``;
}

/** A gate that opens only when somebody acts. */
export function needsSomebody({ reason }: ClosedGate): boolean {
  return reason === 'WindowMissing' || reason === 'WindowInvalid' || reason === 'NeverOpens';
}

/** The condition of whatever waits for a window. */
export function waitsForWindow(gate: ClosedGate): DomainCondition {
  const message = `${gate.words}; ${gate.advice}`;
  return { status: 'True', reason: gate.reason, message, warns: needsSomebody(gate) };
}

/** In how many seconds to look again: at the opening, or sooner where there is cause. */
export function recheckBefore({ until }: ClosedGate, sooner: number | undefined, now: Date): number | undefined {
  return until ? Math.min(sooner ?? Infinity, secondsUntil(until, now)) : sooner;
}

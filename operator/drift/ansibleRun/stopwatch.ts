/**
 * For how long runs are in their state, as this process has seen it, by a clock that never jumps: a wall clock that is corrected by an hour must
 * neither end a run that is well nor let one wait for an hour. A new process measures anew, so that it waits longer, never shorter.
 */
import type { AnsibleState } from '../../connect/ansible/types.ts';

export type Phase = 'starting' | 'running' | 'ended';

export class Stopwatch {
  readonly #elapsed: () => number;
  readonly #runs = new Map<string, { readonly phase: Phase; readonly since: number }>();

  constructor(elapsed: () => number) {
    this.#elapsed = elapsed;
  }

  /** Seconds since the run was first seen in this phase. */
  seconds(uid: string, state: AnsibleState): number {
    const now = this.#elapsed();
    const phase = phaseOf(state);
    const known = this.#runs.get(uid);
    if (known?.phase === phase) return (now - known.since) / 1000;
    this.#runs.set(uid, { phase, since: now });
    return 0;
  }

  /** Of a run that is in none of them. */
  forget(uid: string): void {
    this.#runs.delete(uid);
  }
}

export function phaseOf({ is }: AnsibleState): Phase {
  if (is === 'absent' || is === 'prepared') return 'starting';
  return is === 'running' ? 'running' : 'ended';
}

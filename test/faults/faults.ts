/** The faults by name. Each shows its progress, and resolves to what was seen, and to what is not as it must be: nothing, when all is well. */
import { attacks } from './attacks.ts';
import { clock } from './clock.ts';
import { evidence } from './evidence.ts';
import { fairness } from './fairness.ts';
import { hosts } from './hosts.ts';
import { kill } from './kill.ts';
import { leader } from './leader.ts';
import { litter } from './litter.ts';
import { model } from './model.ts';
import { mutations } from './mutations.ts';
import { restore } from './restore.ts';
import { writes } from './writes.ts';

export interface FaultResult {
  /** How many faults or attacks were met. */
  readonly count: number;
  readonly lines: readonly string[];
  readonly problems: readonly string[];
}

export interface FaultOptions {
  /** The cases to run, as reports print them; all when empty. */
  readonly only: readonly string[];
  /** Whether it is one of all that run: then each place meets some of its faults, and by itself it meets more. */
  readonly isPart: boolean;
}

/** Stops all that it started, and rejects, when `signal` aborts. */
export type Fault = (say: (line: string) => void, signal: AbortSignal, options: FaultOptions) => Promise<FaultResult>;

/**
 * What runs when none is named, side by side: attacks are tests of `make test`, and the delays of neighbors, and a thousand runs, are for an idle machine.
 */
export const lanes: readonly (readonly string[])[] = [
  ['writes'],
  ['clock', 'leader', 'restore', 'hosts', 'kill', 'model', 'mutations', 'evidence'],
];

export const faults: Readonly<Record<string, Fault>> = {
  attacks,
  clock,
  evidence,
  kill,
  fairness,
  hosts,
  leader,
  litter,
  model,
  mutations,
  restore,
  writes,
};

/** What a run is to mend, as its spec says it in few lines. Pure. */
import type { AnsibleRun, AnsibleRunSpec, HostCorrections } from '../api/v1alpha1/ansibleRun.ts';

/** One check to mend on one host, for the n-th time. */
export interface Correction {
  readonly device: string;
  readonly check: string;
  /** Which attempt at this very drift it is, from 1. */
  readonly attempt: number;
  /** Identity of the drift. */
  readonly drift: string;
}

/** Specs are values and never changed in place: the lines of one are read once. */
const known = new WeakMap<AnsibleRunSpec, readonly Correction[]>();

/** `undefined` when no baseline asked for the run: then each check is for all of its hosts. */
export function correctionsOf({ spec }: Pick<AnsibleRun, 'spec'>): readonly Correction[] | undefined {
  if (!spec.corrections) return undefined;
  const before = known.get(spec);
  if (before) return before;
  const corrections = spec.corrections.flatMap(({ device, checks }) =>
    checks.flatMap((text): Correction[] => {
      const [, check, attempt, drift] = /^(\S+), attempt (\d+), drift ([0-9a-f]+)$/.exec(text) ?? [];
      return check && drift ? [{ device, check, attempt: Number(attempt), drift }] : [];
    }),
  );
  known.set(spec, corrections);
  return corrections;
}

export function hostCorrections(corrections: readonly Correction[]): HostCorrections[] {
  return [...Map.groupBy(corrections, ({ device }) => device)].map(([device, own]) => ({
    device,
    checks: own.map(({ check, attempt, drift }) => `${check}, attempt ${attempt}, drift ${drift}`),
  }));
}

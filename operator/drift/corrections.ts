/** What a run is to mend, as its spec says it in few lines. Pure. */
import type { AnsibleRun, HostCorrections } from '../api/v1alpha1/ansibleRun.ts';

/** One check to mend on one host, for the n-th time. */
export interface Correction {
  readonly device: string;
  readonly check: string;
  /** Which attempt at this very drift it is, from 1. */
  readonly attempt: number;
  /** Identity of the drift. */
  readonly drift: string;
}

/** `undefined` when no baseline asked for the run: then each check is for all of its hosts. */
export function correctionsOf({ spec }: Pick<AnsibleRun, 'spec'>): readonly Correction[] | undefined {
  return spec.corrections?.flatMap(({ device, drifts }) =>
    drifts.flatMap((text): Correction[] => {
      const [, check, attempt, drift] = /^(\S+), attempt (\d+), drift ([0-9a-f]+)$/.exec(text) ?? [];
      return check && drift ? [{ device, check, attempt: Number(attempt), drift }] : [];
    }),
  );
}

export function hostCorrections(corrections: readonly Correction[]): HostCorrections[] {
  return [...Map.groupBy(corrections, ({ device }) => device)].map(([device, own]) => ({
    device,
    drifts: own.map(({ check, attempt, drift }) => `${check}, attempt ${attempt}, drift ${drift}`),
  }));
}

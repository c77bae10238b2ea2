/** What a run found before it changed anything, as a status keeps it: a line a check, so that people can read it. Pure. */
import type { StateBefore } from '../../api/v1alpha1/ansibleRunStatus.ts';
import { shortened } from '../../lib/text.ts';

/** One check that the run changes on one host. */
export interface Before {
  readonly device: string;
  readonly check: string;
  /** What differed, in words. */
  readonly found: string;
  /** Keyed digest of all that the probe saw of it: when it is undone, the probe must see the same. */
  readonly state: string;
}

const longestLine = 512;

export function beforeInLines(all: readonly Before[]): StateBefore[] {
  return [...Map.groupBy(all, ({ device }) => device)].map(([device, checks]) => ({
    device,
    checks: checks.map(({ check, found }) => shortened(`${check}: ${found}`, longestLine)),
    states: checks.map(({ state }) => state).join(' '),
  }));
}

/** Reads the lines; one that is no such line is of nobody. */
export function linesBefore(all: readonly StateBefore[] = []): Before[] {
  return all.flatMap(({ device, checks, states }) => {
    const digests = states.split(' ');
    return checks.flatMap((line, index): Before[] => {
      const [, check, found] = /^([a-z0-9-]+): (.*)$/.exec(line) ?? [];
      const state = digests[index];
      return check === undefined || found === undefined || !state ? [] : [{ device, check, found, state }];
    });
  });
}

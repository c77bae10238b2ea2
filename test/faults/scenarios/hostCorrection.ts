/** A file is not as it is declared, and corrected by Ansible. */
import { beginOnHost, declare, onHost, uncorrected } from './onHost.ts';
import type { Scenario } from './scenario.ts';

const content = 'declared\n';

export const hostCorrection: Scenario = {
  ...onHost,
  name: 'host',
  begin: async (place) => {
    await beginOnHost(place);
    await declare(place, content);
  },
  next: (place) => uncorrected(place, content),
};

/**
 * An operator has not the state of the other one: of a run that it did not start it says so, and may end it as interrupted while it is at
 * work. What counts of two is what came of it on the host, and what is said of the host in the end.
 */
const ofTwo: Scenario = {
  ...hostCorrection,
  end: async (place) => {
    const { file, executed, reports } = (await hostCorrection.end(place)) as Record<string, unknown>;
    return { file, executed, reports };
  },
};

/** The leader stands still past its lease, a second one takes over, and both are alive then. */
export const hostLeased: Scenario = {
  ...ofTwo,
  name: 'host-leased',
  operators: 'leased',
  troubles: { write: ['kill-before', 'kill-after'], frame: [], every: 3 },
};

/** Two operators do everything at once. */
export const hostBoth: Scenario = {
  ...ofTwo,
  name: 'host-both',
  operators: 'both',
  troubles: { write: ['delay', 'lost-reply'], frame: ['drop'], every: 3 },
};

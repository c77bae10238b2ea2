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

/** The leader stands still past its lease, a second one takes over, and both are alive then. */
export const hostLeased: Scenario = {
  ...hostCorrection,
  name: 'host-leased',
  operators: 'leased',
  troubles: { write: ['kill-before', 'kill-after'], frame: [], every: 3 },
};

/** Two operators do everything at once. */
export const hostBoth: Scenario = {
  ...hostCorrection,
  name: 'host-both',
  operators: 'both',
  troubles: { write: ['delay', 'lost-reply'], frame: ['drop'], every: 3 },
};

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

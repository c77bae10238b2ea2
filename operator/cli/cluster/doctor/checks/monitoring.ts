/** The kinds of the Prometheus operator. They are optional: for information only. */
import { pass, type Check } from '../check.ts';

export const monitoring: Check = {
  name: 'monitoring',
  async judge({ cluster, limit }) {
    const group = await cluster.client.document('/apis/monitoring.coreos.com', limit());
    if (!group) return pass('the Prometheus operator is not installed; it is optional');
    return pass('the Prometheus operator is installed; see docs/monitoring.md');
  },
};

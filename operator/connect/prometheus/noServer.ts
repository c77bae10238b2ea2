/** The answer where no Prometheus server is configured. Pure. */
import type { AskMetrics } from './types.ts';

export const noServer: AskMetrics = ({ server }) =>
  Promise.resolve({
    is: 'none',
    reason: 'UnknownServer',
    message: `there is no Prometheus server${server === undefined ? '' : ` ${server}`} in the configuration of the operator; add it`,
  });

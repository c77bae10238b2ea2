/** Gates of rollouts that the apiserver refuses, and some that it must not. */
import type { RolloutGates } from '../../operator/api/v1alpha1/rolloutGates.ts';

const target = { deviceBaselineRef: { name: 'rhel9' } };
const metric = { name: 'errors', query: 'q' };
const comparison = {
  name: 'http',
  errorsQuery: 'sum by (instance) (increase(e[$window]))',
  totalQuery: 'increase(t[$window])',
};

const rollout = (gates: object): object => ({ target, gates });

export const refusedGates: [string, string, object, RegExp][] = [
  ['a metric without a limit', 'CanaryRollout', rollout({ metrics: [metric] }), /set `max`, `min` or both/i],
  [
    'limits that no value passes',
    'CanaryRollout',
    rollout({ metrics: [{ ...metric, min: '10', max: '9.5' }] }),
    /`min` must not be greater than `max`/i,
  ],
  ['a limit as a number', 'CanaryRollout', rollout({ metrics: [{ ...metric, max: 0.35 }] }), /expected string/],
  [
    'a limit in words',
    'CanaryRollout',
    rollout({ metrics: [{ ...metric, max: '1e3' }] }),
    /written as text, such as "0.35"/,
  ],
  [
    'a number of samples that is never asked for',
    'CanaryRollout',
    rollout({ metrics: [{ ...metric, max: '1', minSamples: 10 }] }),
    /`samplesQuery` and `minSamples` belong together/i,
  ],
  [
    'more failures than evaluations',
    'CanaryRollout',
    rollout({ metrics: [{ ...metric, max: '1', failures: { count: 4, ofLast: 3 } }] }),
    /`count` must not be greater than `ofLast`/i,
  ],
  ['budgets of no objective', 'CanaryRollout', rollout({ errorBudget: {} }), /name at least one/i],
  [
    'a comparison over a time of its own',
    'CanaryRollout',
    rollout({ comparisons: [{ ...comparison, totalQuery: 'increase(t[5m])' }] }),
    /write `\[\$window\]` for its range/,
  ],
  [
    'a label that is no label of Prometheus',
    'CanaryRollout',
    rollout({ comparisons: [{ ...comparison, hostLabel: 'a-b' }] }),
    /hostLabel/,
  ],
  [
    'six comparisons',
    'CanaryRollout',
    rollout({ comparisons: Array.from({ length: 6 }, (_, index) => ({ ...comparison, name: `c${index}` })) }),
    /at most 5 items/,
  ],
];

export const acceptedGates: RolloutGates = {
  objectives: [{ name: 'checkout' }],
  errorBudget: {},
  metrics: [
    { ...metric, min: '-0.5', max: '-0.5', samplesQuery: 's', minSamples: 1 },
    { ...metric, name: 'large', min: '999999999998', max: '999999999999.999999999', failures: { count: 3, ofLast: 3 } },
  ],
  comparisons: [{ ...comparison, selector: { matchLabels: { role: 'web' } } }],
  findings: { minSeverity: 'High' },
};

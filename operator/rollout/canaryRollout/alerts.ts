/** What people are woken by about rollouts. Pure. */
import { known } from '../../lib/promql.ts';
import type { Alert } from '../../runtime/feature.ts';

const labels = ['resource_namespace', 'rollout'] as const;
const named = 'CanaryRollout {{ $labels.rollout }} (namespace {{ $labels.resource_namespace }})';
const described = 'Run `kubectl -n {{ $labels.resource_namespace }} describe canaryrollout {{ $labels.rollout }}`.';

export const rolloutAlerts: readonly Alert[] = [
  {
    name: 'HoldfastRolloutFailed',
    severity: 'warning',
    expr: `${known('holdfast_rollout_state{state=~"Failed|RollbackIncomplete"}', ...labels, 'state')} == 1`,
    for: '15m',
    summary: 'A rollout failed, and hosts still have its revision.',
    description: `${named} is {{ $labels.state }}: some hosts have a revision that failed, or are not as they were before. ${described}`,
  },
  {
    name: 'HoldfastRolloutTakenBack',
    severity: 'warning',
    expr: `${known('holdfast_rollout_state{state="RolledBack"}', ...labels)} == 1`,
    for: '5m',
    summary: 'A rollout was taken back.',
    description: `${named} was taken back on all hosts, and its revision is not rolled out again until someone decides. ${described}`,
  },
];

/** What people are woken by about waivers, and about the policies that guard them. Pure. */
import { anyReplica, known } from '../../lib/promql.ts';
import type { Alert } from '../../runtime/feature.ts';

/** Two kinds of faults of several policies are one alert. */
const unguarded = 'sum without (state) (last_over_time(holdfast_admission_policies{state!="intact"}[5m]))';
const expiry = 'holdfast_policywaiver_expiry_timestamp_seconds';

export const waiverAlerts: readonly Alert[] = [
  {
    name: 'HoldfastAdmissionPoliciesMissing',
    severity: 'critical',
    expr: `${anyReplica(unguarded)} > 0`,
    for: '10m',
    summary: 'The admission policies of Holdfast are missing or altered.',
    description:
      '{{ $value }} admission policies or bindings of Holdfast are missing or altered: no waiver is decided, baselines of the cluster are not evaluated, and others may write statuses.',
  },
  {
    name: 'HoldfastWaiverDecisionsOverdue',
    severity: 'warning',
    expr: `${known('holdfast_policywaivers{state="Overdue"}', 'resource_namespace')} > 0`,
    for: '1h',
    summary: 'Waivers were not decided in time.',
    description:
      '{{ $value }} PolicyWaivers in namespace {{ $labels.resource_namespace }} were not decided in time and are not effective. Run `kubectl -n {{ $labels.resource_namespace }} get policywaivers`.',
  },
  {
    name: 'HoldfastWaiverExpiring',
    severity: 'info',
    expr: `${known(expiry, 'resource_namespace', 'name')} - time() < 3 * 86400`,
    for: '1h',
    summary: 'A waiver expires within three days.',
    description:
      'PolicyWaiver {{ $labels.resource_namespace }}/{{ $labels.name }} expires in {{ $value | humanizeDuration }}; then the findings that it covers are open again.',
  },
];

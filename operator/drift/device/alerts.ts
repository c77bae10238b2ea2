/** What people are woken by about hosts: that they cannot be evaluated, or are not. Pure. */
import { by, known } from '../../lib/promql.ts';
import type { Alert } from '../../runtime/feature.ts';

/** Hosts of a namespace with that status, of whichever replica counts more. */
const hosts = (selector: string): string =>
  `sum ${by('resource_namespace')} (${known(`holdfast_device_reachability${selector}`, 'resource_namespace', 'status')})`;

export const deviceAlerts: readonly Alert[] = [
  {
    name: 'HoldfastDevicesUnreachable',
    severity: 'warning',
    // No host makes 0 / 0, which is not more than a tenth.
    expr: `${hosts('{status!="True"}')} / ${hosts('')} > 0.1`,
    for: '30m',
    summary: 'More than a tenth of the hosts cannot be evaluated.',
    description:
      'For 30 minutes, {{ $value | humanizePercentage }} of the hosts in namespace {{ $labels.resource_namespace }} have not been reachable: their drift is unknown. Run `kubectl -n {{ $labels.resource_namespace }} get devices`.',
  },
  {
    name: 'HoldfastHostsUnknown',
    severity: 'warning',
    expr: `${known('holdfast_devices{result="Unknown"}', 'resource_namespace', 'baseline')} > 0`,
    for: '24h',
    summary: 'The compliance of hosts has been unknown for a day.',
    description:
      'For a day, {{ $value }} hosts of DeviceBaseline {{ $labels.resource_namespace }}/{{ $labels.baseline }} have not been evaluated in full. Run `kubectl -n {{ $labels.resource_namespace }} get driftreports -l holdfast.dev/baseline={{ $labels.baseline }}`.',
  },
  {
    name: 'HoldfastEvaluationsOverdue',
    severity: 'warning',
    expr: `${known('holdfast_devices_overdue', 'resource_namespace')} > 0`,
    for: '30m',
    summary: 'Hosts are not evaluated as often as declared.',
    description:
      '{{ $value }} hosts in namespace {{ $labels.resource_namespace }} have not been evaluated for more than twice the interval of their baselines: what is reported of them may be out of date.',
  },
];

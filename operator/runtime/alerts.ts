/** What people are woken by, whatever the kinds: that nothing is evaluated at all, or that some of it keeps failing. Pure. */
import { anyReplica, by, known, ours } from '../lib/promql.ts';
import type { Alert } from './alert.ts';

const wait = 'workqueue_queue_duration_seconds';
const failures = 'holdfast_apiserver_requests_total{code=~"error|429|5.."}';

/** A queue that has not been empty for a quarter of an hour, of the process of ours that works on it. */
const neverEmpty = 'min_over_time(workqueue_depth[15m]) > 0 and on (job, instance) (holdfast_leading == 1)';
/** What was due waited for more than a minute on average, or for so long that nothing was started. */
const slow = `rate(${wait}_sum[15m]) / rate(${wait}_count[15m]) > 60 or rate(${wait}_count[15m]) == 0`;

export const runtimeAlerts: readonly Alert[] = [
  {
    name: 'HoldfastDown',
    severity: 'critical',
    // Not by `up`, whose labels differ from installation to installation, and which is missing where no pod is.
    expr: 'absent(holdfast_build_info)',
    for: '10m',
    summary: 'Prometheus receives no metrics of Holdfast.',
    description:
      'No process of Holdfast has reported metrics for 10 minutes: nothing is evaluated, or Prometheus may not read the metrics.',
  },
  {
    name: 'HoldfastNotLeading',
    severity: 'critical',
    expr: `${anyReplica('max_over_time(holdfast_leading[5m])')} == 0`,
    for: '5m',
    summary: 'No process of Holdfast leads.',
    description:
      'Processes of Holdfast in namespace {{ $labels.namespace }} are running, but none leads: nothing is evaluated and nothing is corrected.',
  },
  {
    name: 'HoldfastRestarting',
    severity: 'warning',
    expr: `${anyReplica(ours('changes(process_start_time_seconds[30m])', '30m'))} > 3`,
    for: '5m',
    summary: 'Holdfast keeps restarting.',
    description:
      'A process of Holdfast in namespace {{ $labels.namespace }} has started {{ $value }} times in 30 minutes.',
  },
  {
    name: 'HoldfastQueueNotDraining',
    severity: 'warning',
    expr: `${anyReplica(`${neverEmpty} and on (job, instance, name) (${slow})`, 'name')}`,
    for: '15m',
    summary: 'A queue of Holdfast does not drain.',
    description:
      'The queue of controller {{ $labels.name }} has contained {{ $value }} or more keys for 15 minutes, and they wait for more than a minute: changes are evaluated late.',
  },
  {
    name: 'HoldfastReconcileFailing',
    severity: 'warning',
    expr: `${known('holdfast_objects{state="Failed"}', 'kind', 'resource_namespace')} > 0`,
    for: '30m',
    summary: 'Reconciliations keep failing.',
    description:
      'For 30 minutes, reconciliations of {{ $value }} objects of kind {{ $labels.kind }}{{ with $labels.resource_namespace }} in namespace {{ . }}{{ end }} have failed. Run `kubectl {{ with $labels.resource_namespace }}-n {{ . }} {{ end }}get {{ $labels.kind }}`.',
  },
  {
    name: 'HoldfastObjectsStalled',
    severity: 'warning',
    expr: `${known('holdfast_objects{state="Stalled"}', 'kind', 'resource_namespace')} > 0`,
    for: '1h',
    summary: 'Objects wait for a person.',
    description:
      'For an hour, {{ $value }} objects of kind {{ $labels.kind }}{{ with $labels.resource_namespace }} in namespace {{ . }}{{ end }} have been stalled: what they declare is not evaluated until someone changes it. Run `kubectl {{ with $labels.resource_namespace }}-n {{ . }} {{ end }}get {{ $labels.kind }}`.',
  },
  {
    name: 'HoldfastInternalError',
    severity: 'warning',
    expr: `sum ${by('controller')} (${ours('increase(controller_runtime_reconcile_panics_total[1h])', '1h')}) > 0`,
    for: '0m',
    summary: 'A bug of Holdfast prevents a reconciliation.',
    description:
      'In the last hour, reconciliations of controller {{ $labels.controller }} failed because of a bug of Holdfast. It is repeated every 10 minutes.',
  },
  {
    name: 'HoldfastWatchesStale',
    severity: 'warning',
    expr: `${anyReplica('holdfast_watch_silence_seconds')} > 300`,
    for: '5m',
    summary: 'Holdfast does not see changes.',
    description:
      'The apiserver has not answered a watch of Holdfast in namespace {{ $labels.namespace }} for {{ $value | humanizeDuration }}: changes of that kind are not seen.',
  },
  {
    name: 'HoldfastApiserverErrors',
    severity: 'warning',
    expr: `sum ${by()} (rate(${failures}[10m])) / sum ${by()} (rate(holdfast_apiserver_requests_total[10m])) > 0.1`,
    for: '15m',
    summary: 'The apiserver refuses or does not answer requests of Holdfast.',
    description:
      '{{ $value | humanizePercentage }} of the requests of Holdfast in namespace {{ $labels.namespace }} were throttled, failed in the apiserver, or were not answered.',
  },
];

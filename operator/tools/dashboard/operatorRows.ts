/** What is done about drift, and how the operator itself is. */
import { anyReplica, ours } from '../../lib/promql.ts';
import type { Row } from './panel.ts';
import { number, objects, quantiles } from './queries.ts';

export const corrections: Row = {
  title: 'Evaluations and corrections',
  panels: [
    {
      title: 'Corrected hosts by outcome',
      description: 'Hosts of completed runs in the last hour. Verified: evaluated afterwards, and compliant.',
      shows: 'stack',
      unit: 'short',
      width: 12,
      queries: [{ expr: 'sum by (outcome) (increase(holdfast_corrections_total[1h]))', legend: '{{outcome}}' }],
    },
    {
      title: 'Baselines whose corrections do not come',
      description: 'By the condition that says why. WaitsForWindow is intended; all others need a person.',
      shows: 'stack',
      unit: 'short',
      width: 12,
      queries: [
        {
          expr: objects(
            'holdfast_corrections_impeded',
            ['kind', 'resource_namespace', 'source', 'condition'],
            'condition',
          ),
          legend: '{{condition}}',
        },
      ],
    },
    {
      title: 'Runs by state',
      description: 'AnsibleRuns that exist, as they are now.',
      shows: 'stack',
      unit: 'short',
      width: 8,
      queries: [
        {
          expr: objects('holdfast_objects{kind="AnsibleRun"}', ['resource_namespace', 'state'], 'state'),
          legend: '{{state}}',
        },
      ],
    },
    {
      title: 'Evaluations of hosts',
      description: 'A second, by result.',
      shows: 'stack',
      unit: 'ops',
      width: 8,
      queries: [{ expr: 'sum by (result) (rate(holdfast_device_scan_seconds_count[10m]))', legend: '{{result}}' }],
    },
    {
      title: 'Duration of evaluations',
      description: 'Of hosts that responded.',
      shows: 'lines',
      unit: 's',
      width: 8,
      queries: quantiles('holdfast_device_scan_seconds', '{result="seen"}'),
    },
  ],
};

export const operator: Row = {
  title: 'The operator',
  panels: [
    number('Leader', {
      description: 'Whether a process leads: 1 or 0. Only the leader evaluates and corrects.',
      expr: 'max (holdfast_leading)',
      unit: 'short',
      warns: { yellow: 1, red: 0 },
    }),
    number('Objects that fail or are stalled', {
      description: 'Failed: retried. Stalled: it waits for a person.',
      expr: `sum (${anyReplica('holdfast_objects{state=~"Failed|Stalled"}', 'kind', 'resource_namespace', 'state')})`,
      unit: 'short',
      warns: { yellow: 1, red: 10 },
    }),
    number('Admission policies that are not intact', {
      description: 'Missing or altered: no waiver is decided, and statuses are not guarded.',
      expr: `sum (${anyReplica('holdfast_admission_policies{state!="intact"}', 'state')})`,
      unit: 'short',
      warns: { yellow: 1, red: 1 },
    }),
    number('Longest silence of a watch', {
      description: 'Up to a minute is usual.',
      expr: 'max (holdfast_watch_silence_seconds)',
      unit: 's',
      warns: { yellow: 90, red: 300 },
    }),
    {
      title: 'Processes',
      description: 'By version; during an upgrade there are two.',
      shows: 'stack',
      unit: 'short',
      width: 8,
      queries: [{ expr: 'count by (version) (holdfast_build_info)', legend: '{{version}}' }],
    },
    {
      title: 'Queues',
      description: 'Keys that are due and not yet being processed, by controller.',
      shows: 'lines',
      unit: 'short',
      width: 8,
      queries: [{ expr: `max by (name) (${ours('workqueue_depth')})`, legend: '{{name}}' }],
    },
    {
      title: 'Waiting time in queues',
      description: '90% of the keys were started within this time after they were due.',
      shows: 'lines',
      unit: 's',
      width: 8,
      queries: [
        {
          expr: `histogram_quantile(0.9, sum by (name, le) (${ours('rate(workqueue_queue_duration_seconds_bucket[10m])')}))`,
          legend: '{{name}}',
        },
      ],
    },
    {
      title: 'Reconciliations by result',
      description: 'A second. `error` is retried.',
      shows: 'stack',
      unit: 'ops',
      width: 8,
      queries: [
        {
          expr: `sum by (result) (${ours('rate(controller_runtime_reconcile_total[10m])')})`,
          legend: '{{result}}',
        },
      ],
    },
    {
      title: 'Duration of reconciliations',
      description: '90% were faster. That of Devices includes the host.',
      shows: 'lines',
      unit: 's',
      width: 8,
      queries: [
        {
          expr: `histogram_quantile(0.9, sum by (controller, le) (${ours('rate(controller_runtime_reconcile_time_seconds_bucket[10m])')}))`,
          legend: '{{controller}}',
        },
      ],
    },
    {
      title: 'Requests to the apiserver',
      description: 'By status code; `error` means that nothing answered.',
      shows: 'stack',
      unit: 'reqps',
      width: 8,
      queries: [{ expr: 'sum by (code) (rate(holdfast_apiserver_requests_total[10m]))', legend: '{{code}}' }],
    },
    {
      title: 'Memory',
      description: 'Resident memory by process.',
      shows: 'lines',
      unit: 'bytes',
      width: 8,
      queries: [{ expr: ours('process_resident_memory_bytes'), legend: '{{instance}}' }],
    },
    {
      title: 'CPU',
      description: 'Of one processor, by process.',
      shows: 'lines',
      unit: 'percentunit',
      width: 8,
      queries: [{ expr: ours('rate(process_cpu_seconds_total[5m])'), legend: '{{instance}}' }],
    },
    {
      title: 'Event loop lag',
      description:
        '99% of the delays were shorter, by process. Up to 0.1 s is the resolution of the measurement; many seconds make health checks fail.',
      shows: 'lines',
      unit: 's',
      width: 8,
      queries: [{ expr: ours('nodejs_eventloop_lag_p99_seconds'), legend: '{{instance}}' }],
    },
  ],
};

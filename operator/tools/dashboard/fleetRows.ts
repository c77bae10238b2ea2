/** How much is known of hosts and objects, how they comply, and what is waived. */
import { anyReplica } from '../../lib/promql.ts';
import type { Row } from './panel.ts';
import { number, objects, share } from './queries.ts';

const devices = ['resource_namespace', 'baseline', 'result'];
const reachability = ['resource_namespace', 'status'];
const clusterObjects = ['baseline', 'state'];
const findings = ['kind', 'resource_namespace', 'source', 'severity'];
const withoutTarget = (name: string): string => `sum without (target) (${name})`;
const good = { yellow: 0.99, red: 0.9 };

export const fleet: Row = {
  title: 'Fleet: what is known, and how it complies',
  panels: [
    number('Hosts evaluated', {
      description:
        'Share of hosts, by baseline, whose compliance is known. The rest is Unknown, which is never compliant.',
      expr: `1 - ${share('holdfast_devices{result="Unknown"}', 'holdfast_devices', devices)}`,
      unit: 'percentunit',
      warns: good,
    }),
    number('Hosts reachable', {
      description: 'Share of Devices whose condition Reachable is True.',
      expr: share('holdfast_device_reachability{status="True"}', 'holdfast_device_reachability', reachability),
      unit: 'percentunit',
      warns: good,
    }),
    number('Cluster objects evaluated', {
      description: 'Share of the objects of ClusterBaselines whose compliance is known.',
      expr: `1 - ${share('holdfast_cluster_objects{state="unknown"}', 'holdfast_cluster_objects', clusterObjects)}`,
      unit: 'percentunit',
      warns: good,
    }),
    number('Evaluations overdue', {
      description: 'Hosts that were not evaluated for more than twice the interval of their baselines.',
      expr: `sum (${anyReplica('holdfast_devices_overdue', 'resource_namespace')})`,
      unit: 'short',
      warns: { yellow: 1, red: 10 },
    }),
    {
      title: 'Hosts by result',
      description: 'Hosts by the result of their DriftReport, once for each baseline.',
      shows: 'stack',
      unit: 'short',
      width: 12,
      queries: [{ expr: objects('holdfast_devices', devices, 'result'), legend: '{{result}}' }],
    },
    {
      title: 'Cluster objects by state',
      description: 'Objects of ClusterBaselines as they were last evaluated.',
      shows: 'stack',
      unit: 'short',
      width: 12,
      queries: [{ expr: objects('holdfast_cluster_objects', clusterObjects, 'state'), legend: '{{state}}' }],
    },
    {
      title: 'Hosts by reachability',
      description:
        'False: the host did not respond, or was not who it must be. Unknown: credentials are missing, or it was not evaluated yet.',
      shows: 'stack',
      unit: 'short',
      width: 12,
      queries: [{ expr: objects('holdfast_device_reachability', reachability, 'status'), legend: '{{status}}' }],
    },
    {
      title: 'Time since the last evaluation',
      description: 'By namespace, since any of its hosts was last evaluated successfully.',
      shows: 'lines',
      unit: 's',
      width: 12,
      queries: [
        {
          expr: 'time() - max by (resource_namespace) (holdfast_device_last_scan_timestamp_seconds)',
          legend: '{{resource_namespace}}',
        },
      ],
    },
  ],
};

export const drift: Row = {
  title: 'Findings and waivers',
  panels: [
    {
      title: 'Open findings by severity',
      description: 'Findings that are not waived, of all sources.',
      shows: 'stack',
      unit: 'short',
      width: 8,
      queries: [{ expr: objects(withoutTarget('holdfast_findings'), findings, 'severity'), legend: '{{severity}}' }],
    },
    {
      title: 'Open findings by source',
      description: 'The ten baselines with most open findings.',
      shows: 'lines',
      unit: 'short',
      width: 8,
      queries: [
        {
          expr: `topk(10, ${objects(withoutTarget('holdfast_findings'), findings, 'kind, resource_namespace, source')})`,
          legend: '{{kind}} {{resource_namespace}}/{{source}}',
        },
      ],
    },
    {
      title: 'Waived findings by severity',
      description: 'Findings that an effective waiver covers. They are open again when it ends.',
      shows: 'stack',
      unit: 'short',
      width: 8,
      queries: [
        { expr: objects(withoutTarget('holdfast_waived_findings'), findings, 'severity'), legend: '{{severity}}' },
      ],
    },
    {
      title: 'Waivers by state',
      description: 'Overdue: not decided in time. BreakGlass: effective without approval, for a day at most.',
      shows: 'stack',
      unit: 'short',
      width: 12,
      queries: [
        { expr: objects('holdfast_policywaivers', ['resource_namespace', 'state'], 'state'), legend: '{{state}}' },
      ],
    },
    {
      title: 'Time until waivers expire',
      description: 'The ten effective waivers that end first.',
      shows: 'lines',
      unit: 's',
      width: 12,
      queries: [
        {
          expr: 'bottomk(10, max by (resource_namespace, name) (holdfast_policywaiver_expiry_timestamp_seconds) - time())',
          legend: '{{resource_namespace}}/{{name}}',
        },
      ],
    },
  ],
};

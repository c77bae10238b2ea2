/**
 * When each alert fires, and when it does not: what Prometheus has read of one or two replicas, a value a minute, in the notation of
 * `promtool test rules` (`1x4` is five values of 1, `_` none, `stale` the end of a series).
 */

/** What Prometheus gives to all that it reads of one process. */
const first = { instance: '10.0.0.1:8080', job: 'holdfast', namespace: 'holdfast' };
const second = { ...first, instance: '10.0.0.2:8080' };
const stranger = { instance: '10.9.9.9:8080', job: 'other', namespace: 'other' };
const own = { job: 'holdfast', namespace: 'holdfast' };

export type Labels = Readonly<Record<string, string>>;

export interface Series {
  readonly name: string;
  readonly labels: Labels;
  readonly values: string;
}

export interface AlertCase {
  readonly when: string;
  readonly series: readonly Series[];
  /** Such as `40m`. */
  readonly at: string;
  /** The labels of each alert, without its severity, with its description; none for a case in which it must not fire. */
  readonly fires?: readonly { readonly labels: Labels; readonly says: string }[];
}

function of(replica: Labels, name: string, values: string, labels: Labels = {}): Series {
  return { name, labels: { ...replica, ...labels }, values };
}

/** The same of both replicas. */
function both(name: string, values: string, labels: Labels = {}): Series[] {
  return [of(first, name, values, labels), of(second, name, values, labels)];
}

/** That a process is there, from the beginning to the end of the case. */
const here = of(first, 'holdfast_build_info', '1x200', { version: '0.1.0' });
const bothHere = both('holdfast_build_info', '1x200', { version: '0.1.0' });
/** A restart of the only replica: a scrape fails, which ends its series, and two more find nothing. */
const restarted = (value: number, before: number, after: number): string =>
  `${value}x${before} stale _ _ ${value}x${after}`;

const nothing: AlertCase = { when: 'nothing was ever read', series: [], at: '60m' };

/** A gauge over objects that both replicas count alike: fires with these labels after `pending`, in spite of a restart, and not sooner. */
function counted(about: {
  name: string;
  labels: Labels;
  keeps: readonly string[];
  value?: number;
  pending: number;
  says: string;
}): AlertCase[] {
  const { name, labels, keeps, value = 2, pending, says } = about;
  const kept = Object.fromEntries(keeps.map((key) => [key, labels[key] ?? '']));
  const fires = [{ labels: { ...own, ...kept }, says }];
  const half = Math.floor(pending / 2);
  const long = pending + 60;
  return [
    {
      when: 'it lasts, and both replicas count it: one alert',
      series: both(name, `${value}x${long}`, labels),
      at: `${pending + 2}m`,
      fires,
    },
    {
      when: 'it lasts, and the only replica restarts in between',
      series: [of(first, name, restarted(value, half, long), labels)],
      at: `${pending + 2}m`,
      fires,
    },
    { when: 'it has not lasted', series: both(name, `${value}x${long}`, labels), at: `${half}m` },
    { when: 'it does not last', series: both(name, `${value}x${half} 0x${long}`, labels), at: `${pending + 30}m` },
    { when: 'it is never so', series: both(name, `0x${long}`, labels), at: `${pending + 30}m` },
    nothing,
  ];
}

const fleet = { resource_namespace: 'fleet' };
const rhel9 = { kind: 'DeviceBaseline', resource_namespace: 'fleet', source: 'rhel9' };
const labelsOfSource = ['kind', 'resource_namespace', 'source'];
const queue = { name: 'device' };

const openFindings = (values: string): Series[] => [
  // With --host-metrics there is a label for each target.
  ...both('holdfast_findings', values, { ...rhel9, severity: 'High', target: 'web-01' }),
  ...both('holdfast_findings', values, { ...rhel9, severity: 'Critical', target: 'web-02' }),
  ...both('holdfast_findings', '0x200', { ...rhel9, severity: 'Critical', target: '' }),
  ...both('holdfast_findings', '5x200', { ...rhel9, severity: 'Low', target: 'web-01' }),
];
const enforced = (values: string): Series[] => both('holdfast_enforced', values, rhel9);
const impeded = (condition: string, values: string): Series[] =>
  both('holdfast_corrections_impeded', values, { ...rhel9, condition });

const rollout = { resource_namespace: 'fleet', rollout: 'rhel9' };
const nightly = { resource_namespace: 'fleet', evidencepack: 'nightly' };
const vault = { resource_namespace: 'fleet', evidencestore: 'nightly' };

const reachable = (statuses: Record<string, string>): Series[] =>
  Object.entries(statuses).flatMap(([status, values]) =>
    both('holdfast_device_reachability', values, { ...fleet, status }),
  );

const waits = (sum: string, count: string): Series[] => [
  of(first, 'workqueue_queue_duration_seconds_sum', sum, queue),
  of(first, 'workqueue_queue_duration_seconds_count', count, queue),
];
const leads = [of(first, 'holdfast_leading', '1x200'), of(second, 'holdfast_leading', '0x200')];

const starts = '100x5 _ 460x3 _ 760x3 _ 1060x3 _ 1360x3 _ 1660x60';

export const alertCases: Readonly<Record<string, readonly AlertCase[]>> = {
  HoldfastDown: [
    {
      when: 'nothing was ever read',
      series: [],
      at: '12m',
      fires: [
        {
          labels: {},
          says: 'No process of Holdfast has reported metrics for 10 minutes: nothing is evaluated, or Prometheus may not read the metrics.',
        },
      ],
    },
    {
      when: 'both replicas are gone',
      series: both('holdfast_build_info', '1x20 stale', { version: '0.1.0' }),
      at: '35m',
      fires: [
        {
          labels: {},
          says: 'No process of Holdfast has reported metrics for 10 minutes: nothing is evaluated, or Prometheus may not read the metrics.',
        },
      ],
    },
    { when: 'the only replica restarts', series: [of(first, 'holdfast_build_info', '1x5 stale _ _ 1x60')], at: '8m' },
    {
      when: 'it is installed, or Prometheus starts',
      series: [of(first, 'holdfast_build_info', '_ _ _ 1x60')],
      at: '2m',
    },
    {
      when: 'one of two replicas is gone',
      series: [of(first, 'holdfast_build_info', '1x5 stale'), of(second, 'holdfast_build_info', '1x100')],
      at: '60m',
    },
    {
      when: 'it is upgraded, which ends one series and begins another',
      series: [
        of(first, 'holdfast_build_info', '1x20 stale', { version: '0.1.0' }),
        of(second, 'holdfast_build_info', '_x25 1x100', { version: '0.2.0' }),
      ],
      at: '27m',
    },
  ],
  HoldfastNotLeading: [
    {
      when: 'two replicas are there, and none leads',
      series: both('holdfast_leading', '0x60'),
      at: '7m',
      fires: [
        {
          labels: own,
          says: 'Processes of Holdfast in namespace holdfast are running, but none leads: nothing is evaluated and nothing is corrected.',
        },
      ],
    },
    {
      when: 'the leader is gone, and the standby does not follow',
      series: [of(first, 'holdfast_leading', '1x20 stale'), of(second, 'holdfast_leading', '0x60')],
      at: '33m',
      fires: [
        {
          labels: own,
          says: 'Processes of Holdfast in namespace holdfast are running, but none leads: nothing is evaluated and nothing is corrected.',
        },
      ],
    },
    {
      when: 'another installation leads',
      series: [of(first, 'holdfast_leading', '0x60'), of(stranger, 'holdfast_leading', '1x60')],
      at: '12m',
      fires: [
        {
          labels: own,
          says: 'Processes of Holdfast in namespace holdfast are running, but none leads: nothing is evaluated and nothing is corrected.',
        },
      ],
    },
    {
      when: 'none leads, and processes restart every few minutes',
      series: [of(first, 'holdfast_leading', '0 0 0 stale 0 0 0 stale 0 0 0 stale 0 0 0 stale 0x60')],
      at: '13m',
      fires: [
        {
          labels: own,
          says: 'Processes of Holdfast in namespace holdfast are running, but none leads: nothing is evaluated and nothing is corrected.',
        },
      ],
    },
    { when: 'it has just begun', series: both('holdfast_leading', '0x60'), at: '4m' },
    { when: 'one leads and the other waits', series: leads, at: '60m' },
    {
      when: 'the leader changes',
      series: [of(first, 'holdfast_leading', '1x20 stale'), of(second, 'holdfast_leading', '0x22 1x60')],
      at: '30m',
    },
    { when: 'the only replica restarts', series: [of(first, 'holdfast_leading', '1x20 _ _ 0 0 1x60')], at: '26m' },
    { when: 'the apiserver is away for a minute', series: [of(first, 'holdfast_leading', '1x20 0 0 1x60')], at: '23m' },
    nothing,
  ],
  HoldfastRestarting: [
    {
      when: 'it starts five times in a quarter of an hour',
      series: [of(first, 'process_start_time_seconds', starts), here],
      at: '30m',
      fires: [{ labels: own, says: 'A process of Holdfast in namespace holdfast has started 5 times in 30 minutes.' }],
    },
    { when: 'it restarted once', series: [of(first, 'process_start_time_seconds', '100x5 _ 460x60'), here], at: '30m' },
    { when: 'something else does', series: [of(stranger, 'process_start_time_seconds', starts), here], at: '30m' },
    { when: 'it did so an hour ago', series: [of(first, 'process_start_time_seconds', starts), here], at: '65m' },
    nothing,
  ],
  HoldfastQueueNotDraining: [
    {
      when: 'keys wait for two minutes each',
      series: [...leads, here, of(first, 'workqueue_depth', '40x100', queue), ...waits('0+1200x100', '0+10x100')],
      at: '60m',
      fires: [
        {
          labels: { ...own, ...queue },
          says: 'The queue of controller device has contained 40 or more keys for 15 minutes, and they wait for more than a minute: changes are evaluated late.',
        },
      ],
    },
    {
      when: 'nothing is started any more',
      series: [...leads, here, of(first, 'workqueue_depth', '40x100', queue), ...waits('100x100', '10x100')],
      at: '60m',
      fires: [
        {
          labels: { ...own, ...queue },
          says: 'The queue of controller device has contained 40 or more keys for 15 minutes, and they wait for more than a minute: changes are evaluated late.',
        },
      ],
    },
    {
      when: 'it is full at each scrape, and keys wait for a second',
      series: [...leads, here, of(first, 'workqueue_depth', '40x100', queue), ...waits('0+100x100', '0+100x100')],
      at: '60m',
    },
    {
      when: 'it was full after a start',
      series: [...leads, here, of(first, 'workqueue_depth', '900x10 0x90', queue), ...waits('0+1200x100', '0+10x100')],
      at: '9m',
    },
    {
      when: 'the standby has a queue on which it does not work',
      series: [
        ...leads,
        ...bothHere,
        of(second, 'workqueue_depth', '40x100', queue),
        of(second, 'workqueue_queue_duration_seconds_sum', '0x100', queue),
        of(second, 'workqueue_queue_duration_seconds_count', '0x100', queue),
      ],
      at: '60m',
    },
    {
      when: 'the queue of another program, which has the same names, does not drain',
      series: [
        ...leads,
        here,
        of(stranger, 'workqueue_depth', '40x100', queue),
        of(stranger, 'workqueue_queue_duration_seconds_count', '0x100', queue),
      ],
      at: '60m',
    },
    nothing,
  ],
  HoldfastReconcileFailing: counted({
    name: 'holdfast_objects',
    labels: { kind: 'DeviceBaseline', ...fleet, state: 'Failed' },
    keeps: ['kind', 'resource_namespace'],
    pending: 30,
    says: 'For 30 minutes, reconciliations of 2 objects of kind DeviceBaseline in namespace fleet have failed. Run `kubectl -n fleet get DeviceBaseline`.',
  }),
  HoldfastObjectsStalled: counted({
    name: 'holdfast_objects',
    labels: { kind: 'ClusterBaseline', state: 'Stalled' },
    keeps: ['kind'],
    pending: 60,
    says: 'For an hour, 2 objects of kind ClusterBaseline have been stalled: what they declare is not evaluated until someone changes it. Run `kubectl get ClusterBaseline`.',
  }),
  HoldfastInternalError: [
    {
      when: 'a reconciliation broke',
      series: [here, of(first, 'controller_runtime_reconcile_panics_total', '0x10 1x100', { controller: 'device' })],
      at: '15m',
      fires: [
        {
          labels: { ...own, controller: 'device' },
          says: 'In the last hour, reconciliations of controller device failed because of a bug of Holdfast. It is repeated every 10 minutes.',
        },
      ],
    },
    {
      when: 'it broke two hours ago',
      series: [here, of(first, 'controller_runtime_reconcile_panics_total', '0x10 1x300', { controller: 'device' })],
      at: '130m',
    },
    {
      when: 'the counter begins again after a restart',
      series: [
        here,
        of(first, 'controller_runtime_reconcile_panics_total', '0x10 _ _ 0x100', { controller: 'device' }),
      ],
      at: '20m',
    },
    {
      when: 'another program broke',
      series: [here, of(stranger, 'controller_runtime_reconcile_panics_total', '0x10 1x100', { controller: 'device' })],
      at: '15m',
    },
    nothing,
  ],
  HoldfastWatchesStale: [
    {
      when: 'two watches are not answered',
      series: [
        of(first, 'holdfast_watch_silence_seconds', '0+60x60', { kind: 'devices.holdfast.dev' }),
        of(first, 'holdfast_watch_silence_seconds', '0+30x60', { kind: 'approvals.holdfast.dev' }),
      ],
      at: '15m',
      fires: [
        {
          labels: own,
          says: 'The apiserver has not answered a watch of Holdfast in namespace holdfast for 15m 0s: changes of that kind are not seen.',
        },
      ],
    },
    {
      when: 'watches end and begin, as is usual',
      series: both('holdfast_watch_silence_seconds', '2 40 52 1 30 45 9 53 12x60', { kind: 'devices.holdfast.dev' }),
      at: '60m',
    },
    {
      when: 'the apiserver was away for six minutes',
      series: both('holdfast_watch_silence_seconds', '2 60 120 180 240 300 310 5x60', { kind: 'devices.holdfast.dev' }),
      at: '6m',
    },
    nothing,
  ],
  HoldfastApiserverErrors: [
    {
      when: 'a fifth of the requests is throttled or not answered',
      series: [
        of(first, 'holdfast_apiserver_requests_total', '0+80x100', { verb: 'watch', code: '200' }),
        of(first, 'holdfast_apiserver_requests_total', '0+15x100', { verb: 'apply', code: '429' }),
        of(first, 'holdfast_apiserver_requests_total', '0+5x100', { verb: 'watch', code: 'error' }),
      ],
      at: '30m',
      fires: [
        {
          labels: own,
          says: '20% of the requests of Holdfast in namespace holdfast were throttled, failed in the apiserver, or were not answered.',
        },
      ],
    },
    {
      when: 'conflicts and refusals, which are answers',
      series: [
        of(first, 'holdfast_apiserver_requests_total', '0+10x100', { verb: 'watch', code: '200' }),
        of(first, 'holdfast_apiserver_requests_total', '0+30x100', { verb: 'apply', code: '409' }),
        of(first, 'holdfast_apiserver_requests_total', '0+30x100', { verb: 'get', code: '403' }),
      ],
      at: '60m',
    },
    {
      when: 'the apiserver was restarted',
      series: [
        of(first, 'holdfast_apiserver_requests_total', '0+80x100', { verb: 'watch', code: '200' }),
        of(first, 'holdfast_apiserver_requests_total', '0x5 0+50x2 100x100', { verb: 'watch', code: 'error' }),
      ],
      at: '9m',
    },
    {
      when: 'counters begin again after a restart',
      series: [
        of(first, 'holdfast_apiserver_requests_total', '9000+80x10 _ _ 0+80x100', { verb: 'watch', code: '200' }),
        of(first, 'holdfast_apiserver_requests_total', '9000x10 _ _ 0x100', { verb: 'watch', code: 'error' }),
      ],
      at: '30m',
    },
    nothing,
  ],
  HoldfastAdmissionPoliciesMissing: [
    {
      when: 'some are missing, and others altered',
      series: [
        ...both('holdfast_admission_policies', '4x60', { state: 'intact' }),
        ...both('holdfast_admission_policies', '3x60', { state: 'missing' }),
        ...both('holdfast_admission_policies', '1x60', { state: 'altered' }),
      ],
      at: '12m',
      fires: [
        {
          labels: own,
          says: '4 admission policies or bindings of Holdfast are missing or altered: no waiver is decided, baselines of the cluster are not evaluated, and others may write statuses.',
        },
      ],
    },
    {
      when: 'they are applied again during an upgrade',
      series: [
        ...both('holdfast_admission_policies', '8x60', { state: 'intact' }),
        ...both('holdfast_admission_policies', '8x4 0x60', { state: 'altered' }),
      ],
      at: '6m',
    },
    {
      when: 'all are intact',
      series: [
        ...both('holdfast_admission_policies', '8x60', { state: 'intact' }),
        ...both('holdfast_admission_policies', '0x60', { state: 'missing' }),
      ],
      at: '60m',
    },
    nothing,
  ],
  HoldfastWaiverDecisionsOverdue: counted({
    name: 'holdfast_policywaivers',
    labels: { ...fleet, state: 'Overdue' },
    keeps: ['resource_namespace'],
    pending: 60,
    says: '2 PolicyWaivers in namespace fleet were not decided in time and are not effective. Run `kubectl -n fleet get policywaivers`.',
  }),
  HoldfastWaiverExpiring: [
    {
      when: 'it ends in two days',
      series: both('holdfast_policywaiver_expiry_timestamp_seconds', '176520x200', { ...fleet, name: 'legacy-motd' }),
      at: '62m',
      fires: [
        {
          labels: { ...own, ...fleet, name: 'legacy-motd' },
          says: 'PolicyWaiver fleet/legacy-motd expires in 2d 0h 0m 0s; then the findings that it covers are open again.',
        },
      ],
    },
    {
      when: 'it ends in four days',
      series: both('holdfast_policywaiver_expiry_timestamp_seconds', '350000x200', { ...fleet, name: 'legacy-motd' }),
      at: '62m',
    },
    {
      when: 'it was begun a moment ago, for two days',
      series: both('holdfast_policywaiver_expiry_timestamp_seconds', '_x10 173400x200', { ...fleet, name: 'x' }),
      at: '30m',
    },
    {
      when: 'it was extended',
      series: both('holdfast_policywaiver_expiry_timestamp_seconds', '176520x30 9000000x200', { ...fleet, name: 'x' }),
      at: '120m',
    },
    {
      when: 'it has ended, which ends its series',
      series: both('holdfast_policywaiver_expiry_timestamp_seconds', '600x10 stale', { ...fleet, name: 'x' }),
      at: '120m',
    },
    nothing,
  ],
  HoldfastDevicesUnreachable: [
    {
      when: 'two of ten hosts are not reached, and the only replica restarts',
      series: [
        of(first, 'holdfast_device_reachability', restarted(8, 15, 60), { ...fleet, status: 'True' }),
        of(first, 'holdfast_device_reachability', restarted(1, 15, 60), { ...fleet, status: 'False' }),
        of(first, 'holdfast_device_reachability', restarted(1, 15, 60), { ...fleet, status: 'Unknown' }),
      ],
      at: '35m',
      fires: [
        {
          labels: { ...own, ...fleet },
          says: 'For 30 minutes, 20% of the hosts in namespace fleet have not been reachable: their drift is unknown. Run `kubectl -n fleet get devices`.',
        },
      ],
    },
    {
      when: 'both replicas count them: each host once',
      series: reachable({ True: '95x60', False: '5x60', Unknown: '0x60' }),
      at: '60m',
    },
    { when: 'there is no host', series: reachable({ True: '0x60', False: '0x60', Unknown: '0x60' }), at: '60m' },
    {
      when: 'new hosts are evaluated for the first time',
      series: reachable({ True: '0x3 100x60', False: '0x60', Unknown: '100x3 0x60' }),
      at: '6m',
    },
    nothing,
  ],
  HoldfastHostsUnknown: counted({
    name: 'holdfast_devices',
    labels: { ...fleet, baseline: 'rhel9', result: 'Unknown' },
    keeps: ['resource_namespace', 'baseline'],
    pending: 24 * 60,
    says: 'For a day, 2 hosts of DeviceBaseline fleet/rhel9 have not been evaluated in full. Run `kubectl -n fleet get driftreports -l holdfast.dev/baseline=rhel9`.',
  }),
  HoldfastEvaluationsOverdue: counted({
    name: 'holdfast_devices_overdue',
    labels: fleet,
    keeps: ['resource_namespace'],
    pending: 30,
    says: '2 hosts in namespace fleet have not been evaluated for more than twice the interval of their baselines: what is reported of them may be out of date.',
  }),
  HoldfastDriftNotCorrected: [
    {
      when: 'findings of two severities and hosts stay open in mode Enforce: one alert',
      series: [...openFindings('1x200'), ...enforced('1x200'), ...impeded('WaitsForWindow', '0x200')],
      at: '125m',
      fires: [
        {
          labels: { ...own, ...rhel9 },
          says: 'For two hours, 2 findings of severity Critical or High of DeviceBaseline rhel9 (namespace fleet) have been open in mode Enforce. Run `kubectl -n fleet describe DeviceBaseline rhel9`.',
        },
      ],
    },
    { when: 'in mode Inform', series: [...openFindings('1x200'), ...enforced('0x200')], at: '180m' },
    {
      when: 'the window is closed',
      series: [...openFindings('1x200'), ...enforced('1x200'), ...impeded('WaitsForWindow', '1x200')],
      at: '180m',
    },
    { when: 'they are corrected', series: [...openFindings('1x40 0x200'), ...enforced('1x200')], at: '180m' },
    { when: 'they are being corrected', series: [...openFindings('1x200'), ...enforced('1x200')], at: '110m' },
    { when: 'none is open', series: [...openFindings('0x200'), ...enforced('1x200')], at: '180m' },
    nothing,
  ],
  HoldfastCorrectionsFailed: counted({
    name: 'holdfast_corrections_impeded',
    labels: { ...rhel9, condition: 'CorrectionHalted' },
    keeps: [...labelsOfSource, 'condition'],
    value: 1,
    pending: 15,
    says: 'DeviceBaseline rhel9 (namespace fleet) has the condition CorrectionHalted: what drifted stays so until someone acts. Run `kubectl -n fleet describe DeviceBaseline rhel9`.',
  }),
  HoldfastCorrectionsBlocked: counted({
    name: 'holdfast_corrections_impeded',
    labels: { ...rhel9, condition: 'CorrectionBlocked' },
    keeps: [...labelsOfSource, 'condition'],
    value: 1,
    pending: 30,
    says: 'DeviceBaseline rhel9 (namespace fleet) has the condition CorrectionBlocked: something that it needs is missing or refused. Run `kubectl -n fleet describe DeviceBaseline rhel9`.',
  }),
  HoldfastRolloutFailed: counted({
    name: 'holdfast_rollout_state',
    labels: { ...rollout, state: 'RollbackIncomplete' },
    keeps: ['resource_namespace', 'rollout', 'state'],
    value: 1,
    pending: 15,
    says: 'CanaryRollout rhel9 (namespace fleet) is RollbackIncomplete: some hosts have a revision that failed, or are not as they were before. Run `kubectl -n fleet describe canaryrollout rhel9`.',
  }),
  HoldfastRolloutTakenBack: counted({
    name: 'holdfast_rollout_state',
    labels: { ...rollout, state: 'RolledBack' },
    keeps: ['resource_namespace', 'rollout'],
    value: 1,
    pending: 5,
    says: 'CanaryRollout rhel9 (namespace fleet) was taken back on all hosts, and its revision is not rolled out again until someone decides. Run `kubectl -n fleet describe canaryrollout rhel9`.',
  }),
  HoldfastEvidenceNotStored: counted({
    name: 'holdfast_evidence_pack_impaired',
    labels: { ...nightly, condition: 'Stored' },
    keeps: ['resource_namespace', 'evidencepack'],
    value: 1,
    pending: 60,
    says: 'EvidencePack nightly (namespace fleet) has a pack that is due and was not stored. Run `kubectl -n fleet describe evidencepack nightly`.',
  }),
  HoldfastEvidenceChainBroken: counted({
    name: 'holdfast_evidence_pack_impaired',
    labels: { ...nightly, condition: 'ChainIntact' },
    keeps: ['resource_namespace', 'evidencepack'],
    value: 1,
    pending: 5,
    says: 'The store of EvidencePack nightly (namespace fleet) does not have what was stored. Run `kubectl -n fleet describe evidencepack nightly`.',
  }),
  HoldfastEvidenceStoreNotReady: counted({
    name: 'holdfast_evidence_store_impaired',
    labels: { ...vault, condition: 'Ready' },
    keeps: ['resource_namespace', 'evidencestore'],
    value: 1,
    pending: 30,
    says: 'EvidenceStore nightly (namespace fleet) cannot be used, so neither packs nor the journal are stored. Run `kubectl -n fleet describe evidencestore nightly`.',
  }),
  HoldfastJournalBehind: counted({
    name: 'holdfast_evidence_store_impaired',
    labels: { ...vault, condition: 'JournalCurrent' },
    keeps: ['resource_namespace', 'evidencestore'],
    value: 1,
    pending: 15,
    says: 'Entries of the journal of EvidenceStore nightly (namespace fleet) wait on the disk of the operator, or are lost. Run `kubectl -n fleet describe evidencestore nightly`.',
  }),
  HoldfastJournalAltered: counted({
    name: 'holdfast_evidence_store_impaired',
    labels: { ...vault, condition: 'JournalIntact' },
    keeps: ['resource_namespace', 'evidencestore'],
    value: 1,
    pending: 5,
    says: 'A segment of the journal of EvidenceStore nightly (namespace fleet) is gone or is not as it was stored. Run `kubectl -n fleet describe evidencestore nightly`.',
  }),
  HoldfastObjectsUnknown: counted({
    name: 'holdfast_cluster_objects',
    labels: { baseline: 'platform', state: 'unknown' },
    keeps: ['baseline'],
    pending: 120,
    says: 'For two hours, 2 objects of ClusterBaseline platform could not be evaluated. Run `kubectl describe clusterbaseline platform`.',
  }),
};

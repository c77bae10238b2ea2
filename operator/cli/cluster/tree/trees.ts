/** The trees: of a DeviceBaseline, of a Device, of a ClusterBaseline. Pure. */
import type { AnsibleRun } from '../../../api/v1alpha1/ansibleRun.ts';
import type { CanaryRollout } from '../../../api/v1alpha1/canaryRollout.ts';
import type { ClusterBaseline } from '../../../api/v1alpha1/clusterBaseline.ts';
import type { Device } from '../../../api/v1alpha1/device.ts';
import type { DeviceBaseline } from '../../../api/v1alpha1/deviceBaseline.ts';
import type { DriftReport } from '../../../api/v1alpha1/driftReport.ts';
import type { PolicyWaiver } from '../../../api/v1alpha1/policyWaiver.ts';
import { selects } from '../../../api/selector.ts';
import { isSuspended } from '../../../api/suspension.ts';
import { ownReports } from '../../../drift/clusterBaseline/reports.ts';
import { deviceSubject } from '../../../drift/deviceBaseline/source.ts';
import { reportName } from '../../../drift/driftReport/report.ts';
import { isAbout, matches } from '../../../findings/waiver/subject.ts';
import { currentCondition } from '../status/areas.ts';
import { isWellState, reportNode, stateWords, worstFirst, type Hosts, type Standing } from './hosts.ts';
import { node, type Node } from './node.ts';
import { isUnread, itemsOf, type Listed } from '../unread.ts';
import { notRead, rolloutNodes, runNode, runsOf, strangeRuns, waiverNodes } from './parts.ts';

/** What is read of a namespace; each on its own. */
export interface Belongings {
  readonly devices: Listed<Device>;
  readonly rollouts: Listed<CanaryRollout>;
  readonly runs: Listed<AnsibleRun>;
  readonly waivers: Listed<PolicyWaiver>;
  /** Why reports were not read. */
  readonly reportsUnread?: string;
  readonly now: Date;
}

export function baselineTree(baseline: DeviceBaseline, hosts: Hosts, all: Belongings): Node {
  const { now } = all;
  const runs = runsOf(baseline, itemsOf(all.runs));
  const waivers = itemsOf(all.waivers).filter((one) =>
    isAbout(one, deviceSubject(baseline, { metadata: { name: '' } })),
  );
  const under = hosts
    .selected(baseline)
    .map((device) => ({ device, standing: known(hosts.standing(baseline, device, now), all) }))
    .sort(worstFirst);
  const latest = latestOn(runs);
  const devices = under.map(({ device, standing }): Node => {
    const { name } = device.metadata;
    const run = latest.get(name);
    const report = reportNode(standing, reportName(baseline.metadata.name, name));
    return node({
      ...{ kind: 'Device', name, state: stateWords[standing.is], isWell: isWellState(standing.is) },
      // Of a host that is well, its own line says all.
      ...(!isWellState(standing.is) && { children: [report, ...(run ? [{ ...runNode(run), isWell: true }] : [])] }),
    });
  });
  return node({
    ...rootOf(baseline, now),
    children: [
      ...rolloutNodes(baseline, itemsOf(all.rollouts), now),
      ...waiverNodes(waivers, now),
      ...runs.map((run, at) => (at === 0 ? runNode(run) : { ...runNode(run), isWell: true })),
      ...devices,
    ],
    notes: [...notesOf(all), ...strangeRuns(baseline, itemsOf(all.runs)), ...strangeReports(hosts.strange(baseline))],
  });
}

/** By the names of hosts; the latest run comes first. */
function latestOn(runs: readonly AnsibleRun[]): ReadonlyMap<string, AnsibleRun> {
  const pairs = runs.flatMap((run) => (run.spec.deviceNames ?? []).map((name) => [name, run] as const));
  return new Map(pairs.toReversed());
}

function rootOf(object: DeviceBaseline | ClusterBaseline, now: Date) {
  const { kind, metadata, spec } = object;
  const compliant = currentCondition(object, 'Compliant');
  const isPaused = isSuspended(spec.suspend, now);
  const is = isPaused ? 'suspended' : complianceWords(compliant?.status);
  const message = isPaused ? spec.suspend?.reason : compliant?.message;
  return {
    kind,
    ...(metadata.namespace !== undefined && { namespace: metadata.namespace }),
    name: metadata.name,
    state: `${is} (${spec.mode ?? 'Inform'})`,
    isWell: is === 'compliant',
    ...(message !== undefined && { message }),
  };
}

function complianceWords(status: string | undefined): string {
  if (status === 'True') return 'compliant';
  return status === 'False' ? 'drifted' : 'unknown';
}

/** Without the reports, nothing is known of any host. */
function known(standing: Standing, { reportsUnread }: Belongings): Standing {
  if (reportsUnread === undefined) return standing;
  if (standing.is === 'unreachable') return { ...standing, isUnread: true };
  return { ...standing, is: 'unknown', words: reportsUnread, isUnread: true };
}

function notesOf({ devices, rollouts, runs, waivers, reportsUnread }: Belongings): string[] {
  return [
    ...notRead('CanaryRollouts', rollouts),
    ...notRead('PolicyWaivers', waivers),
    ...notRead('AnsibleRuns', runs),
    ...notRead('Devices', devices),
    ...(reportsUnread === undefined || isUnread(devices) ? [] : [`DriftReports unknown: ${reportsUnread}`]),
  ];
}

function strangeReports([first, second]: readonly string[]): string[] {
  if (first === undefined) return [];
  return second === undefined
    ? [`ignored: DriftReport ${first}, which says that it is about a host of this baseline, and belongs to none`]
    : [
        `ignored: DriftReports such as ${first}, which say that they are about hosts of this baseline, and belong to none`,
      ];
}

/** Which baselines, reports, runs and waivers concern a host. */
export function deviceTree(device: Device, baselines: Listed<DeviceBaseline>, hosts: Hosts, all: Belongings): Node {
  const { now } = all;
  const { name, namespace = '' } = device.metadata;
  const selecting = itemsOf(baselines).filter(({ spec }) => selects(spec.selector, device.metadata.labels));
  const own = new Set<string | undefined>();
  const branches = selecting.map((baseline): Node => {
    const standing = known(hosts.standing(baseline, device, now), all);
    const runs = runsOf(baseline, itemsOf(all.runs)).filter(({ spec }) => spec.deviceNames?.includes(name));
    for (const { metadata } of runs) own.add(metadata.uid);
    const waivers = itemsOf(all.waivers).filter((one) => {
      const subject = deviceSubject(baseline, device);
      return isAbout(one, subject) && matches(one, subject.target);
    });
    const isPaused = isSuspended(baseline.spec.suspend, now);
    return node({
      ...{ kind: 'DeviceBaseline', name: baseline.metadata.name },
      state: `${isPaused ? 'suspended' : stateWords[standing.is]} (${baseline.spec.mode ?? 'Inform'})`,
      isWell: !isPaused && isWellState(standing.is),
      children: [
        ...rolloutNodes(baseline, itemsOf(all.rollouts), now),
        reportNode(standing, reportName(baseline.metadata.name, name)),
        ...waiverNodes(waivers, now),
        ...runs.map((run, at) => (at === 0 ? runNode(run) : { ...runNode(run), isWell: true })),
      ],
    });
  });
  const others = itemsOf(all.runs).filter(
    ({ metadata, spec }) => !own.has(metadata.uid) && spec.deviceNames?.includes(name),
  );
  return node({
    ...{ kind: 'Device', namespace, name },
    ...deviceState(device, now),
    children: [...branches, ...others.map((run) => ({ ...runNode(run), message: 'no baseline created it' }))],
    notes: [
      ...notRead('DeviceBaselines', baselines),
      ...notesOf(all),
      ...(selecting.length === 0 && !isUnread(baselines)
        ? ['no DeviceBaseline selects it, so that nothing is evaluated']
        : []),
    ],
  });
}

function deviceState(device: Device, now: Date): Pick<Node, 'state' | 'isWell'> & { message?: string } {
  if (isSuspended(device.spec.suspend, now))
    return { state: 'suspended', isWell: false, message: device.spec.suspend?.reason ?? '' };
  const reachable = currentCondition(device, 'Reachable');
  const compliant = currentCondition(device, 'Compliant');
  if (reachable?.status === 'False') return { state: 'unreachable', isWell: false, message: reachable.message };
  const state = complianceWords(compliant?.status);
  const message = compliant?.message ?? 'it was not evaluated since it was declared';
  return { state, isWell: state === 'compliant', ...(state !== 'compliant' && { message }) };
}

/** Its reports are in the namespace of its service account. */
export function clusterTree(
  baseline: ClusterBaseline,
  reports: Listed<DriftReport>,
  waivers: Listed<PolicyWaiver>,
  now: Date,
): Node {
  const own = ownReports(baseline, itemsOf(reports));
  const { namespace } = baseline.spec.serviceAccountRef;
  const children = own
    .map(({ metadata, status }): Node => {
      const { result = 'Unknown', summary, target, message } = status ?? {};
      const isWell = ['Pass', 'Waived', 'NotApplicable'].includes(result);
      const words =
        message ?? (summary?.drift === undefined ? undefined : `${summary.drift} of ${target?.kind} ${target?.name}`);
      return node({
        ...{ kind: 'DriftReport', namespace, name: metadata.name, state: resultWords[result], isWell },
        ...(words !== undefined && !isWell && { message: words }),
      });
    })
    .sort((a, b) => Number(a.isWell) - Number(b.isWell) || a.name.localeCompare(b.name));
  const about = itemsOf(waivers).filter(
    ({ spec }) => spec.source.kind === 'ClusterBaseline' && spec.source.name === baseline.metadata.name,
  );
  return node({
    ...rootOf(baseline, now),
    children: [...waiverNodes(about, now), ...children],
    notes: [...notRead('PolicyWaivers', waivers), ...notRead(`DriftReports in namespace ${namespace}`, reports)],
  });
}

const resultWords = {
  ...{ Fail: 'drifted', Unknown: 'unknown', Waived: 'compliant by waiver', Pass: 'compliant' },
  NotApplicable: 'not applicable',
} as const;

/** What a look at a host means: a report for each of its baselines, and how the host stands over all. Pure. */
import type { Device, DeviceStatus } from '../../api/v1alpha1/device.ts';
import type { DeviceBaseline } from '../../api/v1alpha1/deviceBaseline.ts';
import type { DeviceCheck } from '../../api/v1alpha1/deviceCheck.ts';
import type { DriftReportStatus } from '../../api/v1alpha1/driftReport.ts';
import { resources } from '../../api/generated/resources.ts';
import type { Action, DomainConditions, Intent, Plan } from '../../runtime/feature.ts';
import { compliance } from '../../findings/compliance.ts';
import { marking } from '../../findings/waiver/marking.ts';
import { nextChange } from '../../findings/waiver/waiverFor.ts';
import { secondsUntil } from '../../lib/recheck.ts';
import { counted, listed, shortened } from '../../lib/text.ts';
import { timestamp } from '../../lib/timestamp.ts';
import { attemptsAt } from '../attempts.ts';
import type { Comparison, Conceal } from '../checks/checkType.ts';
import { remedyOf } from '../checks/remedy.ts';
import { lastComplete, ownRunsOf } from '../ownRuns.ts';
import { contradictionInWords, contradictionsAmong, placeOf, type Contradiction } from '../contradictions.ts';
import { driftInWords, failingChecks } from '../../findings/finding.ts';
import {
  isReportOn,
  reportOf,
  revisionOf,
  type ComparedCheck,
  type Look,
  type ReportAction,
} from '../driftReport/report.ts';
import { deviceSubject } from '../deviceBaseline/source.ts';
import { isRolledOut } from '../revision/assignment.ts';
import { shortRevision } from '../revision/kept.ts';
import { compareCheck } from '../probe/compare.ts';
import type { CheckObservation } from '../probe/observation.ts';
import { firstSilence, intervalOf, silenceSeconds } from './lastLooks.ts';
import type { DeviceWorld } from './observe.ts';

const retrySeconds = 60;

/** `now` is later than the look: waivers count as they stand when the answer is given. */
export function decideDevice(device: Device, world: DeviceWorld, conceal: Conceal, now: Date): Plan<Device> {
  const reporting = reportsOf(device, world, conceal, now);
  const reports = reporting.map(({ object }) => object);
  const statuses = reports.map((report) => report.status as DriftReportStatus);
  const conditions = { Reachable: reachable(device, world), Compliant: compliant(reports, world) };
  const facts = world.host.is === 'seen' ? world.host.facts : device.status?.facts;
  return {
    outcome: outcomeOf(device, world, conditions.Reachable, now),
    conditions,
    status: {
      ...(facts && { facts }),
      ...(statuses.length && { summary: { ...summaryOf(statuses), ...revisionIn(world) } }),
      ...assignedIn(world),
    },
    actions: [...reporting, ...endedReports(world)],
  };
}

function reportsOf(device: Device, world: DeviceWorld, conceal: Conceal, now: Date): ReportAction[] {
  const unassigned = [...world.unassigned].map(([baseline, message]) =>
    reportOf(device, baseline, {
      look: { is: 'blind', message },
      before: world.reports.find((report) => isReportOn(report, device, baseline.metadata.name)),
      now: world.lookedAt,
      mark: marking(deviceSubject(baseline, device), world.waivers, now),
    }),
  );
  let asked = 0;
  const contradictions = contradictionsAmong(world.asked);
  const answered = world.asked.map((baseline) => {
    const from = asked;
    asked += baseline.spec.checks.length;
    const before = world.reports.find((report) => isReportOn(report, device, baseline.metadata.name));
    const checks = { contradictions, observed: world.host.is === 'seen' ? world.host.observed.slice(from, asked) : [] };
    return reportOf(device, baseline, {
      look: lookOf(device, baseline, world, { ...checks, conceal }),
      before,
      now: world.lookedAt,
      afterRun: lastComplete(ownRunsOf(baseline, world.runs))?.metadata.uid,
      mark: marking(deviceSubject(baseline, device), world.waivers, now),
    });
  });
  return [...answered, ...unassigned];
}

/** Of baselines that are rolled out. */
function assignedIn({ asked, unassigned }: DeviceWorld): Pick<DeviceStatus, 'assigned'> {
  const rolledOut = [
    ...asked.filter(isRolledOut).map((baseline) => ({ baseline, revision: revisionOf(baseline) })),
    ...[...unassigned.keys()].map((baseline) => ({ baseline, revision: undefined })),
  ];
  const assigned = rolledOut.map(({ baseline, revision }) => ({
    baseline: baseline.metadata.name,
    ...(revision !== undefined && { revision }),
  }));
  return assigned.length ? { assigned: assigned.slice(0, 50) } : {};
}

function revisionIn(world: DeviceWorld): { revision?: string } {
  const { assigned = [] } = assignedIn(world);
  const words = assigned.map(({ baseline, revision }) => {
    const short = revision === undefined ? 'none' : shortRevision(revision);
    return assigned.length === 1 ? short : `${baseline}@${short}`;
  });
  return words.length ? { revision: shortened(words.join(','), 512) } : {};
}

interface Asked {
  readonly contradictions: ReadonlyMap<string, Contradiction>;
  /** What was observed for each check of the baseline. */
  readonly observed: readonly CheckObservation[];
  readonly conceal: Conceal;
}

function lookOf(
  device: Device,
  baseline: DeviceBaseline,
  { host, runs }: DeviceWorld,
  { contradictions, observed, conceal }: Asked,
): Look {
  if (host.is === 'recent') return { is: 'asBefore' };
  if (host.is !== 'seen') return { is: 'blind', message: host.message };
  const own = ownRunsOf(baseline, runs);
  const answers = baseline.spec.checks.map((check, index): ComparedCheck => {
    const observation = observed[index];
    if (!observation) return { comparison: { is: 'unknown', message: 'the probe returned no result' } };
    const comparison = compareCheck(check, observation, conceal);
    if (!fails(comparison)) return { comparison };
    const contradiction = contradictions.get(placeOf(baseline.metadata.name, check.name));
    const byHand = contradiction ? contradictionInWords(contradiction) : byHandOf(baseline, check, observation);
    if (byHand !== undefined) return { comparison, byHand };
    const last = attemptsAt(device.metadata.name, check.name, own).at(-1);
    return { comparison, ...(last && { last }) };
  });
  return { is: 'compared', answers };
}

function fails(comparison: Comparison): boolean {
  return comparison.is === 'known' && comparison.differences.length > 0;
}

/** A playbook of its author's own is not held to what Holdfast itself would do. */
function byHandOf({ spec }: DeviceBaseline, check: DeviceCheck, observation: CheckObservation): string | undefined {
  if (spec.remediation?.playbookRef) return undefined;
  const remedy = remedyOf(check, observation);
  return remedy.is === 'manual' ? remedy.message : undefined;
}

/** Reports of baselines that are gone or select this host no longer. */
function endedReports({ asked, unassigned, suspended, reports }: DeviceWorld): Action[] {
  const names = new Set([...asked, ...unassigned.keys(), ...suspended].map(({ metadata }) => metadata.name));
  return reports
    .filter(({ status }) => !names.has(status?.source?.name ?? ''))
    .map(({ metadata: { namespace = '', name, uid = '' } }) => ({
      do: 'delete',
      kind: resources.DriftReport,
      key: { namespace, name },
      uid,
    }));
}

function reachable(device: Device, world: DeviceWorld): DomainConditions[string] {
  const { host } = world;
  switch (host.is) {
    case 'seen':
    case 'recent':
      return { status: 'True', reason: 'Connected', message: `${device.spec.ssh.host} responds` };
    case 'unconfigured':
      return { status: 'Unknown', reason: 'CredentialsMissing', message: host.message };
    case 'unreachable':
      return { status: 'False', reason: host.reason, message: host.message + nextAttempt(world), warns: true };
    case 'unreadable':
      return { status: 'Unknown', reason: host.reason, message: host.message + nextAttempt(world), warns: true };
  }
}

function nextAttempt({ asked, lookedAt, silentLooks }: DeviceWorld): string {
  const seconds = silenceSeconds(silentLooks, intervalOf(asked));
  const due = timestamp(new Date(lookedAt.getTime() + seconds * 1000));
  return ` (attempt ${silentLooks} without a result; the next is due by ${due}: annotate the Device to start it now)`;
}

function compliant(reports: readonly Intent[], { host, suspended, unassigned }: DeviceWorld): DomainConditions[string] {
  const statuses = reports.map(({ status }) => status as DriftReportStatus);
  const names = reports.map(({ metadata }) => metadata.name);
  if (!statuses.length) {
    return suspended.length
      ? {
          status: 'Unknown',
          reason: 'BaselinesSuspended',
          message: `suspended: ${listed(suspended.map(({ metadata }) => metadata.name))}`,
        }
      : {
          status: 'Unknown',
          reason: 'NoBaseline',
          message: 'no DeviceBaseline selects this Device; compare its labels with the selectors of the baselines',
        };
  }
  if (host.is !== 'seen' && host.is !== 'recent')
    return { status: 'Unknown', reason: 'NotEvaluated', message: host.message };
  const sum = (part: 'pass' | 'fail' | 'waived' | 'unknown' | 'notApplicable') =>
    statuses.reduce((total, { summary }) => total + (summary?.[part] ?? 0), 0);
  const [pass, drifted, waived, unknown, notApplicable] = [
    sum('pass'),
    sum('fail'),
    sum('waived'),
    sum('unknown'),
    sum('notApplicable'),
  ];
  const [lacking] = unassigned;
  if (lacking && !drifted) {
    const message = `DeviceBaseline ${lacking[0].metadata.name}: ${lacking[1]}`;
    return { status: 'Unknown', reason: 'NoRevision', message };
  }
  const failing = statuses.flatMap(({ findings }) => failingChecks(findings ?? []).map(({ check }) => check));
  const unread = statuses.flatMap(({ findings = [] }) =>
    findings.flatMap(({ check, result }) => (result === 'Unknown' ? [check] : [])),
  );
  const shown = drifted ? ['Fail'] : unknown ? ['Unknown'] : ['Pass', 'Waived', 'NotApplicable'];
  const total = pass + drifted + waived + unknown + notApplicable;
  return compliance(
    { total, drifted, waived, unknown, notApplicable },
    {
      noun: 'check',
      drifted: listed(failing),
      unknown: listed([...new Set(unread)]),
      see: `DriftReport ${listed(names.filter((_, at) => shown.includes(statuses[at]?.result ?? '')))}`,
      note: `of ${listed(statuses.map(({ source }) => source?.name ?? ''))}`,
      nothing: { status: 'Unknown', reason: 'NoChecks', message: 'its baselines have no checks' },
    },
  );
}

function summaryOf(statuses: readonly DriftReportStatus[]) {
  const sum = (part: 'pass' | 'unknown' | 'notApplicable') =>
    statuses.reduce((total, { summary }) => total + (summary?.[part] ?? 0), 0);
  const total = statuses.reduce(
    (all, { summary }) => all + (summary ? (summary.pass ?? 0) + summary.fail + summary.waived + summary.unknown : 0),
    0,
  );
  const failing = statuses.flatMap(({ findings }) => failingChecks(findings ?? []).map(({ severity }) => severity));
  const notApplicable = sum('notApplicable');
  return {
    score: `${sum('pass')}/${total}`,
    drift: driftInWords(failing),
    unknown: sum('unknown'),
    ...(notApplicable && { notApplicable }),
  };
}

function outcomeOf(
  device: Device,
  world: DeviceWorld,
  reachability: DomainConditions[string],
  now: Date,
): Plan<Device>['outcome'] {
  if (world.host.is === 'unconfigured')
    return { is: 'waiting', reason: 'CredentialsMissing', message: world.host.message, recheckAfter: retrySeconds };
  const interval = intervalOf(world.asked);
  const answered = world.host.is === 'seen' || world.host.is === 'recent';
  return {
    is: 'ready',
    reason: answered ? 'Evaluated' : 'NotEvaluated',
    message: answered
      ? `evaluated against ${counted(world.asked.length, 'baseline')} every ${interval} s`
      : reachability.message,
    recheckAfter: secondsToNextLook(device, world, interval, now),
  };
}

/** At the next interval, or when a waiver begins or ends; where there was no answer, when the Secret is read again. */
function secondsToNextLook(device: Device, world: DeviceWorld, interval: number, now: Date): number {
  const { asked, waivers, lookedAt, host, silentLooks } = world;
  const age = (now.getTime() - lookedAt.getTime()) / 1000;
  if (silentLooks > 0)
    return Math.min(firstSilence(interval), Math.max(1, silenceSeconds(silentLooks, interval) - age));
  const changes = asked.flatMap((baseline) => nextChange(deviceSubject(baseline, device), waivers, now) ?? []);
  const passed = host.is === 'recent' ? Math.max(0, age) : 0;
  return Math.min(Math.max(1, interval - passed), ...changes.map((change) => secondsUntil(change, now)));
}

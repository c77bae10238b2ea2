/** A DriftReport as data: what one look at a host says of one baseline. Pure. */
import { resources } from '../../api/generated/resources.ts';
import type { Device } from '../../api/v1alpha1/device.ts';
import type { DeviceBaseline } from '../../api/v1alpha1/deviceBaseline.ts';
import type { DeviceCheck } from '../../api/v1alpha1/deviceCheck.ts';
import type { CheckResult, DriftReport, DriftReportStatus, ReportSummary } from '../../api/v1alpha1/driftReport.ts';
import type { Finding } from '../../api/v1alpha1/finding.ts';
import { digestOf } from '../../lib/digest.ts';
import { joinedName } from '../../lib/names.ts';
import { shortened } from '../../lib/text.ts';
import {
  checksThatAre,
  driftInWords,
  driftOf,
  failingChecks,
  fold,
  unfold,
  worstFirst,
} from '../../findings/finding.ts';
import { findingsOf } from '../checks/findings.ts';
import type { Attempt } from '../attempts.ts';
import { isReportOf, mostFindings, reportIntent, waivedChecks } from '../../findings/report.ts';
import type { Mark } from '../../findings/waiver/marking.ts';
import type { Comparison } from '../checks/checkType.ts';
import type { Action } from '../../runtime/feature.ts';

const longestMessage = 1024;

/** How a check of a baseline came out, and what else is to be said of it where it fails. */
export interface ComparedCheck {
  readonly comparison: Comparison;
  /** What only a person can do about it. */
  readonly byHand?: string;
  /** The last attempt to correct it. */
  readonly last?: Attempt;
}

/** How each check of a baseline came out, in the order of its checks; or why nothing is known of the host. */
export type Look =
  | { is: 'compared'; answers: readonly ComparedCheck[] }
  /** The host was not asked again, for nothing can have changed. */
  | { is: 'asBefore' }
  | { is: 'blind'; message: string };

/** Checks are values and never changed in place: the digest of a baseline's is found out once, not for each of its hosts. */
const revisions = new WeakMap<readonly DeviceCheck[], string>();

/** Digest of the checks: what a rollout moves hosts to. */
export function revisionOf({ spec: { checks } }: DeviceBaseline): string {
  const revision = revisions.get(checks) ?? digestOf(checks);
  revisions.set(checks, revision);
  return revision;
}

export function reportName(baseline: string, device: string): string {
  return joinedName(baseline, device);
}

/** Whether it is the report on this host under this baseline that Holdfast made. */
export function isReportOn(report: DriftReport, device: Device, baseline: string): boolean {
  const { source, target } = report.status ?? {};
  return (
    source?.kind === 'DeviceBaseline' &&
    source.name === baseline &&
    target?.name === device.metadata.name &&
    isReportOf(report, device, reportName(baseline, device.metadata.name))
  );
}

/** Of reports on one baseline, those on these hosts, by the names of these. */
export function reportsOnDevices(
  reports: readonly DriftReport[],
  devices: readonly Device[],
  baseline: string,
): ReadonlyMap<string, DriftReport> {
  const byName = new Map(devices.map((device) => [device.metadata.name, device]));
  return new Map(
    reports.flatMap((report) => {
      const device = byName.get(report.status?.target?.name ?? '');
      return device && isReportOn(report, device, baseline) ? [[device.metadata.name, report] as const] : [];
    }),
  );
}

export interface Looked {
  readonly look: Look;
  /** The report that there was. */
  readonly before: DriftReport | undefined;
  readonly now: Date;
  /** The last run of the baseline that was complete on the host when the look began. */
  readonly afterRun?: string | undefined;
  /** Puts the waivers of now on its findings. */
  readonly mark: Mark;
}

/** What makes the report be as it should. It equals the one before when the answer is the same, so that nothing is written. */
export function reportOf(device: Device, baseline: DeviceBaseline, looked: Looked): ReportAction {
  const { metadata } = device;
  const { before, now, look } = looked;
  const { name } = baseline.metadata;
  const findings = findingsIn(baseline, looked);
  const object = reportIntent({
    owner: device,
    name: reportName(name, metadata.name),
    namespace: metadata.namespace ?? '',
    labels: { 'holdfast.dev/baseline': name, 'holdfast.dev/device': metadata.name },
    status: reportStatus(device, baseline, findings, looked),
    before: before?.status,
    now,
  });
  const found = { findings: look.is === 'compared' ? findings : undefined };
  return { do: 'apply', kind: resources.DriftReport, object, found };
}

export type ReportAction = Extract<Action, { do: 'apply' }>;

function findingsIn({ spec }: DeviceBaseline, { look, now, mark, before }: Looked): readonly Finding[] {
  return [...mark(foundBy(look, spec.checks, unfold(before?.status), now))].sort(worstFirst);
}

function reportStatus(
  device: Device,
  baseline: DeviceBaseline,
  findings: readonly Finding[],
  { look, afterRun }: Looked,
): DriftReportStatus {
  const summary = summaryOf(baseline.spec.checks.length, findings, look);
  // In the order of their names, of which a digest is taken more quickly.
  return {
    ...(afterRun !== undefined && { afterRun }),
    ...fold(findings.slice(0, mostFindings)),
    ...(look.is === 'blind' && { message: look.message }),
    result: resultOf(summary),
    source: { kind: baseline.kind, name: baseline.metadata.name, revision: revisionOf(baseline) },
    summary,
    target: { kind: 'Device', name: device.metadata.name },
  };
}

function foundBy(
  look: Look,
  checks: readonly DeviceCheck[],
  before: readonly Finding[],
  now: Date,
): readonly Finding[] {
  if (look.is === 'asBefore') return before;
  if (look.is === 'blind') return [];
  return checks.flatMap((check, index) => answeredFindings(check, look.answers[index], before, now));
}

function answeredFindings(
  check: DeviceCheck,
  answer: ComparedCheck = { comparison: { is: 'unknown', message: 'the probe returned no result' } },
  before: readonly Finding[],
  now: Date,
): Finding[] {
  const { comparison, byHand, last } = answer;
  const findings = findingsOf(check, comparison, before, now).sort(worstFirst);
  if (byHand !== undefined) return told(findings, byHand).map((finding) => ({ ...finding, manual: true }));
  const failed = last && last.drift === driftOf(findings) ? failureInWords(last) : undefined;
  return failed === undefined ? findings : told(findings, failed);
}

/** Why an attempt at the drift that is there now did not succeed. */
function failureInWords({ outcome, message, run }: Attempt): string | undefined {
  if (outcome === 'Verified' || message === undefined) return undefined;
  return `AnsibleRun ${run} ${outcome === 'Refused' ? 'left it unchanged' : 'did not correct it'}: ${message}`;
}

/** What is to be said of the whole check is said once. */
function told([first, ...rest]: readonly Finding[], more: string): Finding[] {
  if (!first) return [];
  const message = shortened([first.message, more].filter(Boolean).join('; '), longestMessage);
  return [{ ...first, message }, ...rest];
}

function summaryOf(total: number, findings: readonly Finding[], look: Look): ReportSummary {
  const failing = failingChecks(findings);
  const fail = failing.length;
  const waived = waivedChecks(findings).length;
  const unknown = look.is === 'blind' ? total : checksThatAre('Unknown', findings);
  const notApplicable = checksThatAre('NotApplicable', findings);
  return {
    drift: driftInWords(failing.map(({ severity }) => severity)),
    fail,
    ...(notApplicable && { notApplicable }),
    pass: total - fail - waived - unknown - notApplicable,
    unknown,
    waived,
  };
}

function resultOf({ pass = 0, fail, waived, unknown }: ReportSummary): CheckResult {
  if (fail) return 'Fail';
  if (unknown) return 'Unknown';
  if (waived) return 'Waived';
  return pass ? 'Pass' : 'NotApplicable';
}

/** A DriftReport as data: who owns it, what it is called, and since when it says what it says. Pure. */
import type {
  CheckResult,
  DriftReport,
  DriftReportStatus,
  ReportSource,
  ReportTarget,
} from '../api/v1alpha1/driftReport.ts';
import type { Finding } from '../api/v1alpha1/finding.ts';
import type { Resource } from '../api/v1alpha1/shared.ts';
import { digestOf } from '../lib/digest.ts';
import { labelled } from '../lib/names.ts';
import type { Intent } from '../runtime/feature.ts';
import { checksThatAre, driftInWords, failingChecks, fold } from './finding.ts';

/** In one report; what is beyond is counted. */
export const mostFindings = 100;

export interface Reported {
  /** With it the report goes. */
  readonly owner: Resource;
  readonly name: string;
  readonly namespace: string;
  /** By which people select it; a value that no label can hold is left out. */
  readonly labels: Readonly<Record<string, string>>;
  readonly status: DriftReportStatus;
  /** As it was. */
  readonly before: DriftReportStatus | undefined;
  readonly now: Date;
}

/** The report that should be. It equals the one before when the answer is the same, so that nothing is written. */
export function reportIntent({ owner, name, namespace, labels, status, ...rest }: Reported): Intent {
  const { apiVersion, kind, metadata } = owner;
  return {
    apiVersion,
    kind: 'DriftReport',
    metadata: {
      name,
      namespace,
      labels: { 'app.kubernetes.io/managed-by': 'holdfast', ...labelled(labels) },
      ownerReferences: [{ apiVersion, kind, name: metadata.name, uid: metadata.uid ?? '', controller: true }],
    },
    spec: {},
    status: { ...status, observedTime: observedTimeOf({ status, ...rest }) },
  };
}

/** Whether it is the report of this name and owner: what anybody else made or copied says nothing. */
export function isReportOf({ metadata }: DriftReport, { kind, metadata: owner }: Resource, name: string): boolean {
  const { uid } = owner;
  const owned = metadata.ownerReferences?.some((one) => one.controller && one.kind === kind && one.uid === uid);
  return metadata.name === name && uid !== undefined && (owned ?? false);
}

function observedTimeOf({ status, before, now }: Pick<Reported, 'status' | 'before' | 'now'>): string {
  const earlier = before?.observedTime;
  const isSame = earlier && storedContentOf(before) === contentOf(status);
  return isSame ? earlier : now.toISOString();
}

/** Those of stored reports, which many passes find as they are. */
const contents = new WeakMap<DriftReportStatus, string>();

/** All that it says, but when. */
function contentOf({ observedTime: _, ...said }: DriftReportStatus): string {
  return digestOf(said);
}

function storedContentOf(status: DriftReportStatus): string {
  const content = contents.get(status) ?? contentOf(status);
  contents.set(status, content);
  return content;
}

/** What is reported of a target of which only what does not pass is known: passes are not counted. Findings come worst first, marked. */
export function failuresReported(
  source: ReportSource,
  target: ReportTarget,
  findings: readonly Finding[],
): DriftReportStatus {
  const failing = failingChecks(findings);
  const [waived, unknown] = [waivedChecks(findings).length, checksThatAre('Unknown', findings)];
  const more = findings.length - mostFindings;
  return {
    source,
    target,
    result: failing.length ? 'Fail' : unknown ? 'Unknown' : waived ? 'Waived' : 'Pass',
    summary: {
      fail: failing.length,
      waived,
      unknown,
      drift: driftInWords(failing.map(({ severity }) => severity)),
    },
    ...fold(findings.slice(0, mostFindings)),
    ...(more > 0 && { moreFindings: more }),
  };
}

/** Checks of which all that fails is waived. */
export function waivedChecks(findings: readonly Finding[]): string[] {
  const open = new Set(failingChecks(findings).map(({ check }) => check));
  const waived = findings.flatMap(({ check, waiver }) => (waiver === undefined || open.has(check) ? [] : [check]));
  return [...new Set(waived)];
}

/** What a report says, by findings that were marked. What it has no room to show counts as open; `undefined` when it says nothing yet. */
export function resultAt(status: DriftReport['status'], marked: readonly Finding[]): CheckResult | undefined {
  if (!status?.summary) return undefined;
  const { pass, fail, waived, unknown, notApplicable = 0 } = status.summary;
  const shownWaived = marked.some(({ waiver }) => waiver !== undefined) ? waivedChecks(marked).length : 0;
  const open = fail + waived - shownWaived;
  if (open > 0 || marked.some(({ result, waiver }) => result === 'Fail' && waiver === undefined)) return 'Fail';
  if (unknown || status.message !== undefined) return 'Unknown';
  if (shownWaived) return 'Waived';
  return notApplicable && !pass ? 'NotApplicable' : 'Pass';
}

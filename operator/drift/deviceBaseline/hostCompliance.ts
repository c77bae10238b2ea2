/** How one selected host stands to a baseline. Pure. */
import type { Device } from '../../api/v1alpha1/device.ts';
import type { DriftReport, ReportSummary } from '../../api/v1alpha1/driftReport.ts';
import type { Finding } from '../../api/v1alpha1/finding.ts';
import { isSuspended } from '../../api/suspension.ts';
import { counted } from '../../lib/text.ts';
import { failingChecks, failuresInWords } from '../../findings/finding.ts';
import { resultAt, waivedChecks } from '../../findings/report.ts';
import type { Mark } from '../../findings/waiver/marking.ts';

export interface HostCompliance {
  readonly device: Device;
  /** Nobody has looked yet. */
  readonly isPending?: true;
  readonly is: 'compliant' | 'drifted' | 'waived' | 'unknown' | 'notApplicable';
  /** In one line, for people. */
  readonly words: string;
  /** Why nothing at all could be read of it. */
  readonly blind?: string;
  /** The report, when it answers for the revision asked. */
  readonly report?: DriftReport;
}

/**
 * A report on an older revision, or on a host that is not looked at, does not count: unknown is never compliant. `mark` puts the waivers
 * of now on its findings: what the report says of them is of the time of the look.
 */
export function hostComplianceOf(
  device: Device,
  { report, revision, mark }: { report: DriftReport | undefined; revision: string; mark: Mark },
  now: Date,
): HostCompliance {
  if (isSuspended(device.spec.suspend, now)) return { device, is: 'unknown', words: 'suspended' };
  const status = report?.status;
  if (!report || !status?.summary || status.source?.revision !== revision)
    return { device, is: 'unknown', isPending: true, words: 'not evaluated yet' };
  const { summary, message, findings: stored = [] } = status;
  const findings = mark(stored);
  const marked = findings === stored ? report : { ...report, status: { ...status, findings: [...findings] } };
  const waived = waivedChecks(findings).length;
  switch (resultAt(status, findings)) {
    case 'Fail':
      return { device, is: 'drifted', report: marked, words: driftedInWords(findings, waived) };
    case 'Waived':
      return { device, is: 'waived', report: marked, words: `${counted(waived, 'check')} waived` };
    case 'Pass':
      return { device, is: 'compliant', report: marked, words: holdingInWords(summary) };
    case 'NotApplicable':
      return { device, is: 'notApplicable', report: marked, words: 'no check applies to this host' };
    default:
      return {
        device,
        is: 'unknown',
        report: marked,
        ...(message !== undefined && { blind: message }),
        words: message ?? `${counted(summary.unknown, 'check')} could not be read`,
      };
  }
}

function holdingInWords({ notApplicable }: ReportSummary): string {
  return notApplicable
    ? `all applicable checks pass; ${counted(notApplicable, 'check')} not applicable`
    : 'all checks pass';
}

function driftedInWords(findings: readonly Finding[], waived: number): string {
  return `${failuresInWords(failingChecks(findings))}${waived ? `; ${waived} waived` : ''}`;
}

const order: readonly HostCompliance['is'][] = ['drifted', 'unknown', 'waived', 'notApplicable', 'compliant'];

/** Worst first: drifted before unknown, critical and many failures first, then by name. */
export function worstFirst(hosts: readonly HostCompliance[]): HostCompliance[] {
  const ranked = hosts.map((host) => {
    const failing = failingChecks(host.report?.status?.findings ?? []);
    const critical = failing.filter(({ severity }) => severity === 'Critical').length;
    return { host, place: order.indexOf(host.is), critical, failing: failing.length, name: host.device.metadata.name };
  });
  return ranked
    .sort(
      (a, b) => a.place - b.place || b.critical - a.critical || b.failing - a.failing || a.name.localeCompare(b.name),
    )
    .map(({ host }) => host);
}

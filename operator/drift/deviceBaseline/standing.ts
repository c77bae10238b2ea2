/** How one selected host stands to a baseline. Pure. */
import type { Device } from '../../api/v1alpha1/device.ts';
import type { DriftReport } from '../../api/v1alpha1/driftReport.ts';
import { isSuspended } from '../../api/suspension.ts';
import { counted } from '../../lib/text.ts';
import { failingChecks, standingInWords } from '../finding.ts';

export interface Standing {
  readonly device: Device;
  readonly is: 'compliant' | 'drifted' | 'waived' | 'unknown';
  /** In one line, for people. */
  readonly words: string;
  /** The report, when it answers for the revision asked. */
  readonly report?: DriftReport;
}

/** A report on an older revision, or on a host that is not looked at, does not count: unknown is never compliant. */
export function standingOf(device: Device, report: DriftReport | undefined, revision: string, now: Date): Standing {
  if (isSuspended(device.spec.suspend, now)) return { device, is: 'unknown', words: 'suspended' };
  const status = report?.status;
  if (!status?.summary || status.source?.revision !== revision)
    return { device, is: 'unknown', words: 'not yet looked at' };
  const { summary, findings = [], message } = status;
  switch (status.result) {
    case 'Fail':
      return { device, is: 'drifted', report, words: standingInWords(failingChecks(findings)) };
    case 'Pass':
      return summary.waived
        ? { device, is: 'waived', report, words: `${counted(summary.waived, 'check')} waived` }
        : { device, is: 'compliant', report, words: 'all checks hold' };
    default:
      return {
        device,
        is: 'unknown',
        report,
        words: message ?? `${counted(summary.unknown, 'check')} could not be read`,
      };
  }
}

const order: readonly Standing['is'][] = ['drifted', 'unknown', 'waived', 'compliant'];

/** Worst first: drifted before unknown, critical and many failures first, then by name. */
export function worstStandingFirst(a: Standing, b: Standing): number {
  const critical = ({ report }: Standing) =>
    failingChecks(report?.status?.findings ?? []).filter(({ severity }) => severity === 'Critical').length;
  const failing = ({ report }: Standing) => report?.status?.summary?.fail ?? 0;
  return (
    order.indexOf(a.is) - order.indexOf(b.is) ||
    critical(b) - critical(a) ||
    failing(b) - failing(a) ||
    a.device.metadata.name.localeCompare(b.device.metadata.name)
  );
}

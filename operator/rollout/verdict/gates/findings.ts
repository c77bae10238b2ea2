/**
 * `findings`: checks of any baseline on hosts that have the revision. It fails when a check of at least `minSeverity` fails there that did not
 * fail before the host had it and is not waived. What cannot be read is inconclusive. A check that was unknown before as well keeps
 * the rollout from being promoted, but is not held against the revision: it never becomes a rollback. Pure.
 */
import type { Finding } from '../../../api/v1alpha1/finding.ts';
import type { Severity } from '../../../api/v1alpha1/shared.ts';
import { severities } from '../../../findings/severity.ts';
import { counted, listed } from '../../../lib/text.ts';
import type { ReportEvidence } from '../evidence.ts';
import { is, unknown, type Evaluated, type Gate } from '../gate.ts';

export const findings: Gate = ({ rollout: { gates }, evidence }) =>
  gates.findings ? [{ gate: 'findings', ...found(gates.findings.minSeverity, evidence.findings ?? []) }] : [];

function found(least: Severity, reports: readonly ReportEvidence[]): Omit<Evaluated, 'gate'> {
  const details = { limit: `no new failing check of severity ${least} or higher`, samples: reports.length };
  const failing = reports.flatMap((report) => newlyFailing(report, least));
  if (failing.length) {
    const message = `${counted(failing.length, 'check')} ${failing.length === 1 ? 'fails' : 'fail'} that did not before: ${listed(failing)}`;
    return is('Fail', 'NewFindings', message, { ...details, value: `${failing.length}` });
  }
  if (!reports.length) return unknown('NothingKnown', 'no host that has the revision was evaluated', details);
  const missing = reports.filter((report) => !report.isKnown || (report.moreFindings ?? 0) > 0);
  if (missing.length) {
    const words = missing.map(
      ({ device, baseline, message }) => `${baseline} on ${device}${message ? ` (${message})` : ''}`,
    );
    return unknown('ResultsIncomplete', `not known in full: ${listed(words)}`, details);
  }
  const open = reports.flatMap((report) => unknownChecks(report, least));
  if (open.length) {
    const message = `unknown: ${listed(open.map(({ words }) => words))}; see the DriftReports, or waive the checks`;
    return is('Inconclusive', 'ResultsUnknown', message, { ...details, isBlind: open.some(({ isNew }) => isNew) });
  }
  return is('Pass', 'NoNewFindings', `no such check in ${counted(reports.length, 'report')}`, {
    ...details,
    value: '0',
  });
}

/** Checks of which every failure is new: one that failed before, at another place or with another value, is the same trouble. */
function newlyFailing(report: ReportEvidence, least: Severity): string[] {
  const failing = report.findings.filter(({ result }) => result === 'Fail');
  return [...Map.groupBy(failing, ({ check }) => check)]
    .filter(([, ofCheck]) => ofCheck.every((one) => isNew(one, report)))
    .filter(([, ofCheck]) => ofCheck.some((one) => one.waiver === undefined && counts(one, least)))
    .map(([check]) => `${check} on ${report.device}`);
}

function unknownChecks(report: ReportEvidence, least: Severity): { words: string; isNew: boolean }[] {
  return report.findings
    .filter((one) => one.result === 'Unknown' && one.waiver === undefined && counts(one, least))
    .map((one) => ({ words: `${one.check} on ${report.device}`, isNew: isNew(one, report) }));
}

/** A finding without a time could be new: it is. */
function isNew({ since }: Finding, report: ReportEvidence): boolean {
  return !(Date.parse(since ?? '') < Date.parse(report.since));
}

/** A severity that is not known matters as much as any. */
function counts({ severity }: Finding, least: Severity): boolean {
  return severities.indexOf(severity) <= severities.indexOf(least);
}

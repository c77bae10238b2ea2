/** The Finding: the one currency of Holdfast. How a comparison becomes findings, and how findings are summed up. */
import type { DeviceCheck } from '../api/v1alpha1/deviceCheck.ts';
import type { FieldWriter, Finding, ObjectRef } from '../api/v1alpha1/driftReport.ts';
import type { Severity } from '../api/v1alpha1/shared.ts';
import { digestOf } from '../lib/digest.ts';
import { counted, shortened } from '../lib/text.ts';
import type { Comparison } from './checks/checkType.ts';

const severities: readonly Severity[] = ['Critical', 'High', 'Medium', 'Low'];
const longestValue = 512;

/** The findings of one check; none when it holds. A finding that was there before keeps its first time. */
export function findingsOf(
  check: DeviceCheck,
  comparison: Comparison,
  before: readonly Finding[],
  now: Date,
): Finding[] {
  const differences =
    comparison.is === 'known'
      ? comparison.differences.map((difference) => ({ ...difference, result: 'Fail' as const }))
      : [{ path: '', expected: '', actual: '', message: comparison.message, result: 'Unknown' as const }];
  return differences.map((difference) => makeFinding(check, difference, before, now));
}

/** What a finding is made of. */
export interface Found {
  readonly result: Finding['result'];
  readonly path: string;
  readonly expected: string;
  readonly actual: string;
  readonly message?: string;
  readonly object?: ObjectRef;
  readonly manager?: FieldWriter;
}

/** A finding keeps the time at which it was first there. Its identity is what differs, where and how, not who wrote it. */
export function makeFinding(
  check: Pick<DeviceCheck, 'name' | 'severity' | 'controls'>,
  { result, path, expected, actual, message, object, manager }: Found,
  before: readonly Finding[],
  now: Date,
): Finding {
  const fingerprint = digestOf({ check: check.name, object, path, expected, actual });
  const earlier = before.find((finding) => finding.fingerprint === fingerprint && finding.result === result);
  return {
    check: check.name,
    severity: check.severity ?? 'Medium',
    result,
    ...(object && { object }),
    path: shortened(path, longestValue),
    expected: shortened(expected, longestValue),
    actual: shortened(actual, longestValue),
    ...(message && { message: shortened(message, longestValue) }),
    ...(manager && { manager }),
    fingerprint,
    firstObservedTime: earlier?.firstObservedTime ?? now.toISOString(),
    ...(check.controls?.length && { controls: check.controls }),
  };
}

/** Identity of the drift of one check on one host: of all its differences together. */
export function driftFingerprint(findings: readonly Finding[]): string {
  return digestOf(findings.map((finding) => finding.fingerprint).sort());
}

/** Worst first: failures before the unknown, what is waived last, then by severity, then by name. */
export function worstFirst(a: Finding, b: Finding): number {
  return (
    Number(a.waiver !== undefined) - Number(b.waiver !== undefined) ||
    Number(a.result === 'Unknown') - Number(b.result === 'Unknown') ||
    severities.indexOf(a.severity) - severities.indexOf(b.severity) ||
    a.check.localeCompare(b.check) ||
    a.path.localeCompare(b.path)
  );
}

/** Failing checks, each once, worst first, without what is waived. */
export function failingChecks(findings: readonly Finding[]): { check: string; severity: Severity }[] {
  const failing = new Map<string, Severity>();
  for (const { check, severity, result, waiver } of [...findings].sort(worstFirst))
    if (result === 'Fail' && waiver === undefined) failing.set(check, severity);
  return [...failing].map(([check, severity]) => ({ check, severity }));
}

/** `3 (1 critical)`, or `0`. */
export function driftInWords(severitiesOfFailing: readonly Severity[]): string {
  const critical = severitiesOfFailing.filter((severity) => severity === 'Critical').length;
  return critical ? `${severitiesOfFailing.length} (${critical} critical)` : `${severitiesOfFailing.length}`;
}

/** `2 checks fail (1 critical): motd, sshd-no-root`. */
export function standingInWords(failing: readonly { check: string; severity: Severity }[]): string {
  const critical = failing.filter(({ severity }) => severity === 'Critical').length;
  const names = failing.map(({ check }) => check);
  const some = names.length > 4 ? `${names.slice(0, 4).join(', ')}, …` : names.join(', ');
  return `${counted(failing.length, 'check')} ${failing.length === 1 ? 'fails' : 'fail'}${critical ? ` (${critical} critical)` : ''}: ${some}`;
}

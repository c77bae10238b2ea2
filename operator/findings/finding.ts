/** The Finding: the one currency of Holdfast. How it is made, what makes it the same again, and how findings are summed up. Pure. */
import { fingerprintOf, identityOf } from '../api/fingerprint.ts';
import type { DeviceCheck } from '../api/v1alpha1/deviceCheck.ts';
import type { FieldWriter, Finding, ObjectRef } from '../api/v1alpha1/finding.ts';
import type { Severity } from '../api/v1alpha1/shared.ts';
import { digestOf, sha256 } from '../lib/digest.ts';
import { counted, shortened } from '../lib/text.ts';
import { severities } from './severity.ts';

const results: readonly Finding['result'][] = ['Fail', 'Unknown', 'NotApplicable'];
const longestValue = 512;
const longestMessage = 1024;

/** What a finding is made of. */
export interface Found {
  readonly result: Finding['result'];
  readonly path?: string;
  readonly expected?: string;
  readonly actual?: string;
  readonly message?: string;
  readonly object?: ObjectRef;
  readonly manager?: FieldWriter;
}

/** A finding keeps the time at which it was first there. */
export function makeFinding(
  check: Pick<DeviceCheck, 'name' | 'severity' | 'controls'>,
  { result, path, expected, actual, message, object, manager }: Found,
  before: readonly Finding[],
  now: Date,
): Finding {
  const differs = result === 'Fail';
  // In the order of their names, of which a digest is taken more quickly.
  const finding: Finding = {
    check: check.name,
    ...(check.controls?.length && { controls: check.controls.join(', ') }),
    ...(differs && { expected: value(expected), found: value(actual) }),
    ...(manager && { manager }),
    ...(message && { message: shortened(message, longestMessage) }),
    ...(object && { object }),
    ...(path && { path: cut(path) }),
    result,
    severity: check.severity ?? 'Medium',
  };
  return { ...finding, since: sinceOf(finding, before) ?? now.toISOString() };
}

/** Findings of before are looked up once for each of now, and may be thousands. */
const known = new WeakMap<readonly Finding[], ReadonlyMap<string, readonly Finding[]>>();

/** That of the same finding: of several in one place, such as keys that lack in one file, the one of the same value. */
function sinceOf(finding: Finding, before: readonly Finding[]): string | undefined {
  const places = known.get(before) ?? Map.groupBy(before, placeOf);
  known.set(before, places);
  const there = places.get(placeOf(finding)) ?? [];
  const same = there.find((one) => fingerprintOf(one) === fingerprintOf(finding));
  return (same ?? (there.length === 1 ? there[0] : undefined))?.since;
}

function placeOf(finding: Finding): string {
  return `${finding.result} ${identityOf(finding)}`;
}

function value(text: string | undefined): string {
  return text ? cut(text) : '""';
}

/** A long value ends in a digest of all of it, so that a change beyond what is shown is another finding. */
function cut(text: string): string {
  return text.length <= longestValue
    ? text
    : `${text.slice(0, longestValue - 32).toWellFormed()}… (sha256 ${sha256(text).slice(0, 16)})`;
}

/** Findings as they are stored: the time that most of them share stands beside them, once. */
export interface Folded {
  readonly findings?: Finding[];
  readonly findingsSince?: string;
}

export function fold(findings: readonly Finding[]): Folded {
  const times = Map.groupBy(findings, ({ since }) => since);
  const [most] = [...times].sort(([, a], [, b]) => b.length - a.length)[0] ?? [];
  if (most === undefined) return findings.length ? { findings: [...findings] } : {};
  return {
    findings: findings.map((finding) => (finding.since === most ? without(finding) : finding)),
    findingsSince: most,
  };
}

/** The stored findings, each with its time. */
export function unfold({ findings = [], findingsSince }: Folded = {}): readonly Finding[] {
  if (findingsSince === undefined) return findings;
  return findings.map((finding) => (finding.since === undefined ? { ...finding, since: findingsSince } : finding));
}

function without({ since: _, ...finding }: Finding): Finding {
  return finding;
}

/** Identity of the drift of one check on one host: of all its differences together. */
export function driftOf(findings: readonly Finding[]): string {
  return digestOf(findings.map(fingerprintOf).sort()).slice('sha256:'.length, 'sha256:'.length + 12);
}

/** Worst first: failures before the unknown, then what is waived, what does not apply last; then by severity, then by name. */
export function worstFirst(a: Finding, b: Finding): number {
  return (
    Number(a.result === 'NotApplicable') - Number(b.result === 'NotApplicable') ||
    Number(a.waiver !== undefined) - Number(b.waiver !== undefined) ||
    results.indexOf(a.result) - results.indexOf(b.result) ||
    severities.indexOf(a.severity) - severities.indexOf(b.severity) ||
    a.check.localeCompare(b.check) ||
    (a.path ?? '').localeCompare(b.path ?? '')
  );
}

/** Failing checks, each once, worst first, without what is waived. */
export function failingChecks(findings: readonly Finding[]): { check: string; severity: Severity }[] {
  const failing = new Map<string, Severity>();
  for (const { check, severity, result, waiver } of [...findings].sort(worstFirst))
    if (result === 'Fail' && waiver === undefined) failing.set(check, severity);
  return [...failing].map(([check, severity]) => ({ check, severity }));
}

/** How many checks came out so. */
export function checksThatAre(result: Finding['result'], findings: readonly Finding[]): number {
  return new Set(findings.filter((finding) => finding.result === result).map(({ check }) => check)).size;
}

/** `3 (1 critical)`, or `0`. */
export function driftInWords(severitiesOfFailing: readonly Severity[]): string {
  const critical = severitiesOfFailing.filter((severity) => severity === 'Critical').length;
  return critical ? `${severitiesOfFailing.length} (${critical} critical)` : `${severitiesOfFailing.length}`;
}

/** `2 checks fail (1 critical): motd, sshd-no-root`. */
export function failuresInWords(failing: readonly { check: string; severity: Severity }[]): string {
  const critical = failing.filter(({ severity }) => severity === 'Critical').length;
  const names = failing.map(({ check }) => check);
  const some = names.length > 4 ? `${names.slice(0, 4).join(', ')}, …` : names.join(', ');
  return `${counted(failing.length, 'check')} ${failing.length === 1 ? 'fails' : 'fail'}${critical ? ` (${critical} critical)` : ''}: ${some}`;
}

/**
 * What fails on hosts and can be corrected by hand now, and what is left as it is and why: what is waived, left for a person, contradicted, suspended,
 * not known as it is now, or another revision than the one that a rollout assigned. Pure.
 */
import type { AnsibleRunSpec } from '../../../api/v1alpha1/ansibleRun.ts';
import type { Device } from '../../../api/v1alpha1/device.ts';
import type { DeviceBaseline } from '../../../api/v1alpha1/deviceBaseline.ts';
import type { DriftReport } from '../../../api/v1alpha1/driftReport.ts';
import type { Finding } from '../../../api/v1alpha1/finding.ts';
import type { PolicyWaiver } from '../../../api/v1alpha1/policyWaiver.ts';
import { hostCorrections, type Correction } from '../../../drift/corrections.ts';
import { allowedAtOnce } from '../../../drift/deviceBaseline/correction.ts';
import { hostEvaluation } from '../../../drift/deviceBaseline/evaluation.ts';
import { deviceSubject } from '../../../drift/deviceBaseline/source.ts';
import { isReportOn, revisionOf } from '../../../drift/driftReport/report.ts';
import { assignedTo, isReturning, isRolledOut } from '../../../drift/revision/assignment.ts';
import { driftOf } from '../../../findings/finding.ts';
import { marking } from '../../../findings/waiver/marking.ts';
import { shortened } from '../../../lib/text.ts';

export interface Fleet {
  /** Those that were named. */
  readonly devices: readonly Device[];
  readonly baselines: readonly DeviceBaseline[];
  readonly reports: readonly DriftReport[];
  readonly waivers: readonly PolicyWaiver[];
  /** How many hosts each baseline has in all. */
  readonly sizeOf: (baseline: DeviceBaseline) => number;
  readonly selects: (baseline: DeviceBaseline, device: Device) => boolean;
}

export interface Choice {
  readonly baseline: string | undefined;
  /** All when empty. */
  readonly checks: readonly string[];
}

/** Of one baseline, by which one run is made. */
export interface Correctable {
  readonly baseline: DeviceBaseline;
  readonly corrections: readonly Correction[];
}

/** What is left as it is, in words. */
export interface Left {
  readonly device: string;
  readonly baseline: string;
  /** Absent where it is all of them. */
  readonly check?: string;
  readonly why: string;
}

export interface Failing {
  readonly correctable: readonly Correctable[];
  readonly left: readonly Left[];
}

export function failingOn(fleet: Fleet, { baseline: only, checks }: Choice, now: Date): Failing {
  const left: Left[] = [];
  const correctable = fleet.baselines.flatMap((baseline): Correctable[] => {
    if (only !== undefined && baseline.metadata.name !== only) return [];
    const corrections = fleet.devices
      .filter((device) => fleet.selects(baseline, device))
      .flatMap((device) => correctionsOn(device, baseline, { ...fleet, checks, left }, now));
    return corrections.length > 0 ? [{ baseline, corrections }] : [];
  });
  return { correctable, left };
}

interface Asked extends Fleet {
  readonly checks: readonly string[];
  readonly left: Left[];
}

function correctionsOn(device: Device, baseline: DeviceBaseline, asked: Asked, now: Date): Correction[] {
  const place = { device: device.metadata.name, baseline: baseline.metadata.name };
  const wanted = (name: string): boolean => asked.checks.length === 0 || asked.checks.includes(name);
  if (!baseline.spec.checks.some(({ name }) => wanted(name))) return [];
  const report = asked.reports.find((one) => isReportOn(one, device, baseline.metadata.name));
  const evaluation = hostEvaluation({ baseline, device, report }, now);
  const why = assignmentProblem(device, baseline) ?? (evaluation.state === 'Seen' ? undefined : evaluation.reason);
  if (why !== undefined || evaluation.state !== 'Seen') {
    asked.left.push({ ...place, why: why ?? 'it is not known how it is' });
    return [];
  }
  if (evaluation.unlisted > 0)
    asked.left.push({ ...place, why: `${evaluation.unlisted} checks do not pass that its report has no room for` });
  const marked = marking(deviceSubject(baseline, device), asked.waivers, now)(evaluation.findings);
  const byCheck = Map.groupBy(
    marked.filter(({ check }) => wanted(check)),
    ({ check }) => check,
  );
  return [...byCheck].flatMap(([check, findings]): Correction[] => {
    const reason = whyLeft(check, findings, baseline);
    if (reason !== undefined) asked.left.push({ ...place, check, why: shortened(reason, 500) });
    const failing = findings.filter(({ result }) => result === 'Fail');
    if (reason !== undefined || failing.length === 0) return [];
    return [{ device: place.device, check, attempt: 1, drift: driftOf(failing) }];
  });
}

/** A rollout alone decides which host has which revision. */
function assignmentProblem({ metadata: { name } }: Device, baseline: DeviceBaseline): string | undefined {
  const { assignment } = baseline.status ?? {};
  if (isReturning(assignment, name)) return 'a rollback of its rollout is in progress there';
  if (!isRolledOut(baseline)) return undefined;
  return assignedTo(assignment, name) === revisionOf(baseline)
    ? undefined
    : 'its rollout has not given it the declared revision; see `kubectl holdfast rollout get`';
}

/** Undefined for what can be corrected, and for what does not apply. */
function whyLeft(check: string, findings: readonly Finding[], { spec }: DeviceBaseline): string | undefined {
  const unknown = findings.find(({ result }) => result === 'Unknown');
  if (unknown) return `it is unknown: ${unknown.message ?? 'no reason was given'}`;
  const failing = findings.filter(({ result }) => result === 'Fail');
  const waiver = failing.find((one) => one.waiver !== undefined)?.waiver;
  if (waiver !== undefined && failing.every((one) => one.waiver !== undefined))
    return `PolicyWaiver ${waiver} covers it`;
  // Part of it would be changed against the waiver.
  if (waiver !== undefined) return `PolicyWaiver ${waiver} covers a part of it`;
  const manual = failing.find((one) => one.manual);
  if (manual) return `a person has to do it: ${manual.message ?? 'no reason was given'}`;
  return spec.checks.some(({ name }) => name === check) ? undefined : 'its baseline declares it no longer';
}

/** A run as the baseline itself would create one, within what it allows at once. */
export function specOf({ baseline, corrections }: Correctable, size: number): AnsibleRunSpec {
  const { name } = baseline.metadata;
  const { remediation = {} } = baseline.spec;
  const { backend, playbookRef, serial, maxFailPercentage, forks, timeoutSeconds } = remediation;
  const wanted = new Set(corrections.map(({ check }) => check));
  const devices = [...new Set(corrections.map(({ device }) => device))];
  const atOnce = Math.min(serial ?? 200, allowedAtOnce(remediation.maxUnavailable ?? '10%', size));
  return {
    mode: 'Apply',
    deviceNames: devices,
    checks: baseline.spec.checks.filter((check) => wanted.has(check.name)),
    ...(playbookRef && { playbook: { configMapRef: playbookRef } }),
    ...{ backend: backend ?? 'Job', forks: forks ?? 10, timeoutSeconds: timeoutSeconds ?? 1800 },
    ...{ maxFailPercentage: maxFailPercentage ?? 20, serial: atOnce },
    ...{ baselineRef: { name }, revision: revisionOf(baseline), corrections: hostCorrections(corrections) },
  };
}

/**
 * Findings as they stand to waivers at an instant. The flag that a report stores is of the time of the look; whoever counts, tells or
 * corrects marks the findings anew, so that all of them change at the same instant. Pure.
 */
import type { Device } from '../api/v1alpha1/device.ts';
import type { DeviceBaseline } from '../api/v1alpha1/deviceBaseline.ts';
import type { CheckResult, DriftReportStatus } from '../api/v1alpha1/driftReport.ts';
import type { Finding } from '../api/v1alpha1/finding.ts';
import type { PolicyWaiver } from '../api/v1alpha1/policyWaiver.ts';
import { waiverFor } from '../findings/waiver/waiverFor.ts';
import type { WaivedSubject } from '../findings/waiver/subject.ts';
import { failingChecks } from '../findings/finding.ts';

/** Puts the waivers of an instant on findings, and takes others off. */
export type Mark = (findings: readonly Finding[]) => readonly Finding[];

/** A host under a baseline. */
export function subjectOf({ metadata, spec }: DeviceBaseline, device: Pick<Device, 'metadata'>): WaivedSubject {
  return {
    source: { kind: 'DeviceBaseline', name: metadata.name, namespace: metadata.namespace ?? '' },
    ...(spec.waivers && { rules: spec.waivers }),
    target: { device: device.metadata.name, labels: device.metadata.labels },
  };
}

export function marking(
  baseline: DeviceBaseline,
  device: Pick<Device, 'metadata'>,
  waivers: readonly PolicyWaiver[],
  now: Date,
): Mark {
  const subject = subjectOf(baseline, device);
  const marked = (finding: Finding): Finding => {
    const waiver = finding.result === 'Fail' ? waiverFor(finding, subject, waivers, now)?.name : undefined;
    if (finding.waiver === waiver) return finding;
    if (waiver !== undefined) return { ...finding, waiver };
    const open = { ...finding };
    delete open.waiver;
    return open;
  };
  return (findings) =>
    waivers.length || findings.some(({ waiver }) => waiver !== undefined) ? findings.map(marked) : findings;
}

/** Checks of which all that fails is waived. */
export function waivedChecks(findings: readonly Finding[]): string[] {
  const open = new Set(failingChecks(findings).map(({ check }) => check));
  const waived = findings.flatMap(({ check, waiver }) => (waiver === undefined || open.has(check) ? [] : [check]));
  return [...new Set(waived)];
}

/** What a report says, by findings that were marked. What it has no room to show counts as open; `undefined` when it says nothing yet. */
export function resultAt(status: DriftReportStatus | undefined, marked: readonly Finding[]): CheckResult | undefined {
  if (!status?.summary) return undefined;
  const { pass, fail, waived, unknown, notApplicable = 0 } = status.summary;
  const shownWaived = waivedChecks(marked).length;
  const open = fail + waived - shownWaived;
  if (open > 0 || failingChecks(marked).length) return 'Fail';
  if (unknown || status.message !== undefined) return 'Unknown';
  if (shownWaived) return 'Waived';
  return notApplicable && !pass ? 'NotApplicable' : 'Pass';
}

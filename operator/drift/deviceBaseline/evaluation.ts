/** What the report on a host says of a baseline, for evidence: how current it is, and whether it lists all that does not pass. Pure. */
import { isSuspended } from '../../api/suspension.ts';
import type { Device } from '../../api/v1alpha1/device.ts';
import type { DeviceBaseline } from '../../api/v1alpha1/deviceBaseline.ts';
import type { DriftReport, DriftReportStatus } from '../../api/v1alpha1/driftReport.ts';
import { unfold } from '../../findings/finding.ts';
import type { TargetEvaluation } from '../../findings/source.ts';
import { revisionOf } from '../driftReport/report.ts';

interface Reported {
  readonly baseline: DeviceBaseline;
  readonly device: Device;
  /** That of Holdfast, if there is one. */
  readonly report: DriftReport | undefined;
}

export function hostEvaluation(reported: Reported, now: Date): Omit<TargetEvaluation, 'subjectOf'> {
  const { device, report } = reported;
  const target = { kind: 'Device', name: device.metadata.name } as const;
  const { state, reason } = stateOf(reported, now);
  const unlisted = unlistedIn(report?.status);
  return {
    target,
    state,
    ...(reason !== undefined && { reason }),
    findings: unfold(report?.status),
    unlisted,
    rest: state === 'Seen' && unlisted === 0 ? 'Pass' : 'Unknown',
  };
}

function stateOf({ baseline, device, report }: Reported, now: Date): Pick<TargetEvaluation, 'state' | 'reason'> {
  const { metadata, spec, status } = device;
  const reachable = status?.conditions?.find(({ type }) => type === 'Reachable');
  if (isSuspended(spec.suspend, now)) return { state: 'Stale', reason: 'the Device is suspended' };
  if (isSuspended(baseline.spec.suspend, now)) return { state: 'Stale', reason: 'the baseline is suspended' };
  if (reachable?.status === 'False') return { state: 'Unreachable', reason: reachable.message };
  if (!report?.status?.summary || reachable === undefined)
    return { state: 'Unknown', reason: 'it was not evaluated yet' };
  if (reachable.status !== 'True') return { state: 'Unknown', reason: reachable.message };
  if (report.status.message !== undefined) return { state: 'Unknown', reason: report.status.message };
  if (report.status.source?.revision !== revisionOf(baseline))
    return { state: 'Stale', reason: 'it was evaluated against other checks than those that are declared now' };
  if (metadata.generation !== undefined && reachable.observedGeneration !== metadata.generation)
    return { state: 'Stale', reason: 'the Device has changed since it was evaluated' };
  return { state: 'Seen' };
}

/** Checks of which the report counts more than it lists. */
function unlistedIn(status: DriftReportStatus | undefined): number {
  if (!status?.summary || status.message !== undefined) return 0;
  const { fail, waived, unknown, notApplicable = 0 } = status.summary;
  const listed = new Set<string>();
  for (const { check } of status.findings ?? []) listed.add(check);
  return Math.max(status.moreFindings ?? 0, fail + waived + unknown + notApplicable - listed.size, 0);
}

/** Whether a correction that has not begun is still what its baseline asks for: it may have waited for days. Pure. */
import type { AnsibleRun } from '../../api/v1alpha1/ansibleRun.ts';
import type { Device } from '../../api/v1alpha1/device.ts';
import type { DeviceBaseline } from '../../api/v1alpha1/deviceBaseline.ts';
import type { DriftReport } from '../../api/v1alpha1/driftReport.ts';
import type { PolicyWaiver } from '../../api/v1alpha1/policyWaiver.ts';
import { isSuspended } from '../../api/suspension.ts';
import { marking } from '../../findings/waiver/marking.ts';
import { correctionsOf, type Correction } from '../corrections.ts';
import { deviceSubject } from '../deviceBaseline/source.ts';
import { revisionOf } from '../driftReport/report.ts';
import { ownRunsOf } from '../ownRuns.ts';
import { assignedTo, isReturning, isRolledOut } from '../revision/assignment.ts';

/** The reason with which such a run ends: it is no attempt. */
export const unwantedReason = 'NoLongerWanted';

export interface Wanting {
  /** The baseline that the run names; undefined when there is none. */
  readonly baseline?: DeviceBaseline;
  readonly waivers: readonly PolicyWaiver[];
  deviceOf(name: string): Device | undefined;
  reportOn(device: Device): DriftReport | undefined;
}

/** What has changed; undefined for what is still wanted, and for what no baseline created. */
export function whyUnwanted(run: AnsibleRun, wanting: Wanting, now: Date): string | undefined {
  const { baseline } = wanting;
  if (run.spec.revertOf || !baseline || !ownRunsOf(baseline, [run]).length) return undefined;
  const what = `DeviceBaseline ${baseline.metadata.name}`;
  if (baseline.metadata.deletionTimestamp !== undefined) return `${what} is being deleted`;
  if (baseline.spec.mode !== 'Enforce') return `${what} is no longer in mode Enforce`;
  if (isSuspended(baseline.spec.suspend, now)) return `${what} is suspended`;
  const reassigned = reassignedIn(run, baseline);
  if (reassigned !== undefined) return reassigned;
  for (const correction of correctionsOf(run) ?? []) {
    const why = whyLeft(correction, baseline, wanting, now);
    if (why !== undefined) return `${correction.check} on ${correction.device} ${why}`;
  }
  return undefined;
}

/** Why its revision is not that of its hosts. */
function reassignedIn({ spec }: AnsibleRun, baseline: DeviceBaseline): string | undefined {
  if (!isRolledOut(baseline))
    return spec.revision === revisionOf(baseline)
      ? undefined
      : `the checks of DeviceBaseline ${baseline.metadata.name} have changed`;
  const { assignment } = baseline.status ?? {};
  const other = spec.deviceNames?.find(
    (device) => assignedTo(assignment, device) !== spec.revision || isReturning(assignment, device),
  );
  return other === undefined ? undefined : `Device ${other} is assigned another revision`;
}

/**
 * Why the latest report leaves nothing of it to correct. What fails no longer is not left to the run: should it fail again before Ansible is there,
 * nobody would have asked whether that is waived.
 */
function whyLeft(
  { device: name, check }: Correction,
  baseline: DeviceBaseline,
  wanting: Wanting,
  now: Date,
): string | undefined {
  const device = wanting.deviceOf(name);
  const status = device && wanting.reportOn(device)?.status;
  if (!device || !status?.observedTime) return undefined;
  const { findings = [], moreFindings } = status;
  const own = findings.filter((one) => one.check === check);
  const marked = marking(deviceSubject(baseline, device), wanting.waivers, now)(own);
  const open = marked.filter(
    ({ result, waiver }) => result === 'Unknown' || (result === 'Fail' && waiver === undefined),
  );
  if (open.length || moreFindings) return undefined;
  return own.some(({ result }) => result === 'Fail') ? 'is waived' : 'no longer fails';
}

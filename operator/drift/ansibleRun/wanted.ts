/** Whether a correction that has not begun is still what its baseline asks for: it may have waited for days. Pure. */
import type { AnsibleRun } from '../../api/v1alpha1/ansibleRun.ts';
import type { Device } from '../../api/v1alpha1/device.ts';
import type { DeviceBaseline } from '../../api/v1alpha1/deviceBaseline.ts';
import type { DriftReport } from '../../api/v1alpha1/driftReport.ts';
import type { PolicyWaiver } from '../../api/v1alpha1/policyWaiver.ts';
import { isSuspended } from '../../api/suspension.ts';
import { marking } from '../../findings/waiver/marking.ts';
import { correctionsOf } from '../corrections.ts';
import { deviceSubject } from '../deviceBaseline/source.ts';
import { revisionOf } from '../driftReport/report.ts';
import { ownRunsOf } from '../ownRuns.ts';

/** The reason with which such a run ends: it is no attempt. */
export const unwantedReason = 'NoLongerWanted';

export interface Wanting {
  /** The baseline that the run names; undefined when there is none. */
  readonly baseline?: DeviceBaseline;
  readonly waivers: readonly PolicyWaiver[];
  deviceOf(name: string): Device | undefined;
  reportOn(device: string): DriftReport | undefined;
}

/** What has changed; undefined for what is still wanted, and for what no baseline created. */
export function whyUnwanted(run: AnsibleRun, wanting: Wanting, now: Date): string | undefined {
  const { baseline } = wanting;
  if (run.spec.revertOf || !baseline || !ownRunsOf(baseline, [run]).length) return undefined;
  const what = `DeviceBaseline ${baseline.metadata.name}`;
  if (baseline.metadata.deletionTimestamp !== undefined) return `${what} is being deleted`;
  if (baseline.spec.mode !== 'Enforce') return `${what} is no longer in mode Enforce`;
  if (isSuspended(baseline.spec.suspend, now)) return `${what} is suspended`;
  if (run.spec.revision !== revisionOf(baseline)) return `the checks of ${what} have changed`;
  const waived = wanting.waivers.length ? waivedIn(run, baseline, wanting, now) : undefined;
  return waived && `${waived} is waived`;
}

/** The first of its corrections of which everything that fails is waived now. */
function waivedIn(run: AnsibleRun, baseline: DeviceBaseline, wanting: Wanting, now: Date): string | undefined {
  const found = (correctionsOf(run) ?? []).find(({ device: name, check }) => {
    const device = wanting.deviceOf(name);
    const findings = (wanting.reportOn(name)?.status?.findings ?? []).filter((one) => one.check === check);
    const marked = device ? marking(deviceSubject(baseline, device), wanting.waivers, now)(findings) : [];
    const failing = marked.filter(({ result }) => result === 'Fail');
    return failing.length > 0 && failing.every(({ waiver }) => waiver !== undefined);
  });
  return found && `${found.check} on ${found.device}`;
}

/** Indexes over the kinds of this domain: by which values their objects are found in the cache. */
import { resources } from '../api/generated/resources.ts';
import type { AnsibleRun } from '../api/v1alpha1/ansibleRun.ts';
import type { DriftReport } from '../api/v1alpha1/driftReport.ts';
import type { Index } from '../runtime/feature.ts';

export const reportsByDevice: Index<DriftReport> = {
  kind: resources.DriftReport,
  name: 'device',
  valuesOf: (report) => {
    const target = report.status?.target;
    return target?.kind === 'Device' ? [target.name] : [];
  },
};

export const runsByDevice: Index<AnsibleRun> = {
  kind: resources.AnsibleRun,
  name: 'device',
  valuesOf: devicesOf,
};

export const runsByBaseline: Index<AnsibleRun> = {
  kind: resources.AnsibleRun,
  name: 'baseline',
  valuesOf: (run) => present(run.spec.baselineRef?.name),
};

/** The Devices of a run: those it names, or, when it reverts another, those it took from that. */
export function devicesOf(run: AnsibleRun): readonly string[] {
  return run.spec.deviceNames?.length ? run.spec.deviceNames : (run.status?.hosts ?? []).map(({ name }) => name);
}

/** The Devices of a run that has not begun: of one that undoes another, all of that, where it names none. */
export function devicesWith(run: AnsibleRun, reverted: AnsibleRun | undefined): readonly string[] {
  return run.spec.deviceNames?.length ? run.spec.deviceNames : devicesOf(reverted ?? run);
}

function present(value: string | undefined): readonly string[] {
  return value === undefined ? [] : [value];
}

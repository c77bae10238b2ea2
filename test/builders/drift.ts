/** Makes objects of the drift domain for tests: valid by default, each property overridable. */
import type { AnsibleRun, AnsibleRunSpec, AnsibleRunStatus } from '../../operator/api/v1alpha1/ansibleRun.ts';
import type { Device, DeviceSpec } from '../../operator/api/v1alpha1/device.ts';
import type { DeviceBaseline, DeviceBaselineSpec } from '../../operator/api/v1alpha1/deviceBaseline.ts';
import type { DeviceCheck } from '../../operator/api/v1alpha1/deviceCheck.ts';
import type { DriftReport, DriftReportStatus } from '../../operator/api/v1alpha1/driftReport.ts';
import type { Finding } from '../../operator/api/v1alpha1/finding.ts';
import type { CheckObservation } from '../../operator/drift/probe/observation.ts';
import { markAnnotation } from '../../operator/drift/ansibleRun/mark.ts';
import { withoutWork } from '../../operator/drift/ansibleRun/kept.ts';
import { checksThatAre } from '../../operator/findings/finding.ts';
import { revisionOf } from '../../operator/drift/driftReport/report.ts';

const apiVersion = 'holdfast.dev/v1alpha1';
export const now = new Date('2026-03-01T12:00:00.000Z');

/** An instant so many seconds after `now`. */
export function after(seconds: number): string {
  return new Date(now.getTime() + seconds * 1000).toISOString();
}

export function makeDevice(
  name = 'web-01',
  spec: Partial<DeviceSpec> = {},
  labels: Record<string, string> = { os: 'rhel9' },
): Device {
  return {
    apiVersion,
    kind: 'Device',
    metadata: { name, namespace: 'fleet', uid: `uid-${name}`, generation: 1, labels },
    spec: {
      ssh: {
        host: `${name}.example.com`,
        user: 'holdfast',
        hostKeys: ['ssh-ed25519 AAAA'],
        credentialsRef: { name: 'fleet-ssh' },
      },
      ...spec,
    },
  };
}

export const motd: DeviceCheck = {
  name: 'motd',
  severity: 'Low',
  file: { path: '/etc/motd', content: 'hello\n', mode: '0644' },
};
export const rootLogin: DeviceCheck = {
  name: 'sshd-no-root',
  severity: 'Critical',
  sshd: { option: 'PermitRootLogin', value: 'no' },
};

/** What is found of a file: a check of `mode: '0644'` fails when it is another. */
export function fileFound(mode: number): CheckObservation {
  const owned = { owner: 'root', group: 'root', uid: '0', gid: '0' };
  return { is: 'observed', value: { is: 'file', mode, ...owned, hasAccessList: false, isPublic: true } };
}

export function makeBaseline(spec: Partial<DeviceBaselineSpec> = {}, name = 'rhel9'): DeviceBaseline {
  return {
    apiVersion,
    kind: 'DeviceBaseline',
    metadata: { name, namespace: 'fleet', uid: `uid-${name}`, generation: 1 },
    spec: { selector: { matchLabels: { os: 'rhel9' } }, checks: [motd, rootLogin], ...spec },
  };
}

/** The baseline with these runs as those that it created. */
export function havingCreated(baseline: DeviceBaseline, runs: readonly AnsibleRun[]): DeviceBaseline {
  return { ...baseline, status: { ...baseline.status, runs: runs.map(({ metadata }) => metadata.uid ?? '') } };
}

export function makeFinding(check: DeviceCheck, finding: Partial<Finding> = {}): Finding {
  return {
    check: check.name,
    severity: check.severity ?? 'Medium',
    result: 'Fail',
    path: 'content',
    expected: 'a',
    found: 'b',
    since: after(-60),
    ...finding,
  };
}

/** A report of `device` on `baseline`: a pass without findings. */
export function makeReport(
  baseline: DeviceBaseline,
  device: Device,
  findings: Finding[] = [],
  status: Partial<DriftReportStatus> = {},
): DriftReport {
  const failing = checksThatAre('Fail', findings);
  const unknown = checksThatAre('Unknown', findings);
  const notApplicable = checksThatAre('NotApplicable', findings);
  const pass = baseline.spec.checks.length - failing - unknown - notApplicable;
  return {
    apiVersion,
    kind: 'DriftReport',
    metadata: {
      name: `${baseline.metadata.name}.${device.metadata.name}`,
      namespace: 'fleet',
      uid: `uid-report-${device.metadata.name}`,
      ownerReferences: [
        { apiVersion, kind: 'Device', name: device.metadata.name, uid: device.metadata.uid ?? '', controller: true },
      ],
    },
    spec: {},
    status: {
      source: { kind: 'DeviceBaseline', name: baseline.metadata.name, revision: revisionOf(baseline) },
      target: { kind: 'Device', name: device.metadata.name },
      result: failing ? 'Fail' : unknown ? 'Unknown' : pass ? 'Pass' : 'NotApplicable',
      summary: {
        pass,
        fail: failing,
        waived: 0,
        unknown,
        ...(notApplicable && { notApplicable }),
        drift: `${failing}`,
      },
      ...(findings.length && { findings }),
      observedTime: after(-30),
      ...status,
    },
  };
}

/** As the apiserver has it. */
export function makeWholeRun(name: string, spec: Partial<AnsibleRunSpec> = {}, status?: AnsibleRunStatus): AnsibleRun {
  return {
    apiVersion,
    kind: 'AnsibleRun',
    metadata: {
      name,
      namespace: 'fleet',
      uid: `uid-${name}`,
      generation: 1,
      annotations: { [markAnnotation]: `uid-${name}` },
      ownerReferences: [{ apiVersion, kind: 'DeviceBaseline', name: 'rhel9', uid: 'uid-rhel9', controller: true }],
    },
    spec: {
      mode: 'Apply',
      deviceNames: ['web-01'],
      checks: [motd],
      backend: 'Local',
      baselineRef: { name: 'rhel9' },
      ...spec,
    },
    ...(status && { status }),
  };
}

/** As the cache has it. */
export function makeRun(...given: Parameters<typeof makeWholeRun>): AnsibleRun {
  return withoutWork(makeWholeRun(...given));
}

/** A DriftReport as data: what one look at a host says of one baseline. Pure. */
import type { Device } from '../../api/v1alpha1/device.ts';
import type { DeviceBaseline } from '../../api/v1alpha1/deviceBaseline.ts';
import type { DriftReport, DriftReportStatus, Finding } from '../../api/v1alpha1/driftReport.ts';
import { digestOf } from '../../lib/digest.ts';
import { joinedName, labelled } from '../../lib/names.ts';
import { driftInWords, failingChecks, findingsOf, worstFirst } from '../finding.ts';
import { waivedChecks, type Mark } from '../waived.ts';
import type { Comparison } from '../checks/checkType.ts';
import type { Intent } from '../../runtime/feature.ts';

const mostFindings = 100;

/** How each check of a baseline came out, in the order of its checks; or why nothing is known of the host. */
export type Look = { is: 'compared'; comparisons: readonly Comparison[] } | { is: 'blind'; message: string };

/** Digest of the checks: what a rollout moves hosts to. */
export function revisionOf(baseline: DeviceBaseline): string {
  return digestOf(baseline.spec.checks);
}

export function reportName(baseline: string, device: string): string {
  return joinedName(baseline, device);
}

/**
 * The report that should be. It equals the one before when the answer is the same, so that nothing is written; `refreshedSince` makes
 * it a new answer when the one before was given earlier, as after a correction. `mark` puts the waivers of now on its findings.
 */
export function reportOf(
  device: Device,
  baseline: DeviceBaseline,
  look: Look,
  before: DriftReport | undefined,
  now: Date,
  refreshedSince = '',
  mark: Mark = (findings) => findings,
): Intent {
  const { apiVersion, kind, metadata } = device;
  const status = reportStatus(device, baseline, look, before?.status?.findings ?? [], now, mark);
  const earlier = before?.status;
  const sameAnswer =
    earlier?.observedTime &&
    earlier.observedTime >= refreshedSince &&
    digestOf(answerOf(earlier)) === digestOf(answerOf(status));
  return {
    apiVersion,
    kind: 'DriftReport',
    metadata: {
      name: reportName(baseline.metadata.name, metadata.name),
      namespace: metadata.namespace,
      labels: {
        'app.kubernetes.io/managed-by': 'holdfast',
        ...labelled({ 'holdfast.dev/baseline': baseline.metadata.name, 'holdfast.dev/device': metadata.name }),
      },
      ownerReferences: [{ apiVersion, kind, name: metadata.name, uid: metadata.uid ?? '', controller: true }],
    },
    spec: {},
    status: { ...status, observedTime: sameAnswer ? earlier.observedTime : now.toISOString() },
  };
}

function answerOf(status: DriftReportStatus): object {
  const { source, target, result, summary, findings, message } = status;
  return { source, target, result, summary, findings, message };
}

function reportStatus(
  device: Device,
  baseline: DeviceBaseline,
  look: Look,
  before: readonly Finding[],
  now: Date,
  mark: Mark,
): DriftReportStatus {
  const { checks } = baseline.spec;
  const found =
    look.is === 'compared'
      ? checks.flatMap((check, index) =>
          findingsOf(
            check,
            look.comparisons[index] ?? { is: 'unknown', message: 'the probe gave no answer' },
            before,
            now,
          ),
        )
      : [];
  const findings = [...mark(found)].sort(worstFirst);
  const failing = failingChecks(findings);
  const waived = waivedChecks(findings).length;
  const unknown =
    look.is === 'compared'
      ? new Set(findings.filter(({ result }) => result === 'Unknown').map(({ check }) => check)).size
      : checks.length;
  return {
    source: { kind: 'DeviceBaseline', name: baseline.metadata.name, revision: revisionOf(baseline) },
    target: { kind: 'Device', name: device.metadata.name },
    result: failing.length ? 'Fail' : unknown ? 'Unknown' : waived ? 'Waived' : 'Pass',
    summary: {
      pass: checks.length - failing.length - waived - unknown,
      fail: failing.length,
      waived,
      unknown,
      drift: driftInWords(failing.map(({ severity }) => severity)),
    },
    ...(findings.length && { findings: findings.slice(0, mostFindings) }),
    ...(look.is === 'blind' && { message: look.message }),
  };
}

/** What a waiver is decided from, all of it from the cache: its baseline, what was said of it, and the findings that it names. */
import { resources } from '../../api/generated/resources.ts';
import { selects } from '../../api/selector.ts';
import type { Approval } from '../../api/v1alpha1/approval.ts';
import type { ClusterBaseline } from '../../api/v1alpha1/clusterBaseline.ts';
import type { DeviceBaseline } from '../../api/v1alpha1/deviceBaseline.ts';
import type { Finding } from '../../api/v1alpha1/finding.ts';
import type { PolicyWaiver } from '../../api/v1alpha1/policyWaiver.ts';
import {
  isAbout,
  matches,
  targetId,
  type KnownTarget,
  type WaivedSubject,
  type WaivedTarget,
} from '../../findings/waiver/subject.ts';
import type { Reader } from '../../runtime/feature.ts';
import { readGuard, type Guard, type ShippedPolicy } from '../approvalPolicies.ts';
import { approvalsBySubject, reportsByBaseline } from '../indexes.ts';
import { baselineOf, isOfDevices, type WaivedBaseline } from './baseline.ts';

export interface WaiverWorld {
  readonly guard: Guard;
  readonly approvals: readonly Approval[];
  readonly baseline?: WaivedBaseline;
  /** Devices that it names, and objects that it names and that fail. */
  readonly targets: readonly KnownTarget[];
  /** Whether all targets are known: of a cluster only those that fail are, and perhaps not all of them. */
  readonly isComplete: boolean;
}

export function observeWaiver(waiver: PolicyWaiver, read: Reader, policies: readonly ShippedPolicy[]): WaiverWorld {
  const { namespace = '', name } = waiver.metadata;
  const baseline = baselineOf(waiver, read);
  return {
    guard: readGuard(policies, read),
    approvals: read.by(approvalsBySubject, namespace, name),
    ...(baseline && { baseline }),
    ...targetsOf(waiver, baseline, read),
  };
}

function targetsOf(
  waiver: PolicyWaiver,
  baseline: WaivedBaseline | undefined,
  read: Reader,
): Pick<WaiverWorld, 'targets' | 'isComplete'> {
  if (!baseline) return { targets: [], isComplete: false };
  const { object } = baseline;
  return isOfDevices(object)
    ? { targets: devices(waiver, baseline, object, read), isComplete: true }
    : ofCluster(waiver, baseline, object, read);
}

function devices(waiver: PolicyWaiver, baseline: WaivedBaseline, object: DeviceBaseline, read: Reader): KnownTarget[] {
  const { namespace = '', name } = object.metadata;
  const reports = read.by(reportsByBaseline, namespace, `DeviceBaseline/${name}`);
  const byDevice = new Map(reports.map((report) => [report.status?.target?.name, report.status]));
  return read
    .list(resources.Device, namespace)
    .filter(
      ({ metadata }) => metadata.deletionTimestamp === undefined && selects(object.spec.selector, metadata.labels),
    )
    .map(({ metadata }) => ({ device: metadata.name, labels: metadata.labels }))
    .filter((target) => matches(waiver, target))
    .sort((a, b) => a.device.localeCompare(b.device))
    .map((target) => {
      const status = byDevice.get(target.device);
      const isKnown = status?.summary !== undefined && status.summary.unknown === 0;
      return { subject: subjectOf(baseline, target), findings: failing(status?.findings), isKnown };
    });
}

function ofCluster(
  waiver: PolicyWaiver,
  baseline: WaivedBaseline,
  { metadata, spec, status }: ClusterBaseline,
  read: Reader,
): Pick<WaiverWorld, 'targets' | 'isComplete'> {
  const reports = read.by(reportsByBaseline, spec.serviceAccountRef.namespace, `ClusterBaseline/${metadata.name}`);
  const all = failing(reports.flatMap((report) => report.status?.findings ?? []));
  return {
    targets: objects(waiver, baseline, all),
    isComplete: status?.objects !== undefined && status.objects.unknown === 0 && !status.moreFindings,
  };
}

function objects(waiver: PolicyWaiver, baseline: WaivedBaseline, all: readonly Finding[]): KnownTarget[] {
  const byObject = Map.groupBy(all, ({ object }) => (object ? targetId({ object }) : ''));
  return [...byObject.values()].flatMap((findings): KnownTarget[] => {
    const object = findings[0]?.object;
    if (!object) return [];
    const subject = subjectOf(baseline, { object });
    return isAbout(waiver, subject) && matches(waiver, { object }) ? [{ subject, findings, isKnown: true }] : [];
  });
}

function failing(findings: readonly Finding[] = []): readonly Finding[] {
  return findings.filter(({ result }) => result === 'Fail');
}

export function subjectOf({ object, home, rules }: WaivedBaseline, target: WaivedTarget): WaivedSubject {
  const kind = isOfDevices(object) ? 'DeviceBaseline' : 'ClusterBaseline';
  return { source: { kind, name: object.metadata.name, namespace: home }, ...(rules && { rules }), target };
}

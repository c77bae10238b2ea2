/** The feature of PolicyWaiver: counts approvals, tells what the waiver covers and what is late. Those who ask `waiverFor` go by it. */
import { resources } from '../../api/generated/resources.ts';
import type { Approval } from '../../api/v1alpha1/approval.ts';
import type { DriftReport } from '../../api/v1alpha1/driftReport.ts';
import type { PolicyWaiver } from '../../api/v1alpha1/policyWaiver.ts';
import type { Resource } from '../../api/v1alpha1/shared.ts';
import type { Feature, Key, Reader } from '../../runtime/feature.ts';
import { policyKinds, type ShippedPolicy } from '../approvalPolicies.ts';
import { approvalsBySubject, reportsByBaseline, waiversByBaseline } from '../indexes.ts';
import { decideWaiver } from './decide.ts';
import { observeWaiver, type WaiverWorld } from './observe.ts';

export interface GovernanceParts {
  /** What is shipped in `policies/`: without them in force nothing is decided. */
  readonly approvalPolicies: readonly ShippedPolicy[];
}

/** Reports of many hosts change together; one pass for all of them is enough. */
const settleSeconds = 0.5;

export function policyWaiverFeature({ approvalPolicies }: GovernanceParts): Feature<PolicyWaiver, WaiverWorld> {
  return {
    kind: resources.PolicyWaiver,
    indexes: [waiversByBaseline, approvalsBySubject, reportsByBaseline],
    watches: [
      { kind: resources.Approval, on: 'declaration', keysOf: decidedWaiver },
      { kind: resources.DriftReport, on: 'any', keysOf: waiversOfReport, settleSeconds },
      { kind: resources.DeviceBaseline, on: 'declaration', keysOf: waiversOf('DeviceBaseline') },
      { kind: resources.ClusterBaseline, on: 'any', keysOf: waiversOf('ClusterBaseline'), settleSeconds },
      { kind: resources.Device, on: 'declaration', keysOf: waiversOfDevices, settleSeconds },
      { kind: policyKinds.ValidatingAdmissionPolicy, on: 'declaration', keysOf: everyWaiver },
      { kind: policyKinds.ValidatingAdmissionPolicyBinding, on: 'declaration', keysOf: everyWaiver },
    ],
    observe: (waiver, read) => observeWaiver(waiver, read, approvalPolicies),
    decide: decideWaiver,
  };
}

function decidedWaiver(object: unknown): Key[] {
  const { metadata, spec } = object as Approval;
  return [{ namespace: metadata.namespace ?? '', name: spec.subjectRef.name }];
}

function waiversOf(kind: PolicyWaiver['spec']['source']['kind']) {
  return ({ metadata }: Resource, read: Reader): Key[] =>
    keys(waiversAbout(read, metadata.namespace ?? '', kind, metadata.name));
}

function waiversOfReport(object: unknown, read: Reader): Key[] {
  const { metadata, status } = object as DriftReport;
  if (!status?.source) return [];
  const { kind, name } = status.source;
  // Waivers of a cluster's objects lie in the namespaces of these.
  return keys(waiversAbout(read, kind === 'DeviceBaseline' ? (metadata.namespace ?? '') : '', kind, name));
}

/** A Device that comes, goes or is labelled otherwise changes what waivers of its namespace name. */
function waiversOfDevices({ metadata }: Resource, read: Reader): Key[] {
  const waivers = read.list<PolicyWaiver>(resources.PolicyWaiver, metadata.namespace ?? '');
  return keys(waivers.filter(({ spec }) => spec.source.kind === 'DeviceBaseline'));
}

function everyWaiver(_: Resource, read: Reader): Key[] {
  return keys(read.list<PolicyWaiver>(resources.PolicyWaiver, ''));
}

function waiversAbout(read: Reader, namespace: string, kind: string, name: string): readonly PolicyWaiver[] {
  return read.list<PolicyWaiver>(resources.PolicyWaiver, namespace, {
    index: waiversByBaseline.name,
    value: `${kind}/${name}`,
  });
}

function keys(waivers: readonly PolicyWaiver[]): Key[] {
  return waivers.map(({ metadata }) => ({ namespace: metadata.namespace ?? '', name: metadata.name }));
}

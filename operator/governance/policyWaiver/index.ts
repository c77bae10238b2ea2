/** The feature of PolicyWaiver: counts approvals, tells what the waiver covers and what is late. Those who ask `waiverFor` go by it. */
import { resources } from '../../api/generated/resources.ts';
import type { Approval } from '../../api/v1alpha1/approval.ts';
import type { DriftReport } from '../../api/v1alpha1/driftReport.ts';
import type { PolicyWaiver } from '../../api/v1alpha1/policyWaiver.ts';
import type { Resource } from '../../api/v1alpha1/shared.ts';
import { feature, on, type Key, type Observing, type Reader } from '../../runtime/feature.ts';
import { policyKinds, type ShippedPolicy } from '../approvalPolicies.ts';
import { approvalsBySubject, reportsByBaseline, waiversByBaseline } from '../indexes.ts';
import { decideWaiver } from './decide.ts';
import { waiverGauges } from './metrics.ts';
import { observeWaiver } from './observe.ts';

export interface GovernanceNeeds {
  /** What is shipped in `policies/`: without them in force nothing is decided. */
  readonly approvalPolicies: readonly ShippedPolicy[];
}

/** Reports of many hosts change together; one pass for all of them is enough. */
const settleSeconds = 0.5;

export const policyWaiver = feature({
  kind: resources.PolicyWaiver,
  indexes: [waiversByBaseline, approvalsBySubject, reportsByBaseline],
  watches: [
    on(resources.Approval, 'declaration', decidedWaiver),
    on(resources.DriftReport, 'any', waiversOfReport, { settleSeconds }),
    on(resources.DeviceBaseline, 'declaration', waiversOf('DeviceBaseline')),
    on(resources.ClusterBaseline, 'any', waiversOf('ClusterBaseline'), { settleSeconds }),
    on(resources.Device, 'declaration', waiversOfDevices, { settleSeconds }),
    on(policyKinds.ValidatingAdmissionPolicy, 'declaration', everyWaiver),
    on(policyKinds.ValidatingAdmissionPolicyBinding, 'declaration', everyWaiver),
  ],
  gauges: waiverGauges,
  open: ({ approvalPolicies }: GovernanceNeeds) => ({
    observe: (waiver: PolicyWaiver, { read }: Observing) => observeWaiver(waiver, read, approvalPolicies),
    decide: decideWaiver,
  }),
});

function decidedWaiver({ metadata, spec }: Approval): Key[] {
  return [{ namespace: metadata.namespace ?? '', name: spec.subjectRef.name }];
}

function waiversOf(kind: PolicyWaiver['spec']['source']['kind']) {
  return ({ metadata }: Resource, read: Reader): Key[] =>
    keys(waiversAbout(read, metadata.namespace ?? '', kind, metadata.name));
}

function waiversOfReport({ metadata, status }: DriftReport, read: Reader): Key[] {
  if (!status?.source) return [];
  const { kind, name } = status.source;
  // Waivers of a cluster's objects lie in the namespaces of these.
  return keys(waiversAbout(read, kind === 'DeviceBaseline' ? (metadata.namespace ?? '') : '', kind, name));
}

/** A Device that comes, goes or is labelled otherwise changes what waivers of its namespace name. */
function waiversOfDevices({ metadata }: Resource, read: Reader): Key[] {
  const waivers = read.list(resources.PolicyWaiver, metadata.namespace ?? '');
  return keys(waivers.filter(({ spec }) => spec.source.kind === 'DeviceBaseline'));
}

function everyWaiver(_: Resource, read: Reader): Key[] {
  return keys(read.list(resources.PolicyWaiver, ''));
}

function waiversAbout(read: Reader, namespace: string, kind: string, name: string): readonly PolicyWaiver[] {
  return read.by(waiversByBaseline, namespace, `${kind}/${name}`);
}

function keys(waivers: readonly PolicyWaiver[]): Key[] {
  return waivers.map(({ metadata }) => ({ namespace: metadata.namespace ?? '', name: metadata.name }));
}

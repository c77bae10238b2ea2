/** The feature of PolicyWaiver: counts approvals, tells what the waiver covers and what is late. Those who ask `waiverFor` go by it. */
import { resources } from '../../api/generated/resources.ts';
import { believed, type Seal } from '../../api/seal.ts';
import type { Approval } from '../../api/v1alpha1/approval.ts';
import type { DriftReport } from '../../api/v1alpha1/driftReport.ts';
import type { PolicyWaiver } from '../../api/v1alpha1/policyWaiver.ts';
import type { Resource } from '../../api/v1alpha1/shared.ts';
import { findingGauges } from '../../findings/metrics.ts';
import { sourceId, type FindingSource } from '../../findings/source.ts';
import { waiverDigest } from '../../findings/waiver/digest.ts';
import { feature, on, type Key, type Observing, type Reader, type Watch } from '../../runtime/feature.ts';
import { policyKinds, type ShippedPolicy } from '../approvalPolicies.ts';
import { reportsBySource, waiversBySource } from '../../findings/indexes.ts';
import { approvalsBySubject, isRejection, rejectionsByDigest } from '../indexes.ts';
import { policyGauges } from '../metrics.ts';
import { sealedPlan } from '../sealedPlan.ts';
import { waiverAlerts } from './alerts.ts';
import { decideWaiver } from './decide.ts';
import { withGates } from './gates.ts';
import { waiverGauges } from './metrics.ts';
import { observeWaiver, type WaiverWorld } from './observe.ts';

export interface GovernanceNeeds {
  /** What is shipped in `policies/`: without them in force nothing is decided. */
  readonly approvalPolicies: readonly ShippedPolicy[];
}

interface WaiverOutside extends GovernanceNeeds {
  readonly seal: Seal;
}

/** Reports of many hosts change together; one pass for all of them is enough. */
const settleSeconds = 0.5;

/** The feature over all sources of findings. */
export function policyWaiver(sources: readonly FindingSource[]) {
  return feature({
    kind: resources.PolicyWaiver,
    fetches: [resources.PolicyWaiver, ...Object.values(policyKinds)],
    indexes: [waiversBySource, approvalsBySubject, rejectionsByDigest, reportsBySource],
    watches: [
      on(resources.Approval, 'declaration', decidedWaivers),
      on(resources.PolicyWaiver, 'any', disbelievedWaiver),
      on(resources.DriftReport, 'any', reportedOf(sources), { settleSeconds }),
      ...sources.flatMap(watchesOf),
      on(policyKinds.ValidatingAdmissionPolicy, 'declaration', everyWaiver),
      on(policyKinds.ValidatingAdmissionPolicyBinding, 'declaration', everyWaiver),
    ],
    gauges: [...waiverGauges(sources), ...findingGauges(sources)],
    alerts: waiverAlerts,
    open: ({ approvalPolicies: policies, seal }: WaiverOutside) => ({
      gauges: policyGauges(policies),
      keeps: (waiver: PolicyWaiver) => believed(waiver, seal),
      observe: async (waiver: PolicyWaiver, observing: Observing) =>
        withGates(waiver, await observeWaiver(waiver, { sources, policies }, observing), observing),
      decide: (waiver: PolicyWaiver, world: WaiverWorld, now: Date) =>
        sealedPlan(waiver, decideWaiver(waiver, world, now), seal),
    }),
  });
}

/** What changes a source, or what is known of its targets, changes the waivers about it. */
function watchesOf({ kind, changes = [] }: FindingSource): Watch[] {
  return [
    on(kind, 'declaration', ({ metadata }, read) => waiversAbout(read, kind.kind, keyOf(metadata))),
    ...changes.map((watch): Watch => ({
      ...watch,
      keysOf: (object, read, before) =>
        watch.keysOf(object, read, before).flatMap((key) => waiversAbout(read, kind.kind, key)),
    })),
  ];
}

/** Somebody else wrote its status: it is written again. */
function disbelievedWaiver({ metadata, status }: PolicyWaiver): Key[] {
  return status && !status.seal ? [keyOf(metadata)] : [];
}

/** A rejection is one of the same request under any name. */
function decidedWaivers({ metadata: { namespace = '' }, spec }: Approval, read: Reader): Key[] {
  if (spec.subjectRef.kind !== 'PolicyWaiver') return [];
  const rejected = isRejection(spec)
    ? read.list(resources.PolicyWaiver, namespace).filter((waiver) => waiverDigest(waiver.spec) === spec.subjectDigest)
    : [];
  return [{ namespace, name: spec.subjectRef.name }, ...rejected.map(({ metadata }) => keyOf(metadata))];
}

/** Waivers of a cluster's objects lie in the namespaces of these, and not in that of the report. */
function reportedOf(sources: readonly FindingSource[]) {
  return ({ metadata, status }: DriftReport, read: Reader): Key[] => {
    if (!status?.source) return [];
    const { kind, name } = status.source;
    const source = sources.find((one) => one.kind.kind === kind);
    const namespace = source?.kind.namespaced ? (metadata.namespace ?? '') : '';
    return source ? waiversAbout(read, kind, { namespace, name }) : [];
  };
}

function everyWaiver(_: Resource, read: Reader): Key[] {
  return read.list(resources.PolicyWaiver, '').map(({ metadata }) => keyOf(metadata));
}

/** In the namespace of the source, and in all namespaces where it lies in none. */
function waiversAbout(read: Reader, kind: string, { namespace, name }: Key): Key[] {
  return read.by(waiversBySource, namespace, sourceId(kind, name)).map(({ metadata }) => keyOf(metadata));
}

function keyOf({ namespace = '', name }: Resource['metadata']): Key {
  return { namespace, name };
}

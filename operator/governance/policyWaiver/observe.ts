/** What a waiver is decided from, all of it from the cache: its source, what was said of it, and the findings that it names. */
import { resources } from '../../api/generated/resources.ts';
import type { Approval } from '../../api/v1alpha1/approval.ts';
import type { PolicyWaiver } from '../../api/v1alpha1/policyWaiver.ts';
import type { FindingSource, Known } from '../../findings/source.ts';
import { waiverDigest } from '../../findings/waiver/digest.ts';
import { isAbout, matches } from '../../findings/waiver/subject.ts';
import type { Observing, Reader } from '../../runtime/feature.ts';
import type { Admission } from '../admission.ts';
import { readGuard, type Guard, type ShippedPolicy } from '../approvalPolicies.ts';
import { readAdmission } from '../readAdmission.ts';
import { saidOf } from '../indexes.ts';
import { sourceOf, type WaivedSource } from './source.ts';

/** What is known of the targets that the waiver names, and how it may be decided. */
export interface WaiverWorld extends Known {
  readonly guard: Guard;
  /** Whether the apiserver checked who asks for this version. */
  readonly admission: Admission;
  readonly approvals: readonly Approval[];
  readonly source?: WaivedSource;
  /** Whether sources of that kind lie in a namespace. */
  readonly isSourceNamespaced: boolean;
  /** Why nothing may be decided now: what others said has just changed, or could not be read. */
  readonly outdated?: string;
}

export interface WaiverNeeds {
  readonly sources: readonly FindingSource[];
  readonly policies: readonly ShippedPolicy[];
}

export async function observeWaiver(
  waiver: PolicyWaiver,
  { sources, policies }: WaiverNeeds,
  { read, now, signal }: Observing,
): Promise<WaiverWorld> {
  const guard = await readGuard(policies, read, signal);
  const admission = await readAdmission(resources.PolicyWaiver, waiver, ({ spec }) => waiverDigest(spec), {
    guard,
    read,
    now,
    signal,
  });
  const source = sourceOf(waiver, sources, read);
  return {
    guard,
    admission,
    approvals: saidOf(waiver, read),
    ...(source && { source }),
    isSourceNamespaced: sources.some(({ kind }) => kind.kind === waiver.spec.source.kind && kind.namespaced),
    ...(source ? knownOf(waiver, source, read) : { targets: [], isComplete: false, listsAll: false }),
  };
}

function knownOf(waiver: PolicyWaiver, { source, object }: WaivedSource, read: Reader): Known {
  const known = source.known(object, read);
  const targets = known.targets.filter(({ subject }) => isAbout(waiver, subject) && matches(waiver, subject.target));
  return { ...known, targets };
}

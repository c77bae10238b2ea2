/** What a waiver is decided from, all of it from the cache: its source, what was said of it, and the findings that it names. */
import type { Approval } from '../../api/v1alpha1/approval.ts';
import type { PolicyWaiver } from '../../api/v1alpha1/policyWaiver.ts';
import type { FindingSource, Known } from '../../findings/source.ts';
import { isAbout, matches } from '../../findings/waiver/subject.ts';
import type { Reader } from '../../runtime/feature.ts';
import { readGuard, type Guard, type ShippedPolicy } from '../approvalPolicies.ts';
import { approvalsBySubject } from '../indexes.ts';
import { sourceOf, type WaivedSource } from './source.ts';

/** What is known of the targets that the waiver names, and how it may be decided. */
export interface WaiverWorld extends Known {
  readonly guard: Guard;
  readonly approvals: readonly Approval[];
  readonly source?: WaivedSource;
  /** Whether sources of that kind lie in a namespace. */
  readonly isSourceNamespaced: boolean;
}

export interface WaiverNeeds {
  readonly sources: readonly FindingSource[];
  readonly policies: readonly ShippedPolicy[];
}

export function observeWaiver(waiver: PolicyWaiver, read: Reader, { sources, policies }: WaiverNeeds): WaiverWorld {
  const { namespace = '', name } = waiver.metadata;
  const source = sourceOf(waiver, sources, read);
  return {
    guard: readGuard(policies, read),
    approvals: read.by(approvalsBySubject, namespace, name),
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

/** What may be waived, and which of it a waiver names, in force or not. Pure. */
import { selects } from '../../api/selector.ts';
import type { Finding, FindingSourceKind, ObjectRef } from '../../api/v1alpha1/finding.ts';
import type { PolicyWaiver } from '../../api/v1alpha1/policyWaiver.ts';
import type { LabelSelector } from '../../api/v1alpha1/shared.ts';
import type { WaiverRules } from '../../api/v1alpha1/waiverRules.ts';

/** What may be waived: a target under a baseline. */
export interface WaivedSubject {
  /** `namespace` is the home of the source: of a ClusterBaseline that of its service account. */
  readonly source: {
    readonly kind: FindingSourceKind;
    readonly name: string;
    readonly namespace: string;
  };
  /** `spec.waivers` of the baseline. */
  readonly rules?: WaiverRules;
  readonly target: WaivedTarget;
}

export type WaivedTarget =
  { readonly name: string; readonly labels?: Readonly<Record<string, string>> } | { readonly object: ObjectRef };

/** What is known of one target under the baseline. */
export interface KnownTarget {
  readonly subject: WaivedSubject;
  /** Those that fail. */
  readonly findings: readonly Finding[];
  /** Whether all that the baseline asks of it is known. */
  readonly isKnown: boolean;
}

/** The name of a target, or `kind/namespace/name` of an object (`kind/name` without a namespace), the kind as kubectl takes it. */
export function targetId(target: WaivedTarget): string {
  if (!('object' in target)) return target.name;
  const { kind, namespace, name = '' } = target.object;
  return [kind.toLowerCase(), ...(namespace ? [namespace] : []), name].join('/');
}

/** Whether the waiver names this target and check, in force or not. */
export function standsFor(waiver: PolicyWaiver, subject: WaivedSubject, check: string): boolean {
  return isAbout(waiver, subject) && namesCheck(waiver, check) && matches(waiver, subject.target);
}

/**
 * A waiver is about the baselines of its namespace. One that is not in the home of a ClusterBaseline may speak of objects of its own
 * namespace, and of nothing else.
 */
export function isAbout({ spec, metadata }: PolicyWaiver, { source, target }: WaivedSubject): boolean {
  if (spec.source.kind !== source.kind || spec.source.name !== source.name) return false;
  if (metadata.namespace === source.namespace) return true;
  if (!('object' in target)) return false;
  return target.object.namespace !== undefined && target.object.namespace === metadata.namespace;
}

/** `*` counts only in an emergency. */
function namesCheck({ spec }: PolicyWaiver, check: string): boolean {
  return spec.checks.includes(check) || (spec.breakGlass !== undefined && spec.checks.includes('*'));
}

/** Whether the targets that it names include this one. All parts that are given must match; a part that cannot match, does not. */
export function matches({ spec }: PolicyWaiver, target: WaivedTarget): boolean {
  const { names, selector, namespaces } = spec.targets;
  const anything = spec.breakGlass !== undefined;
  const named = (name: string): boolean => !names || names.includes(name) || (anything && names.includes('*'));
  if (!names && !selector && !namespaces) return false;
  if (!('object' in target)) {
    if (namespaces || !named(target.name)) return false;
    return !selector || ((anything || !isEmpty(selector)) && selects(selector, target.labels));
  }
  const { namespace, name } = target.object;
  if (selector || name === undefined || !named(name)) return false;
  return !namespaces || (namespace !== undefined && namespaces.includes(namespace));
}

function isEmpty({ matchLabels = {}, matchExpressions = [] }: LabelSelector): boolean {
  return Object.keys(matchLabels).length === 0 && matchExpressions.length === 0;
}

/**
 * THE answer to "is this finding waived now, and by what?". Scan, status, correction, metrics and evidence all ask here, so that a
 * waiver begins and ends for all of them at the same instant. It goes by the spec, by what was decided, and by the time; it fails
 * closed: an edit voids it at once, at `expiryTime` it is over, and what has ended never comes back, whatever the clock says. Pure.
 */
import { fingerprintOf, type Identified } from '../../api/fingerprint.ts';
import { selects } from '../../api/selector.ts';
import type { Finding, ObjectRef } from '../../api/v1alpha1/finding.ts';
import type { PolicyWaiver } from '../../api/v1alpha1/policyWaiver.ts';
import type { AcceptedFinding } from '../../api/v1alpha1/waiverRecords.ts';
import type { Severity } from '../../api/v1alpha1/shared.ts';
import type { WaiverRules } from '../../api/v1alpha1/waiverRules.ts';
import { waiverDigest } from './digest.ts';
import { capOf, dayMilliseconds, severities } from './rules.ts';

/** As many findings as a waiver can accept; those beyond are not covered. */
export const mostAccepted = 500;
/** How long an emergency lasts without approval. */
export const breakGlassMilliseconds = dayMilliseconds;

/** What may be waived: a target under a baseline. */
export interface WaivedSubject {
  /** `namespace` is the home of the baseline: of a ClusterBaseline that of its service account. */
  readonly source: {
    readonly kind: 'DeviceBaseline' | 'ClusterBaseline';
    readonly name: string;
    readonly namespace: string;
  };
  /** `spec.waivers` of the baseline. */
  readonly rules?: WaiverRules;
  readonly target: WaivedTarget;
}

export type WaivedTarget =
  { readonly device: string; readonly labels?: Readonly<Record<string, string>> } | { readonly object: ObjectRef };

/** The waiver under which a finding is tolerated. */
export interface Waived {
  readonly name: string;
  readonly namespace: string;
  /** When it is over, if nothing happens before. */
  readonly until: Date;
}

/** From an instant on, until before another: milliseconds since 1970. */
export interface Period {
  readonly from: number;
  readonly until: number;
}

/** The name of a device, or `kind/namespace/name` of an object (`kind/name` without a namespace), the kind as kubectl takes it. */
export function targetId(target: WaivedTarget): string {
  if ('device' in target) return target.device;
  const { kind, namespace, name = '' } = target.object;
  return [kind.toLowerCase(), ...(namespace ? [namespace] : []), name].join('/');
}

/** Of several waivers that cover it, the one that lasts longest. Ask only about findings that fail: what is not known is never waived. */
export function waiverFor(
  finding: Identified & Pick<Finding, 'severity'>,
  subject: WaivedSubject,
  waivers: readonly PolicyWaiver[],
  now: Date,
): Waived | undefined {
  let longest: Waived | undefined;
  for (const waiver of waivers) {
    if (!standsFor(waiver, subject, finding.check) || !accepts(waiver, targetId(subject.target), finding)) continue;
    const period = periodOf(waiver, finding.severity, subject.rules);
    if (!period || !isWithin(period, now)) continue;
    const { name, namespace = '' } = waiver.metadata;
    if (!longest || period.until > longest.until.getTime())
      longest = { name, namespace, until: new Date(period.until) };
  }
  return longest;
}

/** The next instant at which an answer about the subject may be another, if nobody does anything. */
export function nextChange(subject: WaivedSubject, waivers: readonly PolicyWaiver[], now: Date): Date | undefined {
  const times = waivers
    .filter((waiver) => isAbout(waiver, subject) && matches(waiver, subject.target))
    .flatMap((waiver) => changesOf(waiver, subject.rules))
    .filter((time) => time > now.getTime());
  return times.length ? new Date(Math.min(...times)) : undefined;
}

/** The next instant at which any of these waivers of one baseline begins or ends, if nobody does anything. */
export function nextChangeOfAny(
  waivers: readonly PolicyWaiver[],
  rules: WaiverRules | undefined,
  now: Date,
): Date | undefined {
  const times = waivers.flatMap((waiver) => changesOf(waiver, rules)).filter((time) => time > now.getTime());
  return times.length ? new Date(Math.min(...times)) : undefined;
}

/** Whether the waiver names this target and check, effective or not. */
export function standsFor(waiver: PolicyWaiver, subject: WaivedSubject, check: string): boolean {
  return isAbout(waiver, subject) && namesCheck(waiver, check) && matches(waiver, subject.target);
}

/** `*` counts only in an emergency. */
export function namesCheck({ spec }: PolicyWaiver, check: string): boolean {
  return spec.checks.includes(check) || (spec.breakGlass !== undefined && spec.checks.includes('*'));
}

/** Whether the targets that it names include this one. All parts that are given must match; a part that cannot match, does not. */
export function matches({ spec }: PolicyWaiver, target: WaivedTarget): boolean {
  const { names, selector, namespaces } = spec.targets;
  const anything = spec.breakGlass !== undefined;
  const named = (name: string): boolean => !names || names.includes(name) || (anything && names.includes('*'));
  if (!names && !selector && !namespaces) return false;
  if ('device' in target) {
    if (namespaces || !named(target.device)) return false;
    return !selector || ((anything || !isEmpty(selector)) && selects(selector, target.labels));
  }
  const { namespace, name } = target.object;
  if (selector || name === undefined || !named(name)) return false;
  return !namespaces || (namespace !== undefined && namespaces.includes(namespace));
}

function isEmpty({
  matchLabels = {},
  matchExpressions = [],
}: {
  matchLabels?: object;
  matchExpressions?: readonly unknown[];
}) {
  return Object.keys(matchLabels).length === 0 && matchExpressions.length === 0;
}

/**
 * A waiver is about the baselines of its namespace. One that is not in the home of a ClusterBaseline may speak of objects of its own
 * namespace, and of nothing else.
 */
export function isAbout({ spec, metadata }: PolicyWaiver, { source, target }: WaivedSubject): boolean {
  if (spec.source.kind !== source.kind || spec.source.name !== source.name) return false;
  if (metadata.namespace === source.namespace) return true;
  if (source.kind === 'DeviceBaseline' || !('object' in target)) return false;
  return target.object.namespace !== undefined && target.object.namespace === metadata.namespace;
}

/** When the waiver covers findings of a severity, as it stands now; nothing when it does not, and will not unless somebody acts. */
export function periodOf(waiver: PolicyWaiver, severity: Severity, rules: WaiverRules | undefined): Period | undefined {
  const { spec, status, metadata } = waiver;
  const digest = waiverDigest(spec);
  if (metadata.deletionTimestamp !== undefined || status?.ended?.digest === digest) return undefined;
  const begin = spec.effectiveTime === undefined ? -Infinity : Date.parse(spec.effectiveTime);
  const expiry = Date.parse(spec.expiryTime);
  const cap = capOf(rules, severity);
  let end = NaN;
  if (status?.approved?.digest === digest) end = Math.max(Date.parse(status.approved.time), begin) + cap;
  else if (isBreakingGlass(waiver))
    end = Date.parse(status?.breakGlassTime ?? '') + Math.min(breakGlassMilliseconds, cap);
  const until = Math.min(end, expiry);
  // A time that cannot be read is NaN, and makes no period.
  return begin < until ? { from: begin, until } : undefined;
}

/** In an emergency that is not over: it is once, for 24 hours, until it is approved or rejected. */
export function isBreakingGlass({ spec, status }: PolicyWaiver): boolean {
  return (
    spec.breakGlass !== undefined && status?.breakGlassTime !== undefined && status.breakGlassEndTime === undefined
  );
}

export function isWithin({ from, until }: Period, now: Date): boolean {
  return from <= now.getTime() && now.getTime() < until;
}

/** The instants at which the waiver begins or ends for some severity. */
export function changesOf(waiver: PolicyWaiver, rules: WaiverRules | undefined): number[] {
  return severities.flatMap((severity) => {
    const period = periodOf(waiver, severity, rules);
    return period ? [period.from, period.until].filter(Number.isFinite) : [];
  });
}

/** Whether this very difference was accepted, or nothing is accepted yet of this target and check. */
export function accepts(waiver: PolicyWaiver, target: string, finding: Identified): boolean {
  const accepted = waiver.status?.accepted ?? nothing;
  const fingerprints = fingerprintsOf(accepted).get(placeOf(target, finding.check));
  return fingerprints ? fingerprints.has(fingerprintOf(finding)) : accepted.length < mostAccepted;
}

const nothing: readonly AcceptedFinding[] = [];
/** Status is a value and never changed in place: it is looked through once. */
const lookups = new WeakMap<readonly AcceptedFinding[], ReadonlyMap<string, ReadonlySet<string>>>();

function fingerprintsOf(accepted: readonly AcceptedFinding[]): ReadonlyMap<string, ReadonlySet<string>> {
  const known = lookups.get(accepted);
  if (known) return known;
  const lookup = new Map<string, Set<string>>();
  for (const { target, check, fingerprint } of accepted) {
    const place = placeOf(target, check);
    lookup.set(place, (lookup.get(place) ?? new Set()).add(fingerprint));
  }
  lookups.set(accepted, lookup);
  return lookup;
}

/** Neither has a space. */
function placeOf(target: string, check: string): string {
  return `${check} ${target}`;
}

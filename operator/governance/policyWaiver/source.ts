/** The source of a waiver, of whatever kind, as far as waivers need it. */
import type { PolicyWaiver } from '../../api/v1alpha1/policyWaiver.ts';
import type { Resource, Severity } from '../../api/v1alpha1/shared.ts';
import type { WaiverRules } from '../../api/v1alpha1/waiverRules.ts';
import type { FindingSource, SourceObject } from '../../findings/source.ts';
import type { Calendar } from '../../lib/businessTime.ts';
import { zoneNamed } from '../../lib/zone.ts';
import type { Reader } from '../../runtime/feature.ts';

export interface WaivedSource extends SourceObject {
  readonly rules?: WaiverRules;
  /** What it asks for, with how much each matters. */
  readonly checks: ReadonlyMap<string, Severity>;
}

/** Undefined when there is none. */
export function sourceOf(
  { metadata, spec }: PolicyWaiver,
  sources: readonly FindingSource[],
  read: Pick<Reader, 'get'>,
): WaivedSource | undefined {
  const source = sources.find(({ kind }) => kind.kind === spec.source.kind);
  const namespace = source?.kind.namespaced ? (metadata.namespace ?? '') : '';
  const object = source && read.get(source.kind, { namespace, name: spec.source.name });
  return object && object.metadata.deletionTimestamp === undefined ? waivedSource(source, object) : undefined;
}

export function waivedSource<S extends Resource>(source: FindingSource<S>, object: S): WaivedSource {
  const rules = source.rules(object);
  return { source: source, object, ...(rules && { rules }), checks: source.checks(object) };
}

/** What a source says of the checks that a waiver names. */
export interface Scope {
  readonly rules?: WaiverRules;
  /** Of each of them, of all when it names `*`; none without a source. */
  readonly severities: readonly Severity[];
}

export function scopeOf({ spec }: PolicyWaiver, source: WaivedSource | undefined): Scope {
  if (!source) return { severities: [] };
  const { rules, checks } = source;
  const severities = spec.checks.includes('*')
    ? [...checks.values()]
    : spec.checks.flatMap((check) => checks.get(check) ?? []);
  return { rules, severities };
}

/** The business days of a source: of UTC where it names no zone, or one that there is not. */
export function calendarOf(rules: WaiverRules | undefined): Calendar {
  const zone = zoneNamed(rules?.timeZone ?? 'Etc/UTC') ?? zoneNamed('Etc/UTC');
  if (!zone) throw new Error('Node.js has no time zone data; use a build with full ICU.');
  return { zone, holidays: new Set(rules?.holidays ?? []) };
}

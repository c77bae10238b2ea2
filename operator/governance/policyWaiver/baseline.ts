/** The baseline of a waiver, as far as waivers need it: of either kind alike. */
import { resources } from '../../api/generated/resources.ts';
import type { ClusterBaseline } from '../../api/v1alpha1/clusterBaseline.ts';
import type { DeviceBaseline } from '../../api/v1alpha1/deviceBaseline.ts';
import type { PolicyWaiver } from '../../api/v1alpha1/policyWaiver.ts';
import type { Severity } from '../../api/v1alpha1/shared.ts';
import type { WaiverRules } from '../../api/v1alpha1/waiverRules.ts';
import type { Calendar } from '../../lib/businessTime.ts';
import { zoneNamed } from '../../lib/zone.ts';
import type { Reader } from '../../runtime/feature.ts';

export interface WaivedBaseline {
  readonly object: DeviceBaseline | ClusterBaseline;
  /** The namespace from which waivers may cover everything. */
  readonly home: string;
  readonly rules?: WaiverRules;
  /** Its checks and templates, with their severities. */
  readonly checks: ReadonlyMap<string, Severity>;
}

/** Undefined when there is none. */
export function baselineOf({ metadata, spec }: PolicyWaiver, read: Pick<Reader, 'get'>): WaivedBaseline | undefined {
  const { kind, name } = spec.source;
  const namespace = metadata.namespace ?? '';
  const object =
    kind === 'DeviceBaseline'
      ? read.get(resources.DeviceBaseline, { namespace, name })
      : read.get(resources.ClusterBaseline, { namespace: '', name });
  return object && object.metadata.deletionTimestamp === undefined ? waivedBaseline(object) : undefined;
}

export function waivedBaseline(object: DeviceBaseline | ClusterBaseline): WaivedBaseline {
  const items = isOfDevices(object)
    ? object.spec.checks
    : [...(object.spec.objects ?? []), ...(object.spec.checks ?? [])];
  return {
    object,
    home: isOfDevices(object) ? (object.metadata.namespace ?? '') : object.spec.serviceAccountRef.namespace,
    rules: object.spec.waivers,
    checks: new Map(items.map(({ name, severity }) => [name, severity ?? 'Medium'])),
  };
}

export function isOfDevices(object: DeviceBaseline | ClusterBaseline): object is DeviceBaseline {
  return object.kind === 'DeviceBaseline';
}

/** What a baseline says of the checks that a waiver names. */
export interface Scope {
  readonly rules?: WaiverRules;
  /** Of each of them, of all when it names `*`; none without a baseline. */
  readonly severities: readonly Severity[];
}

export function scopeOf({ spec }: PolicyWaiver, baseline: WaivedBaseline | undefined): Scope {
  if (!baseline) return { severities: [] };
  const { rules, checks } = baseline;
  const severities = spec.checks.includes('*')
    ? [...checks.values()]
    : spec.checks.flatMap((check) => checks.get(check) ?? []);
  return { rules, severities };
}

/** The business days of a baseline: of UTC where it names no zone, or one that there is not. */
export function calendarOf(rules: WaiverRules | undefined): Calendar {
  const zone = zoneNamed(rules?.timeZone ?? 'Etc/UTC') ?? zoneNamed('Etc/UTC');
  if (!zone) throw new Error('Node comes without time zones; use one built with full ICU');
  return { zone, holidays: new Set(rules?.holidays ?? []) };
}

/**
 * What makes findings. Waivers, metrics, reports and whatever else takes findings know this and no kind: `operator/findingSources.ts`
 * is the one list. Pure.
 */
import type { Kind } from '../api/kind.ts';
import type { Resource, Severity } from '../api/v1alpha1/shared.ts';
import type { WaiverRules } from '../api/v1alpha1/waiverRules.ts';
import type { Reader, Watch } from '../runtime/feature.ts';
import type { KnownTarget, WaivedSubject, WaivedTarget } from './waiver/subject.ts';

/** What is known of the targets of a source. */
export interface Known {
  /** Whether all targets are there that it has; otherwise only those with findings are. */
  readonly listsAll: boolean;
  readonly targets: readonly KnownTarget[];
  /** Whether nothing more can be known of the targets that are listed, and none is missing that fails. */
  readonly isComplete: boolean;
}

/** Of a kind whose type says `@findingSource`. */
export interface FindingSource<S extends Resource = Resource> {
  readonly kind: Kind<S>;
  /** Namespace whose waivers may cover everything. */
  home(source: S): string;
  rules(source: S): WaiverRules | undefined;
  /** What it asks for, by name, with how much each matters. */
  checks(source: S): ReadonlyMap<string, Severity>;
  /** From the cache. */
  known(source: S, read: Reader): Known;
  /** What may change what is known, other than its own declaration and its DriftReports: `keysOf` gives keys of sources. */
  readonly changes?: readonly Watch[];
}

/** A source with one object of its kind. */
export interface SourceObject {
  readonly source: FindingSource;
  readonly object: Resource;
}

export function subjectOf({ source, object }: SourceObject, target: WaivedTarget): WaivedSubject {
  const rules = source.rules(object);
  const { kind } = source.kind;
  return {
    source: { kind, name: object.metadata.name, namespace: source.home(object) },
    ...(rules && { rules }),
    target,
  };
}

/** Under which indexes find what is about a source: `DeviceBaseline/rhel9`. */
export function sourceId(kind: string, name: string): string {
  return `${kind}/${name}`;
}

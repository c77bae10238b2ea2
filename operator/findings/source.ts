/**
 * What makes findings. Waivers, metrics, reports and whatever else takes findings know this and no kind: `operator/findingSources.ts`
 * is the one list. Pure.
 */
import type { Kind } from '../api/kind.ts';
import type { ReportTarget } from '../api/v1alpha1/driftReport.ts';
import type { Finding } from '../api/v1alpha1/finding.ts';
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

/** What was last reported of one target. */
export interface TargetEvaluation {
  readonly target: ReportTarget;
  /** `Seen`: the report is about the checks as they are declared now, and is kept up to date. */
  readonly state: 'Seen' | 'Stale' | 'Unreachable' | 'Unknown';
  /** Why it is not seen, as a fragment. */
  readonly reason?: string;
  /** All that does not pass, as far as it is listed, each with its time. Waivers are as of the report: whoever shows them marks them. */
  readonly findings: readonly Finding[];
  /** How many findings there are that are not listed. */
  readonly unlisted: number;
  /** What checks are of which no finding is listed; undefined where the target is asked for nothing else. */
  readonly rest?: 'Pass' | 'Unknown';
  /** What a waiver must name to cover the finding. */
  subjectOf(finding: Finding): WaivedSubject;
}

/** Of a kind whose type says `@findingSource`. */
export interface FindingSource<S extends Resource = Resource> {
  readonly kind: Kind<S>;
  /** Namespace whose waivers may cover everything. */
  home(source: S): string;
  rules(source: S): WaiverRules | undefined;
  /** What it asks for, by name, with how much each matters. */
  checks(source: S): ReadonlyMap<string, Severity>;
  /** Of each check that it declares now, the controls of frameworks that it supports, as they are written. `checks` may have others, of earlier revisions. */
  controls?(source: S): ReadonlyMap<string, readonly string[]>;
  /** From the cache. */
  known(source: S, read: Reader): Known;
  /** From the cache, in the order of the targets. Of a source that has none, evidence says that it was not evaluated. */
  evaluations?(source: S, read: Reader, now: Date): Iterable<TargetEvaluation>;
  /** Checks that apply to nothing now, so that nothing is known of them. */
  idle?(source: S): readonly string[];
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

/** What it declares now, with the severities and controls. */
export function declaredChecks({ source, object }: SourceObject) {
  const controls = source.controls?.(object);
  return [...source.checks(object)]
    .filter(([check]) => !controls || controls.has(check))
    .map(([name, severity]) => ({ name, severity, controls: controls?.get(name) ?? [] }));
}

import type { Finding, FindingSourceKind, FindingText } from './finding.ts';
import type { Digest, Int32, ObjectName, Resource, ResourceStatus, Text, Timestamp } from './shared.ts';

/**
 * A standing question, made by Holdfast: does this target hold to this baseline? There is one for each target and baseline.
 *
 * @resource plural=driftreports shortName=hdr scope=Namespaced
 * @printcolumn Target string .status.target.name priority=1
 * @printcolumn Baseline string .status.source.name priority=1
 * @printcolumn Result string .status.result
 * @printcolumn Drift string .status.summary.drift
 * @printcolumn Waived integer .status.summary.waived priority=1
 * @printcolumn Pass integer .status.summary.pass priority=1
 * @printcolumn Unknown integer .status.summary.unknown priority=1
 * @printcolumn NotApplicable integer .status.summary.notApplicable priority=1
 * @printcolumn Since date .status.observedTime
 */
export interface DriftReport extends Resource<DriftReportSpec, DriftReportStatus> {
  kind: 'DriftReport';
}

/** Nothing is asked for: reports are made by Holdfast alone. */
// eslint-disable-next-line @typescript-eslint/no-empty-object-type -- the spec is there, and empty
export interface DriftReportSpec {}

/** The answer as it was last seen. It is written when it changes, not at every look. */
export interface DriftReportStatus extends ResourceStatus {
  /** The baseline. */
  source?: ReportSource;

  /** What was looked at. */
  target?: ReportTarget;

  /**
   * `Fail` when any check fails that is not waived, `Unknown` when none does but some could not be read, `Waived` when all that fail are
   * waived, `NotApplicable` when no check makes sense on this target.
   */
  result?: CheckResult;

  /** The checks, counted. */
  summary?: ReportSummary;

  /**
   * What is not a pass, worst first and what does not apply last, at most 100; `summary` counts all.
   *
   * @maxItems 100
   * @listType atomic
   */
  findings?: Finding[];

  /** Findings beyond those shown. */
  moreFindings?: Int32;

  /** When those findings were first seen that do not say it themselves. */
  findingsSince?: Timestamp;

  /** Why nothing is known of the target, when that is so. */
  message?: FindingText;

  /** When this answer was first seen. */
  observedTime?: Timestamp;
}

/** How a check came out. */
export type CheckResult = 'Pass' | 'Waived' | 'Fail' | 'Unknown' | 'NotApplicable';

/** The baseline of a report. */
export interface ReportSource {
  /** Its kind. */
  kind: FindingSourceKind;

  /** Its name. */
  name: ObjectName;

  /** Digest of the checks that were asked. */
  revision: Digest;
}

/** What was looked at. */
export interface ReportTarget {
  /** Its kind: `Namespace` for objects in a namespace, `Cluster` for those in none. */
  kind: 'Device' | 'Namespace' | 'Cluster';

  /** Its name; `cluster` for the cluster. */
  name: ObjectName;
}

/** The checks of a report, counted. */
export interface ReportSummary {
  /** Checks that hold. Not counted for a namespace or the cluster: its baseline counts objects. */
  pass?: Int32;

  /** Checks that fail and are not waived. */
  fail: Int32;

  /** Checks that fail and are waived. */
  waived: Int32;

  /** Checks whose state is not known. */
  unknown: Int32;

  /** Checks that make no sense on this target, if any. They neither pass nor fail. */
  notApplicable?: Int32;

  /** The failing checks in words: `3 (1 critical)`. */
  drift: Text;
}

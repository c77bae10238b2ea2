import type { Finding, FindingSourceKind, FindingText } from './finding.ts';
import type { Digest, Int32, ObjectName, ObjectUid, Resource, ResourceStatus, Text, Timestamp } from './shared.ts';

/**
 * Whether a target complies with a baseline, as last observed. Created by Holdfast, one for each target and baseline.
 *
 * @resource plural=driftreports shortName=hdr scope=Namespaced
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

/** Empty: only Holdfast creates reports. */
// eslint-disable-next-line @typescript-eslint/no-empty-object-type -- the spec is there, and empty
export interface DriftReportSpec {}

/** The result as last observed. It is written when it changes, not at every evaluation. */
export interface DriftReportStatus extends ResourceStatus {
  /** The baseline. */
  source?: ReportSource;

  /** What was evaluated. */
  target?: ReportTarget;

  /**
   * `Fail` if any check fails that is not waived, `Unknown` if none does but some could not be read, `Waived` if all that fail are
   * waived, `NotApplicable` if no check applies to this target.
   */
  result?: CheckResult;

  /** Counts of the checks. */
  summary?: ReportSummary;

  /**
   * Everything that does not pass, worst first and what does not apply last, at most 100; `summary` counts all.
   *
   * @maxItems 100
   * @listType atomic
   */
  findings?: Finding[];

  /** How many findings are not shown. */
  moreFindings?: Int32;

  /** When the findings without `since` were first seen. */
  findingsSince?: Timestamp;

  /** Why nothing is known about the target, if so. */
  message?: FindingText;

  /** Uid of the baseline's last run that was complete on the Device when it was evaluated: the result is newer than that correction. */
  afterRun?: ObjectUid;

  /** When this result was first observed. */
  observedTime?: Timestamp;
}

/** Result of a check. */
export type CheckResult = 'Pass' | 'Waived' | 'Fail' | 'Unknown' | 'NotApplicable';

/** The baseline of a report. */
export interface ReportSource {
  /** Its kind. */
  kind: FindingSourceKind;

  /** Its name. */
  name: ObjectName;

  /** Digest of the checks that were evaluated. */
  revision: Digest;
}

/** What was evaluated. */
export interface ReportTarget {
  /** Its kind: `Namespace` for objects in a namespace, `Cluster` for objects without one. */
  kind: 'Device' | 'Namespace' | 'Cluster';

  /** Its name; `cluster` for the cluster. */
  name: ObjectName;
}

/** Counts of the checks of a report. */
export interface ReportSummary {
  /** Checks that pass. Not counted for a namespace or the cluster: there, the baseline counts objects. */
  pass?: Int32;

  /** Checks that fail and are not waived. */
  fail: Int32;

  /** Checks that fail and are waived. */
  waived: Int32;

  /** Checks whose result is unknown. */
  unknown: Int32;

  /** Checks that do not apply to this target, if any. They neither pass nor fail. */
  notApplicable?: Int32;

  /** The failing checks in one line: `3 (1 critical)`. */
  drift: Text;
}

import type { Finding } from './finding.ts';
import type { ExpressionCheck } from './expressionCheck.ts';
import type { IgnoredPath, ObjectTemplate } from './objectTemplate.ts';
import type {
  CheckName,
  CorrectionState,
  Digest,
  Int32,
  LocalRef,
  ObjectName,
  Resource,
  ResourceStatus,
  Suspend,
  Text,
  Timestamp,
} from './shared.ts';
import type { WaiverRules } from './waiverRules.ts';

/**
 * What must be true of the objects of this cluster, and whether Holdfast only tells or also corrects. It reads and writes with the
 * rights of a service account, never with its own.
 *
 * @findingSource
 * @resource plural=clusterbaselines shortName=hcb scope=Cluster
 * @printcolumn Ready string .status.conditions[?(@.type=="Ready")].status
 * @printcolumn Mode string .spec.mode
 * @printcolumn Compliant string .status.summary.compliant
 * @printcolumn Drifted integer .status.objects.drifted priority=1
 * @printcolumn Waived integer .status.objects.waived priority=1
 * @printcolumn Unknown integer .status.objects.unknown priority=1
 * @printcolumn Suspended string .status.conditions[?(@.type=="Suspended")].status
 * @printcolumn Correction string .status.summary.correction
 * @printcolumn Detail string .status.summary.correctionMessage priority=1
 * @printcolumn Status string .status.conditions[?(@.type=="Compliant")].message priority=1
 * @printcolumn Age date .metadata.creationTimestamp
 */
export interface ClusterBaseline extends Resource<ClusterBaselineSpec, ClusterBaselineStatus> {
  kind: 'ClusterBaseline';
}

/**
 * The declared intent.
 *
 * @rule has(self.objects) || has(self.checks) :: declare at least one of `objects` and `checks`
 */
export interface ClusterBaselineSpec {
  /** The account with whose rights everything is read and written. Who names it needs the right to impersonate it. Its namespace is the home of the baseline: waivers and windows of the baseline live there. */
  serviceAccountRef: ServiceAccountRef;

  /**
   * `Inform` shows drift; `Enforce` also corrects that of `objects`.
   *
   * @default "Inform"
   */
  mode?: 'Inform' | 'Enforce';

  /**
   * Objects that must be, or must not be.
   *
   * @maxItems 100
   * @listType map
   * @listMapKey name
   */
  objects?: ObjectTemplate[];

  /**
   * Expressions that must hold for every object of a kind. They are shown, never corrected.
   *
   * @maxItems 100
   * @listType map
   * @listMapKey name
   */
  checks?: ExpressionCheck[];

  /**
   * What becomes of objects when the baseline is deleted: `Keep` them, delete those that it `Created`, or `All` that its templates name and it wrote to.
   *
   * @default "Keep"
   */
  prune?: 'Keep' | 'Created' | 'All';

  /**
   * How many objects may be deleted in one pass, because of `MustNotHave` or `prune`.
   *
   * @minimum 0
   * @maximum 100
   * @default 5
   */
  maxDeletions?: Int32;

  /** MaintenanceWindow in the home namespace: outside of it nothing is corrected. */
  windowRef?: LocalRef;

  /** Who may let others deviate from this baseline, and for how long. */
  waivers?: WaiverRules;

  /** Stops looking and correcting. */
  suspend?: Suspend;
}

/** A service account. */
export interface ServiceAccountRef {
  /** Its namespace. */
  namespace: ObjectName;

  /** Its name. */
  name: ObjectName;
}

/** How the cluster stands. */
export interface ClusterBaselineStatus extends ResourceStatus {
  /** Digest of objects and checks. */
  revision?: Digest;

  /** What was judged, counted: each object under each template or check. */
  objects?: ObjectCounts;

  /** Short texts for columns. */
  summary?: ClusterBaselineSummary;

  /**
   * The worst of what does not hold. All of it is in the DriftReports of the home namespace: one for each namespace with findings, one for
   * what is in none; `objects` counts all.
   *
   * @maxItems 10
   * @listType atomic
   */
  findings?: Finding[];

  /** When those findings were first seen that do not say it themselves. */
  findingsSince?: Timestamp;

  /** Findings for which the DriftReports have no room: each shows 100, and there are at most 100 of them. */
  moreFindings?: Int32;

  /**
   * What differs now at paths that templates leave to others, at most 100.
   *
   * @maxItems 100
   * @listType atomic
   */
  ignored?: IgnoredDifference[];

  /**
   * Corrections of the last minutes: an object that needs them again and again is contended.
   *
   * @maxItems 100
   * @listType atomic
   */
  corrections?: ObjectCorrection[];

  /** When these findings were first seen. */
  observedTime?: Timestamp;
}

/** A path of a template that is left to others, and differs. */
export interface IgnoredDifference {
  /** The template. */
  check: CheckName;

  /** One of its `ignoredPaths`. */
  path: IgnoredPath;

  /** How many objects differ there. */
  objects: Int32;
}

/** What was judged, counted. */
export interface ObjectCounts {
  /** All. */
  total: Int32;

  /** They hold. */
  compliant: Int32;

  /** They do not hold. */
  drifted: Int32;

  /** They do not hold, and that is waived. */
  waived: Int32;

  /** Not known: unreadable, or the kind does not exist. */
  unknown: Int32;
}

/** Short texts for columns. */
export interface ClusterBaselineSummary {
  /** Those that hold, of all: `112/120`. */
  compliant: Text;

  /** What correction does. */
  correction?: CorrectionState;

  /** More of it, in words. */
  correctionMessage?: Text;
}

/** An object that was corrected. */
export interface ObjectCorrection {
  /** The template. */
  check: CheckName;

  /**
   * The object, as `kind/namespace/name`.
   *
   * @maxLength 600
   */
  target: string;

  /** How often in a row it did not last. */
  rounds: Int32;

  /** When it was last corrected. */
  lastTime: Timestamp;

  /**
   * Who wrote what was corrected last.
   *
   * @maxLength 128
   */
  manager?: string;
}

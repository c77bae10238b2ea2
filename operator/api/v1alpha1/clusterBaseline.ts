import type { Finding } from './finding.ts';
import type { ExpressionCheck } from './expressionCheck.ts';
import type { IgnoredPath, ObjectTemplate } from './objectTemplate.ts';
import type {
  AdmissionRecord,
  CheckName,
  CorrectionState,
  Digest,
  Int32,
  LocalRef,
  NamespaceName,
  ObjectName,
  Resource,
  ResourceStatus,
  StatusSeal,
  Suspend,
  Text,
  Timestamp,
} from './shared.ts';
import type { WaiverRules } from './waiverRules.ts';

/**
 * What must be true of the objects of this cluster, and whether Holdfast only reports drift or also corrects it. It reads and writes with the
 * rights of a service account, never with its own.
 *
 * @findingSource
 * @resource plural=clusterbaselines shortName=hcb scope=Cluster writtenBy=author
 * @sentence .status.conditions[?(@.type=="Compliant")].message
 * @printcolumn Ready string .status.conditions[?(@.type=="Ready")].status
 * @printcolumn Mode string .spec.mode
 * @printcolumn Compliant string .status.summary.compliant
 * @printcolumn Drifted integer .status.objects.drifted priority=1
 * @printcolumn Waived integer .status.objects.waived priority=1
 * @printcolumn Unknown integer .status.objects.unknown priority=1
 * @printcolumn Suspended string .status.conditions[?(@.type=="Suspended")].status
 * @printcolumn Correction string .status.summary.correction
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
  /** The service account with whose rights everything is read and written. Whoever names it needs the right to impersonate it. Its namespace is the home namespace of the baseline: its waivers and windows are in it. */
  serviceAccountRef: ServiceAccountRef;

  /**
   * `Inform` shows drift; `Enforce` also corrects that of `objects`.
   *
   * @default "Inform"
   */
  mode?: 'Inform' | 'Enforce';

  /**
   * Objects that must or must not exist.
   *
   * @maxItems 100
   * @listType map
   * @listMapKey name
   */
  objects?: ObjectTemplate[];

  /**
   * Expressions that must be true of every object of a kind. Failures are shown, never corrected.
   *
   * @maxItems 100
   * @listType map
   * @listMapKey name
   */
  checks?: ExpressionCheck[];

  /**
   * What happens to objects when the baseline is deleted: `Keep` them, delete those that it `Created`, or delete `All` that its templates name and it wrote to.
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

  /** MaintenanceWindow in the home namespace: nothing is corrected while it is closed. */
  windowRef?: LocalRef;

  /** Who may approve deviations from this baseline, and for how long. */
  waivers?: WaiverRules;

  /** Stops evaluating and correcting. */
  suspend?: Suspend;
}

/** A service account. */
export interface ServiceAccountRef {
  /** Its namespace. */
  namespace: NamespaceName;

  /** Its name. */
  name: ObjectName;
}

/** How the cluster complies. */
export interface ClusterBaselineStatus extends ResourceStatus {
  /** Digest of objects and checks. */
  revision?: Digest;

  /** Counts of what was evaluated: each object under each template or check. */
  objects?: ObjectCounts;

  /** Short values for columns. */
  summary?: ClusterBaselineSummary;

  /**
   * The worst findings. All of them are in the DriftReports of the home namespace: one for each namespace with findings, and one for
   * objects without a namespace; `objects` counts all.
   *
   * @maxItems 10
   * @listType atomic
   */
  findings?: Finding[];

  /** When the findings without `since` were first seen. */
  findingsSince?: Timestamp;

  /** How many findings are left out of the DriftReports: each shows 100, and there are at most 100 reports. */
  moreFindings?: Int32;

  /**
   * What differs now at paths in `ignoredPaths`, at most 100.
   *
   * @maxItems 100
   * @listType atomic
   */
  ignored?: IgnoredDifference[];

  /**
   * Corrections of the last minutes, and older ones of objects that drifted again: an object is contended if its drift recurred
   * within ten minutes after two in a row.
   *
   * @maxItems 100
   * @listType atomic
   */
  corrections?: ObjectCorrection[];

  /**
   * Templates and checks that apply to no object now, at most 300: nothing is known of them.
   *
   * @maxItems 300
   * @listType atomic
   */
  idleChecks?: CheckName[];

  /** When these findings were first seen. */
  observedTime?: Timestamp;

  /** Whether its author was checked. */
  admission?: AdmissionRecord;

  /** Proof that Holdfast wrote this status. */
  seal?: StatusSeal;
}

/** A path that a template ignores and that differs. */
export interface IgnoredDifference {
  /** The template. */
  check: CheckName;

  /** One of its `ignoredPaths`. */
  path: IgnoredPath;

  /** How many objects differ at this path. */
  objects: Int32;
}

/** Counts of what was evaluated. */
export interface ObjectCounts {
  /** All objects. */
  total: Int32;

  /** Objects that comply. */
  compliant: Int32;

  /** Objects that drifted. */
  drifted: Int32;

  /** Objects that drifted, with a waiver. */
  waived: Int32;

  /** Objects whose state is unknown: they could not be read, or their kind does not exist. */
  unknown: Int32;
}

/** Short values for columns. */
export interface ClusterBaselineSummary {
  /** Compliant objects, of all: `112/120`. */
  compliant: Text;

  /** State of correction. */
  correction?: CorrectionState;

  /** Details of that state. */
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

  /** How many times in a row it was corrected. */
  rounds: Int32;

  /** When it was last corrected. */
  lastTime: Timestamp;

  /**
   * What became of the last correction: `Verified` if the object complied afterwards, `Recurred` if it then drifted again. Absent if
   * it has not complied since.
   */
  outcome?: 'Verified' | 'Recurred';

  /** After how many corrections in a row the drift recurred within ten minutes. */
  recurred?: Int32;

  /** After how many corrections in a row, before the last, the object did not comply. */
  failed?: Int32;

  /**
   * Field manager that wrote what was corrected last.
   *
   * @maxLength 128
   */
  manager?: string;
}

import type { ControlId } from './deviceCheck.ts';
import type { Finding } from './driftReport.ts';
import type {
  CheckName,
  Digest,
  Int32,
  LabelSelector,
  LabelExpression,
  LabelValue,
  LocalRef,
  ObjectName,
  Resource,
  ResourceStatus,
  Severity,
  Suspend,
  Text,
  Timestamp,
} from './shared.ts';
import type { WaiverRules } from './waiverRules.ts';

/**
 * What must be true of the objects of this cluster, and whether Holdfast only tells or also corrects. It reads and writes with the
 * rights of a service account, never with its own.
 *
 * @resource plural=clusterbaselines shortName=hcb scope=Cluster
 * @printcolumn Ready string .status.conditions[?(@.type=="Ready")].status
 * @printcolumn Mode string .spec.mode
 * @printcolumn Compliant string .status.summary.compliant
 * @printcolumn Drifted integer .status.objects.drifted
 * @printcolumn Waived integer .status.objects.waived
 * @printcolumn Unknown integer .status.objects.unknown
 * @printcolumn Suspended string .status.conditions[?(@.type=="Suspended")].status
 * @printcolumn Correction string .status.summary.correction
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
   * What becomes of objects when the baseline is deleted: `Keep` them, delete those that it `Created`, or delete `All` that it names and has applied.
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

/** Objects that must be, or must not be. */
export interface ObjectTemplate {
  /** Its name, by which findings and waivers speak of it. */
  name: CheckName;

  /**
   * How much it matters.
   *
   * @default "Medium"
   */
  severity?: Severity;

  /**
   * Controls of frameworks that this supports.
   *
   * @maxItems 16
   * @listType set
   */
  controls?: ControlId[];

  /**
   * `MustHave`: the object is there and has these fields. `MustNotHave`: no object of that name has these fields. `MustOnlyHave`: the
   * object is there, and what the template names has these fields and no others.
   *
   * @default "MustHave"
   */
  match?: 'MustHave' | 'MustNotHave' | 'MustOnlyHave';

  /** The namespaces of a namespaced object whose template names none. */
  namespaceSelector?: NamespaceSelector;

  /** Only objects with these labels. */
  objectSelector?: LabelSelector;

  /**
   * The object, as far as it matters. `metadata.name` may have `*` and `?`, and may be left out: then it is about every object that the selectors match.
   *
   * @preserveUnknown
   * @rule has(self.apiVersion) && has(self.kind) :: the template needs `apiVersion` and `kind`
   */
  template: TemplateObject;
}

/** A Kubernetes object, as far as it matters. */
export interface TemplateObject {
  /**
   * Group and version, such as `apps/v1`.
   *
   * @minLength 1
   * @maxLength 253
   * @pattern ^([a-z0-9.-]+/)?v[a-z0-9]+$
   */
  apiVersion: string;

  /**
   * The kind.
   *
   * @minLength 1
   * @maxLength 63
   * @pattern ^[A-Z][A-Za-z0-9]*$
   */
  kind: string;
}

/** Selects namespaces by name and by labels; all parts must match. */
export interface NamespaceSelector {
  /**
   * Names with `*` and `?`; all by default.
   *
   * @maxItems 64
   * @listType atomic
   */
  include?: NamePattern[];

  /**
   * Names with `*` and `?` that are left out.
   *
   * @maxItems 64
   * @listType atomic
   */
  exclude?: NamePattern[];

  /**
   * Labels of the namespace and the values they must have.
   *
   * @maxProperties 32
   */
  matchLabels?: Record<string, LabelValue>;

  /**
   * Conditions on labels of the namespace.
   *
   * @maxItems 32
   * @listType atomic
   */
  matchExpressions?: LabelExpression[];
}

/**
 * A name with `*` for any characters and `?` for one.
 *
 * @minLength 1
 * @maxLength 253
 * @pattern ^[a-z0-9*?]([-a-z0-9.*?]*[a-z0-9*?])?$
 */
export type NamePattern = string;

/** An expression that must hold for every object of a kind. */
export interface ExpressionCheck {
  /** Its name, by which findings and waivers speak of it. */
  name: CheckName;

  /**
   * How much it matters.
   *
   * @default "Medium"
   */
  severity?: Severity;

  /**
   * Controls of frameworks that this supports.
   *
   * @maxItems 16
   * @listType set
   */
  controls?: ControlId[];

  /** The kind. */
  resource: CheckedKind;

  /** The namespaces of namespaced objects; all by default. */
  namespaceSelector?: NamespaceSelector;

  /** Only objects with these labels. */
  objectSelector?: LabelSelector;

  /** An object that the expression knows as `params`, read with the rights of the service account. */
  paramRef?: ParamRef;

  /**
   * Named parts of the expression, known as `variables.<name>`.
   *
   * @maxItems 16
   * @listType map
   * @listMapKey name
   */
  variables?: ExpressionVariable[];

  /** CEL over `object`, `namespaceObject` and `params` that says whether the object is as it must be. `oldObject` is null. */
  expression: Expression;

  /** What is wrong when it does not hold, for people. */
  message?: Text;

  /** CEL that gives the message instead. */
  messageExpression?: Expression;
}

/** A kind of objects. */
export interface CheckedKind {
  /**
   * The API group; empty for the core group.
   *
   * @maxLength 253
   * @default ""
   */
  group?: string;

  /**
   * The version; the one that the apiserver prefers by default.
   *
   * @maxLength 63
   */
  version?: string;

  /**
   * The kind.
   *
   * @minLength 1
   * @maxLength 63
   */
  kind: string;
}

/** One object with parameters. */
export interface ParamRef {
  /**
   * Its group and version.
   *
   * @minLength 1
   * @maxLength 253
   */
  apiVersion: string;

  /**
   * Its kind.
   *
   * @minLength 1
   * @maxLength 63
   */
  kind: string;

  /** Its namespace; none when the kind has none. */
  namespace?: ObjectName;

  /** Its name. */
  name: ObjectName;
}

/** A named part of an expression. */
export interface ExpressionVariable {
  /**
   * The name.
   *
   * @minLength 1
   * @maxLength 63
   * @pattern ^[A-Za-z_][A-Za-z0-9_]*$
   */
  name: string;

  /** Its value. */
  expression: Expression;
}

/**
 * An expression in CEL.
 *
 * @minLength 1
 * @maxLength 4096
 */
export type Expression = string;

/** How the cluster stands. */
export interface ClusterBaselineStatus extends ResourceStatus {
  /** Digest of objects and checks. */
  revision?: Digest;

  /** What was judged, counted: each object under each template or check. */
  objects?: ObjectCounts;

  /** Short texts for columns. */
  summary?: ClusterBaselineSummary;

  /**
   * What does not hold, worst first, at most 100; `objects` counts all.
   *
   * @maxItems 100
   * @listType atomic
   */
  findings?: Finding[];

  /** Findings beyond those shown. */
  moreFindings?: Int32;

  /**
   * Objects that this baseline created or applied, for `prune`; at most 500.
   *
   * @maxItems 500
   * @listType atomic
   */
  applied?: AppliedObject[];

  /**
   * Fields over which somebody else fights with this baseline.
   *
   * @maxItems 20
   * @listType atomic
   */
  contended?: ContendedObject[];

  /** When these findings were first seen. */
  observedTime?: Timestamp;
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

  /** What the correction does. */
  correction?: Text;
}

/** An object that a baseline created or applied. */
export interface AppliedObject {
  /**
   * Its group and version.
   *
   * @maxLength 253
   */
  apiVersion: string;

  /**
   * Its kind.
   *
   * @maxLength 63
   */
  kind: string;

  /**
   * Its namespace.
   *
   * @maxLength 253
   */
  namespace?: string;

  /**
   * Its name.
   *
   * @maxLength 253
   */
  name: string;

  /**
   * Its uid.
   *
   * @maxLength 64
   */
  uid: string;

  /** Whether the baseline created it. */
  created?: boolean;
}

/** An object over whose fields somebody else fights with a baseline. */
export interface ContendedObject {
  /** The template. */
  check: CheckName;

  /**
   * The object, as `kind/namespace/name`.
   *
   * @maxLength 600
   */
  target: string;

  /**
   * The other manager.
   *
   * @maxLength 128
   */
  manager: string;

  /** Corrections in a row that did not hold. */
  rounds: Int32;

  /** When it was last corrected. */
  lastTime: Timestamp;

  /** When it is corrected again. */
  nextTime: Timestamp;
}

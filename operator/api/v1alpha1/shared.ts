/** Shapes that every kind shares: metadata, conditions, references, selectors. */

export type Int32 = number;
export type Int64 = number;
export type Timestamp = string;

/**
 * A time that people declare. The apiserver takes a list for a value of any `format`, and can then store no status any more; a rule refuses it.
 *
 * @rule type(self) == google.protobuf.Timestamp :: a time is written as `2026-11-29T04:00:00Z`
 */
export type DeclaredTime = Timestamp;
export type IntOrString = number | string;

/**
 * Name of an object in the same namespace.
 *
 * @minLength 1
 * @maxLength 253
 * @pattern ^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$
 */
export type ObjectName = string;

/**
 * Name of a namespace.
 *
 * @minLength 1
 * @maxLength 63
 * @pattern ^[a-z0-9]([-a-z0-9]*[a-z0-9])?$
 */
export type NamespaceName = string;

/**
 * Group and version, such as `apps/v1`.
 *
 * @minLength 1
 * @maxLength 253
 * @pattern ^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*[/])?v[a-z0-9]+$
 */
export type ApiVersion = string;

/**
 * Kind of an object, such as `Deployment`.
 *
 * @minLength 1
 * @maxLength 63
 * @pattern ^[A-Z][A-Za-z0-9]*$
 */
export type KindName = string;

/**
 * Name of a check within its baseline.
 *
 * @minLength 1
 * @maxLength 63
 * @pattern ^[a-z0-9]([-a-z0-9]*[a-z0-9])?$
 */
export type CheckName = string;

/**
 * A string on one line, without control characters.
 *
 * @minLength 1
 * @maxLength 512
 * @pattern ^[^\x00-\x1f\x7f]*$
 */
export type Text = string;

/**
 * State of correction: `Idle` if there is nothing to do, `Unknown` if nothing is known to differ but not everything is known, `Running`,
 * `Done`, `Waiting` for a time, a window or another run, `Manual` if only a person can correct what is left, `Blocked` if the
 * apiserver or a missing right prevents it, `Failed` if its retries are exhausted, `Halted` if too many hosts failed, `Contended` if
 * another writer changes it back.
 */
export type CorrectionState =
  'Idle' | 'Unknown' | 'Running' | 'Done' | 'Waiting' | 'Manual' | 'Blocked' | 'Failed' | 'Halted' | 'Contended';

/**
 * A digest: `sha256:` followed by 64 hexadecimal digits.
 *
 * @maxLength 71
 * @pattern ^sha256:[0-9a-f]{64}$ :: a digest must be `sha256:` followed by 64 lowercase hexadecimal digits
 */
export type Digest = string;

/**
 * Proof that Holdfast itself wrote a status: a keyed digest of it, in 64 hexadecimal digits.
 *
 * @maxLength 64
 * @pattern ^[0-9a-f]{64}$
 */
export type StatusSeal = string;

/** Whether the apiserver checked who wrote a version of an object. */
export interface AdmissionRecord {
  /** The generation of the spec. */
  generation: Int64;

  /** Digest of what was written. */
  digest: Digest;

  /** Whether the admission policies applied when it was written. What was not checked must be written again. */
  checked: boolean;

  /** Digest of the admission policies that were installed. */
  policies: Digest;
}

/** How much it matters that a check fails. */
export type Severity = 'Low' | 'Medium' | 'High' | 'Critical';

/** The part of metadata that Holdfast reads and writes. */
export interface ObjectMeta {
  name: string;
  namespace?: string;
  uid?: string;
  resourceVersion?: string;
  generation?: number;
  creationTimestamp?: string;
  deletionTimestamp?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  finalizers?: string[];
  ownerReferences?: OwnerReference[];
}

export interface OwnerReference {
  apiVersion: string;
  kind: string;
  name: string;
  uid: string;
  controller?: boolean;
  blockOwnerDeletion?: boolean;
}

/** What every Kubernetes object of Holdfast looks like. */
export interface Resource<Spec = unknown, Status extends ResourceStatus = ResourceStatus> {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
  spec: Spec;
  status?: Status;
}

/** One condition of the object, in the standard form of Kubernetes. */
export interface Condition {
  /**
   * Type of the condition, such as `Ready`.
   *
   * @maxLength 316
   */
  type: string;

  /** Whether the condition is true. */
  status: 'True' | 'False' | 'Unknown';

  /** The generation of the spec that was evaluated. */
  observedGeneration?: Int64;

  /** When the status last changed. */
  lastTransitionTime: Timestamp;

  /**
   * The reason, as one word for programs.
   *
   * @maxLength 1024
   */
  reason: string;

  /**
   * A message for people, with what to do.
   *
   * @maxLength 32768
   */
  message: string;
}

/** What the runtime writes into the status of every kind. */
export interface ResourceStatus {
  /** The generation of the spec that this status is about. */
  observedGeneration?: Int64;

  /**
   * Conditions of the object. `Ready` says whether the controller has done its work.
   *
   * @maxItems 16
   * @listType map
   * @listMapKey type
   */
  conditions?: Condition[];
}

/**
 * Uid of an object.
 *
 * @maxLength 64
 */
export type ObjectUid = string;

/** A reference to an object in the same namespace. */
export interface LocalRef {
  /** Its name. */
  name: ObjectName;
}

/** Pauses the controller for this object, with a reason and optionally an end. */
export interface Suspend {
  /** Why, for those who read it later. */
  reason: Text;

  /** When it ends automatically. If not set, it lasts until it is removed. */
  until?: DeclaredTime;
}

/** Selects objects by their labels. All parts must match; an empty selector matches everything. */
export interface LabelSelector {
  /** Labels and the values they must have. */
  matchLabels?: MatchLabels;

  /**
   * Conditions on labels.
   *
   * @maxItems 32
   * @listType atomic
   */
  matchExpressions?: LabelExpression[];
}

/**
 * Labels and the values they must have.
 *
 * @maxProperties 32
 * @rule self.all(key, size(key) <= 317 && key.indexOf('/') <= 253 && key.matches('^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*[/])?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$')) :: a label key must consist of letters, digits and `-_.`, optionally after a domain and `/`
 */
export type MatchLabels = Record<string, LabelValue>;

/**
 * Value of a label.
 *
 * @maxLength 63
 * @pattern ^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$
 */
export type LabelValue = string;

/**
 * One condition on a label.
 *
 * @rule self.key.indexOf('/') <= 253 :: the domain of a label key must have at most 253 characters
 * @rule self.operator in ['In', 'NotIn'] ? has(self.values) && size(self.values) > 0 : !has(self.values) || size(self.values) == 0 :: `In` and `NotIn` require `values`; `Exists` and `DoesNotExist` must have none
 */
export interface LabelExpression {
  /**
   * The label.
   *
   * @maxLength 317
   * @pattern ^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*[/])?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$
   */
  key: string;

  /** How its value is compared with `values`. */
  operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';

  /**
   * The values of `In` and `NotIn`.
   *
   * @maxItems 64
   * @listType atomic
   */
  values?: LabelValue[];
}

/**
 * A user as the apiserver knows them.
 *
 * @minLength 1
 * @maxLength 253
 */
export type UserName = string;

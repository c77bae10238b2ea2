/** What the kinds of this fixture share. */

export type Int32 = number;
export type Int64 = number;
export type Timestamp = string;
export type IntOrString = number | string;
export type Quantity = number | string;

export interface ResourceStatus {
  /** The generation that was evaluated. */
  observedGeneration?: Int64;

  /**
   * Facts about the object.
   *
   * @maxItems 16
   * @listType map
   * @listMapKey type
   */
  conditions?: Condition[];
}

/** One fact. */
export interface Condition {
  /**
   * Its name.
   *
   * @maxLength 316
   */
  type: string;

  /** Whether it holds. */
  status: 'True' | 'False' | 'Unknown';
}

export interface Resource<Spec = unknown, Status = ResourceStatus> {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string };
  spec: Spec;
  status?: Status;
}

/**
 * Name of an object in the same namespace.
 *
 * @minLength 1
 * @maxLength 253
 * @pattern ^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$
 */
export type ObjectName = string;

/**
 * A port of TCP.
 *
 * @minimum 1
 * @maximum 65535
 */
export type Port = Int32;

/**
 * A place that must not be above its parent.
 *
 * @maxLength 64
 * @rule !self.contains('..') :: the path must not contain `..`
 */
export type SafePath = string;

export type Level = 'Low' | 'High';

import type { ControlId } from './deviceCheck.ts';
import type { NamespaceSelector } from './objectTemplate.ts';
import type {
  ApiVersion,
  CheckName,
  KindName,
  LabelSelector,
  NamespaceName,
  ObjectName,
  Severity,
  Text,
} from './shared.ts';

/** An expression that must be true for every object of a kind. */
export interface ExpressionCheck {
  /** Its name, which findings and waivers refer to. */
  name: CheckName;

  /**
   * How much it matters.
   *
   * @default "Medium"
   */
  severity?: Severity;

  /**
   * Controls of frameworks that this check supports.
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

  /** An object that is available to the expression as `params`, read with the permissions of the service account. */
  paramRef?: ParamRef;

  /**
   * Named parts of the expression, available as `variables.<name>`.
   *
   * @maxItems 16
   * @listType map
   * @listMapKey name
   */
  variables?: ExpressionVariable[];

  /**
   * CEL over `object`, `namespaceObject` and `params` that is true if the object complies. `oldObject` is null.
   * operator/cel/README.md lists the differences from Kubernetes.
   */
  expression: Expression;

  /** What is wrong if it is false, for people. */
  message?: Text;

  /** CEL that returns the message instead. */
  messageExpression?: Expression;
}

/** A kind of object. */
export interface CheckedKind {
  /**
   * The API group; empty for the core group.
   *
   * @maxLength 253
   * @pattern ^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*)?$
   * @default ""
   */
  group?: string;

  /**
   * The version; by default the one that the apiserver prefers.
   *
   * @maxLength 63
   * @pattern ^(v[a-z0-9]+)?$
   */
  version?: string;

  /** The kind. */
  kind: KindName;
}

/** One object with parameters. */
export interface ParamRef {
  /** Its group and version. */
  apiVersion: ApiVersion;

  /** Its kind. */
  kind: KindName;

  /** Its namespace; omit it if the kind is cluster-scoped. */
  namespace?: NamespaceName;

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

import type { ControlId } from './deviceCheck.ts';
import type {
  ApiVersion,
  CheckName,
  KindName,
  LabelExpression,
  LabelSelector,
  MatchLabels,
  Severity,
} from './shared.ts';

/**
 * Objects that must or must not exist.
 *
 * @rule !has(self.ignoredPaths) || self.match != 'MustNotHave' :: `ignoredPaths` is not allowed with `MustNotHave`; remove the field from the template instead
 * @rule !has(self.ignoredPaths) || !self.ignoredPaths.exists(path, path.matches('^(apiVersion|kind|metadata)($|[.\\[])') && !path.matches('^metadata\\.(labels|annotations|finalizers|ownerReferences)($|[.\\[])')) :: `ignoredPaths` must not name fields that identify the object; of metadata, it may name labels, annotations, finalizers and ownerReferences
 */
export interface ObjectTemplate {
  /** Its name, by which findings and waivers refer to it. */
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
   * `MustHave`: the object exists and has these fields; lists and selectors that an apply replaces entirely (`rules`, `args`,
   * `podSelector`, most lists of CRDs) are the same. `MustContain`: these may have more items; a correction adds what is missing
   * and changes nothing else. `MustNotHave`: no object of that name has these fields; an empty item of a list (`ingress: [{}]`)
   * and an empty selector are found only where they are empty. `MustOnlyHave`: the object exists, and what the
   * template names has these fields and no others. `MustExist`: in each selected namespace, at least one of the objects has what
   * `MustContain` asks for; failures are only shown.
   *
   * @default "MustHave"
   */
  match?: 'MustHave' | 'MustContain' | 'MustNotHave' | 'MustOnlyHave' | 'MustExist';

  /** The namespaces of a namespaced object whose template names none. */
  namespaceSelector?: NamespaceSelector;

  /** Only objects with these labels. */
  objectSelector?: LabelSelector;

  /**
   * Paths that are left to other writers, as findings print them: `spec.replicas`, `metadata.annotations["example.com/owner"]`,
   * `spec.template.spec.containers[name=app].image`, with `[*]` for every item of a list. They are neither compared nor corrected; an object or
   * a list item that does not exist is created with them. `status.ignored` shows what differs at them.
   *
   * @maxItems 16
   * @listType set
   */
  ignoredPaths?: IgnoredPath[];

  /**
   * The object, as far as it matters. `metadata.name` may contain `*` and `?`, and may be omitted: then the template applies to every object that the selectors match.
   *
   * @preserveUnknown
   * @rule has(self.apiVersion) && has(self.kind) :: the template needs `apiVersion` and `kind`
   */
  template: TemplateObject;
}

/**
 * A path as findings print it.
 *
 * @minLength 1
 * @maxLength 256
 * @pattern ^[A-Za-z_][A-Za-z0-9_$-]*(\.[A-Za-z_$][A-Za-z0-9_$-]*|\[(\*|[0-9]+|"([^"\\]|\\.)*"|[A-Za-z][A-Za-z0-9]*=([A-Za-z0-9_./:*-]+|"([^"\\]|\\.)*")(,[A-Za-z][A-Za-z0-9]*=([A-Za-z0-9_./:*-]+|"([^"\\]|\\.)*"))*)\])*$ :: must be a path as findings print it, such as `spec.replicas`, `spec.template.spec.containers[name=app].image`, `webhooks[*].clientConfig` or `metadata.annotations["example.com/owner"]`; JSON pointers and JSONPath are not
 */
export type IgnoredPath = string;

/** A Kubernetes object, as far as it matters. */
export interface TemplateObject {
  /** Group and version, such as `apps/v1`. */
  apiVersion: ApiVersion;

  /** The kind. */
  kind: KindName;
}

/** Selects namespaces by name and by labels; all parts must match. */
export interface NamespaceSelector {
  /**
   * Names with `*` and `?`; all by default.
   *
   * @minItems 1
   * @maxItems 64
   * @listType atomic
   */
  include?: NamePattern[];

  /**
   * Names to exclude, with `*` and `?`.
   *
   * @maxItems 64
   * @listType atomic
   */
  exclude?: NamePattern[];

  /** Labels of the namespace and the values they must have. */
  matchLabels?: MatchLabels;

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
 * @maxLength 63
 * @pattern ^[a-z0-9*?]([-a-z0-9*?]*[a-z0-9*?])?$
 */
export type NamePattern = string;

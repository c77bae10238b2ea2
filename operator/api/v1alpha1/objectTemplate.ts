import type { ControlId } from './deviceCheck.ts';
import type { CheckName, LabelExpression, LabelSelector, LabelValue, Severity } from './shared.ts';

/**
 * Objects that must be, or must not be.
 *
 * @rule !has(self.ignoredPaths) || self.match != 'MustNotHave' :: `ignoredPaths` is for what must be; of what must not be, leave the field out of the template
 * @rule !has(self.ignoredPaths) || !self.ignoredPaths.exists(path, path.matches('^(apiVersion|kind|metadata)($|[.\\[])') && !path.matches('^metadata\\.(labels|annotations|finalizers|ownerReferences)($|[.\\[])')) :: `ignoredPaths` cannot leave out what says which object is meant; of metadata it can name labels, annotations, finalizers and ownerReferences
 */
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
   * `MustHave`: the object is there and has these fields; lists and selectors that an apply replaces as a whole (`rules`, `args`,
   * `podSelector`, most lists of CRDs) are the same. `MustContain`: these may have further items, too; a correction puts in what is missing
   * and touches nothing else. `MustNotHave`: no object of that name has these fields. `MustOnlyHave`: the object is there, and what the
   * template names has these fields and no others. `MustExist`: in each namespace that is selected, at least one of the objects has what
   * `MustContain` asks for; this is only shown.
   *
   * @default "MustHave"
   */
  match?: 'MustHave' | 'MustContain' | 'MustNotHave' | 'MustOnlyHave' | 'MustExist';

  /** The namespaces of a namespaced object whose template names none. */
  namespaceSelector?: NamespaceSelector;

  /** Only objects with these labels. */
  objectSelector?: LabelSelector;

  /**
   * What is left to other writers, as findings print it: `spec.replicas`, `metadata.annotations["example.com/owner"]`,
   * `spec.template.spec.containers[name=app].image`, with `[*]` for every item of a list. It is neither compared nor corrected; an object, or
   * an item of a list, that is not there is made with it. `status.ignored` shows what differs there.
   *
   * @maxItems 16
   * @listType set
   */
  ignoredPaths?: IgnoredPath[];

  /**
   * The object, as far as it matters. `metadata.name` may have `*` and `?`, and may be left out: then it is about every object that the selectors match.
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
 * @pattern ^[A-Za-z_$][A-Za-z0-9_$-]*(\.[A-Za-z_$][A-Za-z0-9_$-]*|\[(\*|[0-9]+|"([^"\\]|\\.)*"|[A-Za-z][A-Za-z0-9]*=([A-Za-z0-9_./:*-]+|"([^"\\]|\\.)*")(,[A-Za-z][A-Za-z0-9]*=([A-Za-z0-9_./:*-]+|"([^"\\]|\\.)*"))*)\])*$
 */
export type IgnoredPath = string;

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
   * @minItems 1
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
   * @rule self.all(key, size(key) <= 317 && key.matches('^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$')) :: a label is named in letters, digits and `-_.`, perhaps after a domain and `/`
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

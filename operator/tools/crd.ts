/** A kind → the CustomResourceDefinition that installs it, as YAML. The same kind always gives the same bytes. */
import { dump } from 'js-yaml';
import { api, camelCase, inOrder, type Kind, mapValues, type Rule, type Schema } from './schema.ts';

/** `kubectl apply` keeps the whole object in an annotation, which the API server limits to 256 KiB. */
const largestCrd = 250_000;

/** Where the CRD of a kind is written, relative to the root of the repository. */
export function crdPath(kind: Kind): string {
  return `crds/${api.group}_${kind.plural}.yaml`;
}

/** The first line of a generated YAML file. */
export function yamlHeader(source: string): string {
  return `# Generated from ${source}; change that and run \`make generate\`.\n`;
}

/** The CRD as YAML. Throws a sentence when it is too large for `kubectl apply`. */
export function crdYaml(kind: Kind): string {
  const yaml = yamlHeader(kind.source) + toYaml(customResourceDefinition(kind));
  if (JSON.stringify(customResourceDefinition(kind)).length > largestCrd) {
    throw new Error(
      `The CRD of ${kind.kind} is larger than ${largestCrd} bytes; move a part of it to a kind of its own.`,
    );
  }
  return yaml;
}

/** Text that YAML 1.1 and 1.2 read alike, without anchors and without folded lines. */
export function toYaml(value: unknown): string {
  return dump(value, { lineWidth: -1, noRefs: true });
}

/** Kustomize finds it by this name, and `kubectl apply -f crds/` passes over it, since it has no extension. */
export const kustomizationPath = 'crds/Kustomization';

/** The list of all CRDs for kustomize. */
export function kustomizationYaml(kinds: readonly Kind[]): string {
  const resources = kinds.map((kind) => crdPath(kind).replace('crds/', '')).sort();
  const content = { apiVersion: 'kustomize.config.k8s.io/v1beta1', kind: 'Kustomization', resources };
  return yamlHeader('operator/api/v1alpha1') + toYaml(content);
}

function customResourceDefinition(kind: Kind): object {
  const { plural, shortNames } = kind;
  const names = {
    plural,
    singular: kind.kind.toLowerCase(),
    kind: kind.kind,
    listKind: `${kind.kind}List`,
    ...(shortNames.length > 0 ? { shortNames } : {}),
    categories: [api.category],
  };
  const version = {
    name: api.version,
    served: true,
    storage: true,
    ...(kind.schema.properties?.status ? { subresources: { status: {} } } : {}),
    ...(kind.columns.length > 0 ? { additionalPrinterColumns: kind.columns } : {}),
    schema: { openAPIV3Schema: inOrder(withSentences(withUnseenStatus(kind))) },
  };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${api.group}`, labels: { 'app.kubernetes.io/name': 'holdfast' } },
    spec: { group: api.group, scope: kind.namespaced ? 'Namespaced' : 'Cluster', names, versions: [version] },
  };
}

/**
 * The schema with patterns that have a sentence as rules. The apiserver stores no empty `properties`: written, they would be a difference
 * between Git and the cluster for ever.
 */
function withSentences(schema: Schema): Schema {
  const { pattern, patternMessage, additionalProperties, items } = schema;
  const properties = Object.keys(schema.properties ?? {}).length > 0 ? schema.properties : undefined;
  const rule = (): Rule => ({ rule: `self.matches(${celText(pattern ?? '')})`, message: patternMessage ?? '' });
  return {
    ...schema,
    properties: properties && mapValues(properties, withSentences),
    ...(additionalProperties && { additionalProperties: withSentences(additionalProperties) }),
    ...(items && { items: withSentences(items) }),
    ...(patternMessage && {
      pattern: undefined,
      patternMessage: undefined,
      'x-kubernetes-validations': [rule(), ...(schema['x-kubernetes-validations'] ?? [])],
    }),
  };
}

function celText(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

/**
 * What is evaluated, as its columns of conditions say, is behind its generation from the instant at which it is made: without that, who waits
 * for it by kstatus (Flux, `helm --wait`) would take what nobody has looked at for done.
 */
function withUnseenStatus({ schema, columns }: Kind): Schema {
  const status = schema.properties?.status;
  const isEvaluated = columns.some(({ jsonPath }) => jsonPath.includes('.status.conditions'));
  if (!isEvaluated || !status?.properties?.observedGeneration) return schema;
  const unseen = { ...status, default: { observedGeneration: -1 } };
  return { ...schema, properties: { ...schema.properties, status: unseen } };
}

/** The sample of a kind, if there is one, relative to the root of the repository. */
export function samplePath(kind: Kind): string {
  return `manifests/samples/${camelCase(kind.kind)}.yaml`;
}

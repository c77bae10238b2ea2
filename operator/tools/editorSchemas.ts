/**
 * Kinds → JSON Schemas for editors and for kubeconform, which check a file before there is a cluster. They are as strict as the apiserver with
 * `--validate=strict`, but for rules in CEL, which JSON Schema has no words for: those are in the description of what they are about.
 */
import { api, type Kind, mapValues, type Schema } from './schema.ts';

export const schemasFolder = 'crds/schemas';

/** The name that kubeconform looks for by `{{.ResourceKind}}_{{.ResourceAPIVersion}}.json`. */
export function editorSchemaPath({ kind }: Pick<Kind, 'kind'>): string {
  return `${schemasFolder}/${kind.toLowerCase()}_${api.version}.json`;
}

/** The schema as JSON. */
export function editorSchema(kind: Kind): string {
  const { properties = {}, required = [] } = kind.schema;
  const root = {
    $comment: `Generated from ${kind.source}; change that and run \`make generate\`.`,
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: kind.kind,
    description: described({ ...kind.schema, description: kind.description }),
    'x-kubernetes-group-version-kind': [{ group: api.group, version: api.version, kind: kind.kind }],
    type: 'object',
    required: [...new Set(['apiVersion', 'kind', 'metadata', ...required])],
    properties: {
      apiVersion: { type: 'string', enum: [`${api.group}/${api.version}`] },
      kind: { type: 'string', enum: [kind.kind] },
      metadata: metadata(kind),
      ...mapValues(without(properties, ['apiVersion', 'kind', 'metadata']), jsonSchema),
    },
    additionalProperties: false,
  };
  return `${JSON.stringify(root, null, 2)}\n`;
}

/** One schema in the words of JSON Schema, all the way down. */
function jsonSchema(schema: Schema): object {
  const { nullable, type, example, properties, items, additionalProperties, patternMessage, ...rest } = schema;
  const isPruned = type === 'object' && !additionalProperties && !schema['x-kubernetes-preserve-unknown-fields'];
  const isSet = schema['x-kubernetes-list-type'] === 'set';
  const types = schema['x-kubernetes-int-or-string'] ? ['integer', 'string'] : type ? [type] : [];
  const all = nullable ? [...types, 'null'] : types;
  const plain = Object.entries(rest).filter(
    ([name, value]) => !/^x-kubernetes-|^alias$/.test(name) && value !== undefined,
  );
  return {
    ...Object.fromEntries(plain),
    ...(described(schema) && { description: described(schema) }),
    ...(types.length > 0 && { type: all.length === 1 ? all[0] : all }),
    ...(nullable && schema.enum && { enum: [...schema.enum, null] }),
    ...(example !== undefined && { examples: [example] }),
    // What VS Code shows instead of the pattern.
    ...(patternMessage && { patternErrorMessage: patternMessage }),
    ...(isSet && { uniqueItems: true }),
    ...(items && { items: jsonSchema(items) }),
    ...(properties && { properties: mapValues(properties, jsonSchema) }),
    ...(additionalProperties && { additionalProperties: jsonSchema(additionalProperties) }),
    ...(isPruned && { additionalProperties: false }),
  };
}

/** The description, with what only the apiserver checks. */
function described(schema: Schema): string | undefined {
  const keys = schema['x-kubernetes-list-map-keys'];
  const rules = (schema['x-kubernetes-validations'] ?? []).map(({ message }) => message);
  if (keys) rules.push(`no two items may have the same ${keys.map((key) => `\`${key}\``).join(' and ')}`);
  if (rules.length === 0) return schema.description;
  const list = rules.map((rule) => `- ${rule}`).join('\n');
  return `${schema.description ?? ''}\n\nChecked by the apiserver only:\n${list}`.trim();
}

const text = { type: 'string' };
const texts = { type: 'object', additionalProperties: text };

/** What the apiserver takes; what it sets itself is there for objects that come from it. */
function metadata({ namespaced }: Kind): object {
  const properties = {
    name: { ...text, maxLength: 253, description: 'The name, unique among the objects of this kind in a namespace.' },
    generateName: { ...text, description: 'The beginning of the name, which the apiserver completes.' },
    ...(namespaced && { namespace: { ...text, description: 'That of the current context by default.' } }),
    labels: { ...texts, description: 'What selectors select by.' },
    annotations: { ...texts, description: 'Anything else about the object.' },
    finalizers: { type: 'array', items: text },
    ownerReferences: { type: 'array', items: { type: 'object' } },
    ...{ uid: text, resourceVersion: text, selfLink: text, generation: { type: 'integer' } },
    ...{ creationTimestamp: { type: ['string', 'null'] }, deletionTimestamp: { type: ['string', 'null'] } },
    deletionGracePeriodSeconds: { type: 'integer' },
    managedFields: { type: 'array', items: { type: 'object' } },
  };
  return { type: 'object', properties, additionalProperties: false };
}

function without<Value>(record: Record<string, Value>, names: readonly string[]): Record<string, Value> {
  return Object.fromEntries(Object.entries(record).filter(([name]) => !names.includes(name)));
}

/**
 * Kinds → the TypeScript that the operator imports: schemas for AJV and the names of the resources. The schemas are
 * those of the CRDs without texts for people, and as strict as `kubectl --validate=strict`: unknown fields are errors.
 */
import { basename } from 'node:path';
import { api, inOrder, type Kind, mapValues, type Schema } from './schema.ts';

const header = '// Generated from operator/api/v1alpha1; change that and run `make generate`.\n\n';

/** The schema of every kind in the form that AJV takes. */
export function ajvSchemas(kinds: readonly Kind[]): Record<string, object> {
  return Object.fromEntries(kinds.map((kind) => [kind.kind, rootSchema(kind)]));
}

/** The text of `operator/api/generated/schemas.ts`. */
export function schemasModule(kinds: readonly Kind[]): string {
  const json = JSON.stringify(ajvSchemas(kinds), null, 2);
  return `${header}import type { KindName } from './resources.ts';\n\nexport const schemas: Record<KindName, object> = ${json};\n`;
}

/** The text of `operator/api/generated/resources.ts`. */
export function resourcesModule(kinds: readonly Kind[]): string {
  const imports = kinds.map(
    ({ kind, source }) => `import type { ${kind} } from '../${api.version}/${basename(source)}';\n`,
  );
  const types = kinds.map(({ kind }) => `  readonly ${kind}: Kind<${kind}>;\n`);
  const entries = kinds.map(({ kind, plural, namespaced }) => {
    return [kind, { group: api.group, version: api.version, plural, kind, namespaced }];
  });
  const json = JSON.stringify(Object.fromEntries(entries), null, 2);
  return (
    `${header}import type { Kind } from '../kind.ts';\n${imports.join('')}\n` +
    `export type Resources = {\n${types.join('')}};\n\nexport const resources: Resources = ${json};\n\n` +
    'export type KindName = keyof Resources;\n'
  );
}

function rootSchema(kind: Kind): object {
  const properties = mapValues(kind.schema.properties ?? {}, (schema) => ajvSchema(inOrder(schema)));
  const apiVersion = { type: 'string', enum: [`${api.group}/${api.version}`] };
  return {
    type: 'object',
    required: ['apiVersion', 'kind', 'metadata', 'spec'],
    properties: {
      ...properties,
      apiVersion,
      kind: { type: 'string', enum: [kind.kind] },
      metadata: { type: 'object' },
    },
    additionalProperties: false,
  };
}

/** One schema for AJV. Also used to check that a default or example fits its own field. */
export function ajvSchema(schema: Schema): object {
  const result: Record<string, unknown> = { ...schema };
  for (const member of ['description', 'example', 'default', 'nullable']) delete result[member];
  if (schema['x-kubernetes-int-or-string']) result.type = ['integer', 'string'];
  if (schema.nullable && result.type) result.nullable = true;
  if (schema.nullable && schema.enum) result.enum = [...schema.enum, null];
  if (schema.items) result.items = ajvSchema(schema.items);
  if (schema.additionalProperties) result.additionalProperties = ajvSchema(schema.additionalProperties);
  if (schema.properties) {
    result.properties = mapValues(schema.properties, ajvSchema);
    if (!schema['x-kubernetes-preserve-unknown-fields']) result.additionalProperties = false;
  }
  return result;
}

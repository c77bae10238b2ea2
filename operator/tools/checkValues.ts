/** Checks that every `@default` and `@example` is a valid value of its own field, so that neither can grow stale. */
import { createValidator } from '../api/validator.ts';
import { ajvSchema } from './schemas.ts';
import { inOrder, type Kind, type Report, type Schema } from './schema.ts';

/** Reports values that the API server would refuse. CEL rules are not looked at. */
export function checkValues(kind: Kind, report: Report): void {
  for (const part of ['spec', 'status']) {
    const schema = kind.schema.properties?.[part];
    if (schema) checkField(schema, `${kind.kind}.${part}`, report);
  }
}

function checkField(schema: Schema, path: string, report: Report): void {
  for (const tag of ['default', 'example'] as const) {
    if (schema[tag] === undefined) continue;
    const validate = createValidator({ value: ajvSchema(inOrder(schema)) });
    for (const sentence of validate('value', schema[tag])) report(path, `its @${tag} does not fit: ${sentence}`);
  }
  if (schema.items) checkField(schema.items, `${path}[]`, report);
  if (schema.additionalProperties) checkField(schema.additionalProperties, `${path}.*`, report);
  for (const [name, property] of Object.entries(schema.properties ?? {}))
    checkField(property, `${path}.${name}`, report);
}

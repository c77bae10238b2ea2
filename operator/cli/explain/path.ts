/** From the path of a field to its schema. Lists and maps are passed through, whether the path says so or not. Pure. */
import { nearest } from '../../drift/objects/nearest.ts';
import { Failure } from '../command.ts';
import type { FieldSchema, ShippedKind } from './kinds.ts';

export interface Field {
  readonly schema: FieldSchema;
  /** Names as they are declared. */
  readonly steps: readonly string[];
  /** With `[]` behind lists. */
  readonly path: string;
  readonly isRequired: boolean;
}

/** `spec.checks[].file` or `spec.checks.file` → steps. A key of a map counts as one, in brackets or not. */
export function stepsIn(path: string): string[] {
  return path
    .replace(/\[[^\]]*\]/g, '')
    .split('.')
    .filter((step) => step !== '');
}

/** What the fields below it are fields of: for a list its items, for a map its values. */
export function inner(schema: FieldSchema): FieldSchema {
  if (schema.items) return inner(schema.items);
  if (typeof schema.additionalProperties === 'object') return inner(schema.additionalProperties);
  return schema;
}

/** Throws `Failure` with what may be meant. */
export function fieldAt(kind: ShippedKind, asked: readonly string[]): Field {
  let field: Field = { schema: kind.schema, steps: [], path: '', isRequired: true };
  for (const step of asked) {
    const { properties = {}, required = [] } = inner(field.schema);
    const name = Object.hasOwn(properties, step)
      ? step
      : Object.keys(properties).find((one) => one.toLowerCase() === step.toLowerCase());
    if (name === undefined) throw new Failure(missing(kind, field, step));
    const before = `${field.path}${depthOf(field.schema)}`;
    field = {
      schema: properties[name]!,
      steps: [...field.steps, name],
      path: before === '' ? name : `${before}.${name}`,
      isRequired: required.includes(name),
    };
  }
  return field;
}

function depthOf({ items, additionalProperties }: FieldSchema): string {
  if (items) return `[]${depthOf(items)}`;
  return typeof additionalProperties === 'object' ? `[KEY]${depthOf(additionalProperties)}` : '';
}

const mostElsewhere = 3;

function missing(kind: ShippedKind, { schema, path }: Field, step: string): string {
  const here = `${kind.kind}${path === '' ? '' : `.${path}`}`;
  const names = Object.keys(inner(schema).properties ?? {});
  const meant = nearest(step, names);
  const elsewhere = placesOf(kind.schema, step).slice(0, mostElsewhere);
  if (meant !== undefined) return `${here} has no field ${JSON.stringify(step)}; did you mean ${here}.${meant}?`;
  if (elsewhere.length > 0)
    return `${here} has no field ${JSON.stringify(step)}; there is ${elsewhere.map((one) => `${kind.kind}.${one}`).join(', ')}.`;
  if (names.length === 0) return `${here} has no fields; see \`kubectl holdfast explain ${here}\`.`;
  return `${here} has no field ${JSON.stringify(step)}; it has ${names.slice(0, 12).join(', ')}${names.length > 12 ? ' and others' : ''}.`;
}

/** Where a field of this name is, the shallowest first. */
export function placesOf(schema: FieldSchema, name: string): string[] {
  const found: string[] = [];
  let level = [{ schema, path: '' }];
  while (level.length > 0 && found.length < mostElsewhere) {
    level = level.flatMap((one) =>
      Object.entries(inner(one.schema).properties ?? {}).map(([key, below]) => {
        const path = one.path === '' ? key : `${one.path}.${key}`;
        if (key.toLowerCase() === name.toLowerCase()) found.push(path);
        return { schema: below, path };
      }),
    );
  }
  return found;
}

/**
 * What a schema must have beyond being readable: bounds everywhere, because the API server prices CEL rules by them and
 * rejects the whole CRD when one is missing; lists that server-side apply can merge; columns that point at something.
 */
import type { Column, Kind, Report, Schema } from './schema.ts';
import { shapeOf } from './schema.ts';

/** Reports everything about the kind that the API server or a user would stumble over. */
export function checkKind(kind: Kind, report: Report): void {
  for (const part of ['spec', 'status']) {
    const schema = kind.schema.properties?.[part];
    if (schema) checkSchema(schema, `${kind.kind}.${part}`, { report, followsItems: true });
  }
  const seen = new Set<string>();
  for (const column of kind.columns) {
    const path = `${kind.kind} column ${column.name}`;
    // kubectl shows names in capitals, so case does not tell two columns apart.
    if (seen.has(column.name.toUpperCase())) report(path, 'is defined twice; rename or remove one');
    seen.add(column.name.toUpperCase());
    if (!leadsSomewhere(column, kind.schema)) report(path, `there is no field at '${column.jsonPath}'; fix the path`);
  }
}

/** `followsItems` is false within a list whose items have no key: the API server knows no old value there. */
interface Checking {
  report: Report;
  followsItems: boolean;
}

function checkSchema(schema: Schema, path: string, checking: Checking): void {
  const { report } = checking;
  const problem = boundProblem(schema);
  if (problem) report(path, problem);
  checkTransitions(schema, path, checking);
  if (schema.items) checkList(schema, schema.items, path, checking);
  if (schema.additionalProperties) checkSchema(schema.additionalProperties, `${path}.*`, checking);
  for (const [name, property] of Object.entries(schema.properties ?? {}))
    checkSchema(property, `${path}.${name}`, checking);
}

function boundProblem(schema: Schema): string | undefined {
  switch (shapeOf(schema)) {
    case 'string':
      if (schema.enum || schema.maxLength !== undefined || schema.format === 'date-time') return undefined;
      return 'the string has no bound; add @maxLength';
    case 'list':
      return schema.maxItems === undefined ? 'the list has no bound; add @maxItems' : undefined;
    case 'map':
      return schema.maxProperties === undefined ? 'the map has no bound; add @maxProperties' : undefined;
    case 'any':
      if (schema['x-kubernetes-preserve-unknown-fields']) return undefined;
      return "type 'unknown' needs @preserveUnknown, which accepts anything; or declare what is allowed here";
    default:
      return undefined;
  }
}

function checkList(list: Schema, items: Schema, path: string, checking: Checking): void {
  const { report } = checking;
  const type = list['x-kubernetes-list-type'];
  const keys = list['x-kubernetes-list-map-keys'] ?? [];
  const isObject = items.type === 'object';
  if (isObject && !type) report(path, 'a list of objects needs @listType: map with @listMapKey, or atomic');
  if (type === 'map' && !isObject) report(path, '@listType map is for lists of objects; use set or atomic');
  if (type === 'set' && isObject) report(path, '@listType set is for lists of plain values; use map or atomic');
  if (type === 'map' && keys.length === 0) report(path, '@listType map needs @listMapKey <field>');
  if (type !== 'map' && keys.length > 0) report(path, '@listMapKey needs @listType map');
  for (const key of keys) {
    const field = items.properties?.[key];
    if (!field) report(path, `@listMapKey '${key}' is not a field of the items`);
    else if (!items.required?.includes(key) && field.default === undefined)
      report(path, `@listMapKey '${key}' must be a required field or have a @default`);
  }
  if (type !== 'map' && hasDefault(items))
    report(
      path,
      'a @default within a list without keys is a difference from Git for ever (Argo CD); use @listType map',
    );
  checkSchema(items, `${path}[]`, { report, followsItems: checking.followsItems && type === 'map' });
}

/** Who compares by server-side apply takes a list without keys as one value: what the API server added to it was declared by nobody. */
function hasDefault({ default: value, properties = {}, items, additionalProperties }: Schema): boolean {
  const inner = [
    ...Object.values(properties),
    ...(items ? [items] : []),
    ...(additionalProperties ? [additionalProperties] : []),
  ];
  return value !== undefined || inner.some(hasDefault);
}

function checkTransitions(schema: Schema, path: string, { report, followsItems }: Checking): void {
  const compares = schema['x-kubernetes-validations']?.some(({ rule }) => /\boldSelf\b/.test(rule));
  if (compares && !followsItems) {
    report(
      path,
      'a rule with oldSelf (also @immutable) cannot work in a list without keys; use @listType map or move it up',
    );
  }
}

/** Whether the JSON path of a column names a field of the schema. Paths into metadata and open objects always do. */
function leadsSomewhere(column: Column, root: Schema): boolean {
  const steps = column.jsonPath.match(/\[\?\(.*?\)\]|\[[^\]]*\]|[^.[\]]+/g) ?? [];
  if (steps[0] === 'metadata') return true;
  let at: Schema | undefined = root;
  for (const step of steps) {
    if (at['x-kubernetes-preserve-unknown-fields']) return true;
    at = step.startsWith('[') ? at.items : (at.properties?.[step] ?? at.additionalProperties);
    if (!at) return false;
  }
  return steps.length > 0;
}

/** Every way in which one leaf of a spec can be changed: walks the schema along a value. Pure. */
import { least, others, wrongs, type Schema } from './values.ts';

export interface Mutation {
  /** `spec.checks[0].file.mode`. */
  readonly path: string;
  /** `removed`, `added`, `is "0640"`, … */
  readonly how: string;
  readonly isValid: boolean;
  readonly spec: unknown;
}

interface At {
  readonly path: string;
  /** The whole spec with this here instead. */
  readonly put: (value: unknown) => unknown;
}

/** Leaves of items of one list are met once, where they are set first. Those that are not set are added, alone. */
export function mutationsOf(schema: Schema, spec: unknown): Mutation[] {
  return [...walk(schema, spec, { path: 'spec', put: (value) => value })];
}

function* walk(schema: Schema, value: unknown, at: At): Generator<Mutation> {
  const change = (how: string, to: unknown, isValid = true): Mutation => ({
    path: at.path,
    how,
    isValid,
    spec: at.put(to),
  });
  for (const wrong of wrongs(schema)) yield change(`is ${short(wrong)}`, wrong, false);
  if (schema['x-kubernetes-preserve-unknown-fields']) yield* marked(value, change);
  else if (schema.properties) yield* walkObject(schema, asRecord(value), at);
  else if (schema.type === 'array') yield* walkList(schema, value as readonly unknown[], at, change);
  else if (schema.additionalProperties) yield* walkMap(schema.additionalProperties, asRecord(value), at, change);
  else for (const other of others(schema, value)) yield change(`is ${short(other)}`, other);
}

/** An object of any kind, with a label more. */
function* marked(value: unknown, change: (how: string, to: unknown) => Mutation): Generator<Mutation> {
  const object = asRecord(value);
  const metadata = asRecord(object['metadata']);
  const labels = { ...asRecord(metadata['labels']), marked: 'yes' };
  yield change('has a label more', { ...object, metadata: { ...metadata, labels } });
  if (object['data']) yield change('has other data', { ...object, data: { ...object['data'], more: 'x' } });
  if (object['data']) yield change('has no data', { ...object, data: {} });
}

function* walkObject(schema: Schema, value: Readonly<Record<string, unknown>>, at: At): Generator<Mutation> {
  for (const [name, inner] of Object.entries(schema.properties ?? {})) {
    const path = `${at.path}.${name}`;
    const isRequired = schema.required?.includes(name) ?? false;
    const without = at.put(omit(value, name));
    const next: At = { path, put: (other) => at.put({ ...value, [name]: other }) };
    if (value[name] !== undefined) {
      yield { path, how: 'removed', isValid: !isRequired, spec: without };
      yield* walk(inner, value[name], next);
    } else {
      const added = least(inner);
      yield { path, how: 'added', isValid: true, spec: next.put(added) };
      yield* walk(inner, added, next);
    }
  }
}

function* walkList(
  schema: Schema,
  value: readonly unknown[],
  { path, put }: At,
  change: (how: string, to: unknown, isValid?: boolean) => Mutation,
): Generator<Mutation> {
  const { items = {}, minItems = 0, maxItems = Infinity } = schema;
  if (value.length > 0) {
    if (minItems === 0) yield change('is []', []);
    if (value.length > Math.max(1, minItems)) yield change('without its first item', value.slice(1));
    yield change('with its first item twice', [...value, value[0]]);
    if (value.length > 1) yield change('in another order', value.toReversed());
  }
  if (value.length < maxItems) yield change('with an item more', [...value, least(items)]);
  const walked: readonly unknown[] = value.length > 0 ? value : [least(items)];
  const inItem = (index: number): At => ({
    path: `${path}[${index}]`,
    put: (other) => put(walked.with(index, other)),
  });
  if (!items.properties) {
    yield* walk(items, walked[0], inItem(0));
    return;
  }
  const indexOf = (name: string): number => walked.findIndex((item) => asRecord(item)[name] !== undefined);
  const homes = Map.groupBy(Object.keys(items.properties), (name) => Math.max(0, indexOf(name)));
  for (const [index, names] of homes) {
    const properties = Object.fromEntries(names.map((name) => [name, items.properties![name]!]));
    yield* walkObject({ ...items, properties }, asRecord(walked[index]), inItem(index));
  }
}

function* walkMap(
  inner: Schema,
  value: Readonly<Record<string, unknown>>,
  { path, put }: At,
  change: (how: string, to: unknown) => Mutation,
): Generator<Mutation> {
  yield change('with an entry more', { ...value, another: least(inner) });
  const [name] = Object.keys(value);
  if (name === undefined) return;
  yield change('without its first entry', omit(value, name));
  yield* walk(inner, value[name], { path: `${path}.${name}`, put: (other) => put({ ...value, [name]: other }) });
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function omit(value: Readonly<Record<string, unknown>>, name: string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).filter(([key]) => key !== name));
}

function short(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 40 ? `${text.slice(0, 30)}… (${text.length} characters)` : text;
}

/**
 * What is known of the fields of a kind: how its lists are merged, what the apiserver fills in, and which texts are quantities,
 * durations, instants or bytes. Read from the OpenAPI v3 document of its group and version (`GET /openapi/v3/apis/GROUP/VERSION`).
 *
 * What is kept is small and holds nothing of the document. Types may contain themselves, as those of a CustomResourceDefinition do.
 * The work is bounded: beyond so many fields, or so deep, nothing is known, and lists and values are compared as they are.
 */

/** How values of a field are the same although their text differs. */
export type Scalar = 'quantity' | 'duration' | 'time' | 'bytes';

/** What all fields of one type have in common. */
export interface Shape {
  /** The last parts of the type's name, such as `core.v1.Container`; empty for types that are written in place, as those of CRDs. */
  readonly name: string;
  readonly fields: ReadonlyMap<string, FieldSchema> | undefined;
  /** Of a map, all of whose values are alike. */
  readonly values: FieldSchema | undefined;
  readonly items: FieldSchema | undefined;
  /** `map`: items are told apart by `keys`; `set`: by their value; `atomic`: an apply replaces the list as a whole. */
  readonly list: 'map' | 'set' | 'atomic';
  readonly keys: readonly string[];
  readonly scalar: Scalar | undefined;
  readonly atomic: boolean;
  /** As JSON Schema has it; undefined where values of several types will do, or nothing is said. */
  readonly type: string | undefined;
  /** Of whole numbers, `int32` and `int64`. */
  readonly format: string | undefined;
  /** Whether there may be other fields than those known. */
  readonly open: boolean;
}

/** A field. Callers pass it on; how it looks inside is only for the files of this folder. */
export interface FieldSchema {
  readonly shape: Shape;
  /** What the apiserver fills in, or, of types in Go, what a field is when nobody set it. */
  readonly default: unknown;
  /** An apply replaces the object as a whole. */
  readonly atomic: boolean;
}

type Raw = Readonly<Record<string, unknown>>;
type Draft = { -readonly [key in keyof Shape]: Shape[key] };

const mostShapes = 200_000;
const deepest = 200;
/** What controller-gen writes for quantities in CRDs. */
const quantityPattern = '^(\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))((';

/** Documents whose types were read already, as long as somebody holds the document. */
const readers = new WeakMap<object, SchemaReader>();

/** The fields of a kind; undefined when the document has no such kind. */
export function schemaOf(
  openApi: unknown,
  gvk: { readonly group: string; readonly version: string; readonly kind: string },
): FieldSchema | undefined {
  if (!isRaw(openApi) || !isRaw(openApi['components']) || !isRaw(openApi['components']['schemas'])) return undefined;
  const schemas = openApi['components']['schemas'];
  for (const name of Object.keys(schemas)) {
    if (!isOfKind(schemas[name], gvk)) continue;
    const reader = readers.get(openApi) ?? new SchemaReader(schemas);
    readers.set(openApi, reader);
    return reader.named(name);
  }
  return undefined;
}

function isOfKind(schema: unknown, gvk: { group: string; version: string; kind: string }): boolean {
  const kinds = isRaw(schema) ? schema['x-kubernetes-group-version-kind'] : undefined;
  return (
    Array.isArray(kinds) &&
    kinds.some(
      (one) =>
        isRaw(one) && one['kind'] === gvk.kind && one['version'] === gvk.version && (one['group'] ?? '') === gvk.group,
    )
  );
}

class SchemaReader {
  readonly #schemas: Raw;
  readonly #shapes = new Map<string, Shape>();
  #count = 0;

  constructor(schemas: Raw) {
    this.#schemas = schemas;
  }

  named(name: string): FieldSchema {
    const shape = this.#shapeNamed(name, 0);
    return { shape, default: undefined, atomic: shape.atomic };
  }

  #field(raw: unknown, depth: number): FieldSchema {
    if (!isRaw(raw)) return unknownField;
    const name = referenceOf(raw);
    const shape = name === undefined ? this.#written(raw, depth) : this.#shapeNamed(name, depth);
    const mapType = raw['x-kubernetes-map-type'];
    return { shape, default: raw['default'], atomic: mapType === undefined ? shape.atomic : mapType === 'atomic' };
  }

  /** Known from before it is filled, so that a type may contain itself. */
  #shapeNamed(name: string, depth: number): Shape {
    const known = this.#shapes.get(name);
    if (known) return known;
    const raw = Object.hasOwn(this.#schemas, name) ? this.#schemas[name] : undefined;
    if (!isRaw(raw)) return unknownShape;
    const other = referenceOf(raw);
    if (other !== undefined) return depth < deepest ? this.#shapeNamed(other, depth + 1) : unknownShape;
    const draft = draftOf(raw, name);
    this.#shapes.set(name, draft);
    this.#fill(draft, raw, depth);
    return draft;
  }

  #written(raw: Raw, depth: number): Shape {
    const draft = draftOf(raw, '');
    this.#fill(draft, raw, depth);
    return draft;
  }

  #fill(draft: Draft, raw: Raw, depth: number): void {
    this.#count += 1;
    if (depth >= deepest || this.#count > mostShapes) return;
    const { properties, additionalProperties, items } = raw;
    if (isRaw(properties)) {
      draft.fields = new Map(Object.entries(properties).map(([name, one]) => [name, this.#field(one, depth + 1)]));
    }
    // Values of maps and items of lists have `default: ""` in the document, but nobody fills in one that is not there.
    if (isRaw(additionalProperties)) draft.values = withoutDefault(this.#field(additionalProperties, depth + 1));
    if (isRaw(items)) draft.items = withoutDefault(this.#field(items, depth + 1));
  }
}

function draftOf(raw: Raw, name: string): Draft {
  return {
    name: name.split('.').slice(-3).join('.'),
    fields: undefined,
    values: undefined,
    items: undefined,
    ...listOf(raw),
    scalar: scalarOf(raw, name),
    atomic: raw['x-kubernetes-map-type'] === 'atomic',
    ...typeOf(raw),
    open: raw['x-kubernetes-preserve-unknown-fields'] === true,
  };
}

/** An older way to say how lists are merged counts where the newer one is missing. */
function listOf(raw: Raw): Pick<Shape, 'list' | 'keys'> {
  const type = raw['x-kubernetes-list-type'];
  const keys = raw['x-kubernetes-list-map-keys'];
  if (type === 'map' && Array.isArray(keys)) return { list: 'map', keys: keys.map(String).sort() };
  if (type === 'set') return { list: 'set', keys: [] };
  const key = raw['x-kubernetes-patch-merge-key'];
  const strategy = raw['x-kubernetes-patch-strategy'];
  const merges = typeof strategy === 'string' && strategy.split(',').includes('merge');
  return type === undefined && typeof key === 'string' && merges
    ? { list: 'map', keys: [key] }
    : { list: 'atomic', keys: [] };
}

function typeOf(raw: Raw): Pick<Shape, 'type' | 'format'> {
  const { type, format } = raw;
  const isEither = raw['x-kubernetes-int-or-string'] === true || format === 'int-or-string';
  return {
    type: typeof type === 'string' && !isEither ? type : undefined,
    format: typeof format === 'string' ? format : undefined,
  };
}

function scalarOf(raw: Raw, name: string): Scalar | undefined {
  if (name.endsWith('.api.resource.Quantity')) return 'quantity';
  if (name.endsWith('.meta.v1.Duration') || raw['format'] === 'duration') return 'duration';
  if (raw['format'] === 'date-time') return 'time';
  if (raw['format'] === 'byte') return 'bytes';
  const { pattern } = raw;
  return typeof pattern === 'string' && pattern.startsWith(quantityPattern) ? 'quantity' : undefined;
}

/** The type that this one only refers to, bare or wrapped in `allOf` to give it a default. */
function referenceOf(raw: Raw): string | undefined {
  const { allOf } = raw;
  const only: unknown = Array.isArray(allOf) && allOf.length === 1 && !raw['properties'] ? allOf[0] : undefined;
  const reference = raw['$ref'] ?? (isRaw(only) ? only['$ref'] : undefined);
  const prefix = '#/components/schemas/';
  return typeof reference === 'string' && reference.startsWith(prefix) ? reference.slice(prefix.length) : undefined;
}

function withoutDefault(field: FieldSchema): FieldSchema {
  return field.default === undefined ? field : { ...field, default: undefined };
}

function isRaw(value: unknown): value is Raw {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const unknownShape: Shape = draftOf({}, '');
const unknownField: FieldSchema = { shape: unknownShape, default: undefined, atomic: false };

/** For what is the same in every kind, and known also where no document is. */
function fieldOf(shape: Partial<Shape>): FieldSchema {
  return { shape: { ...unknownShape, ...shape }, default: undefined, atomic: false };
}

const texts = fieldOf({ values: unknownField });

/** Of `metadata`, only these are compared. */
export const metadataFields: ReadonlyMap<string, FieldSchema> = new Map([
  ['labels', texts],
  ['annotations', texts],
  ['finalizers', fieldOf({ list: 'set', items: unknownField })],
  ['ownerReferences', fieldOf({ list: 'map', keys: ['uid'], items: fieldOf({ name: 'meta.v1.OwnerReference' }) })],
]);

/** A Secret's data, also where no document is. */
export const secretData: FieldSchema = fieldOf({ values: fieldOf({ scalar: 'bytes' }) });

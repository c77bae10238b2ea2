/**
 * The model between reading types and writing files: a kind, and the OpenAPI v3 schema of its objects as the API server
 * takes it. Plain data that knows neither TypeScript nor YAML.
 */

export const api = { group: 'holdfast.dev', version: 'v1alpha1', category: 'holdfast' } as const;

/** A CEL rule that the API server holds an object to. `fieldPath` is relative, such as `.port`. */
export interface Rule {
  rule: string;
  message: string;
  fieldPath?: string;
}

/** A structural schema. The order of the members is the order in which they are written. */
export interface Schema {
  description?: string;
  type?: 'string' | 'integer' | 'boolean' | 'object' | 'array';
  format?: string;
  nullable?: boolean;
  enum?: string[];
  default?: unknown;
  example?: unknown;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  pattern?: string;
  /** What users read of a text that does not match. It makes of the pattern a rule of CRDs, for the API server shows patterns as they are. */
  patternMessage?: string;
  minItems?: number;
  maxItems?: number;
  minProperties?: number;
  maxProperties?: number;
  required?: string[];
  properties?: Record<string, Schema>;
  additionalProperties?: Schema;
  items?: Schema;
  'x-kubernetes-int-or-string'?: boolean;
  'x-kubernetes-preserve-unknown-fields'?: boolean;
  'x-kubernetes-list-type'?: string;
  'x-kubernetes-list-map-keys'?: string[];
  'x-kubernetes-map-type'?: string;
  'x-kubernetes-validations'?: Rule[];
  /** The named type that this came from, for the reference; it is not written into CRDs. */
  alias?: { name: string; schema: Schema };
}

const memberOrder: readonly (keyof Schema)[] = [
  'description',
  'type',
  'format',
  'nullable',
  'enum',
  'default',
  'example',
  'minimum',
  'maximum',
  'minLength',
  'maxLength',
  'pattern',
  'patternMessage',
  'minItems',
  'maxItems',
  'minProperties',
  'maxProperties',
  'required',
  'properties',
  'additionalProperties',
  'items',
  'x-kubernetes-int-or-string',
  'x-kubernetes-preserve-unknown-fields',
  'x-kubernetes-list-type',
  'x-kubernetes-list-map-keys',
  'x-kubernetes-map-type',
  'x-kubernetes-validations',
];

/** A column of `kubectl get`. */
export interface Column {
  name: string;
  type: string;
  jsonPath: string;
  description?: string;
  priority?: number;
}

/** One kind of the API. `source` is the type file, relative to the root of the repository. */
export interface Kind {
  kind: string;
  plural: string;
  shortNames: string[];
  namespaced: boolean;
  /** Whose role may write it; nobody's where it is absent, as of what the operator writes alone. */
  writtenBy?: Writer;
  columns: Column[];
  /** Where its status says in a sentence how it is, as a path of a column; by its columns where it is absent. */
  sentence?: string;
  description: string;
  source: string;
  schema: Schema;
  /** An object is evaluated at once when a person annotates it. */
  evaluates?: boolean;
}

/** The roles of people that write objects. */
export const writers = ['author', 'requester', 'approver'] as const;
export type Writer = (typeof writers)[number];

/** Takes one problem. `path` is of the field or names the type, `message` is a sentence with the next action. */
export type Report = (path: string, message: string) => void;

export type Shape = 'string' | 'integer' | 'boolean' | 'intOrString' | 'list' | 'map' | 'object' | 'any';

/** What a schema describes, as far as tags and checks tell shapes apart. */
export function shapeOf(schema: Schema): Shape {
  if (schema['x-kubernetes-int-or-string']) return 'intOrString';
  if (schema.type === 'array') return 'list';
  if (schema.type === 'object') return schema.additionalProperties ? 'map' : 'object';
  return schema.type ?? 'any';
}

/** The same schema with its members in the order of `Schema` and without undefined ones, all the way down. */
export function inOrder(schema: Schema): Schema {
  const ordered: Record<string, unknown> = {};
  for (const member of memberOrder) if (schema[member] !== undefined) ordered[member] = schema[member];
  const { properties, additionalProperties, items } = schema;
  if (properties) ordered.properties = mapValues(properties, inOrder);
  if (additionalProperties) ordered.additionalProperties = inOrder(additionalProperties);
  if (items) ordered.items = inOrder(items);
  return ordered;
}

/** A record with the same keys and every value mapped. */
export function mapValues<From, To>(record: Record<string, From>, map: (value: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}

/** The kind as files are named after it: `DeviceBaseline` → `deviceBaseline`. */
export function camelCase(kind: string): string {
  return kind.charAt(0).toLowerCase() + kind.slice(1);
}

/**
 * Says in sentences what is wrong with an object of a kind, from the schemas of the CRDs. It covers types, bounds and
 * unknown fields; CEL rules, and formats other than numbers and times, are evaluated by the API server alone.
 */
import { isDeepStrictEqual } from 'node:util';
import { Ajv, type ErrorObject } from 'ajv';

const mapKeys = 'x-kubernetes-list-map-keys';
const listType = 'x-kubernetes-list-type';
/** What a value is that matches the pattern of its schema, where that says it. */
const patternMessage = 'patternMessage';
const annotations = [
  patternMessage,
  'x-kubernetes-int-or-string',
  'x-kubernetes-map-type',
  'x-kubernetes-preserve-unknown-fields',
  'x-kubernetes-validations',
];
const formatsOfServer = ['date', 'duration', 'byte', 'ipv4', 'ipv6', 'cidr', 'uri', 'email', 'hostname', 'uuid'];

/** Returns one sentence for each thing that is wrong, starting with the path of the field; none means valid. */
export type Validate<Kind extends string> = (kind: Kind, object: unknown) => string[];

/** A validator of the given kinds. Each schema is compiled when it is first used; a faulty one throws then. */
export function createValidator<Kind extends string>(schemas: Readonly<Record<Kind, object>>): Validate<Kind> {
  const ajv = new Ajv({ strict: true, allErrors: true, allowUnionTypes: true, verbose: true });
  ajv.addVocabulary(annotations);
  ajv.addKeyword({ keyword: mapKeys, type: 'array', validate: haveOwnKeys });
  ajv.addKeyword({ keyword: listType, type: 'array', validate: isSetIfSaid });
  ajv.addFormat('int32', { type: 'number', validate: (value) => value >= -(2 ** 31) && value < 2 ** 31 });
  ajv.addFormat('int64', { type: 'number', validate: Number.isSafeInteger });
  ajv.addFormat('date-time', isTimestamp);
  for (const format of formatsOfServer) ajv.addFormat(format, true);
  return (kind, object) => {
    const check = ajv.getSchema(kind) ?? ajv.addSchema(schemas[kind], kind).getSchema(kind);
    if (!check) throw new Error(`There is no schema for kind '${kind}'.`);
    return check(object) ? [] : [...new Set((check.errors ?? []).map(sentence))];
  };
}

function haveOwnKeys(keys: readonly string[], items: readonly Record<string, unknown>[]): boolean {
  return areUnique(items.map((item) => keys.map((key) => item?.[key])));
}

function isSetIfSaid(type: string, items: readonly unknown[]): boolean {
  return type !== 'set' || areUnique(items);
}

function areUnique(values: readonly unknown[]): boolean {
  return values.every((value, index) => !values.slice(0, index).some((earlier) => isDeepStrictEqual(earlier, value)));
}

/** RFC 3339 with seconds and a zone, of a day that exists. */
function isTimestamp(text: string): boolean {
  const date = /^(\d{4}-\d\d-\d\d)T\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.exec(text)?.[1];
  if (!date || Number.isNaN(Date.parse(text))) return false;
  // Date.parse takes 30 February for 2 March.
  return new Date(`${date}T00:00:00Z`).toISOString().startsWith(date);
}

function sentence(error: ErrorObject): string {
  const params = error.params as Record<string, string | number | string[]>;
  const path = fieldPath(error.instancePath);
  const at = path || 'the object';
  switch (error.keyword) {
    case 'required':
      return `${join(path, String(params.missingProperty))} is required.`;
    case 'additionalProperties':
      return `${join(path, String(params.additionalProperty))} is not a known field; fix its name or remove it.`;
    case 'type':
      return `${at} must be of type ${[params.type].flat().join(' or ')}, but is ${shown(error.data)}.`;
    case 'enum':
      return `${at} must be one of ${(params.allowedValues as string[]).join(', ')}, but is ${shown(error.data)}.`;
    case 'format':
      return `${at} must be a valid ${String(params.format)}, but is ${shown(error.data)}.`;
    case 'pattern': {
      const said = (error.parentSchema as Readonly<Record<typeof patternMessage, string | undefined>>)[patternMessage];
      if (said !== undefined) return `${at} is ${shown(error.data)}: ${said}.`;
      return `${at} must match ${String(params.pattern)}, but is ${shown(error.data)}.`;
    }
    case 'minimum':
      return `${at} must be at least ${String(params.limit)}, but is ${shown(error.data)}.`;
    case 'maximum':
      return `${at} must be at most ${String(params.limit)}, but is ${shown(error.data)}.`;
    case listType:
      return `${at} contains the same item twice; remove one.`;
    case mapKeys:
      return `${at} contains two items with the same ${(error.schema as string[]).join(' and ')}; change or remove one.`;
    default:
      return `${at} ${String(error.message).replace('NOT', 'not')}.`;
  }
}

/** A JSON pointer as users write paths: `/spec/checks/0/file` → `spec.checks[0].file`. */
function fieldPath(pointer: string): string {
  const steps = pointer.split('/').slice(1);
  return steps.map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~')).reduce(join, '');
}

function join(path: string, step: string): string {
  if (/^\d+$/.test(step)) return `${path}[${step}]`;
  if (!/^[\w-]+$/.test(step)) return `${path}["${step}"]`;
  return path ? `${path}.${step}` : step;
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'undefined';
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

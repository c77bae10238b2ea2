/**
 * The tags of fields and types, as one table: where each may stand and what it adds to the schema. A tag that is not in
 * the table, does not fit the type or has a value that cannot be read is reported; none is ever ignored.
 */
import { load } from 'js-yaml';
import type { Tag } from './comments.ts';
import { type Report, type Rule, type Schema, type Shape, shapeOf } from './schema.ts';

/** What a tag adds, or a sentence that says why its value will not do. */
type Effect = Partial<Schema> | string;

interface TagRow {
  fits: readonly Shape[];
  repeatable?: boolean;
  read(values: readonly string[], schema: Schema, field: string): Effect;
}

const everything: readonly Shape[] = ['string', 'integer', 'boolean', 'intOrString', 'list', 'map', 'object', 'any'];
const text: readonly Shape[] = ['string', 'intOrString'];
const objects: readonly Shape[] = ['map', 'object'];
/** The formats that the API server knows and that its cost estimate or users profit from. */
const formats = ['date-time', 'date', 'duration', 'byte', 'ipv4', 'ipv6', 'cidr', 'uri', 'email', 'hostname', 'uuid'];

const table: Record<string, TagRow> = {
  minimum: { fits: ['integer'], read: integer((minimum) => ({ minimum })) },
  maximum: { fits: ['integer'], read: integer((maximum) => ({ maximum })) },
  minLength: { fits: text, read: size((minLength) => ({ minLength })) },
  maxLength: { fits: text, read: size((maxLength) => ({ maxLength })) },
  minItems: { fits: ['list'], read: size((minItems) => ({ minItems })) },
  maxItems: { fits: ['list'], read: size((maxItems) => ({ maxItems })) },
  minProperties: { fits: objects, read: size((minProperties) => ({ minProperties })) },
  maxProperties: { fits: objects, read: size((maxProperties) => ({ maxProperties })) },
  pattern: { fits: text, read: ([value = '']) => readPattern(value) },
  format: { fits: ['string'], read: oneOf(formats, (format) => ({ format })) },
  listType: { fits: ['list'], read: oneOf(['map', 'set', 'atomic'], (type) => ({ 'x-kubernetes-list-type': type })) },
  listMapKey: { fits: ['list'], repeatable: true, read: (keys) => ({ 'x-kubernetes-list-map-keys': [...keys] }) },
  mapType: { fits: objects, read: oneOf(['granular', 'atomic'], (type) => ({ 'x-kubernetes-map-type': type })) },
  default: { fits: everything, read: ([value = '']) => readJson(value) },
  example: { fits: everything, read: ([value = '']) => readYaml(value) },
  nullable: { fits: everything, read: flag({ nullable: true }) },
  integer: { fits: ['integer'], read: flag({}) },
  preserveUnknown: {
    fits: ['map', 'object', 'any'],
    read: flag({ 'x-kubernetes-preserve-unknown-fields': true, additionalProperties: undefined }),
  },
  rule: { fits: everything, repeatable: true, read: (values, schema) => addRules(schema, values.map(readRule)) },
  immutable: { fits: everything, read: (_values, schema, field) => addRules(schema, [immutable(field)]) },
  deprecated: {
    fits: everything,
    read: ([value], { description }) => ({
      description: `Deprecated: ${value || 'do not use it.'} ${description ?? ''}`.trim(),
    }),
  },
};

/** What tags are on. */
interface Tagged {
  /** Names the field or type in reports. */
  readonly owner: string;
  /** The plain name that users know it by. */
  readonly field: string;
  readonly report: Report;
}

/** The schema with the tags applied, in their order. */
export function applyTags(schema: Schema, tags: readonly Tag[], { owner, field, report }: Tagged): Schema {
  let result = schema;
  for (const name of new Set(tags.map((tag) => tag.name))) {
    const values = tags.filter((tag) => tag.name === name).map((tag) => onOneLine(tag));
    const row = Object.hasOwn(table, name) ? table[name] : undefined;
    if (!row) {
      report(owner, `unknown tag '@${name}'; known are ${Object.keys(table).join(', ')}`);
    } else if (!row.fits.includes(shapeOf(result))) {
      report(owner, `'@${name}' does not fit ${shapeOf(result)}; put it on the field or type that it is about`);
    } else if (values.length > 1 && !row.repeatable) {
      report(owner, `'@${name}' is set ${values.length} times; keep one`);
    } else {
      const effect = row.read(values, result, field);
      if (typeof effect === 'string') report(owner, `'@${name}': ${effect}`);
      else result = { ...result, ...effect };
    }
  }
  return result;
}

/** The rule that a field keeps its value. The API server skips it where a value comes or goes: see `staysAsItIs`. */
function immutable(field: string): Rule {
  return { rule: 'self == oldSelf', message: `\`${field}\` cannot be changed; delete and recreate the object` };
}

/** The rule for the parent of an optional immutable field, which the parent alone can see come or go. */
export function staysAsItIs(field: string): Rule {
  const [now, before] = [`self.${celName(field)}`, `oldSelf.${celName(field)}`];
  return {
    rule: `has(${now}) == has(${before}) && (!has(${now}) || ${now} == ${before})`,
    message: `\`${field}\` cannot be added, changed or removed; delete and recreate the object`,
    fieldPath: /^\w+$/.test(field) ? `.${field}` : `['${field}']`,
  };
}

/** The schema with more rules after those that it has. */
export function addRules(schema: Schema, rules: readonly (Rule | string)[]): Effect {
  const problem = rules.find((rule) => typeof rule === 'string');
  if (problem !== undefined) return problem;
  const all = [...(schema['x-kubernetes-validations'] ?? []), ...rules.filter((rule) => typeof rule !== 'string')];
  return { 'x-kubernetes-validations': all };
}

const reserved =
  'true|false|null|in|as|break|const|continue|else|for|function|if|import|let|loop|package|namespace|return';

/** The name of a property in CEL, where reserved words and some characters are escaped. */
function celName(property: string): string {
  if (new RegExp(`^(${reserved})$`).test(property)) return `__${property}__`;
  const escapes: Record<string, string> = { __: '__underscores__', '.': '__dot__', '-': '__dash__', '/': '__slash__' };
  return property.replace(/__|[.\-/]/g, (found) => escapes[found] ?? found);
}

function readRule(value: string): Rule | string {
  const [rule, message, option] = value.split(/\s+::\s+/);
  if (!rule || !message) return 'write it as: @rule <CEL> :: <message that tells the user what to do>';
  const unescaped = new RegExp(`\\b(?:self|oldSelf)(?:\\.\\w+)*?\\.(${reserved})\\b`).exec(rule)?.[1];
  if (unescaped) return `'${unescaped}' is a reserved word of CEL; write '__${unescaped}__'`;
  if (option === undefined) return { rule, message };
  const fieldPath = /^fieldPath=(\.\S+)$/.exec(option)?.[1];
  return fieldPath
    ? { rule, message, fieldPath }
    : `'${option}' is unknown; only fieldPath=.field may follow the message`;
}

/** `REGEX`, or `REGEX :: sentence`: then the sentence is what users read, instead of the expression. */
function readPattern(value: string): Effect {
  const [pattern = '', patternMessage] = value.split(/\s+::\s+/);
  return patternProblem(pattern) ?? { pattern, ...(patternMessage && { patternMessage }) };
}

/** The API server matches with RE2 and the operator with JavaScript, so a pattern must mean the same in both. */
function patternProblem(pattern: string): string | undefined {
  if (/\(\?[=!<]|\\[1-9kpPuQEAzZ]/.test(pattern))
    return 'look-around, back references and similar constructs differ between Go and JavaScript; avoid them';
  try {
    new RegExp(pattern, 'u');
    return pattern ? undefined : 'has no value';
  } catch (error) {
    return String(error);
  }
}

function readJson(value: string): Effect {
  try {
    return { default: JSON.parse(value) as unknown };
  } catch {
    return `'${value}' is not JSON; a string needs double quotes`;
  }
}

function readYaml(value: string): Effect {
  try {
    return { example: load(value) };
  } catch (error) {
    return `is not YAML: ${String(error)}`;
  }
}

function integer(effect: (value: number) => Effect): TagRow['read'] {
  return ([value = '']) => (/^-?\d+$/.test(value) ? effect(Number(value)) : `'${value}' is not an integer`);
}

function size(effect: (value: number) => Effect): TagRow['read'] {
  return ([value = '']) => (/^\d+$/.test(value) ? effect(Number(value)) : `'${value}' is not an integer of at least 0`);
}

function oneOf(allowed: readonly string[], effect: (value: string) => Effect): TagRow['read'] {
  return ([value = '']) => (allowed.includes(value) ? effect(value) : `'${value}' is not one of ${allowed.join(', ')}`);
}

function flag(effect: Effect): TagRow['read'] {
  return ([value]) => (value ? `takes no value, but has '${value}'` : effect);
}

function onOneLine(tag: Tag): string {
  return tag.name === 'example' ? tag.value : tag.value.replace(/\s*\n\s*/g, ' ');
}

/** What a schema says, in words: the type, the bounds, the default and the rules of one field. */
import { dump } from 'js-yaml';
import { type Rule, type Schema, shapeOf } from './schema.ts';

/** The type as one reads it: `list of string`, or a link to a named type. */
export function typeText(schema: Schema): string {
  const inner = schema.items ?? schema.additionalProperties;
  const named = namedType(schema);
  if (named) return `[${named.name}](#types)`;
  switch (shapeOf(schema)) {
    case 'list':
      return `list of ${inner ? typeText(inner) : ''}`;
    case 'map':
      return `map to ${inner ? typeText(inner) : ''}`;
    case 'intOrString':
      return 'integer or string';
    case 'any':
      return 'anything';
    case 'string':
      return schema.format === 'date-time' ? 'time' : 'string';
    default:
      return shapeOf(schema);
  }
}

/** Description, bounds, default, example and rules, each on a line. `about` are rules of the parent on this field. */
export function explanation(schema: Schema, about: readonly Rule[]): string {
  const inner = schema.items ?? schema.additionalProperties;
  const rules = [...ownRules(schema), ...(inner ? ownRules(inner) : []), ...about];
  const bounds = [
    namedType(schema) ? '' : boundsOf(schema),
    inner && !namedType(inner) ? boundsOf(inner, 'each ') : '',
  ];
  const lines = [
    schema.description ?? '',
    bounds.filter((text) => text !== '').join(' '),
    schema.default === undefined ? '' : `Default: ${value(schema.default)}.`,
    schema.example === undefined ? '' : `Example: ${value(schema.example)}.`,
    ...rules.map(({ message }) => `Rule: ${sentence(message)}`),
  ];
  return lines.filter((line) => line !== '').join('\n');
}

/** The named type that explains the field's value fully; undefined when the field changes its bounds. */
export function namedType(schema: Schema): Schema['alias'] {
  const { alias } = schema;
  return alias && boundsOf(alias.schema) === boundsOf(schema) ? alias : undefined;
}

/** The rules to tell at the value itself: not those of its named type, which come first, nor those about one field. */
export function ownRules(schema: Schema): Rule[] {
  const told = namedType(schema)?.schema['x-kubernetes-validations']?.length ?? 0;
  const about = Object.keys(schema.properties ?? {}).flatMap((name) => rulesAbout(schema, name));
  return (schema['x-kubernetes-validations'] ?? []).slice(told).filter((rule) => !about.includes(rule));
}

/** The rules of an object that are about one of its fields. */
export function rulesAbout(schema: Schema, field: string): Rule[] {
  return (schema['x-kubernetes-validations'] ?? []).filter(({ fieldPath }) => {
    return fieldPath === `.${field}` || fieldPath === `['${field}']`;
  });
}

/** The bounds as sentences; empty when there are none. `of` stands before each, such as `each `. */
export function boundsOf(schema: Schema, of = ''): string {
  const { enum: words, pattern, patternMessage, format } = schema;
  const keys = schema['x-kubernetes-list-map-keys']?.map(code).join(' and ');
  const each = [
    ...(words ? [`one of ${words.map(code).join(', ')}`] : []),
    ...range(schema.minimum, schema.maximum, ''),
    ...range(schema.minLength, schema.maxLength, ' character'),
    ...range(schema.minItems, schema.maxItems, ' item'),
    ...range(schema.minProperties, schema.maxProperties, ' entry'),
    ...(pattern && !patternMessage ? [`matches ${code(pattern)}`] : []),
    ...(format && !/^(int|date-time)/.test(format) ? [`in the form ${code(format)}`] : []),
    ...(schema.nullable ? ['may be null'] : []),
  ];
  const none = [
    ...(schema['x-kubernetes-list-type'] === 'set' ? ['no duplicate items'] : []),
    ...(keys ? [`no two items with the same ${keys}`] : []),
  ];
  const told = patternMessage ? [patternMessage] : [];
  return [...each.map((text) => of + text), ...none, ...told].map(sentence).join(' ');
}

function range(least: number | undefined, most: number | undefined, unit: string): string[] {
  const units = (count: number) => (unit === '' || count === 1 ? unit : `${unit}s`.replace('ys', 'ies'));
  if (least === undefined && most === undefined) return [];
  if (least === undefined) return [`at most ${most}${units(most ?? 0)}`];
  if (most === undefined) return [`at least ${least}${units(least)}`];
  return [least === most ? `exactly ${most}${units(most)}` : `${least} to ${most}${units(most)}`];
}

function value(data: unknown): string {
  return code(dump(data, { flowLevel: 0, lineWidth: -1 }).trim());
}

/** A code span, with as many back-quotes as the text needs. */
export function code(text: string): string {
  return text.includes('`') ? `\`\` ${text} \`\`` : `\`${text}\``;
}

/** The text with a capital and a full stop. */
export function sentence(text: string): string {
  const capital = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?…]$/.test(capital) ? capital : `${capital}.`;
}

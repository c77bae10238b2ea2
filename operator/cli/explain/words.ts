/** A schema in words: its type, and what it allows. Pure. */
import { counted } from '../../lib/text.ts';
import type { FieldSchema } from './kinds.ts';

/** Such as `string`, `list of objects`, `map of strings`. */
export function typeOf(schema: FieldSchema): string {
  if (schema['x-kubernetes-int-or-string']) return 'integer or string';
  if (schema.items) return `list of ${many(typeOf(schema.items))}`;
  if (typeof schema.additionalProperties === 'object') return `map of ${many(typeOf(schema.additionalProperties))}`;
  if (schema['x-kubernetes-preserve-unknown-fields'] && schema.type === undefined) return 'anything';
  return schema.format === 'date-time' ? 'time' : (schema.type ?? 'anything');
}

function many(type: string): string {
  return /^(list|map|anything)/.test(type) || type.includes(' or ') ? type : `${type}s`;
}

/** One line for each limit, without the rules. */
export function limitsOf(schema: FieldSchema): string[] {
  const one = schema.items && !schema.items.properties ? schema.items : undefined;
  return [...ownLimits(schema), ...(one ? ownLimits(one).map((limit) => `each item: ${limit}`) : [])];
}

function ownLimits(schema: FieldSchema): string[] {
  const { minLength, maxLength, minItems, maxItems, minProperties, maxProperties, minimum, maximum } = schema;
  const keys = schema['x-kubernetes-list-map-keys'];
  return [
    ...range(minimum, maximum, (number) => `${number}`),
    ...range(minLength, maxLength, (number) => counted(number, 'character')),
    ...range(minItems, maxItems, (number) => counted(number, 'item')),
    ...range(minProperties, maxProperties, (number) => (number === 1 ? '1 entry' : `${number} entries`)),
    ...(schema.pattern === undefined ? [] : [`must match ${schema.pattern}`]),
    ...(keys ? [`no two items with the same ${keys.join(' and ')}`] : []),
    ...(schema['x-kubernetes-list-type'] === 'set' ? ['no item twice'] : []),
  ];
}

function range(least: number | undefined, most: number | undefined, inWords: (number: number) => string): string[] {
  if (least !== undefined && most !== undefined) return [`${least} to ${inWords(most)}`];
  if (least !== undefined) return [`at least ${inWords(least)}`];
  return most === undefined ? [] : [`at most ${inWords(most)}`];
}

export function allowedIn({ enum: values, items }: FieldSchema): readonly string[] {
  return (values ?? items?.enum ?? []).map((value) => String(value));
}

/** The rules of CEL in the words of their messages. */
export function rulesOf(schema: FieldSchema): string[] {
  const own = (schema['x-kubernetes-validations'] ?? []).map(({ rule, message }) => message ?? `\`${rule}\` is true`);
  const ofItems = schema.items && !schema.items.properties ? rulesOf(schema.items) : [];
  return [...new Set([...own, ...ofItems])];
}

/** The first sentence; what is in backquotes ends none. */
export function firstSentence(text: string): string {
  const plain = text.split('\n')[0] ?? '';
  let isQuoted = false;
  for (const [at, letter] of [...plain].entries()) {
    if (letter === '`') isQuoted = !isQuoted;
    if (!isQuoted && letter === '.' && /^( [A-Z`]|$)/.test([...plain].slice(at + 1, at + 3).join('')))
      return [...plain].slice(0, at + 1).join('');
  }
  return plain;
}

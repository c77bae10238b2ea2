/** Values of a schema of a CRD: the least, others that are valid too, and those that are not. Pure. */

/** The part of structural schemas that our kinds use. */
export interface Schema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema | false;
  readonly items?: Schema;
  readonly pattern?: string;
  readonly format?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly maxProperties?: number;
  readonly 'x-kubernetes-int-or-string'?: true;
  readonly 'x-kubernetes-preserve-unknown-fields'?: true;
  readonly 'x-kubernetes-list-map-keys'?: readonly string[];
}

/** Of each form that a pattern of ours asks for, a few; whichever fit are used. */
const words = [
  'other',
  'another-one',
  'Other',
  'a.b.c',
  '/etc/other',
  'SSH-1:2.3',
  '0640',
  '0 3 * * *',
  '2027-03-01T00:00:00Z',
  '2027-03-01',
  'Europe/Berlin',
  '25%',
  'ansible.posix.firewall',
  'kernel.other.value',
  '1.2-3',
  `sha256:${'a'.repeat(64)}`,
  'b'.repeat(64),
  'c'.repeat(12),
  `ssh-ed25519 ${'A'.repeat(43)}= other`,
  'V1',
  'v1',
  'spec.other',
  'other, attempt 2',
  'tcp/81',
  'true',
  '',
] as const;

export function fits(schema: Schema, text: string): boolean {
  const { pattern, format, minLength = 0, maxLength = Infinity } = schema;
  if (text.length < minLength || text.length > maxLength) return false;
  if (format === 'date-time') return /^\d{4}-\d\d-\d\dT/.test(text);
  return pattern === undefined || new RegExp(pattern).test(text);
}

/** A valid value with nothing that may be left out; rules across fields are not considered. */
export function least(schema: Schema): unknown {
  if (schema.enum) return schema.enum[0];
  if (schema['x-kubernetes-int-or-string']) return 1;
  if (schema.type === 'array') return Array.from({ length: schema.minItems ?? 0 }, () => least(schema.items ?? {}));
  if (schema.type === 'boolean') return false;
  if (schema.type === 'integer') return schema.minimum ?? 1;
  if (schema.type !== 'object') return words.find((word) => fits(schema, word)) ?? '';
  const all = schema.properties ?? {};
  return Object.fromEntries((schema.required ?? []).map((name) => [name, least(all[name] ?? {})]));
}

/** Valid values beside this one: the neighbors, the bounds, the empty one. */
export function others(schema: Schema, value: unknown): unknown[] {
  return valid(schema, value).filter((other) => other !== value);
}

function valid(schema: Schema, value: unknown): unknown[] {
  if (schema.enum) return [...schema.enum];
  if (schema['x-kubernetes-int-or-string']) return [2, '25%', '7'];
  if (schema.type === 'boolean') return [true, false];
  if (schema.type === 'integer') {
    const { minimum = -1, maximum = 2 ** 31 - 1 } = schema;
    const near = typeof value === 'number' ? [value + 1, value - 1] : [];
    return [...new Set([...near, minimum, maximum])].filter((one) => one >= minimum && one <= maximum);
  }
  if (schema.type !== 'string') return [];
  const longest = longestOf(schema);
  const fitting = words.filter((word) => fits(schema, word) && word !== value);
  const empty = fitting.includes('') ? [''] : [];
  return [...new Set([...fitting.slice(0, 2), ...empty, ...(longest === undefined ? [] : [longest])])];
}

function longestOf(schema: Schema): string | undefined {
  const { maxLength = 0 } = schema;
  const longest = 'a'.repeat(Math.min(maxLength, 4096));
  return maxLength > 0 && fits(schema, longest) ? longest : undefined;
}

/** Values that the apiserver must refuse: of another type, beyond a bound, not in the list, of another form. */
export function wrongs(schema: Schema): unknown[] {
  if (schema['x-kubernetes-int-or-string']) return [true, []];
  if (schema.enum) return ['NoSuchValue', 7];
  if (schema.type === 'boolean') return ['yes', 1];
  if (schema.type === 'integer') {
    const { minimum, maximum } = schema;
    return ['many', ...(minimum === undefined ? [] : [minimum - 1]), ...(maximum === undefined ? [] : [maximum + 1])];
  }
  if (schema.type === 'array') return ['none', ...(schema.minItems ? [[]] : [])];
  if (schema.type === 'object') return ['none', 3];
  const tooLong = schema.maxLength === undefined ? [] : ['a'.repeat(schema.maxLength + 1)];
  const unfit = ['\n', ' \u0007'].filter((text) => !fits(schema, text) && schema.pattern !== undefined);
  return [5, ['a'], ...tooLong, ...unfit, ...(schema.minLength ? [''] : [])];
}

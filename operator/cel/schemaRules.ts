/**
 * The rules of a CRD (`x-kubernetes-validations`) on an object that is created, as the apiserver evaluates them: for those who look at a file without one.
 * Rules about what was before (`oldSelf`) say nothing about that. Pure.
 */
import { check } from './check.ts';
import { evaluatorOf } from './evaluate.ts';
import { parsed } from './parse.ts';
import { bool, Run, type Evaluator } from './run.ts';
import { parsedTimestamp } from './time.ts';
import { dyn } from './types.ts';
import { CelError, lifted } from './value.ts';

/** The part of a CRD's schema that is looked at. */
export interface RuledSchema {
  readonly type?: string;
  readonly format?: string;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, RuledSchema>>;
  readonly additionalProperties?: RuledSchema | boolean;
  readonly items?: RuledSchema;
  readonly 'x-kubernetes-validations'?: readonly SchemaRule[];
}

interface SchemaRule {
  readonly rule: string;
  readonly message?: string;
}

/** As many steps as a check of a policy may take. */
const most = 10_000_000;
const compiled = new Map<string, Evaluator>();

/** The object as the apiserver evaluates it: with the defaults of what is absent. A field of null is absent; an item of a list is not. */
export function withDefaults({ properties, items, additionalProperties }: RuledSchema, value: unknown): unknown {
  if (Array.isArray(value)) return items ? value.map((item) => withDefaults(items, item)) : value;
  if (!isMap(value)) return value;
  const of = (name: string): RuledSchema | undefined =>
    (properties && Object.hasOwn(properties, name) ? properties[name] : undefined) ??
    (typeof additionalProperties === 'object' ? additionalProperties : undefined);
  const isAbsent = (name: string): boolean =>
    !Object.hasOwn(value, name) || (value[name] === null && of(name) !== undefined);
  const kept = Object.entries(value).filter(([name]) => !isAbsent(name));
  const given = kept.map(([name, one]) => {
    const schema = of(name);
    return [name, schema ? withDefaults(schema, one) : one] as const;
  });
  const absent = Object.entries(properties ?? {}).flatMap(([name, schema]) =>
    schema.default === undefined || !isAbsent(name) ? [] : [[name, withDefaults(schema, schema.default)] as const],
  );
  return Object.fromEntries([...given, ...absent]);
}

/** A sentence for each rule that does not hold, beginning with the path. What cannot be evaluated does not hold. */
export function brokenRules(schema: RuledSchema, value: unknown, path = ''): string[] {
  const own = (schema['x-kubernetes-validations'] ?? []).flatMap((rule) => {
    if (/\boldSelf\b/.test(rule.rule)) return [];
    const problem = problemOf(rule, schema, value);
    return problem === undefined ? [] : [`${path || 'the object'}: ${problem}.`];
  });
  return [...own, ...innerOf(schema, value, path)];
}

function innerOf(
  { properties = {}, items, additionalProperties }: RuledSchema,
  value: unknown,
  path: string,
): string[] {
  if (Array.isArray(value)) return items ? value.flatMap((item, at) => brokenRules(items, item, `${path}[${at}]`)) : [];
  if (!isMap(value)) return [];
  return Object.entries(value).flatMap(([name, one]) => {
    const schema = properties[name] ?? (typeof additionalProperties === 'object' ? additionalProperties : undefined);
    return schema ? brokenRules(schema, one, path ? `${path}.${name}` : name) : [];
  });
}

function problemOf({ rule, message }: SchemaRule, schema: RuledSchema, value: unknown): string | undefined {
  try {
    const self = lifted(typed(schema, value));
    const run = new Run(most);
    const holds = bool(evaluatorFor(rule)(run, { name: 'self', value: () => self, outer: undefined }), 'the result');
    return holds ? undefined : (message ?? `it breaks the rule \`${rule}\``);
  } catch (error) {
    return `the rule \`${rule}\` cannot be evaluated: ${(error as Error).message}`;
  }
}

function evaluatorFor(rule: string): Evaluator {
  const known = compiled.get(rule);
  if (known) return known;
  const tree = parsed(rule);
  check(tree, new Map([['self', dyn]]));
  const evaluator = evaluatorOf(tree.ast, { names: new Set(['self']), optional: tree.optional });
  compiled.set(rule, evaluator);
  return evaluator;
}

const reserved = new Set(
  'true false null in as break const continue else for function if import let loop package namespace return var void while'.split(
    ' ',
  ),
);

/** The value as rules see it: names of fields as they have to be written, times as times. */
function typed({ properties = {}, items, additionalProperties, format }: RuledSchema, value: unknown): unknown {
  if (format === 'date-time' && typeof value === 'string') return timeIn(value) ?? value;
  if (Array.isArray(value)) return value.map((item) => typed(items ?? {}, item));
  if (!isMap(value)) return value;
  const rest = typeof additionalProperties === 'object' ? additionalProperties : {};
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [escapedName(name), typed(properties[name] ?? rest, one)]),
  );
}

/** One that cannot be read is no time, which the schema says. */
function timeIn(text: string): unknown {
  try {
    return parsedTimestamp(() => undefined, text);
  } catch (error) {
    if (error instanceof CelError) return undefined;
    throw error;
  }
}

function escapedName(name: string): string {
  if (reserved.has(name)) return `__${name}__`;
  return name.replace(
    /__|[.\-/]/g,
    (part) => ({ __: '__underscores__', '.': '__dot__', '-': '__dash__' })[part] ?? '__slash__',
  );
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

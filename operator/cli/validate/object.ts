/** Whether the apiserver would take an object: by the schema and the rules of its CRD, strictly. Pure. */
import type { Validate } from '../../api/validator.ts';
import { brokenRules, withDefaults } from '../../cel/schemaRules.ts';
import { nearest } from '../../drift/objects/nearest.ts';
import type { FieldSchema, ShippedKind } from '../explain/kinds.ts';
import { stepsOf } from './documents.ts';
import { metadataProblems } from './metadata.ts';
import { problemIn, type Problem } from './problem.ts';

export type Validated =
  /** Of another group, or no object at all. */
  | { readonly is: 'foreign' }
  | {
      readonly is: 'ours';
      readonly kind: string;
      readonly name: string;
      readonly problems: readonly Problem[];
      /** As the apiserver would store it; undefined when it would not. */
      readonly stored?: Readonly<Record<string, unknown>>;
    };

export interface Schemas {
  readonly kinds: readonly ShippedKind[];
  readonly validate: Validate<string>;
}

const group = 'holdfast.dev';

export function validated(value: unknown, { kinds, validate }: Schemas): Validated {
  if (!isMap(value)) return { is: 'foreign' };
  const { apiVersion, kind: word } = value;
  const own = kinds.find(({ kind }) => kind === word);
  const [named = ''] = typeof apiVersion === 'string' ? apiVersion.split('/') : [];
  if (named !== group && (apiVersion !== undefined || !own)) return { is: 'foreign' };
  const name = nameOf(value);
  const about = { is: 'ours', kind: typeof word === 'string' ? word : '(no kind)', name } as const;
  const problem = identityProblem(apiVersion, word, own, kinds);
  if (problem !== undefined || !own) return { ...about, problems: [problemIn('invalid', problem ?? '')] };
  const { schema } = own;
  const complete = withDefaults(schema, plainNumbers(value)) as Record<string, unknown>;
  const { status, ...declared } = complete;
  const sentences = [...unknownInStatus(validate(own.kind, { ...declared, status })), ...validate(own.kind, declared)];
  const wrong = [
    ...[...new Set(sentences)].map((sentence) => advised(problemIn('invalid', sentence), schema)),
    ...metadataProblems(declared['metadata'], own),
  ];
  // Rules are about objects of the right form.
  const broken = isRefused(wrong)
    ? []
    : brokenRules(schema, declared).map((sentence) => problemIn('invalid', sentence));
  const problems = [...wrong, ...broken];
  return { ...about, problems, ...(!isRefused(problems) && { stored: declared }) };
}

function isRefused(problems: readonly Problem[]): boolean {
  return problems.some(({ level }) => level === 'invalid');
}

function identityProblem(
  apiVersion: unknown,
  word: unknown,
  own: ShippedKind | undefined,
  kinds: readonly ShippedKind[],
): string | undefined {
  if (apiVersion === undefined) return `apiVersion is required; write ${own?.apiVersion}`;
  if (word === undefined) return 'kind is required';
  if (!own) {
    const meant = nearest(
      typeof word === 'string' ? word : '',
      kinds.map(({ kind }) => kind),
    );
    return `kind ${JSON.stringify(word)} is not one of Holdfast${meant ? `; did you mean ${meant}?` : '; see `kubectl holdfast explain`'}`;
  }
  return apiVersion === own.apiVersion ? undefined : `apiVersion must be ${own.apiVersion}`;
}

/** The apiserver drops the status of what is created, after it has found unknown fields in it. */
function unknownInStatus(sentences: readonly string[]): string[] {
  return sentences.filter((sentence) => /^status[.[]/.test(sentence) && sentence.includes(unknownField));
}

const unknownField = ' is not a known field;';

/** With the field that may be meant. */
function advised(problem: Problem, schema: FieldSchema): Problem {
  if (!problem.message.includes(unknownField)) return problem;
  const steps = stepsOf(problem.path);
  const parent = steps.slice(0, -1).reduce<FieldSchema | undefined>(below, schema);
  const meant = nearest(steps.at(-1) ?? '', Object.keys(parent?.properties ?? {}));
  if (meant === undefined) return problem;
  return { ...problem, message: `${problem.path}${unknownField} did you mean ${meant}?` };
}

function below(schema: FieldSchema | undefined, step: string): FieldSchema | undefined {
  if (schema?.items && /^\d+$/.test(step)) return schema.items;
  if (schema?.properties && Object.hasOwn(schema.properties, step)) return schema.properties[step];
  return typeof schema?.additionalProperties === 'object' ? schema.additionalProperties : undefined;
}

function nameOf({ metadata }: Readonly<Record<string, unknown>>): string {
  const { name, generateName } = isMap(metadata) ? metadata : {};
  if (typeof name === 'string') return name;
  return typeof generateName === 'string' ? `${generateName}…` : '(no name)';
}

/** Whole numbers beyond those of JavaScript are too large for every field. */
function plainNumbers(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return value.map(plainNumbers);
  if (!isMap(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, plainNumbers(one)]));
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

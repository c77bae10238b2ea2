/**
 * What is wrong with a template, by the fields of its kind: told before anything is compared, tried or written, and whatever the account
 * may do. Pure. What nothing is known of is not evaluated here; the apiserver validates strictly, too.
 */
import type { ObjectTemplate } from '../../api/v1alpha1/objectTemplate.ts';
import { canonicalJson } from '../../lib/digest.ts';
import { fieldIn, isObject, own } from './known.ts';
import { nearest } from './nearest.ts';
import type { FieldSchema } from './schema.ts';
import { visible } from './shown.ts';
import type { Members } from './walk.ts';

type Match = NonNullable<ObjectTemplate['match']>;

/** More say no more. */
const mostProblems = 8;
/** As deep as a comparison goes. */
const deepest = 200;
/** Of whole numbers of JavaScript; those beyond are bigints, and of 64 bits. */
const smallestInt32 = -(2 ** 31);
const largestInt32 = 2 ** 31 - 1;
const plainName = /^[A-Za-z_$][\w$-]*$/;
/** What identifies an object is known of every kind. */
const ofEveryKind = new Set(['apiVersion', 'kind', 'metadata']);

const named: Readonly<Record<string, string>> = {
  string: 'a string',
  integer: 'an integer',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
};

/**
 * Sentences such as "spec.podSelectr: unknown field (did you mean podSelector?)". Fields of null are not evaluated: they say that
 * nothing must be there. Items of a list that an apply merges may not stand in it twice, where the template is applied
 * (`MustHave`).
 */
export function problemsOf(template: Members, schema: FieldSchema | undefined, match: Match): string[] {
  const search = new ProblemSearch(match);
  if (schema?.shape.fields) search.members(template, schema, '', 0);
  return search.problems;
}

/** Where a value stands. */
interface Place {
  readonly field: FieldSchema;
  /** Of what it is a field or an item. */
  readonly parent: FieldSchema;
  readonly path: string;
  readonly depth: number;
}

class ProblemSearch {
  readonly problems: string[] = [];
  readonly #merges: boolean;
  readonly #forbids: boolean;

  constructor(match: Match) {
    this.#merges = match === 'MustHave';
    this.#forbids = match === 'MustNotHave';
  }

  members(value: Members, field: FieldSchema, path: string, depth: number): void {
    const { name: type, fields, open } = field.shape;
    if (type === 'core.v1.PodSpec' && !this.#forbids) this.#otherName(value, path);
    for (const name of Object.keys(value)) {
      const at = join(path, name);
      const known = fieldIn(field, name);
      if (known) this.#value(value[name], { field: known, parent: field, path: at, depth: depth + 1 });
      else if (fields && !open && !(path === '' && ofEveryKind.has(name))) this.#unknown(at, name, fields.keys());
    }
  }

  #value(value: unknown, place: Place): void {
    const { field, path, depth } = place;
    if (value === null || value === undefined || depth > deepest) return;
    const { type, items } = field.shape;
    if (type !== undefined && Object.hasOwn(named, type) && !isOf(type, value)) this.#say(path, mistyped(type, value));
    else if (type === 'integer') this.#range(value as number | bigint, place);
    else if (Array.isArray(value)) {
      if (this.#merges) this.#duplicates(value, field, path);
      if (!items) return;
      value.forEach((item, at) =>
        this.#value(item, { field: items, parent: field, path: `${path}[${at}]`, depth: depth + 1 }),
      );
    } else if (isObject(value)) this.members(value, field, path, depth);
  }

  /** The apiserver takes numbers that are too large, and stores others. The types of CRDs it holds to no format. */
  #range(value: number | bigint, { field: { shape }, parent, path }: Place): void {
    const isWithin =
      shape.format === 'int32' && parent.shape.name !== ''
        ? value >= smallestInt32 && value <= largestInt32
        : typeof value === 'bigint' || Number.isSafeInteger(value);
    if (!isWithin) this.#say(path, `${value} does not fit into ${shape.format === 'int32' ? 32 : 64} bits`);
  }

  #duplicates(list: readonly unknown[], { shape }: FieldSchema, path: string): void {
    const seen = new Set<string>();
    if (shape.list === 'atomic') return;
    for (const item of list) {
      const id = shape.list === 'set' ? canonicalJson(item) : identity(item, shape.keys, shape.items);
      if (id !== undefined && seen.has(id)) this.#say(path, `has two items with ${visible(id)}; an apply merges them`);
      if (id !== undefined) seen.add(id);
    }
  }

  /** The apiserver ignores it in silence where the live object has the newer field, so that a dry run would change nothing. */
  #otherName({ serviceAccount, serviceAccountName }: Members, path: string): void {
    if (serviceAccount && serviceAccount !== serviceAccountName)
      this.#say(join(path, 'serviceAccount'), '`serviceAccountName` takes precedence; declare that instead');
  }

  #unknown(path: string, name: string, known: Iterable<string>): void {
    const meant = nearest(name, known);
    this.#say(path, `unknown field${meant ? ` (did you mean ${meant}?)` : ''}`);
  }

  #say(path: string, problem: string): void {
    if (this.problems.length < mostProblems) this.problems.push(`${path}: ${problem}`);
  }
}

function isOf(type: string, value: unknown): boolean {
  switch (type) {
    case 'integer':
      return typeof value === 'bigint' || Number.isInteger(value);
    case 'number':
      return typeof value === 'bigint' || typeof value === 'number';
    case 'array':
      return Array.isArray(value);
    case 'object':
      return isObject(value);
    default:
      return typeof value === type;
  }
}

/** Without the value, which may be a secret. */
function mistyped(type: string, value: unknown): string {
  const advice =
    type === 'string' && typeof value !== 'object'
      ? '; put it in quotes'
      : typeof value === 'string' && type !== 'array' && type !== 'object'
        ? '; remove the quotes'
        : '';
  return `must be ${named[type]}, not ${kindOf(value)}${advice}`;
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (isObject(value)) return 'an object';
  if (typeof value === 'string') return 'a string';
  if (typeof value === 'boolean') return `${value}`;
  return typeof value === 'number' && !Number.isInteger(value) ? 'a fraction' : 'a number';
}

/** By which an item of a `map` list is told from others; undefined when the item leaves one of its keys to chance. */
function identity(item: unknown, keys: readonly string[], items: FieldSchema | undefined): string | undefined {
  if (!isObject(item)) return undefined;
  const found = keys.map((key) => own(item, key) ?? (items && fieldIn(items, key)?.default));
  if (found.includes(undefined)) return undefined;
  return keys.map((key, at) => `${key}=${canonicalJson(found[at])}`).join(',');
}

function join(path: string, name: string): string {
  if (!plainName.test(name)) return `${path}[${visible(JSON.stringify(name))}]`;
  return path ? `${path}.${name}` : name;
}

/** Types of CEL as they are known before anything is evaluated. Pure. */

/** `dyn` is what is only known of a value when there is one, as of all that objects hold. */
export interface Type {
  readonly name: string;
  readonly of: readonly Type[];
  readonly depth: number;
}

/** What is deeper is `dyn`: types of types of types, each twice in the next, must not take for ever. */
const deepest = 8;

export const dyn: Type = { name: 'dyn', of: [], depth: 0 };

export function type(name: string, ...of: Type[]): Type {
  const depth = of.reduce((most, one) => Math.max(most, one.depth + 1), 0);
  return depth > deepest ? dyn : { name, of, depth };
}

const read = new Map<string, Type>();

/** `list(A)`, `map(string, list(int))`. Throws what is written wrongly, which only we can. */
export function typeIn(text: string): Type {
  const known = read.get(text) ?? parse(text);
  read.set(text, known);
  return known;
}

function parse(text: string): Type {
  const [, name = '', inner] = /^([A-Za-z_.0-9]+)(?:\((.*)\))?$/.exec(text) ?? [];
  if (name === '') throw new Error(`'${text}' is not a type`);
  return type(name === 'any' ? 'dyn' : name, ...(inner === undefined ? [] : split(inner).map(typeIn)));
}

/** By commas that are not in brackets. */
function split(text: string): string[] {
  const parts = [''];
  let depth = 0;
  for (const one of text) {
    depth += one === '(' ? 1 : one === ')' ? -1 : 0;
    if (one === ',' && depth === 0) parts.push('');
    else parts[parts.length - 1] += one;
  }
  return parts.map((part) => part.trim());
}

/** What stands for the letters of a signature. */
export type Letters = Map<string, Type>;

/** Whether a value of one type may be where another is wanted, by the letters so far, which it adds to. */
export function accepts(wanted: Type, given: Type, letters: Letters = new Map<string, Type>()): boolean {
  if (isLetter(wanted)) {
    const before = letters.get(wanted.name);
    if (before && !accepts(before, given, letters) && !accepts(given, before, letters)) return false;
    letters.set(wanted.name, before ? joined(before, given) : given);
    return true;
  }
  if ([wanted.name, given.name].some((name) => name === 'dyn' || name === 'never')) return true;
  if (wanted.name === 'number') return ['int', 'uint', 'double'].includes(given.name);
  if (given.name === 'null_type' && !valued.has(wanted.name)) return true;
  if (wanted.name !== given.name) return false;
  return wanted.of.every((one, at) => accepts(one, given.of[at] ?? dyn, letters));
}

/** Types that have no null. */
const valued = new Set(['bool', 'int', 'uint', 'double', 'string', 'bytes', 'list', 'map', 'type']);

/** The type of what may be either; less is known of it than of each. */
export function joined(a: Type, b: Type): Type {
  if (a.name === 'never') return b;
  if (b.name === 'never') return a;
  if (a.name !== b.name) return dyn;
  return type(a.name, ...a.of.map((one, at) => joined(one, b.of[at] ?? dyn)));
}

/** The type with its letters replaced. */
export function resolved(one: Type, letters: Letters): Type {
  if (isLetter(one)) return letters.get(one.name) ?? never;
  return one.of.length === 0 ? one : type(one.name, ...one.of.map((part) => resolved(part, letters)));
}

/** The type of items that there are none of, as in `[]`: it goes with every other. */
export const never: Type = { name: 'never', of: [], depth: 0 };

export function isSame(a: Type, b: Type): boolean {
  if (a.name === 'never' || b.name === 'never') return true;
  return a.name === b.name && a.of.every((one, at) => isSame(one, b.of[at] ?? dyn));
}

function isLetter({ name }: Type): boolean {
  return /^[A-Z]$/.test(name);
}

/** `list(string)`, for people. */
export function shownType({ name, of }: Type): string {
  const plain = name === 'never' ? 'dyn' : name;
  return of.length === 0 || name === 'type' ? plain : `${plain}(${of.map(shownType).join(', ')})`;
}

/** The table of functions: by name, with the types that they take. A method has a dot before its name, its receiver is its first operand. Pure. */
import { basics } from './basics.ts';
import { collections } from './collections.ts';
import { formats } from './formats.ts';
import { kubernetes } from './kubernetes.ts';
import { network } from './network.ts';
import type { Functions, Overload, Spend } from './overload.ts';
import { strings } from './strings.ts';
import { times } from './time.ts';
import { patterns } from './patterns.ts';
import { urls } from './url.ts';
import { CelError, typeOf, type Value } from './value.ts';

const tables: readonly Functions[] = [
  basics,
  strings,
  patterns,
  collections,
  times,
  kubernetes,
  network,
  urls,
  formats,
];
const all = new Map<string, Overload[]>();
for (const table of tables)
  for (const [name, overloads] of Object.entries(table)) all.set(name, [...(all.get(name) ?? []), ...overloads]);

/** Names that only stand before functions. */
export const namespaces: ReadonlySet<string> = new Set([
  'math.',
  'optional.',
  'sets.',
  'strings.',
  'ip.',
  'lists.',
  'format.',
]);

export function overloads(name: string, operands: number): readonly Overload[] {
  return all.get(name)?.filter(({ takes }) => takes.length === operands) ?? [];
}

/** The overload for these operands; throws when none takes their types. */
export function functionFor(name: string, operands: readonly Value[]): (spend: Spend, ...operands: Value[]) => Value {
  const types = operands.map(typeOf);
  const found = all
    .get(name)
    ?.find(({ takes }) => takes.length === types.length && takes.every((one, at) => fits(one, types[at]!)));
  if (found) return found.run as unknown as (spend: Spend, ...operands: Value[]) => Value;
  throw new CelError(`\`${name.replace(/^\./, '')}\` does not take (${types.join(', ')})`);
}

/** What a call costs before its function does anything: it may read every text that it is given. */
export function callCost(operands: readonly Value[]): number {
  let cost = 4;
  for (const one of operands) if (typeof one === 'string' || one instanceof Uint8Array) cost += one.length / 10;
  return cost;
}

/** What is within lists and maps is not asked: there are no such types when an expression is evaluated. */
function fits(takes: string, type: string): boolean {
  if (takes === 'any' || takes === 'A' || takes === type) return true;
  if (takes === 'number') return type === 'int' || type === 'uint' || type === 'double';
  return takes.startsWith(`${type}(`);
}

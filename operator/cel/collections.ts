/** Lists and sets. Pure. */
import type { Functions, Spend } from './overload.ts';
import { addNanoseconds } from './time.ts';
import {
  CelError,
  Opaque,
  Uint,
  compare,
  equals,
  int,
  isList,
  lifted,
  typeOf,
  type List,
  type Value,
} from './value.ts';

/** What an item of a new list costs: most of it is memory. */
const madeItem = 3;

export const collections: Functions = {
  'sets.contains': [{ takes: ['list(A)', 'list(A)'], gives: 'bool', run: contains }],
  'sets.equivalent': [
    {
      takes: ['list(A)', 'list(A)'],
      gives: 'bool',
      run: (spend, a: List, b: List) => contains(spend, a, b) && contains(spend, b, a),
    },
  ],
  'sets.intersects': [
    {
      takes: ['list(A)', 'list(A)'],
      gives: 'bool',
      run: (spend, a: List, b: List) => a.some((one) => indexOf(spend, b, lifted(one)) >= 0),
    },
  ],
  '.indexOf': [
    {
      takes: ['list(A)', 'A'],
      gives: 'int',
      run: (spend, list: List, one: Value) => BigInt(indexOf(spend, list, one)),
    },
  ],
  '.lastIndexOf': [
    {
      takes: ['list(A)', 'A'],
      gives: 'int',
      run: (spend, list: List, one: Value) => BigInt(list.findLastIndex((item) => equals(lifted(item), one, spend))),
    },
  ],
  '.isSorted': [
    {
      takes: ['list(A)'],
      gives: 'bool',
      run: (spend, list: List) => {
        spend(list.length);
        return list.every((item, at) => at === 0 || compare(lifted(list[at - 1]), lifted(item), spend) <= 0);
      },
    },
  ],
  '.min': [{ takes: ['list(A)'], gives: 'A', run: (spend, list: List) => extreme(spend, list, -1) }],
  '.max': [{ takes: ['list(A)'], gives: 'A', run: (spend, list: List) => extreme(spend, list, 1) }],
  '.sum': [{ takes: ['list(A)'], gives: 'A', run: sum }],
  '.sort': [{ takes: ['list(A)'], gives: 'list(A)', run: (spend, list: List) => sortedBy(spend, list, list) }],
  '.reverse': [
    { takes: ['list(A)'], gives: 'list(A)', run: (spend, list: List) => (spend(list.length), list.toReversed()) },
  ],
  '.distinct': [
    {
      takes: ['list(A)'],
      gives: 'list(A)',
      run: (spend, list: List) => {
        const found: Value[] = [];
        for (const item of list) if (indexOf(spend, found, lifted(item)) < 0) found.push(item);
        return found;
      },
    },
  ],
  '.flatten': [
    { takes: ['list(list(A))'], gives: 'list(A)', run: (spend, list: List) => flattened(spend, list, 1n) },
    { takes: ['list(dyn)', 'int'], gives: 'list(dyn)', run: flattened },
  ],
  '.slice': [
    {
      takes: ['list(A)', 'int', 'int'],
      gives: 'list(A)',
      run: (spend, list: List, from: bigint, to: bigint) => {
        if (from < 0n || from > to || to > BigInt(list.length))
          throw new CelError(`the list does not have items ${from} to ${to}`);
        spend(list.length);
        return list.slice(Number(from), Number(to));
      },
    },
  ],
  'lists.range': [
    {
      takes: ['int'],
      gives: 'list(int)',
      run: (spend, count: bigint) => {
        if (count > 100_000n) throw new CelError('lists.range() takes at most 100000');
        const length = Math.max(Number(count), 0);
        spend(madeItem * length);
        return Array.from({ length }, (_, at) => BigInt(at));
      },
    },
  ],
};

function flattened(spend: Spend, list: List, depth: bigint): List {
  if (depth < 0n) throw new CelError('flatten() needs a depth of 0 or more');
  spend(madeItem * list.length);
  if (depth === 0n) return list;
  return list.flatMap((item) => (isList(item) ? [...flattened(spend, item, depth - 1n)] : [item]));
}

/** The items in the order of their keys, which must be of one type. */
export function sortedBy(spend: Spend, list: List, keys: List): Value {
  spend(list.length);
  const all = list.map((item, at) => ({ item, key: lifted(keys[at]) }));
  return all.toSorted((a, b) => compare(a.key, b.key, spend)).map(({ item }) => item);
}

function contains(spend: Spend, list: List, part: List): boolean {
  return part.every((one) => indexOf(spend, list, lifted(one)) >= 0);
}

function indexOf(spend: Spend, list: List, one: Value): number {
  return list.findIndex((item) => equals(lifted(item), one, spend));
}

function extreme(spend: Spend, list: List, sign: 1 | -1): Value {
  spend(list.length);
  if (list.length === 0) throw new CelError('an empty list has no minimum or maximum');
  return list.map(lifted).reduce((one, other) => (compare(other, one, spend) * sign > 0 ? other : one));
}

function sum(spend: Spend, list: List): Value {
  spend(list.length);
  const items = list.map(lifted);
  if (items.every((item) => typeof item === 'bigint')) return int(items.reduce((total, item) => total + item, 0n));
  if (items.every((item) => item instanceof Uint))
    return new Uint(items.reduce((total, item) => total + item.value, 0n));
  if (items.every((item) => typeof item === 'number')) return items.reduce((total, item) => total + item, 0);
  if (items.every((item) => item instanceof Opaque && item.type === 'google.protobuf.Duration'))
    return (items as Opaque[]).reduce((total, item) => addNanoseconds(total, item, '+'));
  throw new CelError(`sum() needs numbers of the same type, not ${[...new Set(items.map(typeOf))].join(' and ')}`);
}

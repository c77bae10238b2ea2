/** Lists and sets. Pure. */
import type { Functions, Spend } from './functions.ts';
import { addNanoseconds } from './time.ts';
import { CelError, Opaque, compare, equals, int, isList, lifted, typeOf, type List, type Value } from './value.ts';

export const collections: Functions = {
  'sets.contains': [{ takes: ['list', 'list'], run: contains }],
  'sets.equivalent': [
    { takes: ['list', 'list'], run: (spend, a: List, b: List) => contains(spend, a, b) && contains(spend, b, a) },
  ],
  'sets.intersects': [
    { takes: ['list', 'list'], run: (spend, a: List, b: List) => a.some((one) => indexOf(spend, b, lifted(one)) >= 0) },
  ],
  '.indexOf': [{ takes: ['list', 'any'], run: (spend, list: List, one: Value) => BigInt(indexOf(spend, list, one)) }],
  '.lastIndexOf': [
    {
      takes: ['list', 'any'],
      run: (spend, list: List, one: Value) => BigInt(list.findLastIndex((item) => equals(lifted(item), one, spend))),
    },
  ],
  '.isSorted': [
    {
      takes: ['list'],
      run: (spend, list: List) => {
        spend(list.length);
        return list.every((item, at) => at === 0 || compare(lifted(list[at - 1]), lifted(item), spend) <= 0);
      },
    },
  ],
  '.min': [{ takes: ['list'], run: (spend, list: List) => extreme(spend, list, -1) }],
  '.max': [{ takes: ['list'], run: (spend, list: List) => extreme(spend, list, 1) }],
  '.sum': [{ takes: ['list'], run: sum }],
  '.sort': [{ takes: ['list'], run: (spend, list: List) => sortedBy(spend, list, list) }],
  '.reverse': [{ takes: ['list'], run: (spend, list: List) => (spend(list.length), list.toReversed()) }],
  '.distinct': [
    {
      takes: ['list'],
      run: (spend, list: List) => {
        const found: Value[] = [];
        for (const item of list) if (indexOf(spend, found, lifted(item)) < 0) found.push(item);
        return found;
      },
    },
  ],
  '.flatten': [
    {
      takes: ['list'],
      run: (spend, list: List) => {
        spend(list.length);
        return list.flatMap((item) => (isList(item) ? (spend(item.length), [...item]) : [item]));
      },
    },
  ],
  '.slice': [
    {
      takes: ['list', 'int', 'int'],
      run: (spend, list: List, from: bigint, to: bigint) => {
        if (from < 0n || from > to || to > BigInt(list.length))
          throw new CelError(`the list has no items ${from} to ${to}`);
        spend(list.length);
        return list.slice(Number(from), Number(to));
      },
    },
  ],
  'lists.range': [
    {
      takes: ['int'],
      run: (spend, count: bigint) => {
        if (count < 0n || count > 100_000n) throw new CelError('lists.range() takes 0 to 100000');
        spend(Number(count));
        return Array.from({ length: Number(count) }, (_, at) => BigInt(at));
      },
    },
  ],
};

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
  if (list.length === 0) throw new CelError('an empty list has no least and no greatest item');
  return list.map(lifted).reduce((one, other) => (compare(other, one, spend) * sign > 0 ? other : one));
}

function sum(spend: Spend, list: List): Value {
  spend(list.length);
  const items = list.map(lifted);
  if (items.every((item) => typeof item === 'bigint')) return int(items.reduce((total, item) => total + item, 0n));
  if (items.every((item) => typeof item === 'number')) return items.reduce((total, item) => total + item, 0);
  if (items.every((item) => item instanceof Opaque && item.type === 'duration'))
    return (items as Opaque[]).reduce((total, item) => addNanoseconds(total, item, '+'));
  throw new CelError(`sum() needs numbers of one type, not ${[...new Set(items.map(typeOf))].join(' and ')}`);
}

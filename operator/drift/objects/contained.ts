/**
 * Whether a live list contains a declared one, where an apply would replace it as a whole: each declared item is somewhere within it, in
 * an item of its own, whatever else is there and in whatever order. Items with a `name` are the item of that name: what differs within is
 * told as such. Others are within any live item that has all they say.
 */
import { isObject, own } from './known.ts';
import { absentItem } from './trail.ts';
import type { Lists, Members, Walk } from './walk.ts';

type List = readonly unknown[];

const byName: readonly string[] = ['name'];

export function compareContained(walk: Walk, { expected, actual, field }: Lists): void {
  const items = field?.shape.items;
  const free = new Set(actual.keys());
  const left = new Set(expected.keys());
  const take = (one: number, at: number) => left.delete(one) && free.delete(at);
  takeScalars(expected, actual, take);
  const differing: [number, number][] = [];
  if (!walk.affords(left.size * free.size)) return walk.giveUp(expected, actual);
  for (const one of left) {
    const name = nameOf(expected[one]);
    if (name === undefined) continue;
    const named = [...free].filter((at) => nameOf(actual[at]) === name);
    const at = named.find((place) => walk.agrees(expected[one], actual[place], items, 'contained')) ?? named[0];
    if (at === undefined) continue;
    take(one, at);
    differing.push([one, at]);
  }
  const places = assigned([...left], [...free], (one, at) =>
    walk.agrees(expected[one], actual[at], items, 'contained'),
  );
  for (const [one, at] of differing) {
    if (walk.stopped) return;
    walk.trail.push(at, byName, actual[at]);
    walk.members(expected[one] as Members, actual[at] as Members, items, 'contained');
    walk.trail.pop();
  }
  for (const one of left) {
    if (walk.stopped) return;
    if (places.has(one)) continue;
    walk.trail.push(absentItem, nameOf(expected[one]) === undefined ? undefined : byName, expected[one]);
    walk.record('missing', expected[one], undefined);
    walk.trail.pop();
  }
}

/** Long lists are mostly lists of text, in which equal items stand for each other. */
function takeScalars(expected: List, actual: List, take: (one: number, at: number) => void): void {
  const places = new Map<unknown, number[]>();
  actual.forEach((value, at) => {
    if (typeof value === 'object') return;
    const known = places.get(value);
    if (known) known.push(at);
    else places.set(value, [at]);
  });
  expected.forEach((value, one) => {
    const at = places.get(value)?.shift();
    if (at !== undefined) take(one, at);
  });
}

/** Gives to as many of the first as can be one of the second that fits each (Kuhn's augmenting paths): none is taken twice. */
function assigned(
  first: readonly number[],
  second: readonly number[],
  fits: (one: number, at: number) => boolean,
): ReadonlySet<number> {
  const choices = new Map(first.map((one) => [one, second.filter((at) => fits(one, at))]));
  const owner = new Map<number, number>();
  const settle = (one: number, tried: Set<number>): boolean => {
    for (const at of choices.get(one) ?? []) {
      if (tried.has(at)) continue;
      tried.add(at);
      const before = owner.get(at);
      if (before !== undefined && !settle(before, tried)) continue;
      owner.set(at, one);
      return true;
    }
    return false;
  };
  for (const one of first) settle(one, new Set());
  return new Set(owner.values());
}

function nameOf(item: unknown): string | undefined {
  const name = isObject(item) ? own(item, 'name') : undefined;
  return typeof name === 'string' && name !== '' ? name : undefined;
}

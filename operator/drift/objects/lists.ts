/**
 * How two lists are compared, as the field's schema says that an apply merges them:
 *
 * - `map`: items with the same keys are the same item, in whatever order, and the live list may have more. A key that the declaration
 *   leaves out is its default: a port without protocol is the TCP port. An item that has none of its keys is met by any live item that
 *   has all it says.
 * - `set`: the live list contains each value, in whatever order.
 * - `atomic`, or unknown: the list as a whole, in order, and its items whole. An apply replaces such a list, so anything but the same
 *   list would be changed by it: a rule more in a NetworkPolicy opens what was declared closed. Where the declaration must be contained,
 *   see `contained.ts`.
 */
import { jsonOf } from '../../lib/json.ts';
import { compareContained } from './contained.ts';
import { isInjected } from './filledIn.ts';
import { isObject, own } from './known.ts';
import type { FieldSchema } from './schema.ts';
import { absentItem, byValue } from './trail.ts';
import type { Lists, Members, Walk } from './walk.ts';

type List = readonly unknown[];

/** From so many items on, keys are looked up instead of searched for. */
const long = 32;
/** Of lists without keys, the work to find out which items differ. */
const mostComparisons = 20_000;

/** Lists whose items are told apart as the schema says. */
interface KnownLists extends Lists {
  readonly field: FieldSchema;
}

export function compareLists(walk: Walk, lists: Lists): void {
  const { expected, field, mode } = lists;
  if (mode === 'held') compareHeld(walk, lists);
  else if (mode === 'contained' && field && repeatsKeys(expected, field)) compareContained(walk, lists);
  else if (isKnown(lists, 'map')) compareByKeys(walk, lists);
  else if (isKnown(lists, 'set')) compareSets(walk, lists);
  // Nothing is applied to a status: of its lists only what the template says is looked for, wherever it stands.
  else if (walk.trail.top === 'status') compareHeld(walk, lists);
  else if (mode === 'contained') compareContained(walk, lists);
  else compareWhole(walk, lists);
}

function isKnown(lists: Lists, as: 'map' | 'set'): lists is KnownLists {
  return lists.field?.shape.list === as;
}

/** Two declared items of the same keys cannot be told apart by them. */
function repeatsKeys(expected: List, { shape: { list, keys, items } }: FieldSchema): boolean {
  if (list !== 'map') return false;
  const texts = expected.filter(isObject).map((item) => textOf(item, keys, items));
  return new Set(texts).size < texts.length;
}

/**
 * Whatever kind of list: what must not be is there when each item is within some live item. An item that says nothing is the empty one
 * alone, which allows everything where rules are listed; within it would be any.
 */
function compareHeld(walk: Walk, { expected, actual, field }: Lists): void {
  const items = field?.shape.items;
  for (const item of expected) {
    if (walk.stopped) return;
    const mode = isObject(item) && Object.keys(item).length === 0 ? 'exact' : 'held';
    if (!actual.some((live) => walk.agrees(item, live, items, mode))) note(walk, 'missing', item);
  }
}

function compareByKeys(walk: Walk, lists: KnownLists): void {
  const { expected, actual, field, mode } = lists;
  const { keys, items } = field.shape;
  const places = new Places(actual, keys, items);
  const met = mode === 'exact' ? new Uint8Array(actual.length) : undefined;
  const mayRepeat = !met && actual.length > expected.length;
  for (const item of expected) {
    if (walk.stopped) return;
    if (!isObject(item)) {
      note(walk, 'missing', item);
    } else if (!keys.some((key) => Object.hasOwn(item, key))) {
      const at = actual.findIndex((live) => walk.agrees(item, live, items, mode));
      if (at < 0) note(walk, 'missing', item);
      else if (met) met[at] = 1;
    } else {
      const at = places.find(item);
      if (at === absentItem) note(walk, 'missing', item, { keys, item: complete(item, keys, items) });
      else compareItem(walk, item, at, lists);
      if (met && at !== absentItem) met[at] = 1;
      // Of two variables of one name the last counts, and an apply takes it away.
      const again = mayRepeat && at !== absentItem ? places.again(item, at) : absentItem;
      if (again === absentItem) continue;
      if (mode === 'contained') compareItem(walk, item, again, lists);
      else note(walk, 'extra', actual[again], { at: again, keys, item: complete(item, keys, items) });
    }
  }
  for (let at = 0; met && at < actual.length && !walk.stopped; at += 1) {
    const live = actual[at];
    if (met[at] || isInjected(items?.shape.name ?? '', live)) continue;
    note(walk, 'extra', live, { at, keys, item: isObject(live) ? complete(live, keys, items) : live });
  }
}

/** Finds the place of the live item that a declared item is about, or -1; `agrees` is for items without keys. */
export type FindItem = (item: unknown, agrees: (live: unknown) => boolean) => number;

/** For all items that are sought in one list. */
export function itemsIn(list: List, { shape: { list: type, keys, items } }: FieldSchema): FindItem {
  const places = new Places(list, keys, items);
  return (item, agrees) => {
    const isNamed = type === 'map' && isObject(item) && keys.some((key) => Object.hasOwn(item, key));
    return isNamed ? places.find(item) : list.findIndex(agrees);
  };
}

/** With the live item at that place. */
function compareItem(walk: Walk, item: Members, at: number, { actual, field, mode }: KnownLists): void {
  const live = actual[at];
  walk.trail.push(at, field.shape.keys, live);
  if (!isObject(live)) walk.record('different', item, live);
  else if (item !== live) walk.members(withKeys(item, live, field), live, field.shape.items, mode);
  walk.trail.pop();
}

/** A key that the declaration leaves out is not something that the live item has too much. */
function withKeys(item: Members, live: Members, { shape: { keys } }: FieldSchema): Members {
  return keys.every((key) => Object.hasOwn(item, key) || !Object.hasOwn(live, key))
    ? item
    : { ...Object.fromEntries(keys.map((key) => [key, live[key]])), ...item };
}

function compareSets(walk: Walk, { expected, actual, field, mode }: KnownLists): void {
  const { items } = field.shape;
  const contains = lookUp(walk, actual, items);
  for (const value of expected) {
    if (walk.stopped) return;
    if (!contains(value)) note(walk, 'missing', value, { keys: byValue, item: value });
  }
  if (mode !== 'exact') return;
  const isExpected = lookUp(walk, expected, items);
  for (let at = 0; at < actual.length && !walk.stopped; at += 1) {
    if (!isExpected(actual[at])) note(walk, 'extra', actual[at], { at, keys: byValue, item: actual[at] });
  }
}

function compareWhole(walk: Walk, { expected, actual, field }: Lists): void {
  const items = field?.shape.items;
  if (expected.length === actual.length) {
    for (let at = 0; at < expected.length && !walk.stopped; at += 1) {
      if (expected[at] === actual[at]) continue;
      walk.trail.push(at);
      walk.value(expected[at], actual[at], items, 'exact');
      walk.trail.pop();
    }
    return;
  }
  if (expected.length * actual.length > mostComparisons) return walk.record('different', expected, actual);
  const met = new Uint8Array(actual.length);
  for (const item of expected) {
    const at = actual.findIndex((live, index) => !met[index] && walk.agrees(item, live, items, 'exact'));
    if (at < 0) note(walk, 'missing', item);
    else met[at] = 1;
  }
  actual.forEach((live, at) => {
    if (!met[at]) note(walk, 'extra', live, { at });
  });
}

/** Where an item is, and what tells it from others. */
interface ItemPlace {
  readonly at?: number;
  readonly keys?: readonly string[];
  readonly item?: unknown;
}

function note(walk: Walk, kind: 'missing' | 'extra', value: unknown, place: ItemPlace = {}): void {
  const { at = absentItem, keys, item } = place;
  walk.trail.push(at, keys, item);
  if (kind === 'missing') walk.record(kind, value, undefined);
  else walk.record(kind, undefined, value);
  walk.trail.pop();
}

function lookUp(walk: Walk, list: List, items: FieldSchema | undefined): (value: unknown) => boolean {
  const values = list.length > long ? new Set(list) : undefined;
  return (value) =>
    (values ? values.has(value) : list.includes(value)) ||
    ((typeof value === 'object' || items?.shape.scalar !== undefined) &&
      list.some((one) => walk.agrees(value, one, items, 'exact')));
}

function keyOf(item: Members, key: string, items: FieldSchema | undefined): unknown {
  return own(item, key) ?? items?.shape.fields?.get(key)?.default;
}

/** The item with all its keys. */
function complete(item: Members, keys: readonly string[], items: FieldSchema | undefined): Members {
  return Object.fromEntries(keys.map((key) => [key, keyOf(item, key, items)]));
}

/** Finds items by their keys. Lists mostly have the order of the declaration, so the search goes on where the last one ended. */
class Places {
  readonly #list: List;
  readonly #keys: readonly string[];
  readonly #items: FieldSchema | undefined;
  #next = 0;
  #index: Map<string, number> | undefined;
  readonly #twice = new Map<string, number>();

  constructor(list: List, keys: readonly string[], items: FieldSchema | undefined) {
    this.#list = list;
    this.#keys = keys;
    this.#items = items;
  }

  find(item: Members): number {
    const at = this.#isSame(item, this.#next) ? this.#next : this.#search(item);
    if (at !== absentItem) this.#next = at + 1;
    return at;
  }

  /** The place of another item with the same keys as the one at `at`, which lists may have that no apply wrote. */
  again(item: Members, at: number): number {
    if (this.#list.length > long) {
      this.#indexed();
      return this.#twice.get(this.#textOf(item)) ?? absentItem;
    }
    for (let next = at + 1; next < this.#list.length; next += 1) if (this.#isSame(item, next)) return next;
    return absentItem;
  }

  #search(item: Members): number {
    if (this.#list.length > long) return this.#indexed().get(this.#textOf(item)) ?? absentItem;
    for (let at = 0; at < this.#list.length; at += 1) if (this.#isSame(item, at)) return at;
    return absentItem;
  }

  #isSame(item: Members, at: number): boolean {
    const live = this.#list[at];
    if (!isObject(live)) return false;
    for (const key of this.#keys) {
      if (keyOf(item, key, this.#items) !== keyOf(live, key, this.#items)) return false;
    }
    return true;
  }

  /** Of items with the same keys, the first counts. */
  #indexed(): Map<string, number> {
    if (this.#index) return this.#index;
    const index = new Map<string, number>();
    for (let at = this.#list.length - 1; at >= 0; at -= 1) {
      const live = this.#list[at];
      if (!isObject(live)) continue;
      const text = this.#textOf(live);
      const after = index.get(text);
      if (after !== undefined) this.#twice.set(text, after);
      index.set(text, at);
    }
    return (this.#index = index);
  }

  #textOf(item: Members): string {
    return textOf(item, this.#keys, this.#items);
  }
}

function textOf(item: Members, keys: readonly string[], items: FieldSchema | undefined): string {
  return jsonOf(keys.map((key) => keyOf(item, key, items) ?? null)) ?? '';
}

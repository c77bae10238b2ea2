/**
 * Paths of a template that are left to other writers (`ignoredPaths`), written as findings print them: `spec.replicas`,
 * `metadata.annotations["example.com/owner"]`, `spec.template.spec.containers[name=app].image`, with `[*]` for every item. Pure.
 */
import { fieldIn, isObject, own } from './known.ts';
import { itemsIn } from './lists.ts';
import { nearest } from './nearest.ts';
import { shown } from './shown.ts';
import type { FieldSchema } from './schema.ts';
import { bare } from './trail.ts';
import type { Members, Pair } from './walk.ts';

/** A field, or what tells items: the text between the brackets. */
type Step = { readonly field: string } | { readonly item: string };
type Json = Record<string, unknown>;

/**
 * What a template is for a live object when these paths say nothing. `omitted`: for an apply, which leaves alone what it does not name.
 * `asLive`: with what is there, for a comparison and where a whole is replaced. Within lists that an apply replaces as a whole it is always
 * as live; an item that the live list does not have is made whole.
 */
export function leaving(
  { template, live, schema }: Pair,
  paths: readonly string[],
  how: 'omitted' | 'asLive',
): Members {
  const copy = structuredClone(template) as Json;
  for (const path of paths) leave(copy, live, { steps: stepsOf(path), field: schema, asLive: how === 'asLive' });
  return copy;
}

/** What is still to go of a path, at a value of that field. */
interface Way {
  readonly steps: readonly Step[];
  readonly field: FieldSchema | undefined;
  readonly asLive: boolean;
}

function leave(node: unknown, live: unknown, way: Way): void {
  const [step, ...steps] = way.steps;
  if (step === undefined) return;
  if (Array.isArray(node)) leaveItems(node, live, step, { ...way, steps });
  else if (isObject(node) && 'field' in step) leaveField(node, live, step.field, { ...way, steps });
}

function leaveField(node: Json, live: unknown, name: string, { steps: rest, field: parent, asLive }: Way): void {
  const there = isObject(live) ? own(live, name) : undefined;
  const field = parent && fieldIn(parent, name);
  if (rest.length === 0) {
    if (asLive && there !== undefined) node[name] = structuredClone(there);
    else delete node[name];
    return;
  }
  const before = own(node, name);
  const wasEmpty = isObject(before) && Object.keys(before).length === 0;
  leave(before, there, { steps: rest, field, asLive: asLive || (field?.atomic ?? false) });
  // Nothing else was said of it.
  if (isObject(before) && !wasEmpty && Object.keys(before).length === 0) delete node[name];
}

function leaveItems(node: unknown[], live: unknown, step: Step, { steps: rest, field, asLive }: Way): void {
  const list = Array.isArray(live) ? (live as unknown[]) : [];
  const items = field?.shape.items;
  const isWhole = field?.shape.list !== 'map';
  // Of lists of different lengths, places in the live one are meant, as findings print them: what is there too much.
  if (isWhole && rest.length === 0 && list.length > node.length) {
    list.forEach((item, at) => isMeant(step, item, at) && node.splice(at, 0, structuredClone(item)));
    return;
  }
  const placeOf = field && !isWhole ? itemsIn(list, field) : undefined;
  const places = node.map((item, at) => (placeOf ? placeOf(item, () => false) : at < list.length ? at : -1));
  const gone = new Set<unknown>();
  const taken = new Set(places);
  node.forEach((item, at) => {
    const place = places[at]!;
    if (place < 0 || !isMeant(step, item, at)) return;
    if (rest.length) leave(item, list[place], { steps: rest, field: items, asLive: asLive || isWhole });
    else if (asLive || isWhole) node[at] = structuredClone(list[place]);
    else gone.add(item);
  });
  if (gone.size > 0) {
    const stays = node.filter((item) => !gone.has(item));
    node.length = 0;
    for (const item of stays) node.push(item);
  }
  if (rest.length || (!asLive && !isWhole)) return;
  list.forEach((item, at) => {
    if (!taken.has(at) && isMeant(step, item, at)) node.push(structuredClone(item));
  });
}

function isMeant(step: Step, item: unknown, at: number): boolean {
  if ('field' in step) return shown(item) === JSON.stringify(step.field);
  if (step.item === '*' || step.item === String(at)) return true;
  if (!isObject(item)) return false;
  const keys = step.item.match(/\w+=(?:"(?:[^"\\]|\\.)*"|[^,\]]*)/g) ?? [];
  return (
    keys.length > 0 &&
    keys.every((one) => {
      const [name = '', ...value] = one.split('=');
      // Of a key that is left out, nobody says another value.
      const there = own(item, name);
      return there === undefined || bare(there) === value.join('=');
    })
  );
}

/** Of these paths, the one at or above a place that is told as findings tell it. */
export function pathAbove(place: string, paths: readonly string[]): string | undefined {
  const known = patterns.get(paths) ?? paths.map(pattern);
  patterns.set(paths, known);
  return paths.find((_, at) => known[at]!.test(place));
}

const patterns = new WeakMap<readonly string[], readonly RegExp[]>();

function pattern(path: string): RegExp {
  const [head = '', ...tail] = path.split('[*]').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${[head, ...tail].join('\\[(?:"(?:[^"\\\\]|\\\\.)*"|[^\\]"])*\\]')}(?:$|[.[])`);
}

/** What is wrong with such paths of a kind: fields that it does not have, and those that tell items of a list apart. */
export function ignoredProblems(paths: readonly string[], schema: FieldSchema | undefined): string[] {
  return paths.flatMap((path) => {
    const problem = path.startsWith('metadata') ? undefined : problemOf(stepsOf(path), schema);
    return problem === undefined ? [] : [`${path}: ${problem}`];
  });
}

function problemOf([step, ...rest]: readonly Step[], field: FieldSchema | undefined): string | undefined {
  if (step === undefined || !field) return undefined;
  const { list, keys, items, fields, open, type } = field.shape;
  if (items) {
    const isByPlace = 'item' in step && step.item !== '*' && !step.item.includes('=');
    if (list === 'map' && isByPlace)
      return `items of this list are identified by ${keys.join(' and ')}, not by position`;
    const [next] = rest;
    const isKey = rest.length === 1 && next && 'field' in next && keys.includes(next.field);
    return list === 'map' && isKey ? `${next.field} identifies the items of the list` : problemOf(rest, items);
  }
  if (!('field' in step))
    return type === undefined || type === 'array' ? undefined : `there is no list at [${step.item}]`;
  const known = fieldIn(field, step.field);
  if (known || !fields || open) return problemOf(rest, known);
  const meant = nearest(step.field, fields.keys());
  return `there is no field ${step.field}${meant ? `; did you mean ${meant}?` : ''}`;
}

function stepsOf(path: string): Step[] {
  return [...path.matchAll(/\.?([A-Za-z_$][\w$-]*)|\[((?:"(?:[^"\\]|\\.)*"|[^\]"])*)\]/g)].map(
    ([, field, inside = '']) => {
      if (field !== undefined) return { field };
      return inside.startsWith('"') ? { field: JSON.parse(inside) as string } : { item: inside };
    },
  );
}

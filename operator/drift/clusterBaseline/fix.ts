/** The writes that would make objects as their template says. Pure. */
import type { ObjectTemplate } from '../../api/v1alpha1/objectTemplate.ts';
import type { Resource } from '../../api/v1alpha1/shared.ts';
import { sha256 } from '../../lib/digest.ts';
import type { AccountWrite, Intent, JsonPatch } from '../../runtime/feature.ts';
import type { Change } from '../objects/compare.ts';

/** Says on an object that a baseline, by its uid, created it. */
export const CREATED_BY = 'holdfast.dev/created-by-baseline';

type Json = Record<string, unknown>;

/** The apiserver allows so many. */
const longestManager = 128;

/**
 * Field manager of a template. Each has its own, because an apply takes away what its manager applied before and does not say again: two
 * templates about one object would undo each other.
 */
export function managerOf(baseline: string, item: string): string {
  const manager = `holdfast:${baseline}/${item}`;
  if (manager.length <= longestManager) return manager;
  return `${manager.slice(0, longestManager - 17)}~${sha256(manager).slice(0, 16)}`;
}

/**
 * The template as an object of that name, without status, without the fields at these JSON pointers, and without those that are null: an
 * apply of null makes an empty text of it where the values are text, as in the data of a ConfigMap, even if nothing was there.
 */
export function bodyOf(
  template: ObjectTemplate['template'],
  { namespace, name }: { namespace: string; name: string },
  without: readonly string[] = [],
): Intent {
  const body = withoutNulls(template) as Intent;
  delete body.status;
  body.metadata = { ...body.metadata, name, namespace: namespace || undefined };
  for (const pointer of without) removeAt(body, segmentsOf(pointer));
  return body;
}

export function creation(body: Intent, manager: string, baselineUid: string): AccountWrite {
  const annotations = { ...body.metadata.annotations, [CREATED_BY]: baselineUid };
  return { create: { ...body, metadata: { ...body.metadata, annotations } }, manager };
}

/**
 * Replaces what the template names at top level as a whole, on that version of the object alone; labels and annotations one by one. What
 * must not be there, by its JSON pointers, goes.
 */
export function replacement(
  body: Intent,
  live: Resource,
  manager: string,
  unwanted: readonly string[] = [],
): AccountWrite {
  const { metadata } = body;
  const parts = Object.entries(body).filter(([key]) => !['apiVersion', 'kind', 'metadata'].includes(key));
  const there = live as unknown as Json;
  const patch: JsonPatch = [
    { op: 'test', path: '/metadata/resourceVersion', value: live.metadata.resourceVersion },
    ...parts.map(
      ([key, value]) => ({ op: key in there ? 'replace' : 'add', path: `/${escaped(key)}`, value }) as const,
    ),
    ...added('labels', metadata.labels, live.metadata.labels),
    ...added('annotations', metadata.annotations, live.metadata.annotations),
    ...unwanted
      .filter((path) => !parts.some(([key]) => path.startsWith(`/${escaped(key)}/`)))
      .map((path) => ({ op: 'remove', path }) as const),
  ];
  return { patch, key: { namespace: live.metadata.namespace ?? '', name: live.metadata.name }, manager };
}

/**
 * JSON pointers of what the template says by null must not be there, and is. Within items of lists null is for the apiserver to judge; of
 * metadata only labels and annotations are meant.
 */
export function unwantedIn(template: ObjectTemplate['template'], live: Resource): string[] {
  const found: string[] = [];
  const look = (declared: Json, there: Json, pointer: string): void => {
    for (const [name, value] of Object.entries(declared)) {
      const at = `${pointer}/${escaped(name)}`;
      const actual = Object.hasOwn(there, name) ? there[name] : undefined;
      if (at === '/status' || (pointer === '/metadata' && !['labels', 'annotations'].includes(name))) continue;
      if (value === null && actual !== undefined && actual !== null) found.push(at);
      else if (isMembers(value) && isMembers(actual)) look(value, actual, at);
    }
  };
  look(template as unknown as Json, live as unknown as Json, '');
  return found;
}

/** Takes away what is at these JSON pointers, of that version of the object alone. */
export function removal(pointers: readonly string[], live: Resource, manager: string): AccountWrite {
  const patch: JsonPatch = [
    { op: 'test', path: '/metadata/resourceVersion', value: live.metadata.resourceVersion },
    ...pointers.map((path) => ({ op: 'remove', path }) as const),
  ];
  return { patch, key: { namespace: live.metadata.namespace ?? '', name: live.metadata.name }, manager };
}

/** Makes these changes to that version of the object alone, and no others. What is around something that is missing is made, too. */
export function addition(changes: readonly Change[], live: Resource, manager: string): AccountWrite {
  const patch: JsonPatch[number][] = [
    { op: 'test', path: '/metadata/resourceVersion', value: live.metadata.resourceVersion },
  ];
  const made = new Set<string>();
  for (const { kind, pointer, value } of changes) {
    for (const around of absentAround(pointer, live)) {
      if (!made.has(around)) patch.push({ op: 'add', path: around, value: {} });
      made.add(around);
    }
    if (kind === 'extra') patch.push({ op: 'remove', path: pointer });
    else patch.push({ op: kind === 'missing' ? 'add' : 'replace', path: pointer, value: withoutNulls(value) });
  }
  return { patch, key: { namespace: live.metadata.namespace ?? '', name: live.metadata.name }, manager };
}

/** JSON pointers of what must be made so that there can be something at this one. */
function absentAround(pointer: string, live: Resource): string[] {
  const absent: string[] = [];
  let there: unknown = live;
  let path = '';
  for (const segment of segmentsOf(pointer).slice(0, -1)) {
    path += `/${escaped(segment)}`;
    there = typeof there === 'object' && there !== null ? (there as Json)[segment] : undefined;
    if (there === undefined || there === null) absent.push(path);
  }
  return absent;
}

function withoutNulls(value: unknown): unknown {
  if (!isMembers(value)) return structuredClone(value);
  const said = Object.entries(value).filter(([, member]) => member !== null);
  return Object.fromEntries(said.map(([name, member]) => [name, withoutNulls(member)]));
}

function isMembers(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function added(
  part: 'labels' | 'annotations',
  wanted: Record<string, string> | undefined,
  there: Record<string, string> | undefined,
): JsonPatch {
  if (!wanted) return [];
  if (!there) return [{ op: 'add', path: `/metadata/${part}`, value: wanted }];
  return Object.entries(wanted).map(([key, value]) => ({
    op: 'add',
    path: `/metadata/${part}/${escaped(key)}`,
    value,
  }));
}

/** RFC 6901. */
function escaped(segment: string): string {
  return segment.replaceAll('~', '~0').replaceAll('/', '~1');
}

function segmentsOf(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** Items of lists stay: their places in template and live object may differ. */
function removeAt(object: unknown, [first, ...rest]: readonly string[]): void {
  if (first === undefined || typeof object !== 'object' || object === null || Array.isArray(object)) return;
  const members = object as Json;
  if (rest.length === 0) delete members[first];
  else removeAt(members[first], rest);
}

/** The writes that would make objects as their template says. Pure. */
import type { ObjectTemplate } from '../../api/v1alpha1/objectTemplate.ts';
import type { Resource } from '../../api/v1alpha1/shared.ts';
import { sha256 } from '../../lib/digest.ts';
import type { AccountWrite, Intent, JsonPatch } from '../../runtime/feature.ts';
import type { Change } from '../objects/compare.ts';
import { keptByKubectl } from '../objects/known.ts';
import { escaped, withoutNulls } from './patch.ts';

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

/** The template as an object of that name, without status, what an exported object has of its own, and the fields at these JSON pointers. */
export function declaredBody(
  template: ObjectTemplate['template'],
  { namespace, name }: { namespace: string; name: string },
  without: readonly string[] = [],
): Intent {
  const body = structuredClone(template) as unknown as Intent;
  delete body.status;
  body.metadata = { ...onlyDeclared(body.metadata), name, namespace: namespace || undefined };
  for (const pointer of without) removeAt(body, segmentsOf(pointer));
  return body;
}

/** What the apiserver alone says of an object. In a template that was exported it would only have the write refused; misspelt fields must be. */
const ofServer = [
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'selfLink',
  'managedFields',
];

function onlyDeclared(metadata: Intent['metadata'] | undefined): Json {
  const declared: Json & Pick<Intent['metadata'], 'annotations'> = { ...metadata };
  for (const name of ofServer) delete declared[name];
  delete declared.annotations?.[keptByKubectl];
  return declared;
}

/**
 * That, without fields that are null: an apply of null makes an empty text of it where the values are text, as in the data of a ConfigMap,
 * even if nothing was there, and leaves an object where it is.
 */
export function bodyOf(...about: Parameters<typeof declaredBody>): Intent {
  return withoutNulls(declaredBody(...about)) as Intent;
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
  const operations: JsonPatch = [
    ...parts.map(
      ([key, value]) => ({ op: key in there ? 'replace' : 'add', path: `/${escaped(key)}`, value }) as const,
    ),
    ...added('labels', metadata.labels, live.metadata.labels),
    ...added('annotations', metadata.annotations, live.metadata.annotations),
    ...unwanted
      .filter((path) => !parts.some(([key]) => path.startsWith(`/${escaped(key)}/`)))
      .map((path) => ({ op: 'remove', path }) as const),
  ];
  return patching(operations, live, manager, 'resourceVersion');
}

/** Does that to this object alone, or to this version of it. */
export function patching(
  operations: JsonPatch,
  { metadata }: Resource,
  manager: string,
  to: 'uid' | 'resourceVersion',
): AccountWrite {
  const patch: JsonPatch = [{ op: 'test', path: `/metadata/${to}`, value: metadata[to] }, ...operations];
  return { patch, key: { namespace: metadata.namespace ?? '', name: metadata.name }, manager };
}

/** Makes these changes to that version of the object alone, and no others. What is around something that is missing is made, too. */
export function addition(changes: readonly Change[], live: Resource, manager: string): AccountWrite {
  const operations: JsonPatch[number][] = [];
  const made = new Set<string>();
  for (const { kind, pointer, value } of changes) {
    for (const around of absentAround(pointer, live)) {
      if (!made.has(around)) operations.push({ op: 'add', path: around, value: {} });
      made.add(around);
    }
    if (kind === 'extra') operations.push({ op: 'remove', path: pointer });
    else operations.push({ op: kind === 'missing' ? 'add' : 'replace', path: pointer, value: withoutNulls(value) });
  }
  return patching(operations, live, manager, 'resourceVersion');
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

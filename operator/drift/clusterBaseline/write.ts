/** The write that would correct an object which is there. Pure. */
import type { ObjectTemplate } from '../../api/v1alpha1/objectTemplate.ts';
import type { Resource } from '../../api/v1alpha1/shared.ts';
import type { AccountWrite, Intent } from '../../runtime/feature.ts';
import { changesToContain, writtenDifferences, type Change } from '../objects/compare.ts';
import { leaving, pathAbove } from '../objects/ignored.ts';
import type { FieldSchema } from '../objects/schema.ts';
import { addition, declaredBody, patching, replacement } from './fix.ts';
import { patchTo, withoutNulls } from './patch.ts';
import type { Spot } from './scope.ts';

/** What is the same for all writes to the object. */
export interface Target {
  readonly item: ObjectTemplate;
  readonly spot: Spot;
  readonly live: Resource;
  readonly schema: FieldSchema | undefined;
  readonly manager: string;
  /** JSON pointers of fields that an autoscaler has. */
  readonly scaled: readonly string[];
}

/**
 * The ways to write, of which a later one is for where the one before would touch an ignored path: an apply takes away what its manager
 * applied before and leaves out now, so that what is there is said instead. Each is to that version of the object alone.
 */
export function writesTo(target: Target): AccountWrite[] {
  const { item } = target;
  const isIgnoring = (item.ignoredPaths ?? []).length > 0;
  if (item.match === 'MustOnlyHave') return [writeTo(target, 'asLive')];
  if (isContained(item)) return [addition(changesDue(target) ?? [], target.live, target.manager)];
  return isIgnoring ? [writeTo(target, 'omitted'), writeTo(target, 'asLive')] : [writeTo(target, 'omitted')];
}

function writeTo({ item, spot, live, schema, manager, scaled }: Target, how: 'omitted' | 'asLive'): AccountWrite {
  const template = templateFor(item, live, schema, how);
  const declared = declaredBody(template, spot, scaled);
  const operations = patchTo(declared, live, schema);
  const removed = operations.filter(({ op }) => op === 'remove').map(({ path }) => path);
  // What is stored as null in a list that is replaced as a whole stays so.
  const body = withoutNulls(declared, live) as Intent;
  if (item.match === 'MustOnlyHave') return replacement(body, live, manager, removed);
  if (removed.length) return patching(operations, live, manager, 'uid');
  // Otherwise an apply would make again what was deleted meanwhile, or overwrite what nobody has seen.
  const { uid, resourceVersion } = live.metadata;
  return { apply: { ...body, metadata: { ...body.metadata, uid, resourceVersion } }, manager };
}

export function isContained({ match }: ObjectTemplate): boolean {
  return match === 'MustContain' || match === 'MustExist';
}

/** What is missing of a template that must be contained; undefined for what is too large to be compared in full. */
export function changesDue({ item, live, schema, scaled }: Target): Change[] | undefined {
  const changes = changesToContain({ template: json(templateFor(item, live, schema)), live: json(live), schema });
  return changes?.filter(({ pointer }) => !scaled.includes(pointer));
}

/** The template as it is about this object. */
export function templateFor(
  { template, ignoredPaths = [] }: ObjectTemplate,
  live: Resource,
  schema: FieldSchema | undefined,
  how: 'omitted' | 'asLive' = 'asLive',
): ObjectTemplate['template'] {
  if (!ignoredPaths.length) return template;
  return leaving(
    { template: json(template), live: json(live), schema },
    ignoredPaths,
    how,
  ) as unknown as ObjectTemplate['template'];
}

/** The ignored path that a write would touch, if any, by what the apiserver would store. */
export function touchedBy(result: Resource, { item, live, schema }: Target): string | undefined {
  const { ignoredPaths = [], template } = item;
  if (!ignoredPaths.length) return undefined;
  const changed = writtenDifferences({ template: json(template), live: json(live), schema }, json(result));
  return changed.flatMap(({ path }) => pathAbove(path, ignoredPaths) ?? [])[0];
}

export function json(object: object): Record<string, unknown> {
  return object as unknown as Record<string, unknown>;
}

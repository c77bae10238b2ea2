/**
 * Who wrote a field last, as managedFields tells (`FieldsV1`: `f:` fields, `k:` items by keys, `v:` values of sets, `.` the thing
 * itself). Pure. A manager who took a field away owns it no more: then whoever wrote beside it last is told, which is a good guess.
 */
import { parseJson } from '../../lib/json.ts';
import { isObject, own } from './known.ts';
import { sameJson } from './scalars.ts';

/** As in `metadata.managedFields`. */
export interface ManagedFieldsEntry {
  readonly manager?: string;
  readonly operation?: string;
  readonly apiVersion?: string;
  /** RFC 3339. */
  readonly time?: string;
  readonly fieldsType?: string;
  readonly fieldsV1?: unknown;
  /** Empty for the object itself. */
  readonly subresource?: string;
}

export interface FieldOwner {
  readonly name: string;
  readonly time?: string;
  readonly operation?: string;
}

interface Claim {
  readonly entry: ManagedFieldsEntry;
  /** How many steps of the way the manager goes along. */
  readonly steps: number;
  /** Whether it owns the field, or something that contains it as a whole. */
  readonly owns: boolean;
}

/** Managers through which people write: what they scale is no work of an autoscaler. */
const people = /^(kubectl|oc|Mozilla|k9s|lens|OpenAPI-Generator|curl|python-requests|Headlamp)\b/i;
const autoscalers =
  /^(horizontal-pod-autoscaler|vpa|vertical-pod-autoscaler|keda|cluster-autoscaler|cluster-proportional-autoscaler)\b/;

/**
 * The manager that wrote the field last: an owner of the field, or of what contains it as a whole; else the last one that wrote to
 * the nearest object around it. `fields` is that of an `ObjectDifference`; none is the object itself. Managers named in `own` are told
 * only when there is no other. Undefined when nothing is known.
 */
export function lastWriter(
  managedFields: readonly ManagedFieldsEntry[],
  fields: readonly string[],
  ...own: readonly string[]
): FieldOwner | undefined {
  const claims = claimsOn(managedFields, fields);
  const others = claims.filter(({ entry }) => !own.includes(entry.manager ?? ''));
  const entry = strongest(others.length ? others : claims)?.entry;
  if (!entry) return undefined;
  return {
    name: entry.manager ?? '',
    ...(entry.time !== undefined && { time: entry.time }),
    ...(entry.operation !== undefined && { operation: entry.operation }),
  };
}

/**
 * Whether an autoscaler wrote the field last: a well-known one, or any controller that writes through `scale` as they do. What a person
 * scales (`kubectl scale`, `oc scale`, a console) goes through `scale` too, and stays drift.
 */
export function isAutoscaled(managedFields: readonly ManagedFieldsEntry[], fields: readonly string[]): boolean {
  const owners = claimsOn(managedFields, fields).filter(({ owns, steps }) => owns && steps === fields.length);
  const entry = fields.length ? strongest(owners)?.entry : undefined;
  const manager = entry?.manager ?? '';
  if (!manager || people.test(manager)) return false;
  return entry?.subresource === 'scale' || autoscalers.test(manager);
}

/** Those of any use: with a manager, and with at least one step in common. Of the object itself, its status is no part. */
function claimsOn(managedFields: readonly ManagedFieldsEntry[], fields: readonly string[]): Claim[] {
  return managedFields.flatMap((entry) => {
    if (!entry.manager) return [];
    if (fields.length === 0) return entry.subresource ? [] : [{ entry, steps: 0, owns: true }];
    const { steps, owns } = follow(entry.fieldsV1, fields);
    return steps > 0 ? [{ entry, steps, owns }] : [];
  });
}

function follow(tree: unknown, fields: readonly string[]): { steps: number; owns: boolean } {
  let node = tree;
  let steps = 0;
  for (const field of fields) {
    const next = childOf(node, field);
    if (next === undefined) return { steps, owns: steps > 0 && isLeaf(node) };
    node = next;
    steps += 1;
  }
  return { steps, owns: true };
}

/** Keys of items are compared as JSON: Go escapes more characters than we do. */
function childOf(node: unknown, field: string): unknown {
  if (!isObject(node)) return undefined;
  const direct = own(node, field);
  if (direct !== undefined || (!field.startsWith('k:') && !field.startsWith('v:'))) return direct;
  const wanted = parsed(field);
  const same = Object.keys(node).find((name) => name.startsWith(field.slice(0, 2)) && sameJson(parsed(name), wanted));
  return same === undefined ? undefined : node[same];
}

function parsed(field: string): unknown {
  try {
    return parseJson(field.slice(2));
  } catch {
    return undefined;
  }
}

/** Owned as a whole, with whatever is in it. One that has only `.` is owned for being there. */
function isLeaf(node: unknown): boolean {
  return isObject(node) && Object.keys(node).length === 0;
}

/** Owners before those beside; then the nearest; then the last. */
function strongest(claims: readonly Claim[]): Claim | undefined {
  return claims.reduce<Claim | undefined>(
    (best, claim) => (best && !isStronger(claim, best) ? best : claim),
    undefined,
  );
}

function isStronger(a: Claim, b: Claim): boolean {
  if (a.owns !== b.owns) return a.owns;
  if (a.steps !== b.steps && !a.owns) return a.steps > b.steps;
  return Date.parse(a.entry.time ?? '') > (Date.parse(b.entry.time ?? '') || 0);
}

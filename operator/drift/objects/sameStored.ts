/**
 * What a write would change, told by its dry run: the apiserver's own word on what is the same, with its defaults and all webhooks.
 * Pure.
 */
import { own, isObject } from './known.ts';
import { compareBeyondApply, isAppliedPart, partOf, walkFor } from './parts.ts';
import { metadataFields, type FieldSchema } from './schema.ts';
import { asStored } from './secret.ts';
import type { Conceal, Members, ObjectDifference, Walk } from './walk.ts';

/**
 * What differs between the live object and the result of the dry run of an apply, or of another write of the template; `expected` is
 * from the result. Empty means that the write would change nothing.
 *
 * Compared are the parts that the template names, as a whole, and the labels and annotations that it names: what webhooks stamp
 * elsewhere on each write is no drift.
 */
export function writtenDifferences(
  live: Members,
  dryRunResult: Members,
  template: Members,
  schema: FieldSchema | undefined,
  conceal?: Conceal,
): ObjectDifference[] {
  const walk = walkFor(template, conceal);
  const declared = asStored(template);
  compareStoredMetadata(walk, declared['metadata'], dryRunResult['metadata'], live['metadata']);
  for (const name of Object.keys(declared)) {
    if (!isAppliedPart(name, live)) continue;
    walk.field(name, own(dryRunResult, name), own(live, name), partOf(schema, name, template), 'exact');
  }
  return walk.found;
}

/** What no write can bring about, such as a status that the template demands: compared with the template, so that no dry run excuses it. */
export function differencesBeyondWrites(
  live: Members,
  template: Members,
  schema: FieldSchema | undefined,
  conceal?: Conceal,
): ObjectDifference[] {
  const walk = walkFor(template, conceal);
  compareBeyondApply(walk, template, live, schema);
  return walk.found;
}

/** Both. Empty means that nothing drifts. */
export function storedDifferences(
  live: Members,
  dryRunResult: Members,
  template: Members,
  schema: FieldSchema | undefined,
  conceal?: Conceal,
): ObjectDifference[] {
  return [
    ...writtenDifferences(live, dryRunResult, template, schema, conceal),
    ...differencesBeyondWrites(live, template, schema, conceal),
  ];
}

function compareStoredMetadata(walk: Walk, declared: unknown, result: unknown, live: unknown): void {
  if (!isObject(declared)) return;
  walk.trail.push('metadata');
  for (const [name, field] of metadataFields) {
    const wanted = declared[name];
    if (wanted === undefined || wanted === null) continue;
    if (isObject(wanted)) compareNamed(walk, name, wanted, partsOf(result, name), partsOf(live, name));
    else walk.field(name, memberOf(result, name), memberOf(live, name), field, 'exact');
  }
  walk.trail.pop();
}

/** Labels or annotations. */
function compareNamed(walk: Walk, name: string, wanted: Members, result: Members, live: Members): void {
  walk.trail.push(name);
  for (const key of Object.keys(wanted)) walk.field(key, own(result, key), own(live, key), undefined, 'exact');
  walk.trail.pop();
}

function memberOf(object: unknown, name: string): unknown {
  return isObject(object) ? own(object, name) : undefined;
}

function partsOf(object: unknown, name: string): Members {
  const parts = memberOf(object, name);
  return isObject(parts) ? parts : {};
}

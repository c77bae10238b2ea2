/**
 * What a write would change, told by its dry run: the apiserver's own word on what is the same, with its defaults and all webhooks.
 * Pure.
 */
import { own, isObject, keptByKubectl } from './known.ts';
import { compareBeyondApply, isAppliedPart, partOf, walkFor } from './parts.ts';
import { metadataFields, type FieldSchema } from './schema.ts';
import { asStored } from './secret.ts';
import type { Members, ObjectDifference, Pair, Walk } from './walk.ts';

/**
 * What differs between the live object and the result of the dry run of an apply, or of another write of the template; `expected` is
 * from the result. Empty means that the write would change nothing.
 *
 * Compared are the parts that the template names, as a whole, and the labels and annotations that it names: what webhooks stamp
 * elsewhere on each write is no drift.
 */
export function writtenDifferences(pair: Pair, dryRunResult: Members): ObjectDifference[] {
  const { template, live, schema } = pair;
  const walk = walkFor(pair);
  const declared = asStored(template);
  compareStoredMetadata(walk, declared['metadata'], dryRunResult['metadata'], live['metadata']);
  for (const name of Object.keys(declared)) {
    if (!isAppliedPart(name, live)) continue;
    compareExactly(walk, name, { expected: dryRunResult, actual: live, field: partOf(schema, name, template) });
  }
  return walk.found;
}

/** What no write can bring about, such as a status that the template demands: compared with the template, so that no dry run excuses it. */
export function differencesBeyondWrites(pair: Pair): ObjectDifference[] {
  const walk = walkFor(pair);
  compareBeyondApply(walk, pair);
  return walk.found;
}

/** Both. Empty means that nothing drifts. */
export function storedDifferences(pair: Pair, dryRunResult: Members): ObjectDifference[] {
  return [...writtenDifferences(pair, dryRunResult), ...differencesBeyondWrites(pair)];
}

function compareStoredMetadata(walk: Walk, declared: unknown, result: unknown, live: unknown): void {
  if (!isObject(declared)) return;
  walk.trail.push('metadata');
  for (const [name, field] of metadataFields) {
    const wanted = declared[name];
    if (wanted === undefined || wanted === null) continue;
    if (isObject(wanted)) compareNamed(walk, name, Object.keys(wanted), { expected: result, actual: live });
    else compareExactly(walk, name, { expected: result, actual: live, field });
  }
  walk.trail.pop();
}

/** Labels or annotations of these names. */
function compareNamed(walk: Walk, name: string, keys: readonly string[], { expected, actual }: Parents): void {
  walk.trail.push(name);
  const parts = { expected: memberOf(expected, name), actual: memberOf(actual, name) };
  for (const key of keys) if (key !== keptByKubectl) compareExactly(walk, key, parts);
  walk.trail.pop();
}

/** Two objects, a field of which is compared. */
interface Parents {
  readonly expected: unknown;
  readonly actual: unknown;
  /** Of the field, not of the objects. */
  readonly field?: FieldSchema | undefined;
}

function compareExactly(walk: Walk, name: string, { expected, actual, field }: Parents): void {
  walk.field(name, { expected: memberOf(expected, name), actual: memberOf(actual, name), field, mode: 'exact' });
}

function memberOf(object: unknown, name: string): unknown {
  return isObject(object) ? own(object, name) : undefined;
}

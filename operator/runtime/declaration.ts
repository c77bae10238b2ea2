/** What people declare of an object, as opposed to what a controller tells of it in the status. */
import type { Resource } from '../api/v1alpha1/shared.ts';
import { equal } from './equal.ts';

/** Kinds that have no generation, such as ConfigMaps, hold nothing but declarations. */
export function declarationChanged({ metadata: before }: Resource, { metadata: after }: Resource): boolean {
  if (before.generation === undefined || after.generation === undefined)
    return before.resourceVersion !== after.resourceVersion;
  return (
    before.generation !== after.generation ||
    before.deletionTimestamp !== after.deletionTimestamp ||
    !equal(before.labels, after.labels) ||
    !equal(before.annotations, after.annotations) ||
    !equal(before.finalizers, after.finalizers)
  );
}

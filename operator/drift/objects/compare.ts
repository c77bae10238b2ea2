/**
 * Compares a declared object with a live one, so that what is the same for Kubernetes is the same here. Pure, and quick where nothing
 * differs: one walk that builds no text.
 *
 * - `apiVersion`, `kind`, `metadata.name` and `metadata.namespace` say which object is meant and are not compared. Of `metadata`, only
 *   labels, annotations, finalizers and owner references are, and only as the template names them.
 * - `status` is compared as far as the template says something of it (an empty one says nothing), and nothing can be corrected there.
 * - A value of null says that the field must not be there. An empty list says nothing, nor does an empty map; an empty object of fields
 *   (`podSelector: {}`) must be there.
 * - Lists are compared as an apply merges them (`lists.ts`); quantities, durations, instants and base64 by what they mean (`scalars.ts`).
 * - The rules of a ClusterRole that aggregates others are not compared, because a controller writes them. Where the template has rules
 *   but no aggregation rule, the live aggregation rule is told as extra: it is why nobody can say whether the rules hold.
 * - Values of Secrets are shown as `conceal` gives them, and never otherwise.
 *
 * What is told is suspected: the apiserver's defaults and webhooks can make it the same (`storedDifferences`). What is not told holds.
 */
import { compareBeyondApply, compareParts, compareStatus, walkFor } from './parts.ts';
import { asStored } from './secret.ts';
import type { Change, Mode, ObjectDifference, Pair } from './walk.ts';
import { Walker } from './walker.ts';

export { differencesBeyondWrites, storedDifferences, writtenDifferences } from './sameStored.ts';
export type { Change, Conceal, ObjectDifference, Pair } from './walk.ts';

/** What must be there; `MustNotHave` is asked of `holds`. */
export type Wanted = 'MustHave' | 'MustContain' | 'MustOnlyHave' | 'MustExist';

const modes: Readonly<Record<Wanted, Mode>> = {
  MustHave: 'subset',
  MustContain: 'contained',
  MustExist: 'contained',
  MustOnlyHave: 'exact',
};

/**
 * What differs, at most 256 places. `MustHave`: the live object may have more. `MustContain`: so may its lists and selectors, whatever an
 * apply would make of them. `MustOnlyHave`: what the template names at top level
 * (`spec`, `data`, `rules`) has nothing else than what the template says and the apiserver fills in.
 */
export function differences(pair: Pair, match: Wanted): ObjectDifference[] {
  const walk = walkFor(pair);
  compareParts(walk, stored(pair), modes[match]);
  compareBeyondApply(walk, pair);
  return walk.found;
}

/**
 * What would make the live object contain the template (`MustContain`, `MustExist`), and nothing else; undefined where it could not be compared in full.
 * More than 256 places are left for the next time.
 */
export function changesToContain(pair: Pair): readonly Change[] | undefined {
  const walk = walkFor(pair);
  compareParts(walk, stored(pair), 'contained');
  return walk.changes;
}

/**
 * Whether the live object has everything the template says, so that a template of MustNotHave forbids it. In lists of any kind each
 * declared item is looked for within the live items: `containers: [{securityContext: {privileged: true}}]` is held by an object with
 * any privileged container, and `rules: [{verbs: ["*"]}]` by one with any such rule, aggregated or not.
 */
export function holds(pair: Pair): boolean {
  const walk = new Walker(undefined, 'silent');
  compareParts(walk, stored(pair), 'held');
  compareStatus(walk, pair, 'held');
  return !walk.differs;
}

function stored(pair: Pair): Pair {
  return { ...pair, template: asStored(pair.template) };
}

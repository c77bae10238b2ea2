/** Names of kinds and objects as strings for maps, and the comparison of resource versions. */
import type { Resource } from '../api/v1alpha1/shared.ts';
import type { Kind } from '../api/kind.ts';
import type { Key } from './feature.ts';

/** `devices.holdfast.dev`; `configmaps` for the core group. */
export function kindId(kind: Kind): string {
  return kind.group === '' ? kind.plural : `${kind.plural}.${kind.group}`;
}

/** `holdfast.dev/v1alpha1`; `v1` for the core group. */
export function apiVersionOf(kind: Kind): string {
  return kind.group === '' ? kind.version : `${kind.group}/${kind.version}`;
}

/** `namespace/name`; `/name` for cluster-scoped objects. Neither part can contain a slash. */
export function keyId(key: Key): string {
  return `${key.namespace}/${key.name}`;
}

export function keyOf(object: { metadata: Resource['metadata'] }): Key {
  return { namespace: object.metadata.namespace ?? '', name: object.metadata.name };
}

/**
 * Whether a cache that has seen `seen` has seen a write that the apiserver answered with `written`. Versions are decimal
 * numbers that may exceed 2^53, so they are compared as text. Where either is not such a number, the answer is yes: to
 * wait for what cannot be evaluated would be to wait for ever.
 */
export function hasSeen(seen: string, written: string): boolean {
  if (!isNumeric(seen) || !isNumeric(written)) return true;
  return seen.length === written.length ? seen >= written : seen.length > written.length;
}

/** Of two versions the one that came later; the other, where one is empty. */
export function newer(one: string, other: string): string {
  return one !== '' && hasSeen(one, other) ? one : other;
}

function isNumeric(version: string): boolean {
  return /^(0|[1-9][0-9]*)$/.test(version);
}

/**
 * The finalizer of a feature that cleans up. Promises: an object that `finalizes` and was decided upon is not gone before its cleanUp
 * has ended ready; one that no longer does is let go. It is put and taken by patches that name what they expect, so that no finalizer of others is touched, and it is taken
 * only from the version that cleanUp was ready with.
 */
import type { Resource } from '../api/v1alpha1/shared.ts';
import type { JsonPatch } from './feature.ts';
import type { Kind } from '../api/kind.ts';
import { keyOf } from './identity.ts';
import type { Writes } from './writes.ts';

export interface FinalizerOptions {
  readonly kind: Kind;
  readonly resource: Resource;
  /** The version that was decided upon. */
  readonly version: string | undefined;
  readonly owner: string;
  readonly writes: Writes;
  readonly signal: AbortSignal;
}

const PATH = '/metadata/finalizers';

export function hasFinalizer(kind: Kind, { metadata }: Resource): boolean {
  return metadata.finalizers?.includes(finalizerOf(kind)) ?? false;
}

/** The change itself brings the next pass. */
export async function addFinalizer(options: FinalizerOptions): Promise<void> {
  const { uid, finalizers } = options.resource.metadata;
  const value = finalizerOf(options.kind);
  await patched(options, [
    { op: 'test', path: '/metadata/uid', value: uid },
    { op: 'test', path: PATH, value: finalizers ?? null },
    finalizers ? { op: 'add', path: `${PATH}/-`, value } : { op: 'add', path: PATH, value: [value] },
  ]);
}

export async function removeFinalizer(options: FinalizerOptions): Promise<void> {
  const value = finalizerOf(options.kind);
  const path = `${PATH}/${options.resource.metadata.finalizers?.indexOf(value)}`;
  await patched(options, [
    { op: 'test', path: '/metadata/uid', value: options.resource.metadata.uid },
    { op: 'test', path: '/metadata/resourceVersion', value: options.version },
    { op: 'test', path, value },
    { op: 'remove', path },
  ]);
}

function patched({ writes, owner, kind, resource, signal }: FinalizerOptions, patch: JsonPatch): Promise<unknown> {
  return writes.jsonPatch(owner, { kind, key: keyOf(resource), patch }, signal);
}

function finalizerOf({ group, plural }: Kind): string {
  return `${group}/${plural}`;
}

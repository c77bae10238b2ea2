/** Why a key is looked at: every pass says so in the log. */
import type { Kind } from '../api/kind.ts';
import type { Resource } from '../api/v1alpha1/shared.ts';
import { declarationChanged } from './declaration.ts';
import { keyId, keyOf } from './identity.ts';

export interface Cause {
  readonly kind: Kind;
  readonly before: Resource | undefined;
  readonly after: Resource | undefined;
}

/** `AnsibleRun fleet/rhel9-2 completed`. */
export function causeText({ kind, before, after }: Cause): string {
  const object = (after ?? before)!;
  const id = kind.namespaced ? keyId(keyOf(object)) : object.metadata.name;
  return `${kind.kind} ${id} ${changeOf(before, after)}`;
}

function changeOf(before: Resource | undefined, after: Resource | undefined): string {
  if (!after) return 'was deleted';
  if (!before) return 'was created';
  if (isComplete(after) && !isComplete(before)) return 'completed';
  if (after.metadata.deletionTimestamp && !before.metadata.deletionTimestamp) return 'is being deleted';
  return declarationChanged(before, after) ? 'changed' : 'changed its status';
}

/** Bounded kinds say when they came to their end. */
function isComplete({ status }: Resource): boolean {
  return status !== undefined && 'completionTime' in status;
}

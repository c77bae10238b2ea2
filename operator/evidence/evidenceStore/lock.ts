/** How long what is stored now is locked. Pure. */
import type { ObjectLock } from '../../api/v1alpha1/evidenceStore.ts';
import type { PutOptions } from '../../connect/objectStore/types.ts';

const day = 86_400_000;

/** Without `retention` where the store locks nothing. */
export function lockedFrom(lock: ObjectLock | undefined, now: Date): Pick<PutOptions, 'retention'> {
  if (!lock) return {};
  return { retention: { mode: lock.mode, until: new Date(now.getTime() + lock.retentionDays * day) } };
}

/** Whether an object is suspended at an instant. */
import type { Suspend } from './v1alpha1/shared.ts';

/** A suspension holds until its end, or until it is removed. */
export function isSuspended(suspend: Suspend | undefined, now: Date): boolean {
  return suspend !== undefined && (suspend.until === undefined || Date.parse(suspend.until) > now.getTime());
}

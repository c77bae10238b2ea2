/** A rollout that is taken back. Pure. */
import type { RolloutRollback } from '../../api/v1alpha1/canaryRolloutStatus.ts';
import { shortRevision } from '../../drift/revision/kept.ts';
import { counted, listed } from '../../lib/text.ts';
import { isAborted } from './requests.ts';
import { returnedOf } from './rollback.ts';
import type { Rolling } from './rolling.ts';
import type { Progress } from './told.ts';

const mostNamed = 20;

/** It goes back only to a revision to which hosts have complied: another may be no better. Who aborts it knows that. */
export function beginRollback(
  rolling: Rolling,
  { reason, rejects }: Pick<RolloutRollback, 'reason'> & { readonly rejects: boolean },
  now: Date,
): Progress {
  const { rollout, baseline, status } = rolling;
  const { base, proven } = baseline.status?.assignment ?? {};
  if (base !== undefined && !proven && rejects && !isAborted(rollout, status)) {
    const message = `${reason}; it is not taken back, because no host is known to have complied with revision ${shortRevision(base)} before. To take it back nevertheless, abort it`;
    return { is: 'failed', status: { ...status, failure: reason.slice(0, 500) }, reason: 'PreviousNotProven', message };
  }
  const rollback: RolloutRollback = { startTime: now.toISOString(), reason, ...(rejects && { rejects }) };
  return { is: 'returning', status: { ...status, rollback }, message: `${reason}; hosts go back`, isLate: false };
}

export function continueRollback(rolling: Rolling, now: Date): Progress {
  const { rollout, world, baseline, status } = rolling;
  const { rollback } = status;
  if (!rollback) throw new Error('there is no rollback to continue');
  const { changed, pending, failed } = returnedOf(status.revision ?? '', world, baseline, now);
  const incomplete = [...failed, ...pending];
  const names = incomplete.map(({ device, message }) => `${device} (${message})`);
  const { startTime, reason, rejects } = rollback;
  const named: RolloutRollback = {
    startTime,
    reason,
    ...(rejects && { rejects }),
    ...(incomplete.length && { incomplete: incomplete.slice(0, mostNamed) }),
  };
  if (pending.length) {
    const isLate =
      now.getTime() - Date.parse(rollback.startTime) > (rollout.spec.rollback?.timeoutSeconds ?? 3600) * 1000;
    const message = `${rollback.reason}; ${changed - incomplete.length} of ${counted(changed, 'host')} back; still to come: ${listed(names, 5)}`;
    return { is: 'returning', status: { ...status, rollback: named }, message, isLate };
  }
  const done = { ...status, rollback: { ...named, completionTime: now.toISOString() } };
  const left = failed.length ? `; not as before: ${listed(names, 5)}` : '';
  const message = `${rollback.reason}; ${changed - failed.length} of ${counted(changed, 'host')} back${left}`;
  return { is: 'returned', status: done, message, isComplete: !failed.length };
}

/** What a rollout says: conditions, columns, and when it is looked at again. Pure. */
import { isSuspended } from '../../api/suspension.ts';
import type { CanaryRollout } from '../../api/v1alpha1/canaryRollout.ts';
import { shortRevision } from '../../drift/revision/kept.ts';
import { duration, shortened } from '../../lib/text.ts';
import type { DomainCondition, DomainConditions, Note, Plan, StatusFields } from '../../runtime/feature.ts';
import { dueIn } from '../verdict/recommendation.ts';
import { gatedOf } from './gated.ts';
import { fleetAt, inStatus, type Fleet } from './fleet.ts';
import type { RolloutWorld } from './observe.ts';
import { stepsOf } from './steps.ts';

type Status = StatusFields<CanaryRollout>;

/** Where a rollout stands after a pass. `isCompleted`: it brought the revision that all hosts have. */
export type Progress = { readonly status: Status; readonly fleet?: Fleet; readonly notes?: readonly Note[] } & (
  | { readonly is: 'idle'; readonly message: string; readonly isCompleted: boolean }
  | { readonly is: 'held'; readonly reason: string; readonly message: string; readonly recheckAfter: number }
  | { readonly is: 'converging'; readonly message: string }
  | { readonly is: 'soaking'; readonly secondsLeft: number; readonly message: string }
  | { readonly is: 'completed'; readonly message: string }
  | { readonly is: 'failed'; readonly reason: string; readonly message: string }
  | { readonly is: 'returning'; readonly message: string; readonly isLate: boolean }
  | { readonly is: 'returned'; readonly message: string; readonly isComplete: boolean }
);

const recheckSeconds = 600;
/** Hosts may become lost by silence alone. */
const soonSeconds = 10;

export function told(rollout: CanaryRollout, world: RolloutWorld, progress: Progress, now: Date): Plan<CanaryRollout> {
  const message = shortened(progress.message, 1000);
  const { status } = progress;
  const fleet = progress.fleet ?? (status.revision === undefined ? undefined : fleetAt(rollout, world, status, now));
  const reason = reasonOf(progress);
  return {
    outcome: {
      is: 'ready',
      reason: 'Evaluated',
      message: stateOf(progress),
      recheckAfter: recheckOf(rollout, progress, now),
    },
    conditions: conditionsOf(rollout, progress, { reason, message }, now),
    status: {
      ...status,
      ...(fleet && { fleet: inStatus(fleet) }),
      summary: {
        revision: status.revision === undefined ? 'none' : shortRevision(status.revision),
        step: stepWords(rollout, status),
        hosts: fleet ? hostsWords(fleet) : '-',
        state: stateOf(progress),
      },
    },
    actions: [],
    ...(progress.notes?.length && { notes: progress.notes }),
  };
}

function stepWords(rollout: CanaryRollout, { step, exposedPercent }: Status): string {
  return step === undefined ? '-' : `${step}/${stepsOf(rollout).length} ${exposedPercent ?? 0}%`;
}

function hostsWords({ hosts }: Fleet): string {
  const converged = hosts.filter(({ is }) => is === 'converged').length;
  return `${converged}/${hosts.length}`;
}

function reasonOf(progress: Progress): string {
  switch (progress.is) {
    case 'held':
    case 'failed':
      return progress.reason;
    case 'idle':
      return 'NothingToDo';
    case 'converging':
      return 'Converging';
    case 'soaking':
      return 'Soaking';
    case 'completed':
      return 'Completed';
    case 'returning':
      return 'RollingBack';
    case 'returned':
      return progress.isComplete ? 'RolledBack' : 'RollbackIncomplete';
  }
}

/** In few words, for a column. */
function stateOf(progress: Progress): string {
  switch (progress.is) {
    case 'idle':
      return progress.isCompleted ? 'Completed' : reasonOf(progress);
    case 'soaking':
      return `Soaking ${duration(progress.secondsLeft)}`;
    case 'returning':
      return progress.isLate ? 'RollbackIncomplete' : 'RollingBack';
    case 'held':
      return heldState(progress);
    case 'failed':
      return progress.reason;
    default:
      return reasonOf(progress);
  }
}

function heldState({ reason, status }: Extract<Progress, { is: 'held' }>): string {
  if (reason !== 'Rejected') return reason;
  if (!status.rollback) return reason;
  return status.rollback.incomplete ? 'RollbackIncomplete' : 'RolledBack';
}

function recheckOf(rollout: CanaryRollout, progress: Progress, now: Date): number {
  const soon = Math.max(1, Math.min(soonSeconds, dueIn(gatedOf(rollout, progress.status), now)));
  switch (progress.is) {
    case 'held':
      return progress.recheckAfter;
    case 'converging':
      return soon;
    case 'returning':
      return soonSeconds;
    case 'soaking':
      return Math.max(1, Math.min(progress.secondsLeft, soon));
    default:
      return recheckSeconds;
  }
}

function conditionsOf(
  rollout: CanaryRollout,
  progress: Progress,
  said: Pick<DomainCondition, 'reason' | 'message'>,
  now: Date,
): DomainConditions {
  const { pause } = rollout.spec;
  const isMoving = ['converging', 'soaking', 'returning'].includes(progress.is);
  const warns = progress.is === 'failed' || progress.is === 'returning';
  const conditions: DomainConditions = {
    Progressing: { status: isMoving ? 'True' : 'False', ...said, warns },
  };
  if (pause && isSuspended(pause, now))
    conditions['Paused'] = { status: 'True', reason: 'Paused', message: pause.reason };
  if (progress.status.completionTime !== undefined)
    conditions['Completed'] = { status: 'True', reason: 'Completed', message: 'the last step is over' };
  if (progress.status.rollback) conditions['RolledBack'] = rolledBack(progress, said);
  return conditions;
}

function rolledBack(progress: Progress, { message }: Pick<DomainCondition, 'message'>): DomainCondition {
  const { rollback } = progress.status;
  if (progress.is === 'returning')
    return progress.isLate
      ? { status: 'False', reason: 'RollbackIncomplete', message, warns: true }
      : { status: 'Unknown', reason: 'RollingBack', message };
  if (rollback?.incomplete?.length) {
    const names = rollback.incomplete.map(({ device, message: why }) => `${device}: ${why}`);
    return { status: 'False', reason: 'RollbackIncomplete', message: shortened(names.join('; '), 1000), warns: true };
  }
  return { status: 'True', reason: 'RolledBack', message: rollback?.reason ?? message };
}

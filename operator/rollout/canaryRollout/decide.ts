/**
 * The life of a rollout. Its status is the record of how far it is, and the baseline assigns hosts by that record alone: a step is recorded before
 * any host of it is assigned the revision, and a rollback before any host goes back. Pure.
 */
import type { CanaryRollout } from '../../api/v1alpha1/canaryRollout.ts';
import { lastNumber } from '../../drift/ownRuns.ts';
import { isRolledOut } from '../../drift/revision/assignment.ts';
import { shortRevision } from '../../drift/revision/kept.ts';
import { revisionOf } from '../../drift/driftReport/report.ts';
import type { Plan } from '../../runtime/feature.ts';
import { awaitedBefore, awaitingStill } from './approvals.ts';
import type { RolloutWorld } from './observe.ts';
import { decideProgress, notStarted, watched } from './progress.ts';
import { positionOf, type Position, type Rolling } from './rolling.ts';
import { beginRollback, continueRollback } from './returning.ts';
import { isAborted, isRetried, requestAnnotations } from './requests.ts';
import { heldBy, stepAt } from './steps.ts';
import { told, type Progress } from './told.ts';

export type RolloutPlan = Plan<CanaryRollout>;

export function decideRollout(rollout: CanaryRollout, world: RolloutWorld, now: Date): RolloutPlan {
  const { baseline } = world;
  const status = positionOf(rollout.status ?? {});
  if (!baseline) return obstructed(rollout, status, 'BaselineMissing', missing(rollout));
  const { name } = baseline.metadata;
  if (world.older) {
    const message = `CanaryRollout ${world.older.metadata.name} is older and rolls out DeviceBaseline ${name}; delete one of the two`;
    return obstructed(rollout, status, 'OlderRolloutExists', message);
  }
  if (!isRolledOut(baseline)) {
    const message = `DeviceBaseline ${name} gives new revisions to all hosts at once; set its \`updateStrategy.type: Rollout\``;
    return obstructed(rollout, status, 'NotRolledOut', message);
  }
  const rolling: Rolling = { rollout, world, baseline, declared: revisionOf(baseline), status };
  return told(rollout, world, awaitingStill(rolling, next(rolling, now), now), now);
}

function next(rolling: Rolling, now: Date): Progress {
  const { rollout, baseline, declared, status } = rolling;
  const { revision, rollback, completionTime } = status;
  if (rollback && rollback.completionTime === undefined) return continueRollback(rolling, now);
  const assignment = baseline.status?.assignment;
  if (!assignment)
    return waits(status, 'NotAssigned', `DeviceBaseline ${baseline.metadata.name} is yet to be evaluated`);
  const isOver = revision === undefined || rollback !== undefined || completionTime !== undefined;
  if (!isOver && revision !== declared && declared === assignment.base)
    return beginRollback(rolling, { reason: 'the baseline declares the revision before again', rejects: false }, now);
  if (!isOver && isAborted(rollout, status))
    return beginRollback(rolling, { reason: `aborted by annotation ${requestAnnotations.abort}`, rejects: true }, now);
  if (declared === assignment.base) {
    const message = `all hosts have revision ${shortRevision(declared)}`;
    return { is: 'idle', status, message, isCompleted: revision === declared && completionTime !== undefined };
  }
  const rejection = assignment.rejected?.find((one) => one.revision === declared);
  if (rejection && !isRetried(rollout, rejection)) {
    const how = `kubectl holdfast rollout retry ${rollout.metadata.name}`;
    const message = `revision ${shortRevision(declared)} was taken back: ${rejection.reason}; change the checks, or roll it out again with \`${how}\``;
    return { is: 'held', status, reason: 'Rejected', message, recheckAfter: recheckSeconds };
  }
  if (!isOver && revision === declared) return decideProgress(rolling, now);
  const begun = start(rolling, now);
  // As long as the newer one does not begin, the one before is still watched.
  return isOver || begun.is !== 'held' ? begun : watched(rolling, begun, now);
}

const recheckSeconds = 600;

/** A newer revision takes the place of the one before, from the first step on; hosts that have that are the first to get it. */
function start({ rollout, world, baseline, declared, status }: Rolling, now: Date): Progress {
  if (!world.devices.length) return waits(status, 'NoDevices', 'the baseline selects no Device');
  const awaiting = awaitedBefore(
    { rollout, revision: declared, step: 1, before: status.approval },
    world.approving,
    now,
  );
  const held = heldBy(rollout, world, now) ?? notStarted(rollout, {}, world, now) ?? awaiting?.held;
  if (held) return { is: 'held', status: { ...status, ...(awaiting && { approval: awaiting.approval }) }, ...held };
  const base = baseline.status?.assignment?.base;
  const { percent } = stepAt(rollout, 1);
  const begun: Position = {
    revision: declared,
    ...(base !== undefined && { previousRevision: base }),
    step: 1,
    exposedPercent: percent,
    startTime: now.toISOString(),
    runBefore: lastNumber(baseline, world.runs),
    stepStartTime: now.toISOString(),
    ...(status.verdicts && { verdicts: status.verdicts }),
  };
  return { is: 'converging', status: begun, message: `step 1 begins: ${percent}% of the hosts` };
}

function waits(status: Position, reason: string, message: string): Progress {
  return { is: 'held', status, reason, message, recheckAfter: 60 };
}

function missing({ spec }: CanaryRollout): string {
  return `DeviceBaseline ${spec.target.deviceBaselineRef.name} does not exist in this namespace; create it`;
}

function obstructed(rollout: CanaryRollout, status: Position, reason: string, message: string): RolloutPlan {
  const state = { Progressing: { status: 'False', reason, message } } as const;
  return {
    outcome: { is: 'waiting', reason, message, recheckAfter: recheckSeconds },
    conditions: state,
    status: { ...status, ...(rollout.status?.summary && { summary: { ...rollout.status.summary, state: 'Held' } }) },
    actions: [],
  };
}

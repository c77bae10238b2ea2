/** A rollout that goes forward: it converges, soaks, and goes to the next step. Pure. */
import type { CanaryRollout } from '../../api/v1alpha1/canaryRollout.ts';
import { counted, duration, listed } from '../../lib/text.ts';
import type { Note } from '../../runtime/feature.ts';
import { dueIn, isDue, recommend, type Recommendation } from '../verdict/recommendation.ts';
import { startVerdict } from '../verdict/start.ts';
import { verdictNote, verdictOf } from '../verdict/verdict.ts';
import { awaitedBefore, reachable } from './approvals.ts';
import { fleetAt, hasConverged, inStatus, whyIdle, type Fleet } from './fleet.ts';
import { gatedOf, withVerdict } from './gated.ts';
import type { RolloutWorld } from './observe.ts';
import { isPromoted } from './requests.ts';
import { beginRollback } from './returning.ts';
import { positionOf, type Position, type Rolling } from './rolling.ts';
import { heldBy, stepAt, stepsOf, type Held } from './steps.ts';
import type { Progress } from './told.ts';

export function decideProgress(rolling: Rolling, now: Date): Progress {
  const { rollout, world } = rolling;
  const fleet = fleetAt(rollout, world, rolling.status, now);
  const failure = failureOf(fleet) ?? rolling.status.failure;
  if (failure !== undefined) return failed(rolling, fleet, failure, now);
  const { revision = '', step = 1, exposedPercent = 0 } = rolling.status;
  const awaiting = (number: number) =>
    awaitedBefore({ rollout, revision, step: number, before: rolling.status.approval }, world.approving, now);
  // Who raises the share of a step begins it anew.
  const isRaised = stepAt(rollout, step).percent > exposedPercent;
  const raise = isRaised ? awaiting(step) : undefined;
  if (isRaised && !raise && !heldBy(rollout, world, now)) return enter(rolling, step, now);
  const waiting = raise ? { ...rolling.status, approval: raise.approval } : rolling.status;
  const converged = hasConverged(fleet);
  const begins = rolling.status.soakStartTime === undefined && converged;
  const soaking = begins ? { ...waiting, soakStartTime: now.toISOString() } : waiting;
  const { status, notes } = judged(rolling, soaking, fleet, now);
  const next = recommend(gatedOf(rollout, status), status, now);
  const about = { status, fleet, notes };
  if (next.is === 'rollBack') return { ...failed({ ...rolling, status }, fleet, next.message, now), notes };
  if (status.soakStartTime === undefined)
    return { ...about, is: 'converging', message: convergingWords(fleet, whyIdle(world, now)) };
  const { soakSeconds } = gatedOf(rollout, status).step;
  const secondsLeft = soakSeconds - (now.getTime() - Date.parse(status.soakStartTime)) / 1000;
  if (secondsLeft > 0) return { ...about, is: 'soaking', secondsLeft, message: soakingWords(secondsLeft, next) };
  // One that does not respond is lost, or back, before anything more is risked.
  const undecided = fleet.hosts.some(({ is }) => is === 'converging');
  if (undecided || !converged)
    return { ...about, is: 'converging', message: convergingWords(fleet, whyIdle(world, now)) };
  if (next.is === 'hold') {
    const recheckAfter = Math.max(1, Math.min(next.recheckAfter ?? 600, dueIn(gatedOf(rollout, status), now)));
    return { ...about, is: 'held', reason: next.reason, message: next.message, recheckAfter };
  }
  const last = stepsOf(rollout).length;
  if (step >= last && exposedPercent === 100) {
    const message = `all ${counted(fleet.hosts.length, 'host')} have the revision`;
    return { ...about, is: 'completed', status: { ...status, completionTime: now.toISOString() }, message };
  }
  const to = isPromoted(rollout, status, step) ? last : Math.min(step + 1, last);
  const reached = reachable(step, to, awaiting);
  const lacks = raise ?? reached.awaiting;
  const held = heldBy(rollout, world, now) ?? notStarted(rollout, status, world, now) ?? lacks?.held;
  if (!held) return { ...enter({ ...rolling, status }, reached.step, now), notes };
  return { ...about, status: { ...status, ...(lacks && { approval: lacks.approval }) }, is: 'held', ...held };
}

/** The verdict of now where the gates are due, and what is told of it. */
function judged(
  { rollout, world }: Rolling,
  status: Position,
  fleet: Fleet,
  now: Date,
): { status: Position; notes: readonly Note[] } {
  const gated = gatedOf(rollout, status);
  // What observes asks when the status that it sees is due: what has begun in this pass is asked about in the next.
  if (!world.asked || !isDue(gated, now)) return { status, notes: [] };
  const evidence = { ...world.asked, objectives: world.objectives, fleet: inStatus(fleet) };
  const fields = verdictOf(gated, evidence, now);
  const note = verdictNote(gated.before, fields);
  return { status: withVerdict(status, fields), notes: note ? [note] : [] };
}

/** Whether the objectives keep a step from starting. */
export function notStarted(rollout: CanaryRollout, status: Position, world: RolloutWorld, now: Date): Held | undefined {
  const { result, message } = startVerdict(gatedOf(rollout, status), { objectives: world.objectives }, now);
  return result === 'Pass' ? undefined : { reason: 'ObjectivesNotMet', message, recheckAfter: 60 };
}

/** What is held goes no further, and is taken back when it does harm. */
export function watched(rolling: Rolling, held: Progress, now: Date): Progress {
  const fleet = fleetAt(rolling.rollout, rolling.world, rolling.status, now);
  const failure = failureOf(fleet);
  if (failure !== undefined) return failed(rolling, fleet, failure, now);
  const { status, notes } = judged(rolling, rolling.status, fleet, now);
  const next = recommend(gatedOf(rolling.rollout, status), status, now);
  if (next.is === 'rollBack') return { ...failed({ ...rolling, status }, fleet, next.message, now), notes };
  return { ...held, status: positionOf({ ...status, approval: held.status.approval }), fleet, notes };
}

/** The share of hosts never shrinks: those that have the revision keep it. */
function enter({ rollout, status }: Rolling, step: number, now: Date): Progress {
  const percent = Math.max(stepAt(rollout, step).percent, status.exposedPercent ?? 0);
  const time = now.toISOString();
  const entered = {
    ...status,
    step,
    exposedPercent: percent,
    stepStartTime: time,
    soakStartTime: undefined,
    approval: undefined,
  };
  return { is: 'converging', status: positionOf(entered), message: `step ${step} begins: ${percent}% of the hosts` };
}

function failureOf({ hosts, missing, mostMissing }: Fleet): string | undefined {
  if (missing.length <= mostMissing) return undefined;
  const names = missing.map(({ device, words }) => `${device.metadata.name} (${words})`);
  const limit = `\`maxFailed\` allows ${mostMissing}`;
  return `${missing.length} of ${counted(hosts.length, 'host')} failed, ${limit}: ${listed(names)}`;
}

function failed(rolling: Rolling, fleet: Fleet, reason: string, now: Date): Progress {
  const isAutomatic = rolling.rollout.spec.rollback?.automatic ?? true;
  if (isAutomatic) return { ...beginRollback(rolling, { reason: reason.slice(0, 500), rejects: true }, now), fleet };
  const message = `${reason}; \`rollback.automatic\` is false: abort it to take it back`;
  const status = { ...rolling.status, failure: reason.slice(0, 500) };
  return { is: 'failed', status, fleet, reason: 'NotTakenBack', message };
}

function convergingWords({ hosts, expected }: Fleet, idle: string | undefined): string {
  const waiting = hosts.filter((host) => host.is === 'converging');
  if (hosts.length < expected) return `${hosts.length} of ${counted(expected, 'host')} assigned the revision`;
  const names = waiting.map(({ device, words }) => `${device.metadata.name} (${words})`);
  const why = idle === undefined ? '' : ` (${idle})`;
  return `waits for ${counted(waiting.length, 'host')} to comply${why}: ${listed(names)}`;
}

function soakingWords(secondsLeft: number, { reason, message }: Recommendation): string {
  const words = `soaks for another ${duration(secondsLeft)}`;
  return reason === 'Soaking' ? words : `${words}; ${message}`;
}

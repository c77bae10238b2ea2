/** A rollout that goes forward: it converges, soaks, and goes to the next step. Pure. */
import { counted, duration, listed } from '../../lib/text.ts';
import { positionOf, type Rolling } from './rolling.ts';
import { fleetOf, hasConverged, type Fleet } from './fleet.ts';
import { isPromoted, isSkipped } from './requests.ts';
import { beginRollback } from './returning.ts';
import { heldBy, stepAt, stepsOf } from './steps.ts';
import type { Progress } from './told.ts';

export function decideProgress(rolling: Rolling, now: Date): Progress {
  const { rollout, world, status } = rolling;
  const { revision = '', step = 1, exposedPercent = 0 } = status;
  const fleet = fleetNow(rolling, now);
  const failure = failureOf(fleet);
  if (failure !== undefined) return failed(rolling, fleet, failure, now);
  // Who raises the share of a step begins it anew.
  const { percent, soakSeconds } = stepAt(rollout, step);
  if (percent > exposedPercent && !heldBy(rollout, world, now)) return enter(rolling, step, now);
  if (status.soakStartTime === undefined) {
    if (!hasConverged(fleet)) return { is: 'converging', status, fleet, message: convergingWords(fleet) };
    return { is: 'soaking', status: { ...status, soakStartTime: now.toISOString() }, fleet, secondsLeft: soakSeconds };
  }
  const soaked = (now.getTime() - Date.parse(status.soakStartTime)) / 1000;
  const secondsLeft = isSkipped(rollout, revision, step) ? 0 : Math.max(0, soakSeconds - soaked);
  if (secondsLeft > 0) return { is: 'soaking', status, fleet, secondsLeft };
  // One that does not respond is lost, or back, before anything more is risked.
  const undecided = fleet.hosts.filter(({ is }) => is === 'converging');
  if (undecided.length || !hasConverged(fleet))
    return { is: 'converging', status, fleet, message: convergingWords(fleet) };
  const last = stepsOf(rollout).length;
  if (step >= last && exposedPercent === 100) {
    const completed = { ...status, completionTime: now.toISOString() };
    return {
      is: 'completed',
      status: completed,
      fleet,
      message: `all ${counted(fleet.hosts.length, 'host')} have the revision`,
    };
  }
  const held = heldBy(rollout, world, now);
  if (held) return { is: 'held', status, fleet, ...held };
  return enter(rolling, isPromoted(rollout, revision, step) ? last : Math.min(step + 1, last), now);
}

function fleetNow({ rollout, world, status }: Rolling, now: Date): Fleet {
  const { revision = '', exposedPercent: percent = 0, stepStartTime = now.toISOString(), runBefore = 0 } = status;
  return fleetOf(rollout, world, { revision, percent, stepStartTime, runBefore }, now);
}

/** What is held goes no further, and is taken back when it does harm. */
export function watched(rolling: Rolling, held: Progress, now: Date): Progress {
  const fleet = fleetNow(rolling, now);
  const failure = failureOf(fleet);
  return failure === undefined ? { ...held, fleet } : failed(rolling, fleet, failure, now);
}

/** The share of hosts never shrinks: those that have the revision keep it. */
function enter({ rollout, status }: Rolling, step: number, now: Date): Progress {
  const percent = Math.max(stepAt(rollout, step).percent, status.exposedPercent ?? 0);
  const time = now.toISOString();
  const entered = { ...status, step, exposedPercent: percent, stepStartTime: time, soakStartTime: undefined };
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
  return { is: 'failed', status: rolling.status, fleet, reason: 'HostsFailed', message };
}

function convergingWords({ hosts, expected }: Fleet): string {
  const waiting = hosts.filter((host) => host.is === 'converging');
  if (hosts.length < expected) return `${hosts.length} of ${counted(expected, 'host')} assigned the revision`;
  const names = waiting.map(({ device, words }) => `${device.metadata.name} (${words})`);
  return `waits for ${counted(waiting.length, 'host')} to comply: ${listed(names)}`;
}

export function soakingWords(secondsLeft: number): string {
  return `soaks for another ${duration(secondsLeft)}`;
}

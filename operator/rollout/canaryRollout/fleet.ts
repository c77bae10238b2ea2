/** How the hosts of a rollout stand to the revision that is rolled out. Pure. */
import type { CanaryRollout } from '../../api/v1alpha1/canaryRollout.ts';
import type { IncompleteHost, RolloutFleet } from '../../api/v1alpha1/canaryRolloutStatus.ts';
import type { Device } from '../../api/v1alpha1/device.ts';
import type { DeviceBaseline } from '../../api/v1alpha1/deviceBaseline.ts';
import { hostComplianceOf, type HostCompliance } from '../../drift/deviceBaseline/hostCompliance.ts';
import { deviceSubject } from '../../drift/deviceBaseline/source.ts';
import { inOrder, numberOfOwn } from '../../drift/ownRuns.ts';
import { assignedTo, isReturning } from '../../drift/revision/assignment.ts';
import { allowedShare, isExcluded } from '../../drift/revision/order.ts';
import { responds, silentSince } from '../../drift/revision/responds.ts';
import { isSuspended } from '../../api/suspension.ts';
import { windowGate } from '../../governance/maintenanceWindow/windowGate.ts';
import { marking } from '../../findings/waiver/marking.ts';
import { failureUpperBoundPercent } from '../verdict/gates/convergence.ts';
import { shortened } from '../../lib/text.ts';
import type { RolloutWorld } from './observe.ts';
import type { Position } from './rolling.ts';

const mostNamed = 20;
/** A host that restarts, or whose network is away for a moment, is not lost. */
const silenceSeconds = 900;
/** Corrections in a row that did not succeed on a host. */
const mostFailures = 2;

/** `converging`: it may yet comply. */
export interface HostState {
  readonly device: Device;
  readonly is: 'converged' | 'converging' | 'failed' | 'unreachable';
  /** Whether it responds, whatever it is. */
  readonly responds: boolean;
  /** In one line. */
  readonly words: string;
}

export interface Fleet {
  /** Hosts of the baseline that the rollout does not leave alone. */
  readonly candidates: readonly Device[];
  /** Those that are assigned the revision. */
  readonly hosts: readonly HostState[];
  /** How many are to be assigned it in this step, as far as they respond. */
  readonly expected: number;
  /** How many of them may be missing. */
  readonly mostMissing: number;
  readonly missing: readonly HostState[];
}

interface Looked {
  readonly revision: string;
  readonly percent: number;
  readonly stepStartTime: string;
  readonly runBefore: number;
}

/** As the status of the rollout says. */
export function fleetNow(rollout: CanaryRollout, world: RolloutWorld, now: Date): Fleet {
  return fleetAt(rollout, world, rollout.status ?? {}, now);
}

export function fleetAt(rollout: CanaryRollout, world: RolloutWorld, status: Position, now: Date): Fleet {
  const { revision = '', exposedPercent: percent = 0, stepStartTime = now.toISOString(), runBefore = 0 } = status;
  return fleetOf(rollout, world, { revision, percent, stepStartTime, runBefore }, now);
}

function fleetOf(rollout: CanaryRollout, world: RolloutWorld, looked: Looked, now: Date): Fleet {
  const { baseline } = world;
  const candidates = world.devices.filter(
    (device) => !isExcluded(rollout, device) && !isSuspended(device.spec.suspend, now),
  );
  const assignment = baseline?.status?.assignment;
  const targeted = candidates.filter(
    ({ metadata: { name } }) => assignedTo(assignment, name) === looked.revision && !isReturning(assignment, name),
  );
  const hosts = baseline ? targeted.map((device) => stateOf(device, { rollout, world, baseline, looked }, now)) : [];
  const missing = hosts.filter(({ is }) => is === 'failed' || is === 'unreachable');
  const able = looked.percent === 100 ? candidates.length : candidates.filter(responds).length;
  return {
    candidates,
    hosts,
    expected: candidates.length ? Math.min(allowedShare(looked.percent, candidates.length), able) : 0,
    mostMissing: mostMissing(rollout.spec.maxFailed ?? '10%', hosts.length),
    missing,
  };
}

interface Host {
  readonly rollout: CanaryRollout;
  readonly world: RolloutWorld;
  readonly baseline: DeviceBaseline;
  readonly looked: Looked;
}

function stateOf(device: Device, host: Host, now: Date): HostState {
  const { rollout, world, looked } = host;
  const timeout = rollout.spec.stepTimeoutSeconds ?? 3600;
  const since = (time: string) => (now.getTime() - Date.parse(time)) / 1000;
  const silence = silentSince(device);
  const compliance = complianceAt(looked.revision, device, host, now);
  const state = { device, responds: responds(device), words: compliance.words };
  if (silence !== undefined) {
    const why = device.status?.conditions?.find(({ type }) => type === 'Reachable')?.message ?? 'it does not respond';
    const isLost = since(later(silence, looked.stepStartTime)) > Math.min(timeout, silenceSeconds);
    return { ...state, words: why, is: isLost ? 'unreachable' : 'converging' };
  }
  if (['compliant', 'waived', 'notApplicable'].includes(compliance.is) && isAfterRuns(device, world))
    return { ...state, is: 'converged' };
  const { failures, message } = failuresOn(device.metadata.name, looked, world);
  if (compliance.is === 'drifted' && failures >= mostFailures)
    return { ...state, is: 'failed', words: message ?? compliance.words };
  const observed = world.reports.get(device.metadata.name)?.status?.observedTime ?? looked.stepStartTime;
  const begun = later(later(observed, looked.stepStartTime), lastProgress(world));
  const isLate = isCorrecting(world, now) && since(begun) > timeout;
  return { ...state, is: isLate ? 'failed' : 'converging' };
}

/** Hosts are corrected some at a time: none of them is late as long as its baseline gets on. */
function lastProgress({ runs }: RolloutWorld): string {
  return runs.reduce((last, { status }) => later(last, status?.completionTime ?? last), new Date(0).toISOString());
}

/** Whether the baseline may correct hosts now, and no run of it has the hosts: where it may not, no host is late. */
function isCorrecting(world: RolloutWorld, now: Date): boolean {
  return whyIdle(world, now) === undefined && world.runs.every(({ status }) => status?.completionTime !== undefined);
}

/** Why the baseline corrects no host now; undefined when it does. */
export function whyIdle({ baseline, baselineWindow }: RolloutWorld, now: Date): string | undefined {
  if (!baseline) return undefined;
  const { metadata, spec } = baseline;
  if (isSuspended(spec.suspend, now)) return `DeviceBaseline ${metadata.name} is suspended`;
  if (spec.mode !== 'Enforce') return `DeviceBaseline ${metadata.name} is in mode Inform, which corrects no host`;
  const gate = windowGate(spec.remediation?.windowRef, baselineWindow, now);
  return gate.open ? undefined : gate.words;
}

/** How a host stands to a revision: nothing is known where the report is on another. */
export function complianceAt(
  revision: string,
  device: Device,
  { world, baseline }: Pick<Host, 'world' | 'baseline'>,
  now: Date,
): HostCompliance {
  const mark = marking(deviceSubject(baseline, device), world.waivers, now);
  return hostComplianceOf(device, { report: world.reports.get(device.metadata.name), revision, mark }, now);
}

/** Whether the host was looked at after all that the baseline did to it. */
export function isAfterRuns({ metadata: { name } }: Device, { runs, reports }: RolloutWorld): boolean {
  const own = runs.filter(({ spec }) => spec.deviceNames?.includes(name));
  if (own.some(({ status }) => !status?.completionTime)) return false;
  const last = inOrder(own).at(-1);
  return !last || reports.get(name)?.status?.afterRun === last.metadata.uid;
}

/** Runs of this rollout in a row that did not succeed on the host. */
function failuresOn(
  device: string,
  { revision, runBefore }: Looked,
  { runs }: RolloutWorld,
): { failures: number; message?: string } {
  const own = inOrder(
    runs.filter(
      (run) =>
        run.spec.revision === revision && run.status?.completionTime !== undefined && numberOfOwn(run) > runBefore,
    ),
  ).reverse();
  let failures = 0;
  let message: string | undefined;
  for (const run of own) {
    const outcome = run.status?.hosts?.find(({ name }) => name === device);
    if (!outcome) continue;
    if (outcome.outcome === 'Verified' || outcome.outcome === 'Completed') break;
    // Nothing was tried on it, or nobody knows what: that it does not respond is counted by itself.
    if (outcome.outcome === 'Unreachable' || outcome.outcome === 'Unknown') continue;
    failures += 1;
    const failure = run.status?.failures?.find((one) => one.device === device);
    message ??= failure ? `${failure.check}: ${failure.message}` : outcome.message;
  }
  return { failures, ...(message !== undefined && { message }) };
}

function later(a: string, b: string): string {
  return Date.parse(a) > Date.parse(b) ? a : b;
}

function mostMissing(maxFailed: number | string, targeted: number): number {
  if (typeof maxFailed === 'number') return maxFailed;
  return Math.floor((targeted * Number.parseInt(maxFailed, 10)) / 100);
}

/** Whether all that respond comply, as many as this step is to have. */
export function hasConverged({ hosts, expected }: Fleet): boolean {
  const isComplete = hosts.length >= expected && hosts.length > 0;
  const waiting = hosts.filter((host) => host.is === 'converging' && host.responds);
  return isComplete && !waiting.length && hosts.some(({ is }) => is === 'converged');
}

export function inStatus({ candidates, hosts, missing }: Fleet): RolloutFleet {
  const count = (is: HostState['is']) => hosts.filter((host) => host.is === is).length;
  return {
    total: candidates.length,
    targeted: hosts.length,
    converged: count('converged'),
    failed: count('failed'),
    unreachable: count('unreachable'),
    failureUpperBoundPercent: failureUpperBoundPercent({ targeted: hosts.length, converged: count('converged') }),
    ...(missing.length && { missing: missing.slice(0, mostNamed).map(named) }),
  };
}

function named({ device, words }: HostState): IncompleteHost {
  return { device: device.metadata.name, message: shortened(words, 300) };
}

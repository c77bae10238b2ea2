/**
 * The life of a run: recorded as started before anything runs, executed once, verified by the probe. Pure.
 *
 * The status is the record: `startTime` and `before` are stored first, then the execution is asked for under the run's uid, which
 * the backend never executes twice. Whatever crashes in between, the next pass goes on from the record.
 */
import type { AnsibleRun, AnsibleRunStatus } from '../../api/v1alpha1/ansibleRun.ts';
import type { StatusFields } from '../../runtime/feature.ts';
import { counted, listed } from '../../lib/text.ts';
import { refusalOf, releaseOf, startOf, stopOf, type RunEffect } from './backend.ts';
import { beforeInLines, linesBefore } from './before.ts';
import { obstacleTo, obstacleToStart } from './checks.ts';
import { copied, markOf } from './mark.ts';
import type { RunMeans } from './needs.ts';
import { blocked, complete, invalid, running, type RunPlan } from './plans.ts';
import { requestOf } from './request.ts';
import { backBy, holdsBy, resultsOf, stillUnreachable, type Ended, type Verify } from './results.ts';
import { selectionOf, withoutThose } from './selection.ts';
import { succeededOf } from './verdict.ts';
import { checksOn, selectedBlocks } from './work.ts';
import { workOf, type FreshWorld, type Lasting, type RunWork, type RunWorld, type StartedWorld } from './world.ts';

/** Hosts may be away for a moment when a service was restarted. */
const settleSeconds = 60;
const jobWaits = 'JobWaiting';
const hostsWait = 'HostsNotEvaluated';
/** For what keeps a recorded run from being started: a full disk, a quota. */
const startSeconds = 600;
/** Beyond the time that a run may take: both backends end it by then, if nothing keeps them from it. */
const endSeconds = 1200;

export function decideRun(run: AnsibleRun, world: RunWorld, now: Date, means: RunMeans): RunPlan {
  const status = run.status ?? {};
  switch (world.is) {
    case 'complete':
      return {
        outcome: { is: 'ready', reason: 'Complete', message: 'complete' },
        conditions: succeededOf(run),
        status,
        actions: [],
      };
    case 'deleted':
      return {
        outcome: { is: 'progressing', reason: 'Deleted', message: 'the run is being deleted', recheckAfter: 1 },
        conditions: succeededOf(run),
        status,
        actions: [],
      };
    case 'unmarked':
      return {
        outcome: { is: 'progressing', reason: 'Preparing', message: 'the run is being prepared', recheckAfter: 1 },
        status,
        actions: [markOf(run)],
      };
    case 'copied':
      return invalid(run, { is: 'invalid', reason: 'Copied', message: copied }, now);
    case 'fresh':
      return decideFresh(run, world, now, means);
    case 'started':
      return goOn({ ...run, status: world.lostStatus ?? status }, world, now, means);
  }
}

function decideFresh(run: AnsibleRun, world: FreshWorld, now: Date, means: RunMeans): RunPlan {
  const obstacle = obstacleTo({ run, world, means });
  switch (obstacle?.is) {
    case undefined:
      return begin(run, workOf(world), now, means);
    case 'blocked':
      return blocked(run, obstacle);
    case 'invalid':
      return invalid(run, obstacle, now);
  }
}

/** Records what is about to run, and asks for it once that is stored. Nothing runs where everything holds already. */
function begin(run: AnsibleRun, world: RunWork, now: Date, means: RunMeans): RunPlan {
  const { before, failures, repairs } = selectionOf(world, means);
  const isOwn = world.playbook !== undefined && !world.blocks.length;
  const chosen = isOwn ? world.hosts : world.hosts.filter(({ name }) => before.some(({ device }) => device === name));
  // A host on which the other run changed nothing has nothing to be undone.
  const names = world.hosts
    .map(({ name }) => name)
    .filter((name) => !world.reverted || checksOn(name, world.blocks).length);
  const verify: Verify = world.reverted ? () => undefined : holdsBy(means.conceal);
  const untouched = { ...world, blocks: withoutThose(world.blocks, failures) };
  const results = resultsOf({ work: untouched, names, verify, leftAlone: failures });
  if (!chosen.length) {
    return complete({ ...run.status, startTime: now.toISOString() }, now, results, {
      note: 'nothing was run',
      right: rightWords(world),
    });
  }
  const work = { ...world, hosts: chosen, blocks: selectedBlocks(world.blocks, before) };
  const request = requestOf(run, work, repairs, means);
  const refusal = refusalOf(run, request, means);
  if (refusal !== undefined) return invalid(run, { is: 'invalid', reason: 'RequestRefused', message: refusal }, now);
  const recorded: StatusFields<AnsibleRun> = {
    startTime: now.toISOString(),
    summary: `running on ${counted(chosen.length, 'host')}`,
    hosts: results.hosts.map((host) =>
      chosen.some(({ name }) => name === host.name)
        ? { name: host.name, outcome: 'Unknown', message: 'Ansible is running' }
        : host,
    ),
    ...(failures.length && { failures: [...failures] }),
    before: beforeInLines(before),
  };
  const { status, afterStatus } = startOf(run, request, recorded, means);
  return { ...running({ ...recorded, ...status }, chosen), afterStatus };
}

function goOn(run: AnsibleRun, world: StartedWorld & Lasting, now: Date, means: RunMeans): RunPlan {
  const { state, seconds } = world;
  const { status, chosen } = recordOf(run, world);
  if (state.is === 'running') {
    const most = (run.spec.timeoutSeconds ?? 1800) + endSeconds;
    if (seconds >= most) return stopped(run, world, now, means);
    return running(
      status,
      chosen,
      state.message === undefined ? undefined : { reason: jobWaits, message: state.message },
    );
  }
  if (state.is === 'absent' || state.is === 'prepared') {
    const obstacle = obstacleToStart({ run, world });
    if (obstacle?.is === 'invalid') return invalid(run, obstacle, now, stopOf(run, means));
    if (seconds >= startSeconds) return neverStarted(run, now, means);
    if (obstacle) return running(status, chosen, obstacle);
    if (state.is === 'prepared') return { ...running(status, chosen), afterStatus: releaseOf(run, means) };
    return startAgain(run, { ...world, hosts: chosen }, now, means);
  }
  return ended(run, { ...world, state }, now, means);
}

/**
 * The record is older than the start: the operator ended in between. Somebody else may be about to start what the record says, so it stays as it is:
 * a host is changed only as long as it is as the record says.
 */
function startAgain(run: AnsibleRun, world: StartedWorld, now: Date, means: RunMeans): RunPlan {
  const { status = {}, before: recorded } = recordOf(run, world);
  const { before, repairs } = selectionOf(world, means);
  const isSeen = (device: string): boolean =>
    world.hosts.some(({ name, observation }) => name === device && observation?.is === 'seen');
  const unseen = [...new Set(recorded.map(({ device }) => device))].filter((device) => !isSeen(device));
  if (unseen.length) {
    const message = `Ansible is not started yet, because ${listed(unseen)} cannot be evaluated`;
    return running(status, world.hosts, { reason: hostsWait, message });
  }
  const changed = recorded.filter(
    ({ device, check, state }) =>
      !before.some((one) => one.device === device && one.check === check && one.state === state),
  );
  if (changed.length) {
    const message = `${listed(changed.map(({ device, check }) => `${check} on ${device}`))} changed before Ansible was started; nothing was run`;
    return invalid(run, { is: 'invalid', reason: 'HostChanged', message }, now, stopOf(run, means));
  }
  const request = requestOf(run, world, repairs, means);
  const refusal = refusalOf(run, request, means);
  if (refusal !== undefined) return invalid(run, { is: 'invalid', reason: 'RequestRefused', message: refusal }, now);
  const { status: executor, afterStatus } = startOf(run, request, status, means);
  return { ...running({ ...status, ...executor }, world.hosts), afterStatus };
}

/** A start that is prevented for so long is not awaited any further: its hosts are free for others. */
function neverStarted(run: AnsibleRun, now: Date, means: RunMeans): RunPlan {
  const last = run.status?.conditions?.find(({ type, reason }) => type === 'Succeeded' && reason !== 'Running');
  const why = last ? `: ${last.message}` : '';
  const message = `could not be started within ${startSeconds} s${why}; fix that, then create another run`;
  return invalid(run, { is: 'invalid', reason: 'NotStarted', message }, now, stopOf(run, means));
}

/** What keeps the backend from ending a run in time is nothing that a later look would show. */
function stopped(run: AnsibleRun, world: StartedWorld & Lasting, now: Date, means: RunMeans): RunPlan {
  const message = 'Ansible did not end in time and was stopped, so what it did is unknown';
  const plan = ended(run, { ...world, state: { is: 'lost', message }, seconds: 0 }, now, means);
  return { ...plan, actions: [...stopOf(run, means), ...plan.actions] };
}

type EndedWorld = StartedWorld & Lasting & { readonly state: Ended };

/** The probe decides what came of it. */
function ended(run: AnsibleRun, world: EndedWorld, now: Date, means: RunMeans): RunPlan {
  const { state } = world;
  const { status, before, isChosen, chosen } = recordOf(run, world);
  const finishTime = status.finishTime ?? now.toISOString();
  if (world.seconds < settleSeconds && stillUnreachable(world))
    return { ...running({ ...status, finishTime }, chosen), outcome: settling(world) };
  const byProbe = run.spec.mode !== 'Check' && world.blocks.length > 0;
  const verify = world.reverted ? backBy(before, means.conceal) : holdsBy(means.conceal);
  const names = (status.hosts ?? []).map(({ name }) => name).filter(isChosen);
  const work = byProbe ? world : { ...world, blocks: [] };
  const verified = resultsOf({ work, names, ended: state, verify, leftAlone: status.failures });
  const hosts = (status.hosts ?? []).map((host) => verified.hosts.find(({ name }) => name === host.name) ?? host);
  const unverified = (status.failures ?? []).filter(({ device }) => !names.includes(device));
  const results = { hosts, failures: [...verified.failures, ...unverified] };
  const note = noteOn(run, world);
  const plan = complete({ ...status, finishTime }, now, results, {
    note,
    failure: state.is === 'lost' ? 'Interrupted' : state.timedOut ? 'TimedOut' : 'Failed',
    right: rightWords(world),
  });
  const tell: RunEffect = { do: 'tell', run, hosts, forget: run.spec.backend === 'Local' };
  return { ...plan, afterStatus: [{ do: 'perform', effect: tell }] };
}

function noteOn({ spec }: AnsibleRun, { state, lostStatus }: EndedWorld): string {
  const again = lostStatus && 'its status was lost; it was executed before, and is not executed again';
  const end =
    state.is === 'finished' && state.timedOut
      ? `Ansible was stopped after ${spec.timeoutSeconds ?? 1800} s`
      : state.message;
  return [again, end].filter(Boolean).join('; ');
}

/** What was recorded when the run started: the hosts that it set out to change are chosen. */
function recordOf(run: AnsibleRun, { hosts }: RunWork) {
  const status: AnsibleRunStatus = run.status ?? {};
  const before = linesBefore(status.before);
  const isChosen = (name: string) => !before.length || before.some(({ device }) => device === name);
  return { status, before, isChosen, chosen: hosts.filter(({ name }) => isChosen(name)) };
}

/** What a host that came out right holds to. */
function rightWords({ reverted }: RunWork): string {
  return reverted
    ? `everything is as it was before AnsibleRun ${reverted.metadata.name}`
    : 'all checks of this run pass';
}

function settling(world: RunWork): RunPlan['outcome'] {
  const away = world.hosts.flatMap(({ name, observation }) => (observation && observation.is !== 'seen' ? [name] : []));
  return {
    is: 'progressing',
    reason: 'Verifying',
    message: `Ansible has finished; waiting for ${listed(away)} to respond again`,
    recheckAfter: 5,
  };
}

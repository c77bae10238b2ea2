/**
 * The life of a run: recorded as started before anything runs, executed once, verified by the probe. Pure.
 *
 * The status is the record: `startTime` and `before` are stored first, then the execution is asked for under the run's uid, which
 * the backend never executes twice. Whatever crashes in between, the next pass goes on from the record.
 */
import type { AnsibleRun, AnsibleRunStatus } from '../../api/v1alpha1/ansibleRun.ts';
import type { HostResult } from '../../api/v1alpha1/ansibleRunStatus.ts';
import type { Plan, StatusFields } from '../../runtime/feature.ts';
import { counted, listed, shortened } from '../../lib/text.ts';
import { refusalOf, releaseOf, startOf, stopOf, type RunEffect } from './backend.ts';
import { beforeInLines, linesBefore } from './before.ts';
import { obstacleTo, type Obstacle } from './checks.ts';
import { copied, markOf } from './mark.ts';
import type { RunMeans } from './needs.ts';
import { requestOf } from './request.ts';
import { backBy, holdsBy, resultsOf, stillUnreachable, type Ended, type Verify, type Results } from './results.ts';
import { selectionOf, withoutThose } from './selection.ts';
import { turnReason } from './turns.ts';
import { succeeded, succeededOf, verdictOf, type VerdictWords } from './verdict.ts';
import { checksOn, selectedBlocks } from './work.ts';
import {
  workOf,
  type FreshWorld,
  type Lasting,
  type RunHost,
  type RunWork,
  type RunWorld,
  type StartedWorld,
} from './world.ts';

type RunPlan = Plan<AnsibleRun, RunEffect>;

const pollSeconds = 1;
const blockedSeconds = 15;
const turnSeconds = 3;
/** Hosts may be away for a moment when a service was restarted. */
const settleSeconds = 60;
const mostFailures = 1000;
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
    return seconds < most ? running(status, chosen, state.message) : stopped(run, world, now, means);
  }
  if (state.is === 'absent' || state.is === 'prepared') {
    if (seconds >= startSeconds) return neverStarted(run, now, means);
    if (state.is === 'prepared') return { ...running(status, chosen), afterStatus: releaseOf(run, means) };
    return startAgain(run, { ...world, hosts: chosen }, now, means);
  }
  return ended(run, { ...world, state }, now, means);
}

/** The record is older than the start: the operator ended in between. What is changed is what was recorded, where it still differs. */
function startAgain(run: AnsibleRun, world: StartedWorld, now: Date, means: RunMeans): RunPlan {
  const { before, repairs } = selectionOf(world, means);
  const request = requestOf(run, world, repairs, means);
  const refusal = refusalOf(run, request, means);
  if (refusal !== undefined) return invalid(run, { is: 'invalid', reason: 'RequestRefused', message: refusal }, now);
  const recorded = { ...run.status, before: beforeInLines(before) };
  const { status, afterStatus } = startOf(run, request, recorded, means);
  return { ...running({ ...recorded, ...status }, world.hosts), afterStatus };
}

/** A start that is prevented for so long is not awaited any further: its hosts are free for others. */
function neverStarted(run: AnsibleRun, now: Date, means: RunMeans): RunPlan {
  const last = run.status?.conditions?.find(({ type, reason }) => type === 'Succeeded' && reason !== 'Running');
  const why = last ? `: ${last.message}` : '';
  const message = `could not be started within ${startSeconds} s${why}; fix that, then create another run`;
  const actions = run.spec.backend === 'Local' ? stopOf(run, means) : [];
  return invalid(run, { is: 'invalid', reason: 'NotStarted', message }, now, actions);
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

/** With what it waits for, where its pod does not run. */
function running(status: StatusFields<AnsibleRun>, hosts: readonly RunHost[], awaited?: string): RunPlan {
  const reason = awaited === undefined ? 'Running' : 'JobWaiting';
  const message = awaited ?? `Ansible is running on ${listed(hosts.map(({ name }) => name))}`;
  return {
    outcome: { is: 'progressing', reason, message, recheckAfter: pollSeconds },
    conditions: succeeded('Unknown', reason, message),
    status,
    actions: [],
  };
}

function complete(status: StatusFields<AnsibleRun>, now: Date, results: Results, words: VerdictWords): RunPlan {
  const { hosts, failures } = results;
  const conditions = verdictOf(results, words);
  const good = hosts.filter(({ outcome }) => outcome === 'Verified' || outcome === 'Completed').length;
  const word = hosts.some(({ outcome }) => outcome === 'Completed') ? 'completed' : 'verified';
  const { reason, message } = conditions['Succeeded'] ?? { reason: 'Complete', message: '' };
  const rest = { ...status };
  delete rest.failures;
  return {
    outcome: { is: 'ready', reason, message },
    conditions,
    status: {
      ...rest,
      completionTime: now.toISOString(),
      ...(hosts.length && { hosts: [...hosts] }),
      ...(failures.length && { failures: failures.slice(0, mostFailures) }),
      summary: hosts.length ? `${good}/${hosts.length} ${word}` : reason,
    },
    actions: [],
  };
}

/** It waits for what a person may yet provide. */
function blocked({ status = {} }: AnsibleRun, { reason, message }: Obstacle): RunPlan {
  return {
    outcome: { is: 'waiting', reason, message, recheckAfter: reason === turnReason ? turnSeconds : blockedSeconds },
    conditions: succeeded('Unknown', reason, message),
    status,
    actions: [],
  };
}

/** It can never run. */
function invalid(
  { status }: AnsibleRun,
  { reason, message }: Obstacle,
  now: Date,
  actions: RunPlan['actions'] = [],
): RunPlan {
  return {
    outcome: { is: 'ready', reason, message },
    conditions: succeeded('False', reason, message),
    status: {
      ...status,
      ...(status?.hosts && { hosts: status.hosts.map((host) => unknownBecause(host, message)) }),
      completionTime: now.toISOString(),
      summary: reason,
    },
    actions,
  };
}

/** A host of which nothing was known yet. */
function unknownBecause(host: HostResult, message: string): HostResult {
  return host.outcome === 'Unknown' ? { ...host, message: shortened(message, 1000) } : host;
}

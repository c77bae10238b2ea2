/**
 * The life of a run: recorded as started before anything runs, executed once, verified by the probe. Pure.
 *
 * The status is the record: `startTime` and `before` are stored first, then the execution is asked for under the run's uid, which
 * the backend never executes twice. Whatever crashes in between, the next pass goes on from the record.
 */
import type { AnsibleRun, AnsibleRunStatus } from '../../api/v1alpha1/ansibleRun.ts';
import type { Plan, StatusFields } from '../../runtime/feature.ts';
import { counted, listed } from '../../lib/text.ts';
import { executorOf, seenExecutor, startOf, withoutSecret, type RunEffect } from './backend.ts';
import { beforeInLines, linesBefore } from './before.ts';
import { obstacleTo, type Obstacle } from './checks.ts';
import type { RunMeans } from './needs.ts';
import { requestOf } from './request.ts';
import { backBy, holdsBy, resultsOf, stillUnreachable, type Verify, type Results } from './results.ts';
import { selectionOf, withoutThose } from './selection.ts';
import { succeeded, succeededOf, verdictOf, type VerdictWords } from './verdict.ts';
import { checksOn, selectedBlocks } from './work.ts';
import { workOf, type FreshWorld, type RunHost, type RunWork, type RunWorld, type StartedWorld } from './world.ts';

type RunPlan = Plan<AnsibleRun, RunEffect>;

const pollSeconds = 1;
const blockedSeconds = 15;
/** Hosts may be away for a moment when a service was restarted. */
const settleSeconds = 60;
const mostFailures = 1000;

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
    case 'fresh':
      return decideFresh(run, world, now, means);
    case 'started':
      return goOn(run, world, now, means);
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
  const status: StatusFields<AnsibleRun> = {
    startTime: now.toISOString(),
    executor: executorOf(run, means),
    summary: `running on ${counted(chosen.length, 'host')}`,
    hosts: results.hosts.map((host) =>
      chosen.some(({ name }) => name === host.name)
        ? { name: host.name, outcome: 'Unknown', message: 'Ansible is running' }
        : host,
    ),
    ...(failures.length && { failures: [...failures] }),
    before: beforeInLines(before),
  };
  const work = { ...world, hosts: chosen, blocks: selectedBlocks(world.blocks, before) };
  const request = requestOf(run, work, repairs, means);
  return { ...running(status, chosen), afterStatus: startOf(run, request, means) };
}

function goOn(run: AnsibleRun, world: StartedWorld, now: Date, means: RunMeans): RunPlan {
  const { state } = world;
  const status: AnsibleRunStatus = run.status ?? {};
  const before = linesBefore(status.before);
  const isChosen = (name: string) => !before.length || before.some(({ device }) => device === name);
  const chosen = world.hosts.filter(({ name }) => isChosen(name));
  if (state.is === 'running') return running({ ...status, executor: seenExecutor(run) }, chosen);
  // The record is older than the start: the operator ended in between. What is changed is what was recorded, where it still differs.
  if (state.is === 'absent') {
    const { before: still, repairs } = selectionOf(world, means);
    const request = requestOf(run, { ...world, hosts: chosen }, repairs, means);
    return {
      ...running({ ...status, before: beforeInLines(still) }, chosen),
      afterStatus: startOf(run, request, means),
    };
  }

  const finishTime = status.finishTime ?? now.toISOString();
  const waited = (now.getTime() - Date.parse(finishTime)) / 1000;
  if (waited < settleSeconds && stillUnreachable(world))
    return { ...running({ ...status, finishTime }, chosen), outcome: settling(world) };
  const byProbe = run.spec.mode !== 'Check' && world.blocks.length > 0;
  const verify = world.reverted ? backBy(before, means.conceal) : holdsBy(means.conceal);
  const names = (status.hosts ?? []).map(({ name }) => name).filter(isChosen);
  const work = byProbe ? world : { ...world, blocks: [] };
  const verified = resultsOf({ work, names, ended: state, verify, leftAlone: status.failures });
  const hosts = (status.hosts ?? []).map((host) => verified.hosts.find(({ name }) => name === host.name) ?? host);
  const unverified = (status.failures ?? []).filter(({ device }) => !names.includes(device));
  const results = { hosts, failures: [...verified.failures, ...unverified] };
  const note =
    state.is === 'lost'
      ? state.message
      : state.timedOut
        ? `Ansible was stopped after ${run.spec.timeoutSeconds ?? 1800} s`
        : (state.message ?? '');
  const plan = complete({ ...status, finishTime }, now, results, {
    note,
    failure: state.is === 'lost' ? 'Interrupted' : state.timedOut ? 'TimedOut' : 'Failed',
    right: rightWords(world),
  });
  const tell: RunEffect = { do: 'tell', run, hosts, forget: run.spec.backend === 'Local' };
  return { ...plan, actions: withoutSecret(run, world.secretUid), afterStatus: [{ do: 'perform', effect: tell }] };
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

function running(status: StatusFields<AnsibleRun>, hosts: readonly RunHost[]): RunPlan {
  const message = `Ansible is running on ${listed(hosts.map(({ name }) => name))}`;
  return {
    outcome: { is: 'progressing', reason: 'Running', message, recheckAfter: pollSeconds },
    conditions: succeeded('Unknown', 'Running', message),
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
    outcome: { is: 'waiting', reason, message, recheckAfter: blockedSeconds },
    conditions: succeeded('Unknown', reason, message),
    status,
    actions: [],
  };
}

/** It can never run. */
function invalid({ status }: AnsibleRun, { reason, message }: Obstacle, now: Date): RunPlan {
  return {
    outcome: { is: 'ready', reason, message },
    conditions: succeeded('False', reason, message),
    status: { ...status, completionTime: now.toISOString(), summary: reason },
    actions: [],
  };
}

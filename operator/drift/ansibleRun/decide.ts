/**
 * The life of a run: recorded as started before anything runs, executed once, judged by the probe. Pure.
 *
 * The status is the record: `startTime` and `before` are stored first, then the execution is asked for under the run's uid, which
 * the backend never executes twice. Whatever crashes in between, the next pass goes on from the record.
 */
import type { AnsibleRun, AnsibleRunStatus } from '../../api/v1alpha1/ansibleRun.ts';
import type { CheckFailure, HostResult } from '../../api/v1alpha1/ansibleRunStatus.ts';
import type { AnsibleRequest } from '../../connect/ansible/types.ts';
import type { Plan, StatusFields } from '../../runtime/feature.ts';
import { counted, listed, shortened } from '../../lib/text.ts';
import { remedyOf } from '../checks/remedy.ts';
import { compareCheck } from '../probe/compare.ts';
import { beforeInLines, linesBefore, type Before } from './before.ts';
import type { RunHost, RunWork, RunWorld } from './observe.ts';
import { executorOf, seenExecutor, startOf, withoutSecret } from './backend.ts';
import type { RunNeeds } from './needs.ts';
import { succeeded, succeededOf, verdictOf, type VerdictWords } from './verdict.ts';
import { backBy, holdsBy, inWords, resultsOf, stateOf, stillUnreachable, type Judge, type Results } from './results.ts';
import { checksOn, repairing, selectedBlocks, undoing, type Repair } from './work.ts';

/** Side effects outside Kubernetes. */
export type RunEffect =
  | { readonly do: 'start'; readonly id: string; readonly request: AnsibleRequest }
  | { readonly do: 'cancel'; readonly id: string }
  /** Counts the outcomes of a complete run, and removes what the backend keeps of it. */
  | { readonly do: 'tell'; readonly run: AnsibleRun; readonly hosts: readonly HostResult[]; readonly forget: boolean };

type RunPlan = Plan<AnsibleRun, RunEffect>;

const pollSeconds = 1;
const blockedSeconds = 15;
/** Hosts may be away for a moment when a service was restarted. */
const settleSeconds = 60;
const mostFailures = 1000;

export function decideRun(run: AnsibleRun, world: RunWorld, now: Date, needs: RunNeeds): RunPlan {
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
        outcome: { is: 'progressing', reason: 'Deleted', message: 'is being deleted', recheckAfter: 1 },
        conditions: succeededOf(run),
        status,
        actions: [],
      };
    case 'blocked':
      return {
        outcome: { is: 'waiting', reason: world.reason, message: world.message, recheckAfter: blockedSeconds },
        conditions: succeeded('Unknown', world.reason, world.message),
        status,
        actions: [],
      };
    case 'invalid':
      return invalid(status, now, world.reason, world.message);
    case 'fresh':
      return begin(run, world, now, needs);
    case 'started':
      return goOn(run, world, now, needs);
  }
}

/** Records what is about to run, and asks for it once that is stored. Nothing runs where everything holds already. */
function begin(run: AnsibleRun, world: RunWork, now: Date, needs: RunNeeds): RunPlan {
  const { before, failures, repairs } = world.reverted ? selectedToUndo(world) : selected(world, needs);
  const isOwn = world.playbook !== undefined && !world.blocks.length;
  const chosen = isOwn ? world.hosts : world.hosts.filter(({ name }) => before.some(({ device }) => device === name));
  // A host on which the other run changed nothing has nothing to be undone.
  const names = world.hosts
    .map(({ name }) => name)
    .filter((name) => !world.reverted || checksOn(name, world.blocks).length);
  const judge: Judge = world.reverted ? () => undefined : holdsBy(needs.conceal);
  const untouched = { ...world, blocks: withoutThose(world.blocks, failures) };
  const results = resultsOf(untouched, names, undefined, judge, failures);
  if (!chosen.length) {
    return complete({ ...run.status, startTime: now.toISOString() }, now, results, {
      note: 'nothing was run',
      right: rightWords(world),
    });
  }
  const status: StatusFields<AnsibleRun> = {
    startTime: now.toISOString(),
    executor: executorOf(run, needs),
    summary: `${counted(chosen.length, 'host')} at work`,
    hosts: results.hosts.map((host) =>
      chosen.some(({ name }) => name === host.name)
        ? { name: host.name, outcome: 'Unknown', message: 'Ansible is at work' }
        : host,
    ),
    ...(failures.length && { failures: [...failures] }),
    before: beforeInLines(before),
  };
  const request = requestOf(run, { ...world, blocks: selectedBlocks(world.blocks, before) }, chosen, repairs, needs);
  return { ...running(status, chosen), afterStatus: startOf(run, request, needs.jobs) };
}

interface Selection {
  readonly before: readonly Before[];
  readonly repairs: readonly Repair[];
  /** What is not even tried, and why. */
  readonly failures: readonly CheckFailure[];
}

/** Pairs of host and check that differ now: what no longer differs is left alone, what cannot be read is not touched. */
function selected(world: RunWork, { conceal }: RunNeeds): Selection {
  const all = world.hosts.flatMap(({ name, observation }) => {
    if (observation?.is !== 'seen') return [];
    return checksOn(name, world.blocks).flatMap((check, index) => {
      const answer = observation.observed[index];
      const comparison = answer && compareCheck(check, answer, conceal);
      if (!answer || comparison?.is !== 'known' || !comparison.differences.length) return [];
      const pair = { device: name, check: check.name };
      const state = {
        ...pair,
        found: shortened(inWords(comparison.differences), 1000),
        state: stateOf(comparison, conceal),
      };
      // A playbook of its author's own is not held to what Holdfast itself would do.
      return [{ ...pair, state, remedy: world.playbook ? undefined : remedyOf(check, answer) }];
    });
  });
  return {
    before: all.flatMap(({ state, remedy }) => (remedy?.is === 'manual' ? [] : [state])),
    repairs: all.flatMap(({ device, check, remedy }) =>
      remedy?.is === 'changes' ? [{ device, check, changes: remedy.changes }] : [],
    ),
    failures: all.flatMap(({ device, check, remedy }) =>
      remedy?.is === 'manual' ? [{ device, check, refused: true, message: shortened(remedy.message, 1000) }] : [],
    ),
  };
}

/** All that the other run set out to change, whatever is there now: what it left is known on the host alone. */
function selectedToUndo({ hosts, reverted }: RunWork): Selection {
  const seen = hosts.flatMap(({ name, observation }) => (observation?.is === 'seen' ? [name] : []));
  const before = linesBefore(reverted?.status?.before).filter(({ device }) => seen.includes(device));
  return { before, repairs: [], failures: [] };
}

/** Those that a run leaves alone are judged no more. */
function withoutThose(blocks: RunWork['blocks'], failures: readonly CheckFailure[]): RunWork['blocks'] {
  const left = new Set(failures.map(({ device, check }) => `${device}/${check}`));
  return blocks.map((block) => ({
    ...block,
    devices: block.devices.filter((device) => !left.has(`${device}/${block.check.name}`)),
  }));
}

function requestOf(
  run: AnsibleRun,
  { blocks, playbook, reverted }: RunWork,
  hosts: readonly RunHost[],
  repairs: readonly Repair[],
  { hostModule }: RunNeeds,
): AnsibleRequest {
  const { spec, metadata } = run;
  const generated = reverted
    ? undoing(blocks, reverted.metadata.uid ?? '', hostModule)
    : repairing(repairs, metadata.uid ?? '', hostModule);
  return {
    hosts: hosts.map(({ name, target }) => ({
      name,
      target,
      variables: playbook ? {} : generated.variablesOf(name),
    })),
    playbook: playbook ?? generated.playbook,
    variables: spec.variables ?? {},
    check: spec.mode === 'Check',
    forks: spec.forks ?? 10,
    timeoutSeconds: spec.timeoutSeconds ?? 1800,
    ...(spec.serial !== undefined && { serial: spec.serial }),
    ...(spec.maxFailPercentage !== undefined && { maxFailPercentage: spec.maxFailPercentage }),
  };
}

function goOn(run: AnsibleRun, world: RunWorld & { is: 'started' }, now: Date, needs: RunNeeds): RunPlan {
  const { state } = world;
  const status: AnsibleRunStatus = run.status ?? {};
  const before = linesBefore(status.before);
  const isChosen = (name: string) => !before.length || before.some(({ device }) => device === name);
  const chosen = world.hosts.filter(({ name }) => isChosen(name));
  if (state.is === 'running') return running({ ...status, executor: seenExecutor(run) }, chosen);
  // The record is older than the start: the operator ended in between. What is changed is what was recorded, where it still differs.
  if (state.is === 'absent') {
    const { before: still, repairs } = world.reverted ? selectedToUndo(world) : selected(world, needs);
    const request = requestOf(run, world, chosen, repairs, needs);
    return {
      ...running({ ...status, before: beforeInLines(still) }, chosen),
      afterStatus: startOf(run, request, needs.jobs),
    };
  }

  const finishTime = status.finishTime ?? now.toISOString();
  const waited = (now.getTime() - Date.parse(finishTime)) / 1000;
  if (waited < settleSeconds && stillUnreachable(world))
    return { ...running({ ...status, finishTime }, chosen), outcome: settling(world) };
  const byProbe = run.spec.mode !== 'Check' && world.blocks.length > 0;
  const judge = world.reverted ? backBy(before, needs.conceal) : holdsBy(needs.conceal);
  const names = (status.hosts ?? []).map(({ name }) => name).filter(isChosen);
  const judged = resultsOf(byProbe ? world : { ...world, blocks: [] }, names, state, judge, status.failures);
  const hosts = (status.hosts ?? []).map((host) => judged.hosts.find(({ name }) => name === host.name) ?? host);
  const unjudged = (status.failures ?? []).filter(({ device }) => !names.includes(device));
  const results = { hosts, failures: [...judged.failures, ...unjudged] };
  const note =
    state.is === 'lost'
      ? state.message
      : state.timedOut
        ? `Ansible was ended after ${run.spec.timeoutSeconds ?? 1800} s`
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
  return reverted ? `all is as it was before AnsibleRun '${reverted.metadata.name}'` : 'all checks of this run hold';
}

function settling(world: RunWork): RunPlan['outcome'] {
  const away = world.hosts.flatMap(({ name, observation }) => (observation && observation.is !== 'seen' ? [name] : []));
  return {
    is: 'progressing',
    reason: 'Verifying',
    message: `Ansible has ended; waiting for ${listed(away)} to answer again`,
    recheckAfter: 5,
  };
}

function running(status: StatusFields<AnsibleRun>, hosts: readonly RunHost[]): RunPlan {
  const message = `Ansible is at work on ${listed(hosts.map(({ name }) => name))}`;
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

/** It can never run. */
function invalid(status: StatusFields<AnsibleRun>, now: Date, reason: string, message: string): RunPlan {
  return {
    outcome: { is: 'ready', reason, message },
    conditions: succeeded('False', reason, message),
    status: { ...status, completionTime: now.toISOString(), summary: reason },
    actions: [],
  };
}

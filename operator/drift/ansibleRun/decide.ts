/**
 * The life of a run: recorded as started before anything runs, executed once, judged by the probe. Pure.
 *
 * The status is the record: `startTime` and `before` are stored first, then the execution is asked for under the run's uid, which
 * the backend never executes twice. Whatever crashes in between, the next pass goes on from the record.
 */
import type { AnsibleRun, AnsibleRunStatus, HostResult, StateBefore } from '../../api/v1alpha1/ansibleRun.ts';
import type { AnsibleRequest } from '../../connect/ansible/types.ts';
import type { DomainConditions, Plan, StatusFields } from '../../runtime/feature.ts';
import { counted, listed } from '../../lib/text.ts';
import { checkAsFound, compareCheck } from '../probe/compare.ts';
import type { RunHost, RunWork, RunWorld } from './observe.ts';
import { executorOf, seenExecutor, startOf, withoutSecret } from './backend.ts';
import type { RunParts } from './parts.ts';
import { resultsOf, stillUnreachable } from './results.ts';
import { checksOn, playbookTasks, selectedBlocks } from './work.ts';

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
const mostFoundBytes = 400_000;

export function decideRun(run: AnsibleRun, world: RunWorld, now: Date, parts: RunParts): RunPlan {
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
      return complete(status, now, [], succeeded('False', world.reason, world.message));
    case 'fresh':
      return begin(run, world, now, parts);
    case 'started':
      return goOn(run, world, now, parts);
  }
}

/** Records what is about to run, and asks for it once that is stored. Nothing runs where everything holds already. */
function begin(run: AnsibleRun, world: RunWork, now: Date, parts: RunParts): RunPlan {
  const before = selected(world, parts);
  const byPlaybook = world.playbook !== undefined;
  const work = { ...world, blocks: selectedBlocks(world.blocks, before) };
  const chosen =
    byPlaybook && !world.blocks.length
      ? world.hosts
      : world.hosts.filter(({ name }) => before.some(({ device }) => device === name));
  if (!chosen.length) {
    const hosts = resultsOf(
      world,
      world.hosts.map(({ name }) => name),
      undefined,
      parts.conceal,
    );
    return complete(
      { ...run.status, startTime: now.toISOString() },
      now,
      hosts,
      verdictOf(hosts, 'nothing differs any more; nothing was run'),
    );
  }
  const status: StatusFields<AnsibleRun> = {
    startTime: now.toISOString(),
    executor: executorOf(run, parts),
    summary: `${counted(chosen.length, 'host')} at work`,
    hosts: resultsOf(
      world,
      world.hosts.map(({ name }) => name),
      undefined,
      parts.conceal,
    ).map((host) =>
      chosen.some(({ name }) => name === host.name)
        ? { ...host, outcome: 'Unknown', message: 'Ansible is at work' }
        : host,
    ),
    before,
  };
  return { ...running(status, chosen), afterStatus: startOf(run, requestOf(run, work, chosen), parts.jobs) };
}

/** Pairs of host and check that differ now: what no longer differs is left alone, what cannot be read is not touched. */
function selected(world: RunWork, { conceal }: RunParts): StateBefore[] {
  let bytes = 0;
  return world.hosts.flatMap(({ name, observation }) => {
    if (observation?.is !== 'seen') return [];
    return checksOn(name, world.blocks).flatMap((check, index): StateBefore[] => {
      const answer = observation.observed[index];
      const comparison = answer && compareCheck(check, answer, conceal);
      if (!answer || comparison?.is !== 'known' || !comparison.differences.length) return [];
      const found = checkAsFound(check, answer);
      bytes += found ? JSON.stringify(found).length : 0;
      return [{ device: name, check: check.name, ...(found && bytes < mostFoundBytes && { found: { ...found } }) }];
    });
  });
}

function requestOf(
  run: AnsibleRun,
  { blocks, playbook, revertedUid }: RunWork,
  hosts: readonly RunHost[],
): AnsibleRequest {
  const { spec, metadata } = run;
  const tasks = playbookTasks(blocks, metadata.uid ?? '', revertedUid);
  return {
    hosts: hosts.map(({ name, target }) => ({
      name,
      target,
      variables: { holdfast_checks: blocks.filter(({ devices }) => devices.includes(name)).map(({ id }) => id) },
    })),
    playbook: playbook ?? { is: 'tasks', tasks },
    variables: spec.variables ?? {},
    check: spec.mode === 'Check',
    forks: spec.forks ?? 10,
    timeoutSeconds: spec.timeoutSeconds ?? 1800,
    ...(spec.serial !== undefined && { serial: spec.serial }),
    ...(spec.maxFailPercentage !== undefined && { maxFailPercentage: spec.maxFailPercentage }),
  };
}

function goOn(run: AnsibleRun, world: RunWorld & { is: 'started' }, now: Date, parts: RunParts): RunPlan {
  const { state } = world;
  const status: AnsibleRunStatus = run.status ?? {};
  const isChosen = (name: string) => !status.before?.length || status.before.some(({ device }) => device === name);
  const chosen = world.hosts.filter(({ name }) => isChosen(name));
  if (state.is === 'running') return running({ ...status, executor: seenExecutor(run) }, chosen);
  // The record is older than the start: the operator ended in between.
  if (state.is === 'absent')
    return { ...running(status, chosen), afterStatus: startOf(run, requestOf(run, world, chosen), parts.jobs) };

  const finishTime = status.finishTime ?? now.toISOString();
  const waited = (now.getTime() - Date.parse(finishTime)) / 1000;
  if (waited < settleSeconds && stillUnreachable(world))
    return { ...running({ ...status, finishTime }, chosen), outcome: settling(world) };
  const byProbe = run.spec.mode !== 'Check' && world.blocks.length > 0;
  const hosts = (status.hosts ?? []).flatMap((host) =>
    isChosen(host.name)
      ? resultsOf(byProbe ? world : { ...world, blocks: [] }, [host.name], state, parts.conceal)
      : [host],
  );
  const note =
    state.is === 'lost'
      ? state.message
      : state.timedOut
        ? `Ansible was ended after ${run.spec.timeoutSeconds ?? 1800} s`
        : (state.message ?? '');
  const plan = complete(
    { ...status, finishTime },
    now,
    hosts,
    verdictOf(hosts, note, state.is === 'lost' ? 'Interrupted' : state.timedOut ? 'TimedOut' : 'Failed'),
  );
  const tell: RunEffect = { do: 'tell', run, hosts, forget: run.spec.backend === 'Local' };
  return { ...plan, actions: withoutSecret(run, world.secretUid), afterStatus: [{ do: 'perform', effect: tell }] };
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

function complete(
  status: StatusFields<AnsibleRun>,
  now: Date,
  hosts: readonly HostResult[],
  conditions: DomainConditions,
): RunPlan {
  const good = hosts.filter(({ outcome }) => outcome === 'Verified' || outcome === 'Completed').length;
  const word = hosts.some(({ outcome }) => outcome === 'Completed') ? 'completed' : 'verified';
  const { reason, message } = conditions['Succeeded'] ?? { reason: 'Complete', message: '' };
  return {
    outcome: { is: 'ready', reason, message },
    conditions,
    status: {
      ...status,
      completionTime: now.toISOString(),
      ...(hosts.length && { hosts: [...hosts] }),
      summary: hosts.length ? `${good}/${hosts.length} ${word}` : reason,
    },
    actions: [],
  };
}

function verdictOf(
  hosts: readonly HostResult[],
  note: string,
  failure: 'Failed' | 'Interrupted' | 'TimedOut' = 'Failed',
): DomainConditions {
  const bad = hosts.filter(({ outcome }) => outcome !== 'Verified' && outcome !== 'Completed');
  if (!bad.length) {
    const reason = hosts.some(({ outcome }) => outcome === 'Completed') ? 'Completed' : 'Verified';
    const message = `${counted(hosts.length, 'host')} ${reason === 'Verified' ? 'looked at again: all checks of this run hold' : 'done, as Ansible says'}${note ? ` (${note})` : ''}`;
    return succeeded('True', reason, message);
  }
  const words = bad.slice(0, 3).map(({ name, outcome, message }) => `${name}: ${message ?? outcome}`);
  const more = bad.length > 3 ? ` and ${bad.length - 3} more hosts` : '';
  return succeeded('False', failure, `${words.join('; ')}${more}${note ? ` (${note})` : ''}`);
}

function succeeded(status: 'True' | 'False' | 'Unknown', reason: string, message: string): DomainConditions {
  return { Succeeded: { status, reason, message, warns: status === 'False' } };
}

function succeededOf(run: AnsibleRun): DomainConditions {
  const condition = run.status?.conditions?.find(({ type }) => type === 'Succeeded');
  return condition ? succeeded(condition.status, condition.reason, condition.message) : {};
}

/** A pass over the run of the model: `decideRun` on what `observe.ts` would read, and the writes that follow from its plan. Pure. */
import type { AnsibleRun, AnsibleRunStatus } from '../../operator/api/v1alpha1/ansibleRun.ts';
import type { AnsibleState } from '../../operator/connect/ansible/types.ts';
import type { RunEffect } from '../../operator/drift/ansibleRun/backend.ts';
import { linesBefore } from '../../operator/drift/ansibleRun/before.ts';
import { decideRun } from '../../operator/drift/ansibleRun/decide.ts';
import type { RunMeans } from '../../operator/drift/ansibleRun/needs.ts';
import { phaseOf, type Phase } from '../../operator/drift/ansibleRun/stopwatch.ts';
import { blocksOf, selectedBlocks } from '../../operator/drift/ansibleRun/work.ts';
import type { RunHost, RunWorld } from '../../operator/drift/ansibleRun/world.ts';
import type { HostObservation } from '../../operator/drift/probe/observation.ts';
import type { Action } from '../../operator/runtime/feature.ts';
import { fileFound, makeWholeRun, now as begin } from '../builders/drift.ts';
import { interning } from './keys.ts';
import { tick, type HostIs, type State, type Version, type WorkIs, type Write } from './runState.ts';

export type Backend = 'Job' | 'Local';

/** What is broken on purpose, so that the search must find it. */
export interface RunFaults {
  readonly unboundWrites?: boolean;
  readonly startsBeforeRecord?: boolean;
  readonly startsTwice?: boolean;
  readonly looksOnlyOnce?: boolean;
  /** A start that is asked for again is recorded as of then. */
  readonly looksAgain?: boolean;
  readonly neverAsksAgain?: boolean;
  readonly leavesFenceOpen?: boolean;
  readonly forgetsExecuted?: boolean;
  /** A Job is not stopped before its run is gone. */
  readonly leavesJobs?: boolean;
}

/** Since how many ticks the run is in its phase. */
export interface Timed {
  readonly phase: Phase;
  readonly ticks: number;
}

export interface Passed {
  readonly writes: readonly Write[];
  readonly timed?: Timed | undefined;
}

const check = { name: 'token', file: { path: '/etc/token', maxMode: '0640' } } as const;
const modes = { wrong: 0o666, other: 0o664, right: 0o600 } as const;
const timeoutSeconds = 60;

export const internStatus = interning<AnsibleRunStatus>();

export function dateOf(ticks: number): Date {
  return new Date(begin.getTime() + ticks * tick);
}

/** How it goes on, decided once for equal inputs. */
export function passing(backend: Backend, faults: RunFaults): (state: State) => Passed {
  const bare = makeWholeRun('rhel9-1', { checks: [check], backend, timeoutSeconds });
  const decided = new WeakMap<AnsibleRunStatus, Map<string, Passed>>();
  return (state) => {
    const { operator, ticks, host, executor, process, isUnwanted } = state;
    const seen = state.versions[operator.view - state.oldest]!;
    const all = decided.get(seen.status) ?? new Map<string, Passed>();
    decided.set(seen.status, all);
    const job = state.jobs[seen.status.job?.uid ?? ''];
    const { phase, ticks: timed } = operator.timed ?? {};
    const record = JSON.stringify(state.record);
    const given = [seen.isDeleted, ticks, host, executor, process, job, isUnwanted, phase, timed, state.nonces, record];
    const passed = all.get(given.join()) ?? pass(state, seen);
    all.set(given.join(), passed);
    return passed;
  };

  function pass(state: State, seen: Version): Passed {
    if (faults.looksOnlyOnce && seen.status.startTime) return { writes: [] };
    if (seen.isDeleted) return { writes: [...endsOf(state, seen), { do: 'letGo' }] };
    const nonce = `nonce${state.nonces}`;
    const isAnew = faults.looksAgain && state.executor === 'here' && !state.process && !seen.status.completionTime;
    const run: AnsibleRun = { ...bare, status: isAnew ? {} : seen.status };
    const { world, timed } = worldOf(state, run);
    const plan = decideRun(run, world, dateOf(state.ticks), meansOf(state, nonce));
    const succeeded = plan.conditions?.['Succeeded'];
    const conditions = succeeded && [
      {
        type: 'Succeeded',
        lastTransitionTime: '',
        status: succeeded.status,
        reason: succeeded.reason,
        message: succeeded.message,
      },
    ];
    const { startTime = plan.status.startTime } = seen.status;
    const told = { ...plan.status, ...(startTime !== undefined && { startTime }), ...(conditions && { conditions }) };
    const status = internStatus(told);
    const after = (plan.afterStatus ?? []).flatMap((action) => writesOf(action, nonce, status));
    const record: Write[] = status === seen.status && !after.length ? [] : [{ do: 'status', status }];
    const effects = plan.actions.flatMap((action) => writesOf(action, nonce, status));
    const kept = faults.leavesFenceOpen ? [] : effects;
    const writes = [...kept, ...(faults.startsBeforeRecord ? [...after, ...record] : [...record, ...after])];
    return { writes, timed };
  }

  /** As `cleanUp` ends what a run that is deleted has begun. */
  function endsOf({ jobs }: State, { status: { job } }: Version): Write[] {
    if (backend === 'Local') return [{ do: 'cancel' }];
    const uid = job?.uid;
    const is = uid === undefined || faults.leavesJobs ? undefined : jobs[uid];
    return uid !== undefined && (is === 'prepared' || is === 'released' || is === 'running')
      ? [{ do: 'stop', uid }]
      : [];
  }

  /** As `observe.ts` reads it. */
  function worldOf(state: State, { status = {} }: AnsibleRun): { world: RunWorld; timed?: Timed | undefined } {
    if (status.completionTime) return { world: { is: 'complete' } };
    const isKnown = backend === 'Local' && state.process !== undefined && !faults.forgetsExecuted;
    if (status.startTime) return startedWorld(state, status);
    if (isKnown && state.record) return startedWorld(state, state.record, true);
    if (isKnown) return startedWorld(state, { startTime: '', executor: state.executor, hosts: [] }, true);
    const fresh = { readAt: dateOf(state.ticks), atWork: [], blocks: blocksOf(bare), hosts: [hostOf(state.host)] };
    return { world: { is: 'fresh', ...fresh, ...(state.isUnwanted && { unwanted }) } };
  }

  function startedWorld(
    state: State,
    status: AnsibleRunStatus,
    isLost = false,
  ): { world: RunWorld; timed?: Timed | undefined } {
    const is = stateOfRun(state, status);
    const phase = phaseOf(is);
    const { timed } = state.operator;
    const ticks = timed?.phase === phase ? timed.ticks : 0;
    const all = blocksOf(bare);
    const world: RunWorld = {
      is: 'started',
      state: is,
      hosts: [hostOf(state.host)],
      blocks: all.length ? selectedBlocks(all, linesBefore(status.before)) : [],
      seconds: (ticks * tick) / 1000,
      ...(isLost && { lostStatus: status }),
      ...(state.isUnwanted && phase === 'starting' && !faults.neverAsksAgain && { unwanted }),
    };
    return { world, timed: { phase, ticks } };
  }

  function stateOfRun(state: State, { executor, job }: AnsibleRunStatus): AnsibleState {
    if (executor !== (backend === 'Local' ? state.executor : 'Job'))
      return { is: 'lost', message: 'the operator is gone' };
    if (backend === 'Local') return stateOfWork(state.process);
    return job?.uid ? stateOfWork(state.jobs[job.uid] ?? 'lost') : { is: 'absent' };
  }

  function writesOf(action: Action<RunEffect>, nonce: string, status: AnsibleRunStatus): Write[] {
    if (action.do === 'create' && action.kind.kind === 'Job')
      return [
        { do: 'job', nonce },
        { do: 'uid', uid: nonce, status },
      ];
    if (action.do === 'patch') {
      const { path, value } = action.patch[0] as unknown as { path: 'release' | 'stop'; value: string };
      return [{ do: path, uid: value }];
    }
    if (action.do !== 'perform') return [];
    if (action.effect.do === 'tell') return action.effect.forget ? [{ do: 'forget' }] : [];
    if (action.effect.do === 'cancel') return [{ do: 'cancel' }];
    return [{ do: 'start', record: internStatus(action.effect.record.status) }];
  }
}

const unwanted = 'DeviceBaseline rhel9 is suspended';

function stateOfWork(is: WorkIs | undefined): AnsibleState {
  switch (is) {
    case 'finished':
      return { is, exitCode: 0, hosts: [{ name: 'web-01', ok: 2, changed: 1, failed: 0, unreachable: false }] };
    case 'lost':
      return { is, message: 'nobody knows' };
    case 'prepared':
      return { is };
    case undefined:
      return { is: 'absent' };
    case 'released':
    case 'running':
    case 'stopped':
      return { is: 'running' };
  }
}

function meansOf({ executor }: State, nonce: string): RunMeans {
  return {
    conceal: (text) => text,
    hostModule: [],
    localPlaybooks: false,
    executor,
    nonce,
    problemOf: () => undefined,
    jobs: {
      isAvailable: true,
      objectsOf: (_, __, name) => ({
        job: { apiVersion: 'batch/v1', kind: 'Job', metadata: { name } },
        data: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } },
      }),
      problemOf: () => undefined,
      releaseOf: (uid) => [{ op: 'test', path: 'release', value: uid }],
      stopOf: (uid) => [{ op: 'test', path: 'stop', value: uid }],
      stateOf: () => ({ is: 'running' }),
    },
  };
}

function hostOf(is: HostIs): RunHost {
  const target = {
    id: 'fleet/web-01',
    host: 'web-01',
    address: '10.0.0.1',
    port: 22,
    user: 'holdfast',
    become: 'sudo',
  } as const;
  const observation: HostObservation =
    is === 'away'
      ? { is: 'unreachable', reason: 'ConnectionTimedOut', message: 'web-01 does not answer' }
      : { is: 'seen', facts: {}, observed: [fileFound(modes[is])] };
  return {
    name: 'web-01',
    target: { ...target, hostKeys: [], hostCertificateAuthorities: [], privateKey: 'none' },
    secretName: 'fleet-ssh',
    address: target.address,
    observation,
  };
}

/**
 * Model of a run: `decideRun` between an apiserver, a backend, a host and people.
 *
 * Real are `decideRun` and all that it calls. Modeled are the runtime (a pass starts from what its cache shows, not before it has seen its own
 * writes; a status is bound to the version that was looked at; the writes of a pass follow each other and each may be answered, refused,
 * or done without an answer), and `observe.ts`. One check of one host, which may have three values or be away. A tick is longer than any
 * wait of a run but its timeout, which has two. Of times counts how many ticks ago they were, up to four; Jobs are named by order. An
 * operator that lost the lease finishes the write that it has begun, at any time; there is at most one of those.
 *
 * What a former leader may do: where it and its successor both recorded the start before Ansible was asked for, and the host changed between
 * their looks, `before` may be of the look of one of them while the other's request starts. It touches nothing that it did not see (the module
 * on the host compares). Who has led alone since the start never changes `before` afterwards.
 */
import type { AnsibleRun, AnsibleRunStatus } from '../../operator/api/v1alpha1/ansibleRun.ts';
import type { AnsibleState } from '../../operator/connect/ansible/types.ts';
import type { RunEffect } from '../../operator/drift/ansibleRun/backend.ts';
import { linesBefore } from '../../operator/drift/ansibleRun/before.ts';
import { decideRun } from '../../operator/drift/ansibleRun/decide.ts';
import type { RunMeans } from '../../operator/drift/ansibleRun/needs.ts';
import { blocksOf, selectedBlocks } from '../../operator/drift/ansibleRun/work.ts';
import type { RunHost, RunWorld } from '../../operator/drift/ansibleRun/world.ts';
import type { HostObservation } from '../../operator/drift/probe/observation.ts';
import { withValueAt } from '../../operator/lib/valueAt.ts';
import type { Action } from '../../operator/runtime/feature.ts';
import { fileFound, makeWholeRun, now as begin } from '../builders/drift.ts';
import { interning, keyed, renamed } from './keys.ts';
import type { Model, Step } from './search.ts';

const tick = 700_000;
const mostTicks = 4;
const timeoutSeconds = 60;
const check = { name: 'token', file: { path: '/etc/token', maxMode: '0640' } } as const;
const modes = { wrong: 0o666, other: 0o664, right: 0o600 } as const;

type HostIs = keyof typeof modes | 'away';
/** Of a Job, or of the process of backend Local. */
type WorkIs = 'prepared' | 'released' | 'running' | 'finished' | 'lost' | 'stopped';

interface Version {
  readonly status: AnsibleRunStatus;
  readonly isDeleted: boolean;
}

type Write =
  | { readonly do: 'status'; readonly status: AnsibleRunStatus }
  | { readonly do: 'job'; readonly nonce: string }
  | { readonly do: 'uid'; readonly uid: string; readonly status: AnsibleRunStatus }
  | { readonly do: 'release' | 'stop'; readonly uid: string }
  | { readonly do: 'start' | 'cancel' | 'forget' | 'letGo' };

/** The writes that a pass has yet to make. */
interface Flight {
  readonly version: number;
  readonly writes: readonly Write[];
}

interface Operator {
  /** The version that its cache shows, and that of its own last write that was answered. */
  readonly view: number;
  readonly own: number;
  readonly flight?: Flight;
}

interface State {
  readonly ticks: number;
  /** Those that a cache may still show; the last is what the apiserver has. */
  readonly versions: readonly Version[];
  readonly oldest: number;
  readonly isGone: boolean;
  readonly operator: Operator;
  /** Of one that led before. */
  readonly late?: Flight | undefined;
  readonly executor: string;
  readonly host: HostIs;
  readonly jobs: Readonly<Record<string, WorkIs>>;
  readonly process?: WorkIs | undefined;
  readonly nonces: number;
  /** How often Ansible was started, and what was recorded of the host then. */
  readonly ran: number;
  readonly ranOn?: string | undefined;
  /** Whether another operator led since the start. */
  readonly hasChangedHands?: true;
}

/** What is broken on purpose, so that the search must find it. */
export interface RunFaults {
  readonly unboundWrites?: boolean;
  readonly startsBeforeRecord?: boolean;
  readonly startsTwice?: boolean;
  readonly looksOnlyOnce?: boolean;
}

const intern = interning<AnsibleRunStatus>();

export function runModel(backend: 'Job' | 'Local', faults: RunFaults = {}): Model<State> {
  const bare = makeWholeRun('rhel9-1', { checks: [check], backend, timeoutSeconds });
  const start: State = {
    ticks: 0,
    versions: [{ status: intern({}), isDeleted: false }],
    oldest: 0,
    isGone: false,
    operator: { view: 0, own: 0 },
    executor: 'here',
    host: 'wrong',
    jobs: {},
    nonces: 0,
    ran: 0,
  };
  /** Decided once for equal inputs: by the status that was seen, and all else. */
  const decided = new WeakMap<AnsibleRunStatus, Map<string, readonly Write[]>>();
  return { start, keyOf, steps, unfinished };

  function steps(state: State): Step<State>[] {
    const { operator, late } = state;
    const all: Step<State>[] = [];
    if (late) all.push(...afterWrite(state, late, true));
    if (operator.flight) all.push(...afterWrite(state, operator.flight, false));
    const isBehind = operator.view < newestOf(state);
    if (isBehind)
      all.push({
        words: 'the cache shows the next version',
        isCalm: true,
        to: { ...state, operator: { ...operator, view: operator.view + 1 } },
      });
    if (!operator.flight && operator.view >= operator.own && !(state.isGone && !isBehind))
      all.push({ words: isBehind ? 'a pass on an old view' : 'a pass', isCalm: !isBehind, to: pass(state) });
    all.push(...backendSteps(state), ...faultSteps(state), ...peopleSteps(state));
    if (!isComplete(state)) all.push({ words: 'time passes', isCalm: true, to: { ...state, ticks: state.ticks + 1 } });
    return all.map((step) => ({ ...step, to: tidy(step.to), wrong: step.wrong ?? wrongIn(state, step.to) }));
  }

  function pass(state: State): State {
    const { operator } = state;
    const seen = state.versions[operator.view - state.oldest]!;
    const nonce = `nonce${state.nonces}`;
    const all = decided.get(seen.status) ?? new Map<string, readonly Write[]>();
    decided.set(seen.status, all);
    const job = state.jobs[seen.status.job?.uid ?? ''];
    const given = [seen.isDeleted, state.ticks, state.host, state.executor, state.process, job, nonce].join();
    const writes = all.get(given) ?? writesAfter(state, seen, nonce);
    all.set(given, writes);
    // What changes nothing, such as stopping again what was stopped, is no step: time passes.
    if (writes.every((write) => effectOf(state, write, operator.view) === state)) return state;
    const nonces = writes.some((write) => write.do === 'job') ? state.nonces + 1 : state.nonces;
    return { ...state, nonces, operator: { ...operator, flight: { version: operator.view, writes } } };
  }

  function writesAfter(state: State, seen: Version, nonce: string): readonly Write[] {
    const run: AnsibleRun = { ...bare, status: seen.status };
    const writes: Write[] = [];
    if (faults.looksOnlyOnce && seen.status.startTime) return writes;
    if (seen.isDeleted) {
      if (backend === 'Local') writes.push({ do: 'cancel' });
      writes.push({ do: 'letGo' });
    } else {
      const plan = decideRun(run, worldOf(state, run), dateOf(state.ticks), meansOf(state, nonce));
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
      const status = intern({ ...plan.status, ...(conditions && { conditions }) });
      const after = (plan.afterStatus ?? []).flatMap((action) => writesOf(action, nonce, status));
      const record: Write[] = status === seen.status && !after.length ? [] : [{ do: 'status', status }];
      const effects = plan.actions.flatMap((action) => writesOf(action, nonce, status));
      writes.push(...effects, ...(faults.startsBeforeRecord ? [...after, ...record] : [...record, ...after]));
    }
    return writes;
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

  /** As `observe.ts` reads it. */
  function worldOf(state: State, run: AnsibleRun): RunWorld {
    const { status = {} } = run;
    if (status.completionTime) return { is: 'complete' };
    const hosts = [hostOf(state.host)];
    const blocks = blocksOf(run);
    if (!status.startTime) return { is: 'fresh', readAt: dateOf(state.ticks), atWork: [], blocks, hosts };
    const chosen = blocks.length ? selectedBlocks(blocks, linesBefore(status.before)) : [];
    return { is: 'started', state: stateOfRun(state, status), hosts, blocks: chosen };
  }

  function stateOfRun(state: State, { executor, job }: AnsibleRunStatus): AnsibleState {
    if (executor !== (backend === 'Local' ? state.executor : 'Job'))
      return { is: 'lost', message: 'the operator is gone' };
    if (backend === 'Job' && !job?.uid) return { is: 'absent' };
    const is = backend === 'Local' ? (state.process ?? 'absent') : (state.jobs[job?.uid ?? ''] ?? 'lost');
    switch (is) {
      case 'finished':
        return { is, exitCode: 0, hosts: [{ name: 'web-01', ok: 2, changed: 1, failed: 0, unreachable: false }] };
      case 'lost':
        return { is, message: 'nobody knows' };
      case 'absent':
      case 'prepared':
        return { is };
      case 'released':
      case 'running':
      case 'stopped':
        return { is: 'running' };
    }
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
    return [{ do: action.effect.do }];
  }

  /** What may become of the next write of a pass. */
  function afterWrite(state: State, flight: Flight, isLate: boolean): Step<State>[] {
    const [write, ...rest] = flight.writes;
    if (!write) return [];
    const who = isLate ? 'the former leader' : 'the operator';
    const what =
      write.do === 'status' ? 'stores the status' : write.do === 'uid' ? 'stores the uid' : `does ${write.do}`;
    const done = effectOf(state, write, flight.version);
    const withFlight = (to: State, next: Flight | undefined, own = to.operator.own): State =>
      isLate ? { ...to, late: next } : { ...to, operator: operatorWith(to.operator, next, own) };
    if (!done) return [{ words: `${who} ${what}: conflict`, isCalm: true, to: withFlight(state, undefined) }];
    const version = write.do === 'status' || write.do === 'uid' ? newestOf(done) : flight.version;
    const next = rest.length ? { version, writes: rest } : undefined;
    const own = isLate || version === flight.version ? state.operator.own : version;
    return [
      { words: `${who} ${what}`, isCalm: true, to: withFlight(done, next, own) },
      { words: `${who} ${what}, and the answer is lost`, to: withFlight(done, undefined) },
      { words: `${who} ${what}: refused`, to: withFlight(state, undefined) },
    ];
  }

  /** Undefined when the apiserver says that it is a conflict. */
  function effectOf(state: State, write: Write, version: number): State | undefined {
    const newest = state.versions.at(-1)!;
    switch (write.do) {
      case 'status':
      case 'uid': {
        if (state.isGone || (version !== newestOf(state) && !faults.unboundWrites)) return undefined;
        const status = write.do === 'uid' ? intern(withValueAt(write.status, ['job', 'uid'], write.uid)) : write.status;
        return status === newest.status ? state : stored(state, { ...newest, status });
      }
      case 'job':
        return {
          ...state,
          jobs: { ...state.jobs, [write.nonce]: faults.startsBeforeRecord ? 'released' : 'prepared' },
        };
      case 'release':
        return state.jobs[write.uid] === 'prepared' ? withJob(state, write.uid, 'released') : undefined;
      case 'stop':
        if (state.jobs[write.uid] === 'stopped') return state;
        return state.jobs[write.uid] === undefined ? undefined : withJob(state, write.uid, 'stopped');
      case 'start':
        return state.process && !faults.startsTwice ? state : executed({ ...state, process: 'running' });
      case 'cancel':
      case 'forget':
        // What is kept of a run outlives its end by this only.
        return { ...state, process: write.do === 'cancel' && state.process ? 'lost' : state.process };
      case 'letGo':
        return { ...state, isGone: true };
    }
  }

  function backendSteps(state: State): Step<State>[] {
    const all: Step<State>[] = [];
    for (const [uid, is] of Object.entries(state.jobs)) {
      if (state.isGone)
        all.push({ words: 'the Job is collected', isCalm: true, to: { ...state, jobs: without(state.jobs, uid) } });
      if (is === 'released')
        all.push({ words: 'the Job starts Ansible', isCalm: true, to: executed(withJob(state, uid, 'running')) });
      if (is === 'running')
        all.push(
          { words: 'Ansible ends', isCalm: true, to: fixed(withJob(state, uid, 'finished')) },
          { words: 'Ansible ends and changed nothing', to: withJob(state, uid, 'finished') },
          { words: 'the pod is killed', to: withJob(state, uid, 'lost') },
        );
      if (is !== 'lost')
        all.push({ words: 'somebody deletes the Job', to: { ...state, jobs: without(state.jobs, uid) } });
    }
    if (state.process === 'running')
      all.push(
        { words: 'Ansible ends', isCalm: true, to: fixed({ ...state, process: 'finished' }) },
        { words: 'Ansible ends and changed nothing', to: { ...state, process: 'finished' } },
        { words: 'Ansible is killed', to: { ...state, process: 'lost' } },
      );
    return all;
  }

  function faultSteps(state: State): Step<State>[] {
    const { operator, late } = state;
    const restarted: Operator = { view: operator.view, own: operator.view };
    return [
      { words: 'the operator crashes', to: { ...state, operator: restarted } },
      ...(operator.flight && !late
        ? [
            {
              words: 'another operator leads',
              to: { ...state, late: begun(operator.flight), operator: restarted, hasChangedHands: true },
            },
          ]
        : []),
      ...(late ? [{ words: 'the former leader crashes', to: { ...state, late: undefined } }] : []),
      ...(backend === 'Local' && state.executor === 'here' && !isComplete(state)
        ? [
            {
              words: 'the operator moves to another machine',
              to: { ...state, operator: restarted, late: undefined, process: undefined, executor: 'there' },
            },
          ]
        : []),
      ...(state.ticks > -2 && !isComplete(state)
        ? [{ words: 'the clock goes back', to: { ...state, ticks: state.ticks - 2 } }]
        : []),
    ];
  }

  function peopleSteps(state: State): Step<State>[] {
    const others = isComplete(state) ? [] : (['wrong', 'other', 'right', 'away'] as const);
    const back: Step<State>[] =
      state.host === 'away'
        ? [{ words: 'the host responds again', isCalm: true, to: { ...state, host: 'wrong' } }]
        : [];
    return [
      ...back,
      ...others
        .filter((is) => is !== state.host)
        .map((is) => ({ words: `the host is ${is}`, to: { ...state, host: is } })),
      ...(state.isGone || state.versions.at(-1)!.isDeleted
        ? []
        : [{ words: 'somebody deletes the run', to: stored(state, { ...state.versions.at(-1)!, isDeleted: true }) }]),
    ];
  }

  function keyOf(state: State): string {
    const clock = { now: dateOf(state.ticks).getTime(), tick, most: mostTicks };
    const { operator, late } = state;
    const newest = newestOf(state);
    const flown = (flight: Flight | undefined): string =>
      flight
        ? `${flight.version === newest}${flight.writes.map((write) => ('status' in write ? write.do + keyed(write.status, clock) : keyed(write, clock))).join('')}`
        : '';
    const parts = [
      ...state.versions
        .slice(operator.view - state.oldest)
        .map(({ status, isDeleted }) => keyed(status, clock) + isDeleted),
      operator.own > operator.view,
      flown(operator.flight),
      flown(late),
      state.isGone,
      state.executor,
      state.host,
      state.process,
      state.ran,
      state.ranOn,
      state.hasChangedHands,
      Object.entries(state.jobs).sort().flat().join(),
      isComplete(state) ? '' : Math.max(-2, Math.min(1, state.ticks)),
    ];
    return renamed(parts.join('|'));
  }
}

function unfinished({ isGone, versions, jobs }: State): string | undefined {
  if (isGone) return Object.keys(jobs).length ? 'a Job is left behind' : undefined;
  return versions.at(-1)!.status.completionTime ? undefined : 'the run is never complete';
}

function wrongIn(before: State, after: State): string | undefined {
  if (after.ran > 1) return 'Ansible was started twice';
  if (after.isGone) return undefined;
  const was = before.versions.at(-1)!.status;
  const is = after.versions.at(-1)!.status;
  if (was.startTime !== undefined && was.startTime !== is.startTime) return 'the record of the start is lost';
  if (was.job?.uid !== undefined && was.job.uid !== is.job?.uid) return 'the record of the Job is lost';
  if (was.completionTime !== undefined && was !== is) return 'a complete run is written again';
  if (after.ran > before.ran && !is.startTime) return 'Ansible was started before that was recorded';
  if (!after.hasChangedHands && before.ran > 0 && JSON.stringify(is.before) !== after.ranOn)
    return 'what was there before is lost';
  return undefined;
}

/** Of a pass whose operator leads no more, only the write that it has begun is made. */
function begun({ version, writes }: Flight): Flight {
  return { version, writes: writes.slice(0, 1) };
}

function newestOf({ oldest, versions }: State): number {
  return oldest + versions.length - 1;
}

function isComplete({ isGone, versions, operator, late }: State): boolean {
  return (isGone || versions.at(-1)!.status.completionTime !== undefined) && !operator.flight && !late;
}

function stored(state: State, version: Version): State {
  return { ...state, versions: [...state.versions, version] };
}

/** Ansible starts, on what is recorded at that moment. */
function executed(state: State): State {
  return { ...state, ran: state.ran + 1, ranOn: JSON.stringify(state.versions.at(-1)!.status.before) };
}

function fixed(state: State): State {
  return state.host === 'away' ? state : { ...state, host: 'right' };
}

function withJob(state: State, uid: string, is: WorkIs): State {
  return { ...state, jobs: { ...state.jobs, [uid]: is } };
}

function without<T>(all: Readonly<Record<string, T>>, name: string): Record<string, T> {
  return Object.fromEntries(Object.entries(all).filter(([one]) => one !== name));
}

function operatorWith({ view }: Operator, flight: Flight | undefined, own: number): Operator {
  return { view, own, ...(flight && { flight }) };
}

/** Forgets versions that no cache shows, and Jobs that were made and that nobody can ever release. */
function tidy(state: State): State {
  const passed = state.operator.view - state.oldest;
  const versions = passed ? state.versions.slice(passed) : state.versions;
  const prepared = Object.values(state.jobs).includes('prepared');
  const spoken = prepared ? JSON.stringify([versions, state.operator.flight, state.late]) : '';
  const jobs = Object.entries(state.jobs).filter(([uid, is]) => is !== 'prepared' || spoken.includes(`"${uid}"`));
  return {
    ...state,
    versions,
    oldest: state.operator.view,
    ...(jobs.length < Object.keys(state.jobs).length && { jobs: Object.fromEntries(jobs) }),
  };
}

function dateOf(ticks: number): Date {
  return new Date(begin.getTime() + ticks * tick);
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

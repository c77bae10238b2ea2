/**
 * Model of a run: `decideRun` between an apiserver, a backend, a host and people.
 *
 * Real are `decideRun` and all that it calls. Modeled are the runtime (a pass starts from what its cache shows, not before it has seen its own
 * writes; a status is bound to the version that was looked at; the writes of a pass follow each other and each may be answered, refused,
 * or done without an answer), and `observe.ts`. One check of one host, which may have three values or be away; once, the baseline asks for
 * the run no more; once, etcd is restored to the time before it began. A tick is longer than any wait of a run but its timeout, which has two.
 * Of times counts how many ticks ago they were, up to two; Jobs are named by order. An operator that lost the lease finishes the write that it
 * has begun, at any time; there is at most one of those, and none where etcd is restored: what is recorded then may be of another look than
 * what it starts.
 */
import type { AnsibleRunStatus } from '../../operator/api/v1alpha1/ansibleRun.ts';
import { withValueAt } from '../../operator/lib/valueAt.ts';
import { keyed, renamed } from './keys.ts';
import { dateOf, internStatus, passing, type Backend, type RunFaults } from './runPass.ts';
import {
  begun,
  executed,
  fixed,
  isComplete,
  newestOf,
  stored,
  tick,
  tidy,
  unfinished,
  withJob,
  withoutJob,
  wrongIn,
  type Flight,
  type Operator,
  type State,
  type Write,
} from './runState.ts';
import type { Model, Step } from './search.ts';

const mostTicks = 2;

export function runModel(backend: Backend, faults: RunFaults = {}): Model<State> {
  const passed = passing(backend, faults);
  const start: State = {
    ticks: 0,
    versions: [{ status: internStatus({}), isDeleted: false }],
    oldest: 0,
    isGone: false,
    operator: { view: 0, own: 0 },
    executor: 'here',
    host: 'wrong',
    isUnwanted: false,
    isRestored: false,
    jobs: {},
    nonces: 0,
    ran: 0,
  };
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
      all.push({ words: isBehind ? 'a pass on an old view' : 'a pass', isCalm: !isBehind, ...pass(state) });
    all.push(...backendSteps(state), ...faultSteps(state), ...peopleSteps(state));
    if (!isComplete(state)) all.push({ words: 'time passes', isCalm: true, to: later(state) });
    return all.map((step) => ({ ...step, to: tidy(step.to), wrong: step.wrong ?? wrongIn(state, step.to) }));
  }

  function pass(state: State): { to: State; wrong?: string } {
    const { operator } = state;
    const { writes, timed } = passed(state);
    const seen = { ...state, operator: { ...operator, timed } };
    // What changes nothing, such as stopping again what was stopped, is no step: time passes.
    if (writes.every((write) => effectOf(state, write, operator.view) === state)) return { to: seen };
    const nonces = writes.some((write) => write.do === 'job') ? state.nonces + 1 : state.nonces;
    const to = { ...seen, nonces, operator: { ...seen.operator, flight: { version: operator.view, writes } } };
    const starts = writes.some((write) => write.do === 'job' || write.do === 'start' || write.do === 'release');
    return starts && state.isUnwanted ? { to, wrong: 'what is no longer wanted is started' } : { to };
  }

  /** What may become of the next write of a pass. */
  function afterWrite(state: State, flight: Flight, isLate: boolean): Step<State>[] {
    const [write, ...rest] = flight.writes;
    if (!write) return [];
    const words = `${isLate ? 'the former leader' : 'the operator'} ${wordsOf(write)}`;
    const done = effectOf(state, write, flight.version);
    const withFlight = (to: State, next: Flight | undefined, own = to.operator.own): State =>
      isLate ? { ...to, late: next } : { ...to, operator: { ...to.operator, own, flight: next } };
    if (!done) return [{ words: `${words}: conflict`, isCalm: true, to: withFlight(state, undefined) }];
    const version = write.do === 'status' || write.do === 'uid' ? newestOf(done) : flight.version;
    const next = rest.length ? { version, writes: rest } : undefined;
    const own = isLate || version === flight.version ? state.operator.own : version;
    return [
      { words, isCalm: true, to: withFlight(done, next, own) },
      { words: `${words}, and the answer is lost`, to: withFlight(done, undefined) },
      { words: `${words}: refused`, to: withFlight(state, undefined) },
    ];
  }

  /** Undefined when the apiserver says that it is a conflict. */
  function effectOf(state: State, write: Write, version: number): State | undefined {
    const newest = state.versions.at(-1)!;
    switch (write.do) {
      case 'status':
      case 'uid': {
        if (state.isGone || (version !== newestOf(state) && !faults.unboundWrites)) return undefined;
        const status = write.do === 'uid' ? withUid(write.status, write.uid) : write.status;
        return status === newest.status ? state : stored(state, { ...newest, status });
      }
      case 'job':
        return withJob(state, write.nonce, faults.startsBeforeRecord ? 'released' : 'prepared');
      case 'release':
        return state.jobs[write.uid] === 'prepared' ? withJob(state, write.uid, 'released') : undefined;
      case 'stop':
        if (state.jobs[write.uid] === 'stopped') return state;
        return state.jobs[write.uid] === undefined ? undefined : withJob(state, write.uid, 'stopped');
      case 'start': {
        if (state.process && !faults.startsTwice) return state;
        const begins = { ...state, process: 'running', record: write.record } as const;
        return executed(begins, write.record);
      }
      case 'cancel':
        return state.process === 'lost' || state.process === 'finished' ? state : { ...state, process: 'lost' };
      case 'forget':
        // What is kept of a run outlives its end by this only.
        return state;
      case 'letGo':
        return { ...state, isGone: true };
    }
  }

  function backendSteps(state: State): Step<State>[] {
    const all: Step<State>[] = [];
    for (const [uid, is] of Object.entries(state.jobs)) {
      if (state.isGone) all.push({ words: 'the Job is collected', isCalm: true, to: withoutJob(state, uid) });
      if (is === 'released')
        all.push({ words: 'the Job starts Ansible', isCalm: true, to: executed(withJob(state, uid, 'running')) });
      if (is === 'running')
        all.push(
          { words: 'Ansible ends', isCalm: true, to: fixed(withJob(state, uid, 'finished')) },
          { words: 'Ansible ends and changed nothing', to: withJob(state, uid, 'finished') },
          { words: 'the pod is killed', to: withJob(state, uid, 'lost') },
        );
      if (is !== 'lost') all.push({ words: 'somebody deletes the Job', to: withoutJob(state, uid) });
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
    const { operator, late, versions } = state;
    const restarted: Operator = { view: operator.view, own: operator.view };
    const all: Step<State>[] = [{ words: 'the operator crashes', to: { ...state, operator: restarted } }];
    if (operator.flight && !late && !state.isRestored)
      all.push({
        words: 'another operator leads',
        to: { ...state, late: begun(operator.flight), operator: restarted },
      });
    if (late) all.push({ words: 'the former leader crashes', to: { ...state, late: undefined } });
    if (isComplete(state)) return all;
    if (state.ticks > -2) all.push({ words: 'the clock goes back', to: { ...state, ticks: state.ticks - 2 } });
    if (backend === 'Job' || state.executor === 'there' || state.isRestored) return all;
    const moved = { operator: restarted, late: undefined, process: undefined, executor: 'there' } as const;
    all.push({ words: 'the operator moves to another machine', to: { ...state, ...moved } });
    if (!late && versions.at(-1)!.status.startTime !== undefined && !versions.at(-1)!.isDeleted) {
      const restored = stored({ ...state, isRestored: true }, { status: internStatus({}), isDeleted: false });
      all.push({ words: 'etcd is restored', to: restored });
    }
    return all;
  }

  function peopleSteps(state: State): Step<State>[] {
    const all: Step<State>[] = [];
    if (state.host === 'away')
      all.push({ words: 'the host responds again', isCalm: true, to: { ...state, host: 'wrong' } });
    if (!isComplete(state)) {
      for (const host of ['wrong', 'other', 'right', 'away'] as const)
        if (host !== state.host) all.push({ words: `the host is ${host}`, to: { ...state, host } });
      if (!state.isUnwanted && !state.ran)
        all.push({ words: 'somebody suspends the baseline', to: { ...state, isUnwanted: true } });
    }
    const newest = state.versions.at(-1)!;
    if (!state.isGone && !newest.isDeleted)
      all.push({ words: 'somebody deletes the run', to: stored(state, { ...newest, isDeleted: true }) });
    return all;
  }

  function keyOf(state: State): string {
    const clock = { now: dateOf(state.ticks).getTime(), tick, most: mostTicks };
    const { operator } = state;
    const newest = newestOf(state);
    const flown = (flight: Flight | undefined): string =>
      flight ? `${flight.version === newest}${keyed(flight.writes, clock)}` : '';
    const parts = [
      ...state.versions
        .slice(operator.view - state.oldest)
        .map(({ status, isDeleted }) => keyed(status, clock) + isDeleted),
      operator.own > operator.view,
      operator.timed?.phase,
      operator.timed?.ticks,
      flown(operator.flight),
      flown(state.late),
      keyed(state.record, clock),
      state.isGone,
      state.executor,
      state.host,
      state.isUnwanted,
      state.isRestored,
      state.process,
      state.ran,
      state.ranOn,
      Object.entries(state.jobs).sort().flat().join(),
      isComplete(state) ? '' : Math.max(-2, Math.min(1, state.ticks)),
    ];
    return renamed(parts.join('|'));
  }
}

function withUid(status: AnsibleRunStatus, uid: string): AnsibleRunStatus {
  return internStatus(withValueAt(status, ['job', 'uid'], uid));
}

/** By both clocks. */
function later(state: State): State {
  const { timed, ...operator } = state.operator;
  const longer = timed && { ...timed, ticks: Math.min(mostTicks, timed.ticks + 1) };
  return { ...state, ticks: state.ticks + 1, operator: { ...operator, timed: longer } };
}

function wordsOf(write: Write): string {
  if (write.do === 'status') return 'stores the status';
  return write.do === 'uid' ? 'stores the uid' : `does ${write.do}`;
}

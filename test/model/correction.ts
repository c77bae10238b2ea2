/**
 * Model of corrections: `decideBaseline` between an apiserver, runs, hosts that drift, and people.
 *
 * Real are `decideBaseline`, `ownRunsOf`, `whyUnwanted` and all that they call. Modeled is the runtime: caches of baseline, runs, reports and
 * waivers each lag behind on their own, statuses are bound to the version that was looked at, a creation fails where the name is taken. A run
 * begins when no other is at work on its host and it is still wanted as of the newest versions (it asks the apiserver), takes a tick (400 s:
 * longer than the waits between attempts, shorter than the time in which drift recurs), and corrects or fails. Two hosts with one check that
 * drifts in two ways, one host at a time. Drifts, failures and what people do are limited in number. What a former leader creates may arrive at
 * any time.
 */
import type { AnsibleRun } from '../../operator/api/v1alpha1/ansibleRun.ts';
import { withValueAt } from '../../operator/lib/valueAt.ts';
import { dateOf, deciding, specOf, tickSeconds, timeOf, type CorrectionFaults } from './correctionPass.ts';
import {
  hostOf,
  internBaseline,
  internReports,
  internRuns,
  isOpen,
  lags,
  names,
  newestOf,
  next,
  remembered,
  unfinished,
  waivedHost,
  wrongCreation,
  wrongIn,
  wrongStart,
  type Flight,
  type State,
  type Write,
} from './correctionState.ts';
import { keyed } from './keys.ts';
import type { Model, Step } from './search.ts';

export function correctionModel(faults: CorrectionFaults = {}): Model<State> {
  const by = deciding(faults);
  const start: State = {
    ticks: 0,
    oldest: 0,
    baseline: [internBaseline({ mode: 'Enforce', status: {}, told: [] })],
    runs: [internRuns([])],
    reports: [internReports({ 'web-01': { drift: 'one', since: timeOf(0, 100) }, 'web-02': { drift: 'none' } })],
    waived: [false],
    mustSee: 0,
    mustSeeRuns: 0,
    drifting: { 'web-01': 'one', 'web-02': 'none' },
    last: 0,
    drifts: 2,
    failures: 2,
    acts: 2,
  };
  return { start, keyOf, steps, unfinished };

  function steps(state: State): Step<State>[] {
    const { flight, late, oldest } = state;
    const isBehind = lags.some((lag) => state[lag].length > 1);
    const all: Step<State>[] = [];
    if (late) all.push(...afterWrite(state, late, 'late'));
    if (flight) all.push(...afterWrite(state, flight, 'flight'));
    for (const lag of lags)
      if (state[lag].length > 1)
        all.push({ words: `the cache of ${lag} shows the next`, isCalm: true, to: next(state, lag) });
    if (!flight && oldest >= state.mustSee && !state.mustSeeRuns)
      all.push({ words: isBehind ? 'a pass on old views' : 'a pass', isCalm: !isBehind, ...pass(state) });
    const restarted = { flight: undefined, mustSee: oldest, mustSeeRuns: 0 };
    all.push(...runSteps(state), ...hostSteps(state), ...peopleSteps(state));
    all.push({ words: 'the operator crashes', to: { ...state, ...restarted } });
    if (flight && !late) {
      const begun = { ...flight, writes: flight.writes.slice(0, 1) };
      all.push({ words: 'another operator leads', to: { ...state, ...restarted, late: begun } });
    }
    all.push({
      words: 'time passes',
      isCalm: unfinished(state) !== undefined,
      to: { ...state, ticks: state.ticks + 1 },
    });
    return all.map((step) => ({ ...step, to: remembered(step.to), wrong: step.wrong ?? wrongIn(state, step.to) }));
  }

  function pass(state: State): { to: State; wrong?: string | undefined } {
    const seen = state.baseline[0]!;
    if (seen.mode === 'suspended') return { to: state };
    const writes = by.writes(state);
    if (!writes.length) return { to: state };
    const created = writes.find((write) => write.do === 'create');
    const to = { ...state, flight: { version: state.oldest, last: state.last, writes } };
    if (!created) return { to };
    // The record of the run is bound to the version that was looked at.
    if (seen.mode !== 'Enforce') return { to, wrong: 'a run is created, and the mode is not Enforce' };
    const isWaived = state.waived.at(-1)! && specOf(created.run).deviceNames?.includes(waivedHost);
    return isWaived ? { to, wrong: 'what is waived is corrected' } : { to };
  }

  function afterWrite(state: State, flight: Flight, which: 'flight' | 'late'): Step<State>[] {
    const [write] = flight.writes;
    const who = which === 'late' ? 'the former leader' : 'the operator';
    const gone = { ...state, [which]: undefined };
    if (!write) return [{ words: `${who} ends its pass`, isCalm: true, to: gone }];
    return write.do === 'create'
      ? afterCreation(state, flight, write, which === 'late')
      : afterStatus(state, flight, write, which === 'late');
  }

  function afterCreation(
    state: State,
    flight: Flight,
    write: Extract<Write, { do: 'create' }>,
    isLate: boolean,
  ): Step<State>[] {
    const { name } = write.run.metadata;
    const words = `${isLate ? 'the former leader' : 'the operator'} creates ${name}`;
    const gone: State = { ...state, ...(isLate ? { late: undefined } : { flight: undefined }) };
    const runs = state.runs.at(-1)!;
    const seenAll = isLate ? state.mustSeeRuns : state.runs.length - 1;
    if (runs.some(({ metadata }) => metadata.name === name))
      return [{ words: `${words}, whose name is taken`, isCalm: true, to: { ...gone, mustSeeRuns: seenAll } }];
    const uid = uidOf(state, name);
    const metadata = { ...write.run.metadata, uid };
    const run = { ...write.run, spec: specOf(write.run), metadata } as AnsibleRun;
    const made: State = { ...gone, runs: [...state.runs, internRuns([...runs, run])] };
    const status = withValueAt(write.next.status, write.path, uid);
    const record: Write = { do: 'status', next: internBaseline({ ...write.next, status }) };
    const known: State = isLate
      ? made
      : {
          ...made,
          mustSeeRuns: made.runs.length - 1,
          flight: { ...flight, writes: [record, ...flight.writes.slice(1)] },
        };
    const wrong = wrongCreation(state, run, flight.last);
    return [
      { words, isCalm: true, wrong, to: known },
      { words: `${words}, and the answer is lost`, wrong, to: made },
      { words: `${words}: refused`, to: gone },
    ];
  }

  function afterStatus(
    state: State,
    flight: Flight,
    write: Extract<Write, { do: 'status' }>,
    isLate: boolean,
  ): Step<State>[] {
    const { creating } = write.next.status;
    const words = `${isLate ? 'the former leader' : 'the operator'} stores the status${creating ? ` (creating ${creating.name})` : ''}`;
    const gone: State = { ...state, ...(isLate ? { late: undefined } : { flight: undefined }) };
    const newest = state.baseline.at(-1)!;
    if (flight.version !== newestOf(state) && !faults.unboundWrites)
      return [{ words: `${words}: conflict`, isCalm: true, to: gone }];
    const stored = internBaseline({ ...write.next, mode: newest.mode });
    const done: State = stored === newest ? gone : { ...gone, baseline: [...state.baseline, stored] };
    const rest = flight.writes.slice(1);
    const goesOn = !isLate && rest.length > 0;
    const following: State = goesOn ? { ...done, flight: { ...flight, version: newestOf(done), writes: rest } } : done;
    return [
      { words, isCalm: true, to: { ...following, mustSee: isLate ? state.mustSee : newestOf(done) } },
      { words: `${words}, and the answer is lost`, to: done },
      { words: `${words}: refused`, to: gone },
    ];
  }

  function runSteps(state: State): Step<State>[] {
    const runs = state.runs.at(-1)!;
    const isWorking = (host: string) =>
      runs.some((run) => run.status?.startTime !== undefined && isOpen(run) && hostOf(run) === host);
    return runs.filter(isOpen).flatMap((run): Step<State>[] => {
      const { name } = run.metadata;
      const host = hostOf(run);
      const changed = (status: AnsibleRun['status'], more: Partial<State> = {}): State => ({
        ...state,
        ...more,
        runs: [...state.runs, internRuns(runs.map((one) => (one === run ? { ...run, status } : one)))],
      });
      if (!run.status?.startTime) {
        if (isWorking(host)) return [];
        const over = { completionTime: timeOf(state.ticks, 150), conditions: [noLongerWanted] };
        if (by.unwanted(state, run)) return [{ words: `${name} is wanted no longer`, isCalm: true, to: changed(over) }];
        const isWanted = state.baseline.at(-1)!.mode === 'Enforce' && !(state.waived.at(-1)! && host === waivedHost);
        const wrong = isWanted ? wrongStart(state, run) : 'a run starts that is no longer wanted';
        return [{ words: `${name} starts`, isCalm: true, wrong, to: changed({ startTime: timeOf(state.ticks, 150) }) }];
      }
      const ended = (outcome: 'Verified' | 'Failed') => ({
        ...run.status,
        completionTime: timeOf(state.ticks + 1, 0),
        hosts: [{ name: host, outcome }],
        ...(outcome === 'Failed' && { failures: [{ device: host, check: 'motd', message: 'still differs' }] }),
      });
      const ticks = state.ticks + 1;
      const drifting = { ...state.drifting, [host]: 'none' };
      const failed = changed(ended('Failed'), { ticks, failures: state.failures - 1 });
      return [
        { words: `${name} corrects ${host}`, isCalm: true, to: changed(ended('Verified'), { ticks, drifting }) },
        ...(state.failures ? [{ words: `${name} fails`, to: failed }] : []),
      ];
    });
  }

  function hostSteps(state: State): Step<State>[] {
    const reports = state.reports.at(-1)!;
    const isBehind = state.baseline.length > 1 || state.runs.length > 1;
    return names.flatMap((name): Step<State>[] => {
      const all: Step<State>[] = [];
      const seen = internReports({ ...reports, [name]: by.reportOn(state, name) });
      if (seen !== reports && state.reports.length < 3) {
        const words = `${name} is evaluated${isBehind ? ' on old views' : ''}`;
        all.push({ words, isCalm: !isBehind, to: { ...state, reports: [...state.reports, seen] } });
      }
      for (const drift of ['one', 'another'] as const)
        if (state.drifts && state.drifting[name] !== drift) {
          const drifting = { ...state.drifting, [name]: drift };
          all.push({ words: `${name} drifts (${drift})`, to: { ...state, drifts: state.drifts - 1, drifting } });
        }
      return all;
    });
  }

  function peopleSteps(state: State): Step<State>[] {
    if (!state.acts) return [];
    const newest = state.baseline.at(-1)!;
    const acts = state.acts - 1;
    const all: Step<State>[] = [];
    for (const mode of ['Enforce', 'Inform', 'suspended'] as const)
      if (mode !== newest.mode) {
        const baseline = [...state.baseline, internBaseline({ ...newest, mode })];
        all.push({ words: `somebody sets ${mode}`, to: { ...state, acts, baseline } });
      }
    const isWaived = state.waived.at(-1)!;
    const words = isWaived ? 'the waiver ends' : `${waivedHost} is waived`;
    all.push({ words, to: { ...state, acts, waived: [...state.waived, !isWaived] } });
    const runs = state.runs.at(-1)!;
    for (const run of runs)
      if (!isOpen(run) || !run.status?.startTime) {
        const left = internRuns(runs.filter((one) => one !== run));
        all.push({
          words: `somebody deletes ${run.metadata.name}`,
          to: { ...state, acts, runs: [...state.runs, left] },
        });
      }
    return all;
  }

  function keyOf(state: State): string {
    const clock = { now: dateOf(state.ticks).getTime(), tick: tickSeconds * 1000, most: 4 };
    const flown = (flight: Flight | undefined): string =>
      flight ? `${flight.version === newestOf(state)}${flight.last}${keyed(flight.writes, clock)}` : '';
    return [
      ...lags.map((lag) => state[lag].map((one) => (typeof one === 'object' ? keyed(one, clock) : one)).join('>')),
      state.mustSee > state.oldest ? state.mustSee - state.oldest : '',
      state.mustSeeRuns,
      flown(state.flight),
      flown(state.late),
      names.map((name) => state.drifting[name]),
      state.last,
      state.drifts,
      state.failures,
      state.acts,
    ].join('|');
  }
}

const noLongerWanted = {
  type: 'Succeeded',
  status: 'False',
  reason: 'NoLongerWanted',
  message: '',
  lastTransitionTime: '',
} as const;

/** Another than that of any that had the name before, as far as anybody remembers one. */
function uidOf({ last }: State, name: string): string {
  return `uid-${last}-${name}`;
}

/**
 * Model of corrections: `decideBaseline` between an apiserver, runs, hosts that drift, and people.
 *
 * Real are `decideBaseline`, `ownRunsOf` and all that they call. Modeled is the runtime: caches of baseline, runs, reports and waivers each lag
 * behind on their own, statuses are bound to the version that was looked at, a creation fails where the name is taken. A run begins when no
 * other is at work on its host, takes a tick (400 s: longer than the waits between attempts, shorter than the time in which drift recurs), and
 * corrects or fails. Two hosts with one check, one at a time. Drifts, failures and what people do are limited in number.
 */
import type { AnsibleRun, AnsibleRunSpec } from '../../operator/api/v1alpha1/ansibleRun.ts';
import type { DeviceBaseline, DeviceBaselineStatus } from '../../operator/api/v1alpha1/deviceBaseline.ts';
import { correctionsOf } from '../../operator/drift/corrections.ts';
import { decideBaseline } from '../../operator/drift/deviceBaseline/decide.ts';
import { ownRunsOf } from '../../operator/drift/ownRuns.ts';
import { withValueAt } from '../../operator/lib/valueAt.ts';
import type { Intent } from '../../operator/runtime/feature.ts';
import { makeBaseline, makeDevice, makeFinding, makeReport, motd, now as begin } from '../builders/drift.ts';
import { approved, makeWaiver } from '../builders/waiver.ts';
import { interning, keyed } from './keys.ts';
import type { Model, Step } from './search.ts';

const tickSeconds = 400;
const names = ['web-01', 'web-02'] as const;
const devices = names.map((name) => makeDevice(name));
const [waived] = names;
const waiver = approved(makeWaiver({ checks: ['motd'], targets: { names: [waived] } }));
const remediation = { maxUnavailable: 1, maxFailPercentage: 100, backend: 'Local' } as const;

type Host = (typeof names)[number];
type Mode = 'Enforce' | 'Inform' | 'suspended';
/** Of a host: when it was seen, and since when it drifts. */
interface Report {
  readonly observed: string;
  readonly since?: string;
}
type Reports = Readonly<Record<Host, Report>>;
interface Baseline {
  readonly mode: Mode;
  readonly status: DeviceBaselineStatus;
  /** Types of the conditions that tell why something is not corrected. */
  readonly told: readonly string[];
}
type Write =
  | { readonly do: 'status'; readonly next: Baseline }
  | {
      readonly do: 'create';
      readonly run: Intent;
      readonly path: readonly (string | number)[];
      readonly next: Baseline;
    };
interface Flight {
  readonly version: number;
  readonly writes: readonly Write[];
}
/** What a cache may show: the first is what it shows, the last what the apiserver has. */
interface Caches {
  readonly baseline: readonly Baseline[];
  readonly runs: readonly (readonly AnsibleRun[])[];
  readonly reports: readonly Reports[];
  readonly waived: readonly boolean[];
}
interface State extends Caches {
  readonly ticks: number;
  readonly oldest: number;
  /** Own writes that are yet to be seen: of the baseline, a version, and of runs, how many changes. */
  readonly mustSee: number;
  readonly mustSeeRuns: number;
  readonly drifting: Readonly<Record<Host, boolean>>;
  readonly flight?: Flight | undefined;
  readonly late?: Flight | undefined;
  readonly drifts: number;
  readonly failures: number;
  readonly acts: number;
}
export interface CorrectionFaults {
  readonly unboundWrites?: boolean;
  readonly createsFirst?: boolean;
  readonly forgetsRuns?: boolean;
  readonly readsCacheOnly?: boolean;
}

const lags = ['baseline', 'runs', 'reports', 'waived'] as const;
const internBaseline = interning<Baseline>();
const internRuns = interning<readonly AnsibleRun[]>();

export function correctionModel(faults: CorrectionFaults = {}): Model<State> {
  const decided = new Map<string, readonly Write[]>();
  const seenAt = timeOf(0, 100);
  const start: State = {
    ticks: 0,
    oldest: 0,
    baseline: [internBaseline({ mode: 'Enforce', status: {}, told: [] })],
    runs: [internRuns([])],
    reports: [{ 'web-01': { observed: seenAt, since: seenAt }, 'web-02': { observed: seenAt } }],
    waived: [false],
    mustSee: 0,
    mustSeeRuns: 0,
    drifting: { 'web-01': true, 'web-02': false },
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
    all.push(...runSteps(state), ...hostSteps(state), ...peopleSteps(state), {
      words: 'the operator crashes',
      to: { ...state, ...restarted },
    });
    if (flight && !late) {
      const begun = { ...flight, writes: flight.writes.slice(0, 1) };
      all.push({ words: 'another operator leads', to: { ...state, ...restarted, late: begun } });
    }
    all.push({
      words: 'time passes',
      isCalm: unfinished(state) !== undefined,
      to: { ...state, ticks: state.ticks + 1 },
    });
    return all.map((step) => ({ ...step, wrong: step.wrong ?? wrongIn(state, step.to) }));
  }

  function pass(state: State): { to: State; wrong?: string | undefined } {
    const seen = state.baseline[0]!;
    if (seen.mode === 'suspended') return { to: state };
    const key = JSON.stringify([seen, runsSeen(state, seen), state.reports[0], state.waived[0], state.ticks]);
    const writes = decided.get(key) ?? writesAfter(state, seen);
    decided.set(key, writes);
    if (!writes.length) return { to: state };
    const created = writes.find((write) => write.do === 'create');
    const to = { ...state, flight: { version: state.oldest, writes } };
    if (!created) return { to };
    if (seen.mode !== 'Enforce') return { to, wrong: 'a run is created in mode Inform' };
    const hosts = specOf(created.run).deviceNames ?? [];
    return {
      to,
      wrong: state.waived[0] && hosts.includes(waived) ? 'what was seen to be waived is corrected' : undefined,
    };
  }

  /** As `observe.ts` reads them: one that may have been created, from the apiserver. */
  function runsSeen({ runs }: State, { status: { creating } }: Baseline): readonly AnsibleRun[] {
    const cached = runs[0]!;
    const isCreated = ({ metadata }: AnsibleRun): boolean => metadata.name === creating?.name;
    if (faults.readsCacheOnly || cached.some(isCreated)) return cached;
    return [...cached, ...runs.at(-1)!.filter(isCreated)];
  }

  function writesAfter(state: State, seen: Baseline): readonly Write[] {
    const mode = seen.mode === 'Enforce' ? 'Enforce' : 'Inform';
    const baseline: DeviceBaseline = { ...makeBaseline({ mode, checks: [motd], remediation }), status: seen.status };
    const runs = runsSeen(state, seen);
    const reports = state.reports[0]!;
    const working = runs.filter(({ status }) => status?.startTime && !status.completionTime);
    const plan = decideBaseline(
      baseline,
      {
        devices,
        reports: new Map(devices.map((device) => [device.metadata.name, reportOf(baseline, device, reports)])),
        runs: faults.forgetsRuns ? [] : ownRunsOf(baseline, runs),
        takenNames: new Set(faults.forgetsRuns ? [] : runs.map(({ metadata }) => metadata.name)),
        busy: Map.groupBy(working, ({ spec }) => spec.deviceNames?.[0] ?? ''),
        rivals: [],
        undone: new Map(),
        waivers: state.waived[0] ? [waiver] : [],
      },
      dateOf(state.ticks),
    );
    const told = Object.keys(plan.conditions ?? {}).filter((type) => type !== 'Compliant');
    const status: DeviceBaselineStatus = { runs: plan.status.runs, creating: plan.status.creating };
    const after = internBaseline(JSON.parse(JSON.stringify({ mode: seen.mode, status, told })) as Baseline);
    const creates = (plan.afterStatus ?? []).flatMap((action): Write[] =>
      action.do === 'create' ? [{ do: 'create', run: action.object, path: action.uidAt ?? [], next: after }] : [],
    );
    const record: Write[] = after === seen && !creates.length ? [] : [{ do: 'status', next: after }];
    return faults.createsFirst ? [...creates, ...record] : [...record, ...creates];
  }

  function afterWrite(state: State, flight: Flight, which: 'flight' | 'late'): Step<State>[] {
    const [write, ...rest] = flight.writes;
    const who = which === 'late' ? 'the former leader' : 'the operator';
    const gone = { ...state, [which]: undefined };
    if (!write) return [{ words: `${who} ends its pass`, isCalm: true, to: gone }];
    const isLate = which === 'late';
    if (write.do === 'create') {
      const { name } = write.run.metadata;
      const words = `${who} creates ${name}`;
      const runs = state.runs.at(-1)!;
      if (runs.some(({ metadata }) => metadata.name === name))
        return [
          {
            words: `${words}, whose name is taken`,
            isCalm: true,
            to: { ...gone, mustSeeRuns: isLate ? state.mustSeeRuns : state.runs.length - 1 },
          },
        ];
      const run = {
        ...write.run,
        spec: specOf(write.run),
        metadata: { ...write.run.metadata, uid: `uid-${name}` },
      } as AnsibleRun;
      const made: State = { ...gone, runs: [...state.runs, internRuns([...runs, run])] };
      const status = withValueAt(write.next.status, write.path, `uid-${name}`);
      const uid: Write = { do: 'status', next: internBaseline({ ...write.next, status }) };
      const known = { ...made, mustSeeRuns: isLate ? state.mustSeeRuns : made.runs.length - 1 };
      const wrong = wrongCreation(state, run);
      return [
        {
          words,
          isCalm: true,
          wrong,
          to: isLate ? known : { ...known, flight: { ...flight, writes: [uid, ...rest] } },
        },
        { words: `${words}, and the answer is lost`, wrong, to: made },
        { words: `${words}: refused`, to: gone },
      ];
    }
    const words = `${who} stores the status${write.next.status.creating ? ` (creating ${write.next.status.creating.name})` : ''}`;
    const newest = state.baseline.at(-1)!;
    if (flight.version !== newestOf(state) && !faults.unboundWrites)
      return [{ words: `${words}: conflict`, isCalm: true, to: gone }];
    const stored = internBaseline({ ...write.next, mode: newest.mode });
    const done: State = stored === newest ? gone : { ...gone, baseline: [...state.baseline, stored] };
    const following = isLate || !rest.length ? done : { ...done, flight: { version: newestOf(done), writes: rest } };
    return [
      { words, isCalm: true, to: { ...following, mustSee: isLate ? state.mustSee : newestOf(done) } },
      { words: `${words}, and the answer is lost`, to: done },
      { words: `${words}: refused`, to: gone },
    ];
  }

  function runSteps(state: State): Step<State>[] {
    const runs = state.runs.at(-1)!;
    const isWorking = (host?: string) =>
      runs.some(({ spec, status }) => status?.startTime && !status.completionTime && spec.deviceNames?.[0] === host);
    return runs.flatMap((run): Step<State>[] => {
      const { name } = run.metadata;
      const host = run.spec.deviceNames?.[0] as Host;
      if (run.status?.completionTime) return [];
      const changed = (status: AnsibleRun['status'], more: Partial<State> = {}): State => ({
        ...state,
        ...more,
        runs: [...state.runs, internRuns(runs.map((one) => (one === run ? { ...run, status } : one)))],
      });
      if (!run.status?.startTime)
        return isWorking(host)
          ? []
          : [{ words: `${name} starts`, isCalm: true, to: changed({ startTime: timeOf(state.ticks, 150) }) }];
      const ended = (outcome: 'Verified' | 'Failed') => ({
        ...run.status,
        completionTime: timeOf(state.ticks + 1, 0),
        hosts: [{ name: host, outcome }],
        ...(outcome === 'Failed' && { failures: [{ device: host, check: 'motd', message: 'still differs' }] }),
      });
      const ticks = state.ticks + 1;
      return [
        {
          words: `${name} corrects ${host}`,
          isCalm: true,
          to: changed(ended('Verified'), { ticks, drifting: { ...state.drifting, [host]: false } }),
        },
        ...(state.failures
          ? [{ words: `${name} fails`, to: changed(ended('Failed'), { ticks, failures: state.failures - 1 }) }]
          : []),
      ];
    });
  }

  function hostSteps(state: State): Step<State>[] {
    const reports = state.reports.at(-1)!;
    return names.flatMap((name): Step<State>[] => {
      const observed = timeOf(state.ticks, 100);
      const { since } = reports[name];
      const isDrifting = state.drifting[name];
      const report: Report = isDrifting ? { observed, since: since ?? observed } : { observed };
      const seen: State = { ...state, reports: [...state.reports, { ...reports, [name]: report }] };
      const isNews = reports[name].observed !== observed || (since !== undefined) !== isDrifting;
      return [
        ...(isNews && state.reports.length < 3 ? [{ words: `${name} is evaluated`, isCalm: true, to: seen }] : []),
        ...(!isDrifting && state.drifts
          ? [
              {
                words: `${name} drifts`,
                to: { ...state, drifts: state.drifts - 1, drifting: { ...state.drifting, [name]: true } },
              },
            ]
          : []),
      ];
    });
  }

  function peopleSteps(state: State): Step<State>[] {
    if (!state.acts) return [];
    const newest = state.baseline.at(-1)!;
    const acts = state.acts - 1;
    const modes = (['Enforce', 'Inform', 'suspended'] as const).filter((mode) => mode !== newest.mode);
    const isWaived = state.waived.at(-1)!;
    return [
      ...modes.map((mode) => ({
        words: `somebody sets ${mode}`,
        to: { ...state, acts, baseline: [...state.baseline, internBaseline({ ...newest, mode })] },
      })),
      {
        words: isWaived ? 'the waiver ends' : `${waived} is waived`,
        to: { ...state, acts, waived: [...state.waived, !isWaived] },
      },
    ];
  }

  function keyOf(state: State): string {
    const clock = { now: dateOf(state.ticks).getTime(), tick: tickSeconds * 1000, most: 4 };
    const flown = (flight: Flight | undefined): string =>
      flight ? `${flight.version === newestOf(state)}${keyed(flight.writes, clock)}` : '';
    return [
      ...lags.map((lag) => state[lag].map((one) => (typeof one === 'object' ? keyed(one, clock) : one)).join('>')),
      state.mustSee > state.oldest ? state.mustSee - state.oldest : '',
      state.mustSeeRuns,
      flown(state.flight),
      flown(state.late),
      JSON.stringify([state.drifting, state.drifts, state.failures, state.acts]),
    ].join('|');
  }
}

function wrongCreation({ runs, baseline }: State, run: AnsibleRun): string | undefined {
  const pairs = (one: AnsibleRun): string[] =>
    (correctionsOf(one) ?? []).map(({ device, check, drift, attempt }) => [device, check, drift, attempt].join());
  const before = new Set(runs.at(-1)!.flatMap(pairs));
  if (pairs(run).some((pair) => before.has(pair))) return 'one attempt at a drift is given to two runs';
  const { creating } = baseline.at(-1)!.status;
  if (creating === undefined) return 'a run is created that is not recorded';
  return undefined;
}

function wrongIn(before: State, after: State): string | undefined {
  const kept = new Set(after.baseline.at(-1)!.status.runs);
  if (before.baseline.at(-1)!.status.runs?.some((uid) => !kept.has(uid))) return 'the record of a run is lost';
  const open = after.runs.at(-1)!.filter(({ status }) => !status?.completionTime);
  const hosts = new Set(open.filter(({ status }) => status?.startTime).flatMap(({ spec }) => spec.deviceNames ?? []));
  if (hosts.size > 1) return 'more hosts are in work than maxUnavailable allows';
  return open.length > 1 ? 'two runs of the baseline are open' : undefined;
}

function unfinished({ baseline, runs, drifting, reports, waived: isWaived }: State): string | undefined {
  const { mode, status, told } = baseline.at(-1)!;
  if (runs.at(-1)!.some(({ status: is }) => !is?.completionTime)) return 'a run is not complete';
  if (mode !== 'Enforce') return undefined;
  const recorded = new Set(status.runs);
  if (runs.at(-1)!.some(({ metadata }) => !recorded.has(metadata.uid ?? ''))) return 'a run is not known';
  const open = names.filter((name) => drifting[name] && !(isWaived.at(-1)! && name === waived));
  if (names.some((name) => drifting[name] !== (reports.at(-1)![name].since !== undefined)))
    return 'a host is not evaluated';
  return open.length && !told.length ? `nobody corrects ${open.join()}, and nothing says why` : undefined;
}

function next(state: State, lag: keyof Caches): State {
  const shown = { ...state, [lag]: state[lag].slice(1) };
  if (lag === 'baseline') return { ...shown, oldest: state.oldest + 1 };
  return lag === 'runs' ? { ...shown, mustSeeRuns: Math.max(0, state.mustSeeRuns - 1) } : shown;
}

function reportOf(baseline: DeviceBaseline, device: (typeof devices)[number], reports: Reports) {
  const { observed, since } = reports[device.metadata.name as Host];
  return makeReport(baseline, device, since === undefined ? [] : [makeFinding(motd, { since })], {
    observedTime: observed,
  });
}

function specOf(run: Intent): AnsibleRunSpec {
  return run['spec'] as AnsibleRunSpec;
}

function newestOf({ oldest, baseline }: State): number {
  return oldest + baseline.length - 1;
}

function dateOf(ticks: number): Date {
  return new Date(begin.getTime() + (ticks * tickSeconds + 200) * 1000);
}

function timeOf(ticks: number, seconds: number): string {
  return new Date(begin.getTime() + (ticks * tickSeconds + seconds) * 1000).toISOString();
}

/** What the model of corrections consists of: the states, and what they must never be. Pure. */
import type { AnsibleRun } from '../../operator/api/v1alpha1/ansibleRun.ts';
import type { DeviceBaselineStatus } from '../../operator/api/v1alpha1/deviceBaseline.ts';
import { correctionsOf } from '../../operator/drift/corrections.ts';
import { numberOfOwn } from '../../operator/drift/ownRuns.ts';
import type { Intent } from '../../operator/runtime/feature.ts';
import { interning } from './keys.ts';

export const names = ['web-01', 'web-02'] as const;
/** The host that a waiver is about. */
export const waivedHost = names[0];

export type Host = (typeof names)[number];
export type Mode = 'Enforce' | 'Inform' | 'suspended';
/** How a host drifts, if it does: one place may drift in two ways. */
export type Drift = 'none' | 'one' | 'another';

/** Of a host: how it drifts and since when, and the last run that the report knows of. */
export interface Report {
  readonly drift: Drift;
  readonly since?: string;
  readonly afterRun?: string;
}
export type Reports = Readonly<Record<Host, Report>>;

export interface Baseline {
  readonly mode: Mode;
  readonly status: DeviceBaselineStatus;
  /** Types of the conditions that tell why something is not corrected. */
  readonly told: readonly string[];
}

export type Write =
  | { readonly do: 'status'; readonly next: Baseline }
  | {
      readonly do: 'create';
      readonly run: Intent;
      readonly path: readonly (string | number)[];
      readonly next: Baseline;
    };

export interface Flight {
  readonly version: number;
  /** The last number that was recorded when it began. */
  readonly last: number;
  readonly writes: readonly Write[];
}

/** What a cache may show: the first is what it shows, the last what the apiserver has. */
export interface Caches {
  readonly baseline: readonly Baseline[];
  readonly runs: readonly (readonly AnsibleRun[])[];
  readonly reports: readonly Reports[];
  readonly waived: readonly boolean[];
}

export interface State extends Caches {
  readonly ticks: number;
  readonly oldest: number;
  /** Own writes that are yet to be seen: of the baseline, a version, and of runs, how many changes. */
  readonly mustSee: number;
  readonly mustSeeRuns: number;
  readonly drifting: Readonly<Record<Host, Drift>>;
  readonly flight?: Flight | undefined;
  readonly late?: Flight | undefined;
  /** The highest number of a run whose uid was ever recorded. */
  readonly last: number;
  readonly drifts: number;
  readonly failures: number;
  readonly acts: number;
}

export const lags = ['baseline', 'runs', 'reports', 'waived'] as const;
export const internBaseline = interning<Baseline>();
export const internRuns = interning<readonly AnsibleRun[]>();
export const internReports = interning<Reports>();

export function newestOf({ oldest, baseline }: State): number {
  return oldest + baseline.length - 1;
}

export function next(state: State, lag: keyof Caches): State {
  const shown = { ...state, [lag]: state[lag].slice(1) };
  if (lag === 'baseline') return { ...shown, oldest: state.oldest + 1 };
  return lag === 'runs' ? { ...shown, mustSeeRuns: Math.max(0, state.mustSeeRuns - 1) } : shown;
}

/** Whether what decides about corrections is shown as it is. */
export function isCurrent({ baseline, waived }: State): boolean {
  return waived.length === 1 && baseline[0]!.mode === baseline.at(-1)!.mode;
}

export function isOpen({ status }: AnsibleRun): boolean {
  return !status?.completionTime;
}

export function hostOf({ spec }: AnsibleRun): Host {
  return spec.deviceNames?.[0] as Host;
}

export function wasTried({ status }: AnsibleRun): boolean {
  return !status?.conditions?.some(({ reason }) => reason === 'NoLongerWanted');
}

const recorded = new WeakMap<DeviceBaselineStatus, ReadonlySet<string>>();

export function recordedIn(status: DeviceBaselineStatus): ReadonlySet<string> {
  const uids =
    recorded.get(status) ?? new Set([...(status.runs ?? []), ...(status.creating?.uid ? [status.creating.uid] : [])]);
  recorded.set(status, uids);
  return uids;
}

/** With the highest number that is recorded now. */
export function remembered(state: State): State {
  const { creating } = state.baseline.at(-1)!.status;
  const numbers = [...recordedIn(state.baseline.at(-1)!.status)].map((uid) => Number(uid.split('-').at(-1)));
  if (!numbers.length && !creating) return state;
  return { ...state, last: Math.max(state.last, ...numbers) };
}

/** What is wrong with a run that is created. */
export function wrongCreation({ baseline }: State, run: AnsibleRun, last: number): string | undefined {
  if (numberOfOwn(run) <= last) return 'the number of a run is used again';
  const { creating } = baseline.at(-1)!.status;
  return creating === undefined ? 'a run is created that is not recorded' : undefined;
}

/** What is wrong with a run that starts. */
export function wrongStart({ runs }: State, run: AnsibleRun): string | undefined {
  const pairs = (one: AnsibleRun): string[] =>
    (correctionsOf(one) ?? []).map(({ device, check, drift, attempt }) => [device, check, drift, attempt].join());
  const began = runs.at(-1)!.filter((one) => one !== run && one.status?.startTime && wasTried(one));
  const before = new Set(began.flatMap(pairs));
  return pairs(run).some((pair) => before.has(pair)) ? 'one attempt at a drift is given to two runs' : undefined;
}

export function wrongIn(before: State, after: State): string | undefined {
  const was = before.baseline.at(-1)!.status;
  const is = after.baseline.at(-1)!.status;
  if (was !== is && [...recordedIn(was)].some((uid) => !recordedIn(is).has(uid))) return 'the record of a run is lost';
  const runs = after.runs.at(-1)!;
  if (runs === before.runs.at(-1)!) return undefined;
  const working = runs.filter((run) => isOpen(run) && run.status?.startTime);
  const hosts = new Set(working.flatMap(({ spec }) => spec.deviceNames ?? []));
  if (hosts.size > 1) return 'more hosts are in work than maxUnavailable allows';
  const open = runs.filter(
    (run) => isOpen(run) && (run.status?.startTime ?? recordedIn(is).has(run.metadata.uid ?? '')),
  );
  return open.length > 1 ? 'two runs of the baseline are open' : undefined;
}

export function unfinished({ baseline, runs, drifting, reports, waived }: State): string | undefined {
  const { mode, status, told } = baseline.at(-1)!;
  if (runs.at(-1)!.some(isOpen)) return 'a run is not complete';
  if (mode !== 'Enforce') return undefined;
  const known = recordedIn(status);
  if (runs.at(-1)!.some((run) => wasTried(run) && !known.has(run.metadata.uid ?? ''))) return 'a run is not known';
  if (names.some((name) => drifting[name] !== reports.at(-1)![name].drift)) return 'a host is not evaluated';
  const open = names.filter((name) => drifting[name] !== 'none' && !(waived.at(-1)! && name === waivedHost));
  return open.length && !told.length ? `nobody corrects ${open.join()}, and nothing says why` : undefined;
}

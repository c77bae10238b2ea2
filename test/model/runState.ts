/** What the model of a run consists of: the states, and what everybody does to them. Pure. */
import type { AnsibleRunStatus } from '../../operator/api/v1alpha1/ansibleRun.ts';
import type { Timed } from './runPass.ts';

/** Milliseconds. */
export const tick = 700_000;
/** In which a check of a mode of 0640 at most fails, fails in another way, holds, or cannot be asked. */
export type HostIs = 'wrong' | 'other' | 'right' | 'away';
/** Of a Job, or of the process of backend Local. */
export type WorkIs = 'prepared' | 'released' | 'running' | 'finished' | 'lost' | 'stopped';

export interface Version {
  readonly status: AnsibleRunStatus;
  readonly isDeleted: boolean;
}

export type Write =
  | { readonly do: 'status'; readonly status: AnsibleRunStatus }
  | { readonly do: 'job'; readonly nonce: string }
  | { readonly do: 'uid'; readonly uid: string; readonly status: AnsibleRunStatus }
  | { readonly do: 'release' | 'stop'; readonly uid: string }
  | { readonly do: 'start'; readonly record: AnsibleRunStatus }
  | { readonly do: 'cancel' | 'forget' | 'letGo' };

/** The writes that a pass has yet to make. */
export interface Flight {
  readonly version: number;
  readonly writes: readonly Write[];
}

export interface Operator {
  /** The version that its cache shows, and that of its own last write that was answered. */
  readonly view: number;
  readonly own: number;
  /** For how long it has seen the run as it is. */
  readonly timed?: Timed | undefined;
  readonly flight?: Flight | undefined;
}

export interface State {
  /** By the wall clock, which may go back. */
  readonly ticks: number;
  /** Those that a cache may still show; the last is what the apiserver has. */
  readonly versions: readonly Version[];
  readonly oldest: number;
  readonly isGone: boolean;
  readonly operator: Operator;
  /** Of one that led before. */
  readonly late?: Flight | undefined;
  readonly executor: 'here' | 'there';
  readonly host: HostIs;
  /** Whether its baseline asks for it no longer. */
  readonly isUnwanted: boolean;
  /** Whether etcd was restored to the time before the run began. */
  readonly isRestored: boolean;
  readonly jobs: Readonly<Record<string, WorkIs>>;
  readonly process?: WorkIs | undefined;
  /** What backend Local keeps of what was recorded when it started. */
  readonly record?: AnsibleRunStatus | undefined;
  readonly nonces: number;
  /** How often Ansible was started, and what was recorded of the host then. */
  readonly ran: number;
  readonly ranOn?: string | undefined;
}

export function newestOf({ oldest, versions }: State): number {
  return oldest + versions.length - 1;
}

export function isComplete({ isGone, versions, operator, late }: State): boolean {
  return (isGone || versions.at(-1)!.status.completionTime !== undefined) && !operator.flight && !late;
}

export function stored(state: State, version: Version): State {
  return { ...state, versions: [...state.versions, version] };
}

/** Ansible starts, on what is recorded at that moment. */
export function executed(state: State, record = state.versions.at(-1)!.status): State {
  return { ...state, ran: state.ran + 1, ranOn: JSON.stringify(record.before) };
}

export function fixed(state: State): State {
  return state.host === 'away' ? state : { ...state, host: 'right' };
}

export function withJob(state: State, uid: string, is: WorkIs): State {
  return { ...state, jobs: { ...state.jobs, [uid]: is } };
}

export function withoutJob(state: State, uid: string): State {
  return { ...state, jobs: Object.fromEntries(Object.entries(state.jobs).filter(([one]) => one !== uid)) };
}

/** Of a pass whose operator leads no more, only the write that it has begun is made. */
export function begun({ version, writes }: Flight): Flight {
  return { version, writes: writes.slice(0, 1) };
}

/** Forgets versions that no cache shows, and Jobs that were made and that nobody can ever release. */
export function tidy(state: State): State {
  const passed = state.operator.view - state.oldest;
  const versions = passed ? state.versions.slice(passed) : state.versions;
  const kept = { ...state, versions, oldest: state.operator.view };
  if (!Object.values(state.jobs).includes('prepared')) return kept;
  const spoken = JSON.stringify([versions, state.operator.flight, state.late]);
  const jobs = Object.entries(state.jobs).filter(([uid, is]) => is !== 'prepared' || spoken.includes(`"${uid}"`));
  return { ...kept, jobs: Object.fromEntries(jobs) };
}

/** What a step violates. */
export function wrongIn(before: State, after: State): string | undefined {
  if (after.ran > 1) return 'Ansible was started twice';
  const was = before.versions.at(-1)!.status;
  const is = after.versions.at(-1)!.status;
  const starts = after.ran > before.ran;
  if (starts && (is.completionTime !== undefined || after.isGone)) return 'Ansible was started after the run was over';
  if (after.isGone || after.isRestored !== before.isRestored) return undefined;
  if (was.startTime !== undefined && was.startTime !== is.startTime) return 'the record of the start is lost';
  if (was.job?.uid !== undefined && was.job.uid !== is.job?.uid) return 'the record of the Job is lost';
  if (was.completionTime !== undefined && was !== is) return 'a complete run is written again';
  if (after.isRestored && is.startTime === undefined) return undefined;
  if (starts && !is.startTime) return 'Ansible was started before that was recorded';
  if (before.ran > 0 && JSON.stringify(is.before) !== after.ranOn) return 'what was there before is lost';
  return undefined;
}

export function unfinished({ isGone, versions, jobs }: State): string | undefined {
  if (isGone) return Object.keys(jobs).length ? 'a Job is left behind' : undefined;
  return versions.at(-1)!.status.completionTime ? undefined : 'the run is never complete';
}

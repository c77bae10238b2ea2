/** All that a run is decided by, as it was read. Pure. */
import type { AnsibleRun, AnsibleRunStatus } from '../../api/v1alpha1/ansibleRun.ts';
import type { DeviceBaseline } from '../../api/v1alpha1/deviceBaseline.ts';
import type { MaintenanceWindow } from '../../api/v1alpha1/maintenanceWindow.ts';
import type { LocalRef } from '../../api/v1alpha1/shared.ts';
import type { AnsibleState, PlaybookSource } from '../../connect/ansible/types.ts';
import type { SshTarget } from '../../connect/ssh/types.ts';
import type { HostObservation } from '../probe/observation.ts';
import type { Block } from './work.ts';

export type RunWorld =
  { readonly is: 'complete' | 'unmarked' | 'copied' } | DeletedWorld | FreshWorld | (StartedWorld & Lasting);

/** A run that is being deleted. */
export interface DeletedWorld {
  readonly is: 'deleted';
  /** Whether its Job may yet begin, or is at work, and the operator may stop it. */
  readonly jobIsOpen?: boolean;
}

/** How long a run is in its state. */
export interface Lasting {
  /** For how many seconds this process has seen it starting, running, or ended: by a clock that never jumps. */
  readonly seconds: number;
}

/** Whether hosts may be changed now. What was not read stands in no way. */
export interface Permission {
  /** When the reading began: what depends on time is evaluated as of this instant. */
  readonly readAt?: Date;
  /** Why its baseline no longer asks for it. */
  readonly unwanted?: string;
  /** Why it is not known whether it may begin: what decides about that has just changed, or could not be read. */
  readonly outdated?: string;
  /** The windows in which its hosts may be changed by it. */
  readonly windows?: readonly KeptWindow[];
}

/** A run that has not begun. It is read as far as the first thing that stands in its way (`checks.ts`), and no host is asked in vain. */
export interface FreshWorld extends Permission {
  readonly is: 'fresh';
  readonly readAt: Date;
  /** Runs of others that have begun on some of the same Devices and are not complete, or that come first there. */
  readonly atWork: readonly AnsibleRun[];
  /** Names of runs that are at work on some of the same Devices, and of which etcd does not know that, as after a restore. */
  readonly orphans?: readonly string[];
  /** The run that this one undoes, if there is one of that name. */
  readonly reverted?: AnsibleRun;
  /** The baseline that asked for the run, or for the one that it undoes. */
  readonly baseline?: DeviceBaseline;
  readonly blocks: readonly Block[];
  /** Whether others come first, where only so many runs are executed at once. */
  readonly waitsForTurn?: boolean;
  /** Why backend Local cannot run anything now. */
  readonly localProblem?: string;
  /** The commands that grant the operator what a Job needs, where it lacks that. */
  readonly ungranted?: string;
  /** A playbook of its author's own, or the name of the ConfigMap that does not hold it, or that the operator may not read until it is granted by these commands. */
  readonly playbook?:
    PlaybookSource | { readonly is: 'missing'; readonly configMap: string; readonly ungranted?: string };
  /** Absent as long as they were not asked for. */
  readonly hosts?: readonly (RunHost | UnreadyHost)[];
}

/** A window that a run waits for. */
export interface KeptWindow {
  readonly ref: LocalRef;
  /** Undefined when there is none of that name. */
  readonly window?: MaintenanceWindow;
}

/** A run whose start is recorded. Whether it may change hosts is read as long as it is not started. */
export interface StartedWorld extends RunWork, Permission {
  readonly is: 'started';
  readonly state: AnsibleState;
  /** What its status was, where it says that the run has not begun and the operator has executed it, as after a restore of etcd. */
  readonly lostStatus?: AnsibleRunStatus;
}

/** What is to be done where. */
export interface RunWork {
  readonly hosts: readonly RunHost[];
  readonly blocks: readonly Block[];
  readonly playbook?: PlaybookSource;
  /** The run that this one undoes. */
  readonly reverted?: AnsibleRun;
}

export interface RunHost {
  readonly name: string;
  readonly target: SshTarget;
  /** The Secret that has its key. */
  readonly secretName: string;
  /** What Ansible connects to; absent where it was not asked for. */
  readonly address?: string;
  /** What the probe finds of the run's checks; absent when the run has none. */
  readonly observation?: HostObservation;
}

/** A Device that no run can begin on. */
export type UnreadyHost = { readonly name: string } & (
  | { readonly is: 'missing' | 'suspended' }
  /** With what its endpoint lacks. */
  | { readonly is: 'unconfigured'; readonly message: string }
);

export function isReady(host: RunHost | UnreadyHost): host is RunHost {
  return 'target' in host;
}

/** The work of a run in whose way nothing stands. Throws when it was not read to its end: what was not read is not verified. */
export function workOf({ hosts, blocks, playbook, reverted }: FreshWorld): RunWork {
  if (playbook?.is === 'missing' || !hosts?.every(isReady)) throw new Error('the run was not read in full');
  return { hosts, blocks, ...(playbook && { playbook }), ...(reverted && { reverted }) };
}

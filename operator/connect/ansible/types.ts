/** What the Ansible connector takes and gives, as values: the same for every backend. */
import type { AddressedTarget } from '../ssh/types.ts';
import type { Task } from '../../lib/ansibleTask.ts';

/** What is run: a play of tasks made by us, or a playbook as its author wrote it. */
export type PlaybookSource =
  | {
      readonly is: 'tasks';
      readonly tasks: readonly Task[];
      /** Modules of our own that the tasks use: files below `library/` and `module_utils/`. */
      readonly files?: readonly ProjectFile[];
    }
  | { readonly is: 'text'; readonly text: string }
  | { readonly is: 'role'; readonly role: string };

/** A file of the folder in which Ansible runs. */
export interface ProjectFile {
  readonly name: string;
  readonly text: string;
}

export interface AnsibleHost {
  /** Name in the inventory: the Device's. */
  readonly name: string;
  /** With the address that Ansible connects to. */
  readonly target: AddressedTarget;
  /** The Secret that has its key; only a Job needs it. */
  readonly secretName?: string;
  /** Variables of this host, all data. */
  readonly variables: Readonly<Record<string, unknown>>;
}

export interface AnsibleRequest {
  readonly hosts: readonly AnsibleHost[];
  readonly playbook: PlaybookSource;
  readonly variables: Readonly<Record<string, string | number>>;
  readonly check: boolean;
  readonly forks: number;
  readonly serial?: number;
  readonly maxFailPercentage?: number;
  readonly timeoutSeconds: number;
}

export interface AnsibleHostResult {
  readonly name: string;
  readonly ok: number;
  readonly changed: number;
  readonly failed: number;
  readonly unreachable: boolean;
  /** What failed, of the first failing task: one line, no secret. */
  readonly message?: string;
  /** What a module of ours tells of each check that could not be corrected, by its name. */
  readonly checks?: Readonly<Record<string, CheckTold>>;
  /** What it did beyond what was declared, by the name of the check: one line each. */
  readonly notes?: Readonly<Record<string, string>>;
}

export interface CheckTold {
  readonly message: string;
  /** Whether nothing was touched. */
  readonly refused: boolean;
}

/** How a run stands. */
export type AnsibleState =
  /** Not started by this executor: it is safe to start it. */
  | { readonly is: 'absent' }
  /** Made and suspended: it has done nothing, and does nothing until it is released. */
  | { readonly is: 'prepared' }
  /** With a message where it does not get on. */
  | { readonly is: 'running'; readonly message?: string }
  /** Of a host that is not listed it is not known how far Ansible got there. */
  | {
      readonly is: 'finished';
      readonly exitCode: number;
      readonly hosts: readonly AnsibleHostResult[];
      readonly message?: string;
      readonly timedOut?: boolean;
    }
  /** It was started and its end will never be known, as after a killed container. */
  | { readonly is: 'lost'; readonly message: string };

/** What is kept with a run from before its start: the record of it, should etcd lose that. */
export interface RunRecord {
  readonly namespace: string;
  readonly name: string;
  /** The hosts that it changes. */
  readonly devices: readonly string[];
  /** What the operator recorded of it. */
  readonly status: object;
}

/** A run that was started here. Without a record it is known by its id alone. */
export interface StartedRun {
  readonly record?: RunRecord;
}

/**
 * Runs Ansible in a process of its own on this machine. A run is named by an id that is never used twice; it outlives the operator's
 * process, and a new process finds it again by its id. Nothing starts twice: `start` of a known id does nothing, for ever.
 */
export interface LocalAnsible {
  /** Names this executor: its state folder. Another executor cannot tell how its runs stand. */
  readonly executor: string;
  /** Why nothing can be run here at the moment, as a sentence with what to do; `undefined` when it can. */
  problem(): Promise<string | undefined>;
  /** Why that request may not or cannot be run; `undefined` when nothing is wrong with it. */
  problemOf(request: AnsibleRequest): string | undefined;
  state(id: string): Promise<AnsibleState>;
  /** What is known of a run that was started here, complete or not; `undefined` if it never was. */
  started(id: string): Promise<StartedRun | undefined>;
  /** All that run at this moment, whoever asked for them. */
  atWork(): Promise<readonly (StartedRun & { readonly id: string })[]>;
  start(id: string, request: AnsibleRequest, record?: RunRecord): Promise<void>;
  /** Ends a run and waits until none of its processes is left. */
  cancel(id: string): Promise<void>;
  /** Removes what a finished run no longer needs. It stays known that it was executed, and for a while how it came out. */
  forget(id: string): Promise<void>;
}

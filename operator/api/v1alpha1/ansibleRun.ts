import type { CheckFailure, HostResult, RunJob, StateBefore } from './ansibleRunStatus.ts';
import type { DeviceCheck } from './deviceCheck.ts';
import type { Playbook } from './playbook.ts';
import type {
  Digest,
  Int32,
  IntOrString,
  LocalRef,
  ObjectName,
  Resource,
  ResourceStatus,
  Text,
  Timestamp,
} from './shared.ts';

/**
 * One execution of Ansible on some Devices, created by a baseline or manually. It runs once and is never started again.
 *
 * @resource plural=ansibleruns shortName=har scope=Namespaced writtenBy=author
 * @rule self.spec == oldSelf.spec :: an AnsibleRun cannot be changed; create another
 * @sentence .status.conditions[?(@.type=="Succeeded")].message
 * @printcolumn Succeeded string .status.conditions[?(@.type=="Succeeded")].status
 * @printcolumn Reason string .status.conditions[?(@.type=="Succeeded")].reason
 * @printcolumn Mode string .spec.mode priority=1
 * @printcolumn Baseline string .spec.baselineRef.name priority=1
 * @printcolumn Hosts string .status.summary
 * @printcolumn Started date .status.startTime priority=1
 * @printcolumn Age date .metadata.creationTimestamp
 */
export interface AnsibleRun extends Resource<AnsibleRunSpec, AnsibleRunStatus> {
  kind: 'AnsibleRun';
}

/**
 * What is run, where, and within which limits.
 *
 * @rule has(self.revertOf) != (has(self.playbook) || has(self.checks)) :: set `checks`, `playbook` or both to run something, or `revertOf` alone to undo a run
 * @rule has(self.revertOf) || size(self.deviceNames) > 0 :: `deviceNames` must name at least one Device
 */
export interface AnsibleRunSpec {
  /**
   * `Check` changes nothing and reports what `Apply` would change.
   *
   * @default "Apply"
   */
  mode?: 'Apply' | 'Check';

  /**
   * The Devices, in the same namespace. With `revertOf`, all of the reverted run if empty.
   *
   * @maxItems 200
   * @listType set
   * @default []
   */
  deviceNames?: ObjectName[];

  /**
   * What must be true of the hosts afterwards: the probe evaluates it and decides the outcome. Without `playbook`, the tasks that correct
   * these checks are generated. Each check applies to the hosts that `corrections` names for it, or to all if it is not set.
   *
   * @minItems 1
   * @maxItems 300
   * @listType map
   * @listMapKey name
   */
  checks?: DeviceCheck[];

  /** Your own playbook. Backend `Local` refuses it unless the operator was started with `--allow-local-playbooks`. */
  playbook?: Playbook;

  /** Undoes a correction: puts back what was found before that run, in the same namespace. */
  revertOf?: LocalRef;

  /**
   * Variables of the playbook. They are data: nothing in them is evaluated. Names of connection variables and of Ansible's own variables are refused.
   *
   * @maxProperties 64
   * @rule self.all(name, name.matches('^[a-z][a-z0-9_]{0,63}$') && !name.startsWith('ansible_') && !name.startsWith('holdfast_')) :: names of variables must consist of lowercase letters, digits and `_`, begin with a letter, and must not start with `ansible_` or `holdfast_`
   * @rule !self.exists(name, name in ['action', 'always', 'any_errors_fatal', 'args', 'async', 'async_val', 'become', 'become_exe', 'become_flags', 'become_method', 'become_user', 'block', 'changed_when', 'check_mode', 'collections', 'connection', 'cycler', 'debugger', 'delay', 'delegate_facts', 'delegate_to', 'dict', 'diff', 'environment', 'fact_path', 'failed_when', 'force_handlers', 'gather_facts', 'gather_timeout', 'group_names', 'groups', 'handlers', 'hosts', 'hostvars', 'ignore_errors', 'ignore_unreachable', 'inventory_dir', 'inventory_file', 'inventory_hostname', 'inventory_hostname_short', 'joiner', 'lipsum', 'local_action', 'lookup', 'loop', 'loop_control', 'loop_with', 'max_fail_percentage', 'module_defaults', 'name', 'namespace', 'no_log', 'notify', 'now', 'omit', 'order', 'play_hosts', 'playbook_dir', 'poll', 'port', 'post_tasks', 'pre_tasks', 'q', 'query', 'range', 'register', 'remote_user', 'rescue', 'retries', 'role_name', 'role_names', 'role_path', 'role_uuid', 'roles', 'run_once', 'serial', 'strategy', 'tags', 'tasks', 'throttle', 'timeout', 'undef', 'until', 'vars', 'vars_files', 'vars_prompt', 'when']) :: names of Ansible's own variables and keywords are reserved: give the variable another name
   * @rule self.all(name, type(self[name]) == string || (self[name] >= -9007199254740991 && self[name] <= 9007199254740991)) :: a number must have at most 53 bits: write a larger one as a string
   */
  variables?: Record<string, VariableValue>;

  /**
   * Where Ansible runs: in a Kubernetes `Job`, or `Local`, in the operator's own process, for demonstrations and development.
   *
   * @default "Job"
   */
  backend?: 'Job' | 'Local';

  /**
   * How many hosts Ansible works on in parallel.
   *
   * @minimum 1
   * @maximum 100
   * @default 10
   */
  forks?: Int32;

  /**
   * How many hosts go through the playbook together.
   *
   * @minimum 1
   * @maximum 200
   */
  serial?: Int32;

  /**
   * Ansible stops when more than this percentage of the hosts of a batch has failed.
   *
   * @minimum 0
   * @maximum 100
   */
  maxFailPercentage?: Int32;

  /**
   * How long the run may take, in seconds.
   *
   * @minimum 10
   * @maximum 86400
   * @default 1800
   */
  timeoutSeconds?: Int32;

  /** The baseline that created this run. */
  baselineRef?: LocalRef;

  /** The revision of that baseline. */
  revision?: Digest;

  /**
   * What this run must correct, host by host: set by the baseline that created it.
   *
   * @maxItems 200
   * @listType atomic
   */
  corrections?: HostCorrections[];
}

/**
 * Value of a variable.
 *
 * @maxLength 4096
 */
export type VariableValue = IntOrString;

/**
 * The checks to correct on one host.
 *
 * @rule self.drifts.split(' ').size() == self.checks.size() :: `drifts` must have as many entries as `checks`
 */
export interface HostCorrections {
  /** The Device. */
  device: ObjectName;

  /**
   * The checks; from the second attempt at the same drift on, with the number of the attempt.
   *
   * @minItems 1
   * @maxItems 300
   * @listType atomic
   */
  checks: CheckCorrection[];

  /**
   * The identities of their drifts, in the order of `checks`.
   *
   * @maxLength 4096
   * @pattern ^[0-9a-f]{12}( [0-9a-f]{12})*$
   */
  drifts: string;
}

/**
 * Such as `motd`, or `motd, attempt 2`.
 *
 * @maxLength 128
 * @pattern ^[a-z0-9]([-a-z0-9]*[a-z0-9])?(, attempt [1-9][0-9]{0,3})?$
 */
export type CheckCorrection = string;

/** The outcome. */
export interface AnsibleRunStatus extends ResourceStatus {
  /** When it was recorded as started, before anything ran. */
  startTime?: Timestamp;

  /** Who runs it: `Job`, or the process that started it. */
  executor?: Text;

  /** The Job that runs it. */
  job?: RunJob;

  /** When Ansible finished. */
  finishTime?: Timestamp;

  /** When the outcome was known, after the hosts were evaluated again. */
  completionTime?: Timestamp;

  /** The hosts in one line, such as `3/3 verified`. */
  summary?: Text;

  /**
   * The outcome, host by host.
   *
   * @maxItems 200
   * @listType map
   * @listMapKey name
   */
  hosts?: HostResult[];

  /**
   * What could not be corrected or put back, and why.
   *
   * @maxItems 1000
   * @listType atomic
   */
  failures?: CheckFailure[];

  /**
   * What is changed on which host, and what was found there before. What an undo needs is stored on the host itself, where only root can
   * read it.
   *
   * @maxItems 1000
   * @listType atomic
   */
  before?: StateBefore[];
}

/** What a run needs of the outside world, given at wiring, and what of that is left for deciding. */
import type { AnsibleRun } from '../../api/v1alpha1/ansibleRun.ts';
import type { AnsibleRequest, AnsibleState, LocalAnsible, ProjectFile } from '../../connect/ansible/types.ts';
import type { Intent, JsonPatch } from '../../runtime/feature.ts';
import type { Conceal } from '../checks/checkType.ts';
import type { Ssh } from '../../connect/ssh/types.ts';
import type { Probe } from '../device/observe.ts';

export interface RunNeeds {
  readonly probe: Probe;
  /** The address of a host, if the operator may reach it. */
  readonly locate: Ssh['locate'];
  readonly conceal: Conceal;
  readonly local: LocalAnsible;
  /** The module of Ansible that makes and undoes changes on a host. */
  readonly hostModule: readonly ProjectFile[];
  readonly jobs: Jobs;
  /** What nobody can know beforehand: another at each call, of lowercase letters and digits. */
  readonly nonce: () => string;
  /** Milliseconds on a clock that never jumps; only differences mean anything. */
  readonly elapsed: () => number;
  /** How many runs backend Local executes at once. */
  readonly mostLocalRuns: number;
  /** Whether backend Local may run playbooks that are not generated: they run with the operator's own rights. */
  readonly localPlaybooks: boolean;
  /** Told of every host of a complete run. */
  readonly onOutcome: (run: AnsibleRun, outcome: string) => void;
}

/** How a request becomes a Kubernetes Job, and a Job's end a state. Pure. */
export interface Jobs {
  /** Whether the operator was given an image for them. */
  readonly isAvailable: boolean;
  /** The Job, suspended, and the ConfigMap with its data; both have the name. Throws a sentence for what may not or cannot be run. */
  objectsOf(run: AnsibleRun, request: AnsibleRequest, name: string): { readonly job: Intent; readonly data: Intent };
  /** Why the request may not or cannot be run; `undefined` when nothing is wrong with it. */
  problemOf(request: AnsibleRequest): string | undefined;
  /** Lets that Job begin, if it is as it was made. */
  readonly releaseOf: (uid: string) => JsonPatch;
  /** Ends that Job. */
  readonly stopOf: (uid: string) => JsonPatch;
  stateOf(job: object, pods: readonly object[]): AnsibleState;
}

/** What deciding is given beside the world: values and pure functions, nothing that acts. */
export interface RunMeans extends Pick<RunNeeds, 'conceal' | 'hostModule' | 'localPlaybooks' | 'jobs'> {
  /** Who executes runs of backend Local. */
  readonly executor: string;
  readonly nonce: string;
  /** Why a backend may not or cannot execute the request. */
  readonly problemOf: (backend: 'Job' | 'Local', request: AnsibleRequest) => string | undefined;
}

export function meansOf({ conceal, hostModule, localPlaybooks, local, jobs, nonce }: RunNeeds): RunMeans {
  return {
    conceal,
    hostModule,
    localPlaybooks,
    jobs,
    executor: local.executor,
    nonce: nonce(),
    problemOf: (backend, request) => (backend === 'Local' ? local : jobs).problemOf(request),
  };
}

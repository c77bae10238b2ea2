/** What a run needs of the outside world, given at wiring, and what of that is left for deciding. */
import type { AnsibleRun } from '../../api/v1alpha1/ansibleRun.ts';
import type { AnsibleRequest, AnsibleState, LocalAnsible, ProjectFile } from '../../connect/ansible/types.ts';
import type { Intent } from '../../runtime/feature.ts';
import type { Conceal } from '../checks/checkType.ts';
import type { Probe } from '../device/observe.ts';

export interface RunNeeds {
  readonly probe: Probe;
  readonly conceal: Conceal;
  readonly local: LocalAnsible;
  /** The module of Ansible that makes and undoes changes on a host. */
  readonly hostModule: readonly ProjectFile[];
  /** None when the operator was given no image for them. */
  readonly jobs?: Jobs;
  /** Whether backend Local may run playbooks that are not generated: they run with the operator's own rights. */
  readonly localPlaybooks: boolean;
  /** Told of every host of a complete run. */
  readonly onOutcome: (run: AnsibleRun, outcome: string) => void;
}

/** How a request becomes a Kubernetes Job, and a Job's end a state. Pure. */
export interface Jobs {
  /** What the Job needs, applied first, and the Job itself, created once. Throws a sentence for what may not or cannot be run. */
  objectsOf(run: AnsibleRun, request: AnsibleRequest): { readonly needs: readonly Intent[]; readonly job: Intent };
  stateOf(job: object, pods: readonly object[]): AnsibleState;
}

/** What deciding is given beside the world: values and pure functions, nothing that acts. */
export interface RunMeans extends Pick<RunNeeds, 'conceal' | 'hostModule' | 'localPlaybooks'> {
  /** Who executes runs of backend Local. */
  readonly executor: string;
  /** None when the operator was given no image for Jobs. */
  readonly jobObjects?: Jobs['objectsOf'];
}

export function meansOf({ conceal, hostModule, localPlaybooks, local, jobs }: RunNeeds): RunMeans {
  const { executor } = local;
  return {
    conceal,
    hostModule,
    localPlaybooks,
    executor,
    ...(jobs && { jobObjects: (run, request) => jobs.objectsOf(run, request) }),
  };
}

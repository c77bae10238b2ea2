/** What Ansible is asked to do, the same for both backends. Pure. */
import type { AnsibleRun } from '../../api/v1alpha1/ansibleRun.ts';
import type { AnsibleRequest } from '../../connect/ansible/types.ts';
import type { RunMeans } from './needs.ts';
import { repairing, undoing, type Repair } from './work.ts';
import type { RunWork } from './world.ts';

/** The hosts and the blocks of the work are those that were selected. */
export function requestOf(
  run: AnsibleRun,
  { hosts, blocks, playbook, reverted }: RunWork,
  repairs: readonly Repair[],
  { hostModule }: Pick<RunMeans, 'hostModule'>,
): AnsibleRequest {
  const { spec, metadata } = run;
  const generated = reverted
    ? undoing(blocks, reverted.metadata.uid ?? '', hostModule)
    : repairing(repairs, metadata.uid ?? '', hostModule);
  return {
    hosts: hosts.map(({ name, target, address, secretName }) => ({
      name,
      target: { ...target, address: address ?? unlocated(name) },
      secretName,
      variables: playbook ? {} : generated.variablesOf(name),
    })),
    playbook: playbook ?? generated.playbook,
    variables: spec.variables ?? {},
    check: spec.mode === 'Check',
    forks: spec.forks ?? 10,
    timeoutSeconds: spec.timeoutSeconds ?? 1800,
    ...(spec.serial !== undefined && { serial: spec.serial }),
    ...(spec.maxFailPercentage !== undefined && { maxFailPercentage: spec.maxFailPercentage }),
  };
}

function unlocated(name: string): never {
  throw new Error(`nobody asked for the address of ${name}`);
}

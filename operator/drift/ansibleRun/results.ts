/** The outcome of a run, host by host: the probe decides where there are checks, Ansible where there are none. Pure. */
import type { HostResult } from '../../api/v1alpha1/ansibleRun.ts';
import type { AnsibleHostResult, AnsibleState } from '../../connect/ansible/types.ts';
import { shortened } from '../../lib/text.ts';
import type { Conceal } from '../checks/checkType.ts';
import { compareCheck } from '../probe/compare.ts';
import type { RunHost, RunWork } from './observe.ts';
import { checksOn } from './work.ts';

type Ended = Extract<AnsibleState, { is: 'finished' | 'lost' }>;

export function resultsOf(
  work: RunWork,
  names: readonly string[],
  ended: Ended | undefined,
  conceal: Conceal,
): HostResult[] {
  return names.map((name) => {
    const host = work.hosts.find((one) => one.name === name);
    const ansible = ended?.is === 'finished' ? ended.hosts.find((one) => one.name === name) : undefined;
    const counts = {
      ok: ansible?.ok ?? 0,
      changed: ansible?.changed ?? 0,
      failed: ansible?.failed ?? 0,
      unreachable: ansible?.unreachable ?? false,
    };
    const { outcome, message } =
      host && work.blocks.length ? probed(host, work, ansible, conceal) : told(ansible, ended);
    return { name, outcome, ...counts, ...(message && { message: shortened(message, 1000) }) };
  });
}

type Judged = Pick<HostResult, 'outcome' | 'message'>;

function probed(host: RunHost, work: RunWork, ansible: AnsibleHostResult | undefined, conceal: Conceal): Judged {
  const { observation } = host;
  const checks = checksOn(host.name, work.blocks);
  if (!checks.length) return { outcome: 'Unknown', message: 'no check of this run was selected on it' };
  if (!observation) return { outcome: 'Unknown', message: 'was not looked at' };
  if (observation.is !== 'seen')
    return { outcome: observation.is === 'unreachable' ? 'Unreachable' : 'Unknown', message: observation.message };
  const unknown: string[] = [];
  const differing: string[] = [];
  checks.forEach((check, index) => {
    const answer = observation.observed[index];
    const comparison = answer
      ? compareCheck(check, answer, conceal)
      : ({ is: 'unknown', message: 'no answer' } as const);
    if (comparison.is === 'unknown') unknown.push(`${check.name} could not be read: ${comparison.message}`);
    else
      for (const { path, expected, actual } of comparison.differences)
        differing.push(`${check.name} ${path} is ${actual}, not ${expected}`);
  });
  const because = ansible?.message ? ` (Ansible: ${ansible.message})` : '';
  if (differing.length) return { outcome: 'Failed', message: `still differs: ${differing.join('; ')}${because}` };
  if (unknown.length) return { outcome: 'Unknown', message: unknown.join('; ') };
  return { outcome: 'Verified' };
}

function told(ansible: AnsibleHostResult | undefined, ended: Ended | undefined): Judged {
  if (!ansible) return { outcome: 'Unknown', message: ended?.message ?? 'Ansible says nothing of it' };
  if (ansible.unreachable) return { outcome: 'Unreachable', message: ansible.message ?? 'Ansible could not reach it' };
  if (ansible.failed) return { outcome: 'Failed', message: ansible.message ?? `${ansible.failed} tasks failed` };
  return { outcome: 'Completed' };
}

/** Whether a host that was to be looked at does not answer. */
export function stillUnreachable({ hosts }: RunWork): boolean {
  return hosts.some(({ observation }) => observation !== undefined && observation.is !== 'seen');
}

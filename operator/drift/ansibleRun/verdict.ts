/** How a run came out, as its condition Succeeded says it. Pure. */
import type { AnsibleRun } from '../../api/v1alpha1/ansibleRun.ts';
import type { DomainConditions } from '../../runtime/feature.ts';
import { counted } from '../../lib/text.ts';
import type { Results } from './results.ts';

export function verdictOf({ hosts, failures }: Results, note: string, failure: string): DomainConditions {
  const bad = hosts.filter(({ outcome }) => outcome !== 'Verified' && outcome !== 'Completed');
  const added = note ? ` (${note})` : '';
  if (!bad.length) {
    const reason = hosts.some(({ outcome }) => outcome === 'Completed') ? 'Completed' : 'Verified';
    const words = reason === 'Verified' ? 'looked at again: all checks of this run hold' : 'done, as Ansible says';
    return succeeded('True', reason, `${counted(hosts.length, 'host')} ${words}${added}`);
  }
  const words = [
    ...failures.map(({ device, check, message }) => `${device}: ${check}: ${message}`),
    ...bad.flatMap(({ name, message }) => (message ? [`${name}: ${message}`] : [])),
  ];
  const more = words.length > 3 ? `; and ${words.length - 3} more, see .status.failures` : '';
  const reason = bad.every(({ outcome }) => outcome === 'Refused') ? 'PartlyRefused' : failure;
  return succeeded('False', reason, `${words.slice(0, 3).join('; ')}${more}${added}`);
}

export function succeeded(status: 'True' | 'False' | 'Unknown', reason: string, message: string): DomainConditions {
  return { Succeeded: { status, reason, message, warns: status === 'False' } };
}

export function succeededOf(run: AnsibleRun): DomainConditions {
  const condition = run.status?.conditions?.find(({ type }) => type === 'Succeeded');
  return condition ? succeeded(condition.status, condition.reason, condition.message) : {};
}

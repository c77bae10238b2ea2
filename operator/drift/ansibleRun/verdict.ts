/** How a run came out, as its condition Succeeded says it. Pure. */
import type { AnsibleRun } from '../../api/v1alpha1/ansibleRun.ts';
import type { DomainConditions } from '../../runtime/feature.ts';
import { counted } from '../../lib/text.ts';
import type { Results } from './results.ts';

export interface VerdictWords {
  /** What else is to be said of the execution; may be empty. */
  readonly note: string;
  /** The reason of a run that did not come out right. */
  readonly failure?: 'Failed' | 'Interrupted' | 'TimedOut';
  /** What was found on hosts that came out right. */
  readonly right: string;
}

export function verdictOf(
  { hosts, failures }: Results,
  { note, failure = 'Failed', right }: VerdictWords,
): DomainConditions {
  const bad = hosts.filter(({ outcome }) => outcome !== 'Verified' && outcome !== 'Completed');
  const added = note ? ` (${note})` : '';
  if (!bad.length) {
    const reason = hosts.some(({ outcome }) => outcome === 'Completed') ? 'Completed' : 'Verified';
    const words = reason === 'Verified' ? `verified: ${right}` : 'completed, as reported by Ansible';
    return succeeded('True', reason, `${counted(hosts.length, 'host')} ${words}${added}`);
  }
  const words = [
    ...failures.map(({ device, check, message }) => ({ device, words: `${check}: ${message}` })),
    ...bad.flatMap(({ name, message }) => (message ? [{ device: name, words: message }] : [])),
  ];
  const more = words.length > 3 ? `; and ${words.length - 3} more, see \`status.failures\`` : '';
  const byHost = Map.groupBy(words.slice(0, 3), ({ device }) => device);
  const shown = [...byHost].map(([device, own]) => `${device}: ${own.map((one) => one.words).join('; ')}`);
  const reason = bad.every(({ outcome }) => outcome === 'Refused') ? 'PartiallyRefused' : failure;
  return succeeded('False', reason, `${shown.join('; ')}${more}${added}`);
}

export function succeeded(status: 'True' | 'False' | 'Unknown', reason: string, message: string): DomainConditions {
  return { Succeeded: { status, reason, message, warns: status === 'False' } };
}

export function succeededOf(run: AnsibleRun): DomainConditions {
  const condition = run.status?.conditions?.find(({ type }) => type === 'Succeeded');
  return condition ? succeeded(condition.status, condition.reason, condition.message) : {};
}

/** What came of a run, host by host and check by check, for people. Pure. */
import type { AnsibleRun } from '../../../api/v1alpha1/ansibleRun.ts';
import type { CheckFailure } from '../../../api/v1alpha1/ansibleRunStatus.ts';
import { treeText } from '../lines.ts';

export interface Outcome {
  readonly text: string;
  /** Whether all of it was done. */
  readonly isDone: boolean;
}

export function outcomeOf(run: AnsibleRun): Outcome {
  const { metadata, spec, status } = run;
  const condition = status?.conditions?.find(({ type }) => type === 'Succeeded');
  const { hosts = [], failures = [] } = status ?? {};
  const done = condition?.status === 'True';
  const undoes = spec.revertOf !== undefined;
  const branches = hosts.map(({ name, outcome, message, notes = [] }) => {
    const own = failures.filter(({ device }) => device === name);
    return {
      text: `${name}: ${hostInWords(outcome, undoes)}`,
      more: [...(message === undefined ? [] : [message]), ...notes],
      branches: own.map((failure) => ({ text: failureInWords(failure, undoes) })),
    };
  });
  const title = `AnsibleRun ${metadata.name}: ${condition ? condition.message : 'it ended without a result'}`;
  const isDone = done && failures.length === 0 && hosts.every(({ outcome }) => isGood(outcome));
  return { text: treeText({ text: title, branches }), isDone };
}

type HostOutcome = NonNullable<NonNullable<AnsibleRun['status']>['hosts']>[number]['outcome'];

function isGood(outcome: HostOutcome): boolean {
  return outcome === 'Verified' || outcome === 'Completed';
}

function hostInWords(outcome: HostOutcome, undoes: boolean): string {
  switch (outcome) {
    case 'Verified':
      return undoes ? 'everything is as it was before' : 'corrected, and verified';
    case 'Completed':
      return 'completed, as reported by Ansible';
    case 'Refused':
      return 'some checks were left unchanged';
    case 'Failed':
      return undoes ? 'not everything is put back' : 'not everything is corrected';
    case 'Unreachable':
      return 'it did not respond';
    case 'Unknown':
      return 'what came of it is unknown';
  }
}

function failureInWords({ check, refused, message }: CheckFailure, undoes: boolean): string {
  const what = undoes ? 'not put back' : refused ? 'left unchanged' : 'not corrected';
  return `${check}: ${what}: ${message}`;
}

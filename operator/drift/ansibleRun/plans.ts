/** The plans of a run: it waits, it is at work, or it is over. Pure. */
import type { AnsibleRun } from '../../api/v1alpha1/ansibleRun.ts';
import type { HostResult } from '../../api/v1alpha1/ansibleRunStatus.ts';
import { listed, shortened } from '../../lib/text.ts';
import type { Plan, StatusFields } from '../../runtime/feature.ts';
import type { RunEffect } from './backend.ts';
import type { Obstacle } from './checks.ts';
import type { Results } from './results.ts';
import { turnReason } from './turns.ts';
import { succeeded, verdictOf, type VerdictWords } from './verdict.ts';
import type { RunHost } from './world.ts';

export type RunPlan = Plan<AnsibleRun, RunEffect>;

const pollSeconds = 1;
const blockedSeconds = 15;
const turnSeconds = 3;
const mostFailures = 1000;

/** With what it waits for, where Ansible does not run. */
export function running(
  status: StatusFields<AnsibleRun>,
  hosts: readonly RunHost[],
  awaited?: Readonly<Record<'reason' | 'message', string>>,
): RunPlan {
  const { reason, message } = awaited ?? {
    reason: 'Running',
    message: `Ansible is running on ${listed(hosts.map(({ name }) => name))}`,
  };
  return {
    outcome: { is: 'progressing', reason, message, recheckAfter: pollSeconds },
    conditions: succeeded('Unknown', reason, message),
    status,
    actions: [],
  };
}

export function complete(status: StatusFields<AnsibleRun>, now: Date, results: Results, words: VerdictWords): RunPlan {
  const { hosts, failures } = results;
  const conditions = verdictOf(results, words);
  const good = hosts.filter(({ outcome }) => outcome === 'Verified' || outcome === 'Completed').length;
  const word = hosts.some(({ outcome }) => outcome === 'Completed') ? 'completed' : 'verified';
  const { reason, message } = conditions['Succeeded'] ?? { reason: 'Complete', message: '' };
  const rest = { ...status };
  delete rest.failures;
  return {
    outcome: { is: 'ready', reason, message },
    conditions,
    status: {
      ...rest,
      completionTime: now.toISOString(),
      ...(hosts.length && { hosts: [...hosts] }),
      ...(failures.length && { failures: failures.slice(0, mostFailures) }),
      summary: hosts.length ? `${good}/${hosts.length} ${word}` : reason,
    },
    actions: [],
  };
}

/** It waits for what a person may yet provide. */
export function blocked({ status = {} }: AnsibleRun, { reason, message }: Obstacle): RunPlan {
  return {
    outcome: { is: 'waiting', reason, message, recheckAfter: reason === turnReason ? turnSeconds : blockedSeconds },
    conditions: succeeded('Unknown', reason, message),
    status,
    actions: [],
  };
}

/** It can never run. */
export function invalid(
  { status }: AnsibleRun,
  { reason, message }: Obstacle,
  now: Date,
  actions: RunPlan['actions'] = [],
): RunPlan {
  return {
    outcome: { is: 'ready', reason, message },
    conditions: succeeded('False', reason, message),
    status: {
      ...status,
      ...(status?.hosts && { hosts: status.hosts.map((host) => unknownBecause(host, message)) }),
      completionTime: now.toISOString(),
      summary: reason,
    },
    actions,
  };
}

/** A host of which nothing was known yet. */
function unknownBecause(host: HostResult, message: string): HostResult {
  return host.outcome === 'Unknown' ? { ...host, message: shortened(message, 1000) } : host;
}

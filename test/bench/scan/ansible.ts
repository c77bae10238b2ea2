/**
 * The peer: `ansible-playbook --check` on the tasks that somebody who uses Ansible would write. A task that would change something
 * says that the check fails.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AddressedTarget } from '../../../operator/connect/ssh/types.ts';
import type { Task } from '../../../operator/lib/ansibleTask.ts';
import { type PlaybookReport, runPlaybook } from '../ansible.ts';
import type { Spent } from '../spent.ts';
import { prepared } from './checks.ts';
import { peerTasks } from './peerTasks.ts';
import { type Verdict, place } from './verdict.ts';

export interface AnsibleScan extends Spent {
  readonly verdicts: Map<string, Verdict>;
  readonly tasks: number;
}

/** The name of each task begins with that of its check. One that fails must not end the play of its host. */
const tasks: readonly Task[] = prepared.flatMap(({ check }) =>
  peerTasks(check).map((task) => ({ ...task, name: `${check.name}: ${text(task['name'])}`, ignore_errors: true })),
);

export async function ansibleScan(targets: readonly AddressedTarget[], forks: number): Promise<AnsibleScan> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-bench-ansible-'));
  try {
    const hosts = targets.map((target) => ({ name: target.id, target, variables: {} }));
    const playbook = { is: 'tasks', tasks } as const;
    const request = { hosts, playbook, variables: {}, check: true, forks, timeoutSeconds: 1800 };
    const { report, wallSeconds, cpuSeconds } = await runPlaybook(folder, request);
    return { wallSeconds, cpuSeconds, tasks: tasks.length, verdicts: verdictsOf(report, targets) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function verdictsOf({ plays }: PlaybookReport, targets: readonly AddressedTarget[]): Map<string, Verdict> {
  const names = prepared.map(({ check }) => check.name);
  const verdicts = new Map<string, Verdict>();
  for (const { id } of targets) for (const name of names) verdicts.set(place(id, name), { is: 'Pass', why: '' });
  for (const { task, hosts } of plays.flatMap((play) => play.tasks)) {
    const [check = ''] = task.name.split(': ');
    if (!names.includes(check)) continue;
    for (const [host, { failed, unreachable, changed, msg }] of Object.entries(hosts)) {
      const where = place(host, check);
      if (failed || unreachable) verdicts.set(where, { is: 'Unknown', why: `${task.name}: ${text(msg)}` });
      else if (changed && verdicts.get(where)?.is === 'Pass') verdicts.set(where, { is: 'Fail', why: task.name });
    }
  }
  return verdicts;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : 'no text';
}

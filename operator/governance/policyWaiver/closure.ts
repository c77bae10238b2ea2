/** The closure plan: how much of it is done, and what is late and whose. Pure. */
import type { ClosureTask, PolicyWaiver } from '../../api/v1alpha1/policyWaiver.ts';
import { dayMilliseconds } from './rules.ts';
import { timestamp } from './version.ts';

/** Tasks that name no time are due so long after the request. */
const defaultDays = 14;

/** `2/5`; undefined without a plan. */
export function closureOf({ spec }: PolicyWaiver): string | undefined {
  const tasks = spec.closurePlan?.tasks;
  return tasks && `${tasks.filter(({ done }) => done).length}/${tasks.length}`;
}

/** Tasks that are not done, each with its time. */
export function openTasks(waiver: PolicyWaiver): { task: ClosureTask; due: number }[] {
  const tasks = waiver.spec.closurePlan?.tasks ?? [];
  return tasks.filter(({ done }) => !done).map((task) => ({ task, due: dueOf(waiver, task) }));
}

/** `upgrade-openssl (team-web), due 2026-03-15T12:00:00Z`, the longest overdue first. */
export function overdueTasks(waiver: PolicyWaiver, now: Date): string[] {
  return openTasks(waiver)
    .filter(({ due }) => due <= now.getTime())
    .sort((a, b) => a.due - b.due)
    .map(({ task, due }) => `${task.name} (${task.owner}), due ${timestamp(new Date(due))}`);
}

function dueOf({ metadata }: PolicyWaiver, { dueTime }: ClosureTask): number {
  if (dueTime !== undefined) return Date.parse(dueTime);
  return Date.parse(metadata.creationTimestamp ?? '') + defaultDays * dayMilliseconds;
}

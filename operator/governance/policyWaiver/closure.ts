/** The closure plan: how much of it is done, and what is late and whose. Pure. */
import type { ClosureTask, PolicyWaiver } from '../../api/v1alpha1/policyWaiver.ts';
import { dayMilliseconds } from '../../findings/waiver/expiry.ts';
import { timestamp } from '../../lib/timestamp.ts';

/** Tasks that name no time are due so long after the request. */
const defaultDays = 14;

export interface Closure {
  /** `2/5`; undefined without a plan. */
  readonly done?: string;
  /** Tasks that are not done, each with its time: milliseconds since 1970. */
  readonly open: readonly OpenTask[];
}

interface OpenTask {
  readonly task: ClosureTask;
  readonly due: number;
}

export function closureOf(waiver: PolicyWaiver): Closure {
  const { tasks } = waiver.spec.closurePlan ?? {};
  if (!tasks) return { open: [] };
  const open = tasks.filter(({ done }) => !done).map((task) => ({ task, due: dueOf(waiver, task) }));
  return { done: `${tasks.length - open.length}/${tasks.length}`, open };
}

/** `upgrade-openssl (team-web), due 2026-03-15T12:00:00Z`, the longest overdue first. */
export function overdueTasks({ open }: Closure, now: Date): string[] {
  return open
    .filter(({ due }) => due <= now.getTime())
    .sort((a, b) => a.due - b.due)
    .map(({ task, due }) => `${task.name} (${task.owner}), due ${timestamp(new Date(due))}`);
}

function dueOf({ metadata }: PolicyWaiver, { dueTime }: ClosureTask): number {
  if (dueTime !== undefined) return Date.parse(dueTime);
  return Date.parse(metadata.creationTimestamp ?? '') + defaultDays * dayMilliseconds;
}

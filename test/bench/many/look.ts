/** What it took to look at many hosts, and how that is told. */
import type { Spent } from '../spent.ts';
import type { MeasuredOperator } from './operator.ts';

export interface Look extends Spent {
  readonly hosts: number;
}

export function perMinute({ hosts, wallSeconds }: Look): number {
  return (hosts / wallSeconds) * 60;
}

/** Milliseconds of CPU. */
export function cpuPerHost({ hosts, cpuSeconds }: Look): number {
  return (cpuSeconds / hosts) * 1000;
}

export function told(look: Look): string {
  return `${Math.round(perMinute(look))} hosts per minute, ${cpuPerHost(look).toFixed(1)} ms CPU a host`;
}

/** Has `ask` bring about a look at so many hosts, and resolves when the operator is done with them. */
export async function measureLook(operator: MeasuredOperator, hosts: number, ask: () => Promise<void>): Promise<Look> {
  const before = await operator.looks();
  const cpuBefore = await operator.group.cpuSeconds();
  const began = performance.now();
  await ask();
  await operator.looked(before.seen + before.others + hosts);
  const wallSeconds = (performance.now() - began) / 1000;
  return { hosts, wallSeconds, cpuSeconds: (await operator.group.cpuSeconds()) - cpuBefore };
}

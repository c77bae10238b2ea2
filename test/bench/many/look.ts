/** What it took to look at many hosts, and how that is told. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Options } from '../options.ts';
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

/** Each question costs the operator as much as a look or two: they become frequent only towards the end. */
const pollMilliseconds = { least: 100, most: 2000 };
const toldEverySeconds = 10;
/** Twice as long as a host that does not answer is waited for. */
const longestPauseSeconds = 120;

/** Has `ask` bring about a look at so many hosts, and resolves when the operator is done with them. */
export async function measureLook(
  operator: MeasuredOperator,
  hosts: number,
  ask: () => Promise<void>,
  say: Options['say'],
): Promise<Look> {
  const before = await operator.looks();
  const cpuBefore = await operator.group.cpuSeconds();
  const began = performance.now();
  await ask();
  await looked(operator, { before: before.seen + before.others, hosts }, say);
  const wallSeconds = (performance.now() - began) / 1000;
  return { hosts, wallSeconds, cpuSeconds: (await operator.group.cpuSeconds()) - cpuBefore };
}

/** Tells now and then how far it is, and fails when it comes no further. */
async function looked(
  operator: MeasuredOperator,
  { before, hosts }: { before: number; hosts: number },
  say: Options['say'],
): Promise<void> {
  const now = (): number => performance.now() / 1000;
  const began = now();
  let [last, movedAt, toldAt] = [0, began, began];
  for (;;) {
    const { seen, others } = await operator.looks();
    const done = seen + others - before;
    if (done >= hosts) return;
    if (done > last) [last, movedAt] = [done, now()];
    if (now() - movedAt > longestPauseSeconds)
      throw new Error(
        `For ${longestPauseSeconds} s the operator has looked at no further host than ${done} of ${hosts}: see what it wrote above.`,
      );
    if (now() - toldAt > toldEverySeconds) {
      toldAt = now();
      say(`  ${done} of ${hosts} looked at`);
    }
    const left = ((now() - began) / Math.max(1, done)) * (hosts - done) * 1000;
    await delay(Math.min(Math.max(left / 2, pollMilliseconds.least), pollMilliseconds.most));
  }
}

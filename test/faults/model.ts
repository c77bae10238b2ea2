/** Model check of what is decided: all that may happen around it, up to a number of states (`STATES`, for all models together). */
import { setImmediate as breathe } from 'node:timers/promises';
import { models } from '../model/models.ts';
import type { FaultResult } from './faults.ts';

const all = Number(process.env['STATES'] ?? 1_200_000);

export async function model(say: (line: string) => void, signal: AbortSignal): Promise<FaultResult> {
  const lines: string[] = [];
  const problems: string[] = [];
  let total = 0;
  const mostStates = Math.ceil(all / Object.keys(models).length);
  for (const [name, { model: one }] of Object.entries(models)) {
    await breathe();
    signal.throwIfAborted();
    const began = performance.now();
    const seconds = (): string => `${Math.round((performance.now() - began) / 1000)} s`;
    const searched = one({
      mostStates,
      onProgress: ({ states, depth }) =>
        say(`${name}: ${states} of at most ${mostStates} states, depth ${depth}, ${seconds()}`),
    });
    const { states, transitions, depth, isComplete, violation } = searched;
    total += states;
    const end = isComplete ? 'all that there are' : 'as many as were asked for';
    lines.push(`${name}: ${states} states (${end}), ${transitions} transitions, depth ${depth}, ${seconds()}`);
    if (violation) problems.push([`${name}: ${violation.what}`, ...violation.trace].join('\n    '));
  }
  return { count: 0, lines: [...lines, `${total} states in all`], problems };
}

/** Runs a program to its end in a control group, and tells what it took. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { ControlGroup } from './controlGroup.ts';

export interface Spent {
  readonly wallSeconds: number;
  /** Of the program and all that it started. */
  readonly cpuSeconds: number;
}

export interface Finished extends Spent {
  readonly output: string;
  readonly exitCode: number | null;
}

export interface Surroundings {
  readonly folder: string;
  /** The whole environment. */
  readonly environment: Record<string, string>;
}

/** Resolves whatever the exit code. What it writes to standard error is shown. */
export async function runMeasured(
  command: readonly string[],
  { folder, environment }: Surroundings,
): Promise<Finished> {
  const group = await ControlGroup.create();
  try {
    const began = performance.now();
    const [program, ...rest] = group.inside(command);
    const child = spawn(program, rest, { cwd: folder, env: environment, stdio: ['ignore', 'pipe', 'inherit'] });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    const [exitCode] = (await once(child, 'close')) as [number | null];
    const wallSeconds = (performance.now() - began) / 1000;
    const cpuSeconds = await group.cpuSeconds();
    return { wallSeconds, cpuSeconds, exitCode, output: Buffer.concat(chunks).toString() };
  } finally {
    await group.remove();
  }
}

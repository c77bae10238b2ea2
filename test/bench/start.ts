/** How a program of ours is started to be measured: as operator/start.sh starts the operator, compiled beforehand. */
import { once } from 'node:events';
import { spawn } from 'node:child_process';
import { createTemporaryFolder } from '../cluster/temporaryFolder.ts';

/** The test of the benchmarks holds them against operator/start.sh. */
export const startFlags = ['--max-semi-space-size=4'];
export const startEnvironment = { MALLOC_ARENA_MAX: '1', UV_THREADPOOL_SIZE: '32' };

export interface Start {
  readonly command: (...words: readonly string[]) => readonly string[];
  stop(): Promise<void>;
}

/**
 * Compiles the program once, as an image does and as a peer in another language is: `words` are to let it end at once.
 * Neither is in any figure.
 */
export async function compiled(program: string, words: readonly string[]): Promise<Start> {
  const cache = await createTemporaryFolder('holdfast-bench-compiled-');
  const settings = Object.entries({ ...startEnvironment, NODE_COMPILE_CACHE: cache.path });
  const environment = settings.map(([name, value]) => `${name}=${value}`);
  const command: Start['command'] = (...rest) => [
    'env',
    ...environment,
    process.execPath,
    ...startFlags,
    program,
    ...rest,
  ];
  const [first = '', ...others] = command(...words);
  const [exitCode] = (await once(spawn(first, others, { stdio: 'ignore' }), 'exit')) as [number | null];
  if (exitCode !== 0) throw new Error(`${program} cannot be compiled: run it by itself and see what it writes.`);
  return { command, stop: () => cache.delete() };
}

/** How a program of ours is started to be measured: as operator/start.sh starts the operator, bundled and compiled beforehand. */
import { once } from 'node:events';
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { bundleProgram } from '../../operator/tools/bundle.ts';
import { createTemporaryFolder } from '../cluster/temporaryFolder.ts';

/** The test of the benchmarks holds them against operator/start.sh. */
export const startFlags = ['--max-semi-space-size=4', '--no-parallel-scavenge'];
export const startEnvironment = { MALLOC_ARENA_MAX: '1', UV_THREADPOOL_SIZE: '32' };

export interface Start {
  readonly command: (...words: readonly string[]) => readonly string[];
  stop(): Promise<void>;
}

const root = resolve(import.meta.dirname, '../..');

/**
 * Bundles and compiles the program once, as an image does and as a peer in another language is: `words` are to let it end at once.
 * Neither is in any figure.
 */
export async function compiled(program: string, words: readonly string[]): Promise<Start> {
  const folder = await createTemporaryFolder('holdfast-bench-compiled-');
  const source = relative(root, program);
  await bundleProgram(source, folder.path);
  writeFileSync(join(folder.path, 'package.json'), '{"type":"module"}\n');
  const bundled = join(folder.path, source.replace(/\.ts$/, '.js'));
  const settings = Object.entries({ ...startEnvironment, NODE_COMPILE_CACHE: join(folder.path, 'compile-cache') });
  const environment = settings.map(([name, value]) => `${name}=${value}`);
  const command: Start['command'] = (...rest) => [
    'env',
    ...environment,
    process.execPath,
    ...startFlags,
    bundled,
    ...rest,
  ];
  const [first = '', ...others] = command(...words);
  const [exitCode] = (await once(spawn(first, others, { stdio: 'ignore' }), 'exit')) as [number | null];
  if (exitCode !== 0) throw new Error(`${program} cannot be compiled: run it by itself and see what it writes.`);
  return { command, stop: () => folder.delete() };
}

/** What the thread for costly evaluations runs: it is sent one job at a time, and answers it. */
import { parentPort } from 'node:worker_threads';
import { compile, type Compiled, type Result } from './compile.ts';
import type { Job } from './thread.ts';

const mostPrograms = 200;
const programs = new Map<string, Compiled>();

parentPort?.on('message', (job: Job) => parentPort?.postMessage(resultOf(job)));

function resultOf({ source, input, shown }: Job): Result {
  const id = JSON.stringify(source);
  const compiled = programs.get(id) ?? compile(source);
  if (programs.size >= mostPrograms) programs.clear();
  programs.set(id, compiled);
  return compiled.is === 'compiled' ? compiled.program.run(input, shown) : { is: 'error', message: compiled.message };
}

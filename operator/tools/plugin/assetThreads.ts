/** `node:worker_threads` for a single executable: threads can begin with an asset. */
import { Worker as DiskWorker, type WorkerOptions } from 'node:worker_threads';
import { assetAt } from './assets.ts';

export * from 'node:worker_threads';

export class Worker extends DiskWorker {
  constructor(file: string | URL, options?: WorkerOptions) {
    const script = assetAt(file);
    super(script ? script.toString() : file, script ? { ...options, eval: true } : options);
  }
}

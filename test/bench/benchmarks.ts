/** The benchmarks by name. Each says its progress, and gives what it measured. */
import { cli } from './cli/benchmark.ts';
import { evidence } from './evidence/benchmark.ts';
import { scanMany } from './many/scanMany.ts';
import { steady } from './many/steady.ts';
import type { Benchmark } from './options.ts';
import { reconcile } from './reconcile/benchmark.ts';
import { rollout } from './rollout/benchmark.ts';
import { scan } from './scan/benchmark.ts';

export const benchmarks: Record<string, Benchmark> = {
  cli,
  evidence,
  reconcile,
  rollout,
  scan,
  'scan-many': scanMany,
  steady,
};

/** The benchmarks by name. Each says its progress, and gives what it measured. */
import { reconcile } from './reconcile/benchmark.ts';
import type { Measured } from './report.ts';

export type Say = (line: string) => void;
export type Benchmark = (rounds: number, say: Say) => Promise<Measured>;

export const benchmarks: Record<string, Benchmark> = { reconcile };

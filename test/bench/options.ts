/** What every benchmark is given. */
import type { Measured } from './report.ts';

export interface Options {
  /** How often each side takes its turn. */
  readonly rounds: number;
  /** 1 for what is reported; less to see quickly that the benchmark works. */
  readonly scale: number;
  /** Shows a line of progress. */
  readonly say: (line: string) => void;
}

export type Benchmark = (options: Options) => Promise<Measured>;

export function scaled(size: number, { scale }: Pick<Options, 'scale'>): number {
  return Math.max(1, Math.round(size * scale));
}

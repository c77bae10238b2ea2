/** Situations of `kernelModule`. */
import type { HostCase } from './case.ts';

export const kernelModule: readonly HostCase[] = [];

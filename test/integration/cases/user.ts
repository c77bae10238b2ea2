/** Situations of `user`. */
import type { HostCase } from './case.ts';

export const user: readonly HostCase[] = [];

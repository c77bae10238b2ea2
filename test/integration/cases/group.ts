/** Situations of `group`. */
import type { HostCase } from './case.ts';

export const group: readonly HostCase[] = [];

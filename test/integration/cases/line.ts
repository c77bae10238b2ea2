/** Situations of `line`. */
import type { HostCase } from './case.ts';

export const line: readonly HostCase[] = [];

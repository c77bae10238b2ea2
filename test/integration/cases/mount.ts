/** Situations of `mount`. */
import type { HostCase } from './case.ts';

export const mount: readonly HostCase[] = [];

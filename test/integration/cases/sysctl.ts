/** Situations of `sysctl`. */
import type { HostCase } from './case.ts';

export const sysctl: readonly HostCase[] = [];

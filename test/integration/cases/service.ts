/** Situations of `service`. */
import type { HostCase } from './case.ts';

export const service: readonly HostCase[] = [];

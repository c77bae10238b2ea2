/** Situations of `authorizedKeys`. */
import type { HostCase } from './case.ts';

export const authorizedKeys: readonly HostCase[] = [];

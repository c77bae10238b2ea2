/** Situations of `package`. */
import type { HostCase } from './case.ts';

export const rpmPackage: readonly HostCase[] = [];

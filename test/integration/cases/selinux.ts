/** Situations of `selinux`. */
import type { HostCase } from './case.ts';

export const selinux: readonly HostCase[] = [];

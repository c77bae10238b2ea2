/** Situations of `sshd`. */
import type { HostCase } from './case.ts';

export const sshd: readonly HostCase[] = [];

/** The shape of a check: one question about an installation, with a verdict, and the commands that fix what is wrong. Pure. */
import type { Facts } from './facts.ts';

export const results = ['Pass', 'Warn', 'Fail', 'Unknown'] as const;
export type Result = (typeof results)[number];

export interface Verdict {
  readonly result: Result;
  /** A fragment for people. */
  readonly message: string;
  /** Commands, as they are typed. */
  readonly fixes?: readonly string[];
  /** No other check can be made. */
  readonly isLast?: true;
}

export interface Check {
  readonly name: string;
  /** What it throws is why its result is Unknown. */
  judge(facts: Facts): Promise<Verdict>;
}

export const pass = (message: string): Verdict => ({ result: 'Pass', message });
export const warn = (message: string, ...fixes: string[]): Verdict => ({ result: 'Warn', message, fixes });
export const fail = (message: string, ...fixes: string[]): Verdict => ({ result: 'Fail', message, fixes });
export const unknown = (message: string, ...fixes: string[]): Verdict => ({ result: 'Unknown', message, fixes });

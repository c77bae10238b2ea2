/** What both sides say of a check on a host, and where they differ. Pure. */
import type { Break } from './breaks.ts';

export interface Verdict {
  readonly is: 'Pass' | 'Fail' | 'Unknown';
  /** What differs, or why it is not known. */
  readonly why: string;
}

/** By `host check`. */
export type Verdicts = ReadonlyMap<string, Verdict>;

export interface Disagreement {
  readonly host: string;
  readonly check: string;
  readonly ours: Verdict;
  readonly peer: Verdict;
  /** How the check was broken there; empty when it was not. */
  readonly broken: string;
}

const none: Verdict = { is: 'Unknown', why: 'it said nothing' };

export function place(host: string, check: string): string {
  return `${host} ${check}`;
}

export function disagreements(ours: Verdicts, peer: Verdicts, breaks: readonly Break[]): Disagreement[] {
  const how = new Map(breaks.map((one) => [place(one.host, one.check), one.how]));
  return [...new Set([...ours.keys(), ...peer.keys()])].sort().flatMap((where) => {
    const [host = '', check = ''] = where.split(' ');
    const both = { ours: ours.get(where) ?? none, peer: peer.get(where) ?? none };
    return both.ours.is === both.peer.is ? [] : [{ host, check, ...both, broken: how.get(where) ?? '' }];
  });
}

export interface Score {
  /** Of the broken. */
  readonly found: number;
  /** Called failing and not broken. */
  readonly falseAlarms: number;
  readonly unknown: number;
}

export function score(verdicts: Verdicts, breaks: readonly Break[]): Score {
  const broken = new Set(breaks.map((one) => place(one.host, one.check)));
  const places = (is: Verdict['is']): string[] =>
    [...verdicts].filter(([, one]) => one.is === is).map(([where]) => where);
  const failing = places('Fail');
  return {
    found: failing.filter((where) => broken.has(where)).length,
    falseAlarms: failing.filter((where) => !broken.has(where)).length,
    unknown: places('Unknown').length,
  };
}

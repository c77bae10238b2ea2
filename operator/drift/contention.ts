/**
 * When corrections of a place stop, because they do not last: one rule for hosts and clusters. A place is a check on a host, or an object
 * under a template. Where it complied after a correction, and drifts again soon, the drift recurred: something changes it back. After two such
 * corrections in a row the place is contended, and left alone until the checks change. Where it was not seen to comply afterwards, the
 * correction failed, which is no contention, and it is made again later. Pure.
 */
import type { DomainConditions } from '../runtime/feature.ts';
import { duration, listed } from '../lib/text.ts';

/** Corrections in a row after which the drift recurred: then the place is contended. */
const mostRecurred = 2;
/** Drift within this time after a correction recurs; later drift has nothing to do with it. */
export const contentionSeconds = 600;
/** Failed attempts in a row, after which they are exhausted. */
const mostAttempts = 3;
/** Before the second and the third attempt. */
const backOffSeconds = [30, 300] as const;
/** Before what was not decided is tried again: it is no attempt. */
const undecidedSeconds = 30;

/** A correction that is over. */
export interface PastCorrection {
  /** When: RFC 3339. */
  readonly time: string;
  /** Whether the place was evaluated afterwards, and complied. */
  readonly verified: boolean;
}

/** What became of the last corrections of a place; at most one of the two is more than 0. */
export interface Tally {
  /** Corrections in a row that were verified, and after which the drift recurred within ten minutes. */
  readonly recurred: number;
  /** Corrections in a row that were not verified. */
  readonly failed: number;
}

export const neverCorrected: Tally = { recurred: 0, failed: 0 };

/** With one more correction, after which the place drifts, since `driftTime`. */
export function tallied({ recurred, failed }: Tally, { time, verified }: PastCorrection, driftTime: string): Tally {
  if (!verified) return { recurred: 0, failed: failed + 1 };
  return { recurred: isSoonAfter(time, driftTime) ? recurred + 1 : 0, failed: 0 };
}

/** Of all corrections of a place that drifts now, oldest first. That one was made at all shows that the one before did not last. */
export function tallyOf(corrections: readonly PastCorrection[], since: string): Tally {
  return corrections.reduce(
    (tally, correction, at) => tallied(tally, correction, corrections[at + 1]?.time ?? since),
    neverCorrected,
  );
}

/** What may be done about a place that drifts. Those that are exhausted are corrected again when their drift is another. */
export type Ruling = 'due' | 'contended' | 'exhausted' | { readonly waitUntil: Date };

/** `lastTime` is that of the last correction that failed. One from the future, as after a clock was set back, is not waited for: how long ago it was is not known. */
export function rulingOn({ recurred, failed }: Tally, lastTime: string | undefined, now: Date): Ruling {
  if (recurred >= mostRecurred) return 'contended';
  if (failed >= mostAttempts) return 'exhausted';
  const wait = backOffSeconds[failed - 1];
  if (lastTime === undefined || wait === undefined) return 'due';
  const waitUntil = new Date(Date.parse(lastTime) + wait * 1000);
  const left = waitUntil.getTime() - now.getTime();
  return left > 0 && left <= wait * 1000 ? { waitUntil } : 'due';
}

/** Of a place whose last correction at that time was not decided. */
export function rulingOnUndecided(tally: Tally, lastTime: string, now: Date): Ruling {
  const waitUntil = new Date(Date.parse(lastTime) + undecidedSeconds * 1000);
  const ruling = rulingOn(tally, lastTime, now);
  return ruling === 'due' && waitUntil > now ? { waitUntil } : ruling;
}

function isSoonAfter(earlier: string, later: string): boolean {
  return Date.parse(later) - Date.parse(earlier) < contentionSeconds * 1000;
}

/** `next attempt in 30 s` */
export function nextAttempt(time: Date, now: Date): string {
  return `next attempt in ${duration((time.getTime() - now.getTime()) / 1000)}`;
}

/** `places` are as people name them, with who undoes the correction, where that is known. */
export function contendedCondition(
  reason: 'DriftRecurs' | 'ConflictingWriter',
  places: readonly string[],
): DomainConditions[string] {
  const message = `drift recurred immediately after two verified corrections: ${listed(places)}; find what changes it back. Correction resumes when the baseline's checks change`;
  return { status: 'True', reason, message, warns: true };
}

/** `what` counts and names the places, `resumption` says when they are corrected again. */
export function exhaustedCondition(what: string, places: string, resumption: string): DomainConditions[string] {
  const message = `${what} could not be corrected in three attempts: ${places}. ${resumption}`;
  return { status: 'True', reason: 'RetriesExhausted', message, warns: true };
}

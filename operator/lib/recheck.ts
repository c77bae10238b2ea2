/** When to look again at what changes at a known instant. Pure. */

/** The runtime spreads passes by up to a tenth either way. */
const spread = 1.1;
/** The wall clock may jump: look at it now and then. */
const mostSeconds = 600;
const leastSeconds = 0.05;

/**
 * Seconds for `recheckAfter`, so that the pass is never late: each comes before the instant, by a fifth of the time at most,
 * until the last one comes within a tenth of a second of it. The passes between find nothing new and write nothing.
 */
export function secondsUntil(instant: Date, now: Date, most = mostSeconds): number {
  const left = (instant.getTime() - now.getTime()) / 1000;
  return Math.min(most, Math.max(leastSeconds, left / spread));
}

/** Times that people give. Pure. */
import { parseDuration } from '../../lib/duration.ts';
import { timestamp } from '../../lib/timestamp.ts';

/** A time, or how long from now; undefined for what is neither, and for what is not in the future. */
export function laterThan(text: string, now: Date): string | undefined {
  const nanoseconds = parseDuration(text);
  const isTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[-+]\d{2}:\d{2})$/.test(text);
  const time =
    nanoseconds === undefined ? (isTime ? Date.parse(text) : NaN) : now.getTime() + Number(nanoseconds / 1_000_000n);
  return Number.isNaN(time) || time <= now.getTime() || time > 8.64e15 ? undefined : timestamp(new Date(time));
}

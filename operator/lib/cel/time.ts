/** Durations and timestamps, exact to the nanosecond. Pure. */
import { parseDuration } from '../duration.ts';
import { refuse } from './basics.ts';
import type { Functions, Overload, Spend } from './functions.ts';
import { CelError, Opaque } from './value.ts';

const second = 1_000_000_000n;

export const times: Functions = {
  duration: [
    {
      takes: ['string'],
      run: (spend, text: string) => (
        spend(20),
        duration(parseDuration(text) ?? refuse(text, 'a duration, such as 1h30m'))
      ),
    },
    { takes: ['duration'], run: (_, value: Opaque) => value },
  ],
  timestamp: [
    { takes: ['string'], run: (spend, text: string) => parsedTimestamp(spend, text) },
    { takes: ['int'], run: (_, seconds: bigint) => timestamp(seconds * second) },
    { takes: ['timestamp'], run: (_, value: Opaque) => value },
  ],
  '.getHours': [inUnits(3600n * second), ofDate((date) => date.getUTCHours())],
  '.getMinutes': [inUnits(60n * second), ofDate((date) => date.getUTCMinutes())],
  '.getSeconds': [inUnits(second), ofDate((date) => date.getUTCSeconds())],
  '.getMilliseconds': [inUnits(1_000_000n), ofDate((date) => date.getUTCMilliseconds())],
  '.getFullYear': [ofDate((date) => date.getUTCFullYear())],
  '.getMonth': [ofDate((date) => date.getUTCMonth())],
  '.getDate': [ofDate((date) => date.getUTCDate())],
  '.getDayOfMonth': [ofDate((date) => date.getUTCDate() - 1)],
  '.getDayOfWeek': [ofDate((date) => date.getUTCDay())],
  '.getDayOfYear': [ofDate((date) => (startOfDay(date) - startOfYear(date)) / 86_400_000)],
};

/** Durations add up; a timestamp moves by a duration; two timestamps are a duration apart. */
export function addNanoseconds(a: Opaque, b: Opaque, op: '+' | '-'): Opaque {
  const value = op === '+' ? (a.value as bigint) + (b.value as bigint) : (a.value as bigint) - (b.value as bigint);
  const kinds = `${a.type} ${op} ${b.type}`;
  if (['duration + duration', 'duration - duration', 'timestamp - timestamp'].includes(kinds)) return duration(value);
  if (['timestamp + duration', 'timestamp - duration', 'duration + timestamp'].includes(kinds)) return timestamp(value);
  throw new CelError(`\`${op}\` does not go with ${a.type} and ${b.type}`);
}

function duration(nanoseconds: bigint): Opaque {
  return new Opaque('duration', nanoseconds, nanoseconds);
}

/** Of the years 1 to 9999, as everywhere in CEL. */
function timestamp(nanoseconds: bigint): Opaque {
  if (nanoseconds < earliest || nanoseconds > latest) throw new CelError('the time is beyond the years 1 to 9999');
  return new Opaque('timestamp', nanoseconds, nanoseconds);
}

const earliest = -62_135_596_800n * second;
const latest = 253_402_300_800n * second - 1n;

function parsedTimestamp(spend: Spend, text: string): Opaque {
  spend(40);
  const parts =
    /^([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.([0-9]{1,30}))?(Z|[-+][0-9]{2}:[0-9]{2})$/.exec(text);
  const milliseconds = parts ? Date.parse(`${parts[1]}${parts[3]}`) : NaN;
  // JavaScript takes February 30 for a day of March.
  if (!parts || Number.isNaN(milliseconds) || !new Date(`${parts[1]}Z`).toISOString().startsWith(parts[1]!))
    return refuse(text, 'a timestamp, such as 2026-01-31T12:00:00Z');
  const fraction = BigInt((parts[2] ?? '').slice(0, 9).padEnd(9, '0'));
  return timestamp(BigInt(milliseconds) * 1_000_000n + fraction);
}

/** Whole units of a duration. */
function inUnits(unit: bigint): Overload {
  return { takes: ['duration'], run: (_, { value }: Opaque) => (value as bigint) / unit };
}

function ofDate(part: (date: Date) => number): Overload {
  return {
    takes: ['timestamp'],
    run: (_, { value }: Opaque) => BigInt(part(new Date(Number(floored(value as bigint, 1_000_000n))))),
  };
}

function startOfDay(date: Date): number {
  return new Date(date).setUTCHours(0, 0, 0, 0);
}

function startOfYear(date: Date): number {
  return new Date(startOfDay(date)).setUTCMonth(0, 1);
}

/** Of what is before 1970, the instant before, whereas bigints are cut towards zero. */
export function floored(value: bigint, unit: bigint): bigint {
  return value / unit - (value % unit < 0n ? 1n : 0n);
}

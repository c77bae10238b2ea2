/** Durations and timestamps, exact to the nanosecond. Pure. */
import { parseDuration } from '../duration.ts';
import { refuse } from './basics.ts';
import type { Functions } from './functions.ts';
import { CelError, Opaque } from './value.ts';

const second = 1_000_000_000n;

export const times: Functions = {
  duration: [
    {
      takes: ['string'],
      run: (_, text: string) => duration(parseDuration(text) ?? refuse(text, 'a duration, such as 1h30m')),
    },
  ],
  timestamp: [{ takes: ['string'], run: (_, text: string) => parsedTimestamp(text) }],
  '.getHours': [
    { takes: ['duration'], run: (_, { value }: Opaque) => (value as bigint) / (3600n * second) },
    { takes: ['timestamp'], run: (_, value: Opaque) => BigInt(dateOf(value).getUTCHours()) },
  ],
  '.getMinutes': [
    { takes: ['duration'], run: (_, { value }: Opaque) => (value as bigint) / (60n * second) },
    { takes: ['timestamp'], run: (_, value: Opaque) => BigInt(dateOf(value).getUTCMinutes()) },
  ],
  '.getSeconds': [
    { takes: ['duration'], run: (_, { value }: Opaque) => (value as bigint) / second },
    { takes: ['timestamp'], run: (_, value: Opaque) => BigInt(dateOf(value).getUTCSeconds()) },
  ],
  '.getFullYear': [{ takes: ['timestamp'], run: (_, value: Opaque) => BigInt(dateOf(value).getUTCFullYear()) }],
  '.getMonth': [{ takes: ['timestamp'], run: (_, value: Opaque) => BigInt(dateOf(value).getUTCMonth()) }],
  '.getDate': [{ takes: ['timestamp'], run: (_, value: Opaque) => BigInt(dateOf(value).getUTCDate()) }],
  '.getDayOfWeek': [{ takes: ['timestamp'], run: (_, value: Opaque) => BigInt(dateOf(value).getUTCDay()) }],
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

function timestamp(nanoseconds: bigint): Opaque {
  return new Opaque('timestamp', nanoseconds, nanoseconds);
}

function parsedTimestamp(text: string): Opaque {
  const parts =
    /^([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.([0-9]{1,9}))?(Z|[-+][0-9]{2}:[0-9]{2})$/.exec(text);
  const milliseconds = parts ? Date.parse(`${parts[1]}${parts[3]}`) : NaN;
  if (!parts || Number.isNaN(milliseconds)) return refuse(text, 'a timestamp, such as 2026-01-31T12:00:00Z');
  return timestamp(BigInt(milliseconds) * 1_000_000n + BigInt((parts[2] ?? '').padEnd(9, '0')));
}

function dateOf({ value }: Opaque): Date {
  return new Date(Number((value as bigint) / 1_000_000n));
}

/** Durations and timestamps, exact to the nanosecond. Pure. */
import { parseDuration } from '../lib/duration.ts';
import { zoneNamed } from '../lib/zone.ts';
import type { Functions, Overload, Spend } from './overload.ts';
import { CelError, Opaque, int, refuse } from './value.ts';

const second = 1_000_000_000n;

export const times: Functions = {
  duration: [
    {
      takes: ['string'],
      gives: 'google.protobuf.Duration',
      run: (spend, text: string) => (
        spend(20),
        duration(parseDuration(text) ?? refuse(text, 'a duration, such as 1h30m'))
      ),
    },
    { takes: ['google.protobuf.Duration'], gives: 'google.protobuf.Duration', run: (_, value: Opaque) => value },
  ],
  timestamp: [
    {
      takes: ['string'],
      gives: 'google.protobuf.Timestamp',
      run: (spend, text: string) => parsedTimestamp(spend, text),
    },
    { takes: ['int'], gives: 'google.protobuf.Timestamp', run: (_, seconds: bigint) => timestamp(seconds * second) },
    { takes: ['google.protobuf.Timestamp'], gives: 'google.protobuf.Timestamp', run: (_, value: Opaque) => value },
  ],
  '.getHours': [inUnits(3600n * second), ...ofDate((date) => date.getUTCHours())],
  '.getMinutes': [inUnits(60n * second), ...ofDate((date) => date.getUTCMinutes())],
  '.getSeconds': [inUnits(second), ...ofDate((date) => date.getUTCSeconds())],
  '.getMilliseconds': [inUnits(1_000_000n), ...ofDate((date) => date.getUTCMilliseconds())],
  '.getFullYear': [...ofDate((date) => date.getUTCFullYear())],
  '.getMonth': [...ofDate((date) => date.getUTCMonth())],
  '.getDate': [...ofDate((date) => date.getUTCDate())],
  '.getDayOfMonth': [...ofDate((date) => date.getUTCDate() - 1)],
  '.getDayOfWeek': [...ofDate((date) => date.getUTCDay())],
  '.getDayOfYear': [...ofDate((date) => (startOfDay(date) - startOfYear(date)) / 86_400_000)],
};

/** Durations add up; a timestamp moves by a duration; two timestamps are a duration apart. */
export function addNanoseconds(a: Opaque, b: Opaque, op: '+' | '-'): Opaque {
  const value = op === '+' ? (a.value as bigint) + (b.value as bigint) : (a.value as bigint) - (b.value as bigint);
  const kinds = `${a.type} ${op} ${b.type}`.replaceAll('google.protobuf.', '');
  if (['Duration + Duration', 'Duration - Duration', 'Timestamp - Timestamp'].includes(kinds)) return duration(value);
  if (['Timestamp + Duration', 'Timestamp - Duration', 'Duration + Timestamp'].includes(kinds))
    return timestamp(value, a.zone ?? b.zone);
  throw new CelError(`\`${op}\` does not take ${a.type} and ${b.type}`);
}

/** The zeros of Go: no duration, and the first instant of the year 1. */
export function isZeroTime({ type, value }: Opaque): boolean {
  return type === 'google.protobuf.Duration'
    ? value === 0n
    : type === 'google.protobuf.Timestamp' && value === earliest;
}

function duration(nanoseconds: bigint): Opaque {
  int(nanoseconds);
  return new Opaque('google.protobuf.Duration', nanoseconds, nanoseconds);
}

/** Of the years 1 to 9999, as everywhere in CEL. */
function timestamp(nanoseconds: bigint, zone?: string): Opaque {
  if (nanoseconds < earliest || nanoseconds > latest) throw new CelError('the time is outside the years 1 to 9999');
  return new Opaque('google.protobuf.Timestamp', nanoseconds, nanoseconds, zone);
}

const earliest = -62_135_596_800n * second;
const latest = 253_402_300_800n * second - 1n;

/** As Go reads RFC 3339: an hour may have one digit, and a comma may stand for the point. */
const rfc3339 =
  /^([0-9]{4}-[0-9]{2}-[0-9]{2}T)([0-9]{1,2})(:[0-5][0-9]:[0-5][0-9])(?:[.,]([0-9]{1,30}))?(Z|[-+]([0-9]{2}):[0-5][0-9])$/;

export function parsedTimestamp(spend: Spend, text: string): Opaque {
  spend(40);
  const [, date, hour = '', minutes, fraction = '', zone = '', ahead = '0'] = rfc3339.exec(text) ?? [];
  const wall = `${date}${hour.padStart(2, '0')}${minutes}`;
  const milliseconds = date ? Date.parse(`${wall}Z`) : NaN;
  // JavaScript takes February 30 for a day of March, and hour 24 for the next day.
  if (Number.isNaN(milliseconds) || Number(ahead) > 24 || !new Date(milliseconds).toISOString().startsWith(wall))
    return refuse(text, 'a timestamp, such as 2026-01-31T12:00:00Z');
  const parts = BigInt(fraction.slice(0, 9).padEnd(9, '0'));
  const isUtc = /^[Z+-](00:00)?$/.test(zone);
  return timestamp(BigInt(milliseconds - minutesIn(zone) * 60_000) * 1_000_000n + parts, isUtc ? undefined : zone);
}

/** How far a clock such as `+02:00` is ahead of that of UTC. */
export function minutesIn(zone: string): number {
  const [, sign, hours = '0', minutes = '0'] = /^([-+]?)([0-9]{2}):([0-9]{2})$/.exec(zone) ?? [];
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}

/** Whole units of a duration. */
function inUnits(unit: bigint): Overload {
  return { takes: ['google.protobuf.Duration'], gives: 'int', run: (_, { value }: Opaque) => (value as bigint) / unit };
}

/** Of the clock of UTC, or of a zone: a name of the IANA database, or hours and minutes such as `-05:30`. */
function ofDate(part: (date: Date) => number): Overload[] {
  const shown = (time: Opaque, ahead: number): bigint => BigInt(part(new Date(millisecondsOf(time) + ahead)));
  return [
    { takes: ['google.protobuf.Timestamp'], gives: 'int', run: (_, time: Opaque) => shown(time, 0) },
    {
      takes: ['google.protobuf.Timestamp', 'string'],
      gives: 'int',
      run(spend, time: Opaque, zone: string) {
        spend(40);
        return shown(time, aheadOf(zone, millisecondsOf(time)));
      },
    },
  ];
}

function millisecondsOf({ value }: Opaque): number {
  return Number(floored(value as bigint, 1_000_000n));
}

/** Milliseconds between a clock and that of UTC. */
function aheadOf(zone: string, instant: number): number {
  if (zone === '' || /^[-+]?[0-9]{2}:[0-9]{2}$/.test(zone)) return minutesIn(zone) * 60_000;
  return (zoneNamed(zone) ?? refuse(zone, 'a time zone, such as Europe/Berlin')).offsetAt(instant);
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

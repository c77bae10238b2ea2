import { describe, expect, test } from '@jest/globals';
import { zoneNamed, type Zone } from './zone.ts';

function zone(name: string): Zone {
  const found = zoneNamed(name);
  if (!found) throw new Error(`there is no zone ${name}`);
  return found;
}

const wall = (text: string): number => Date.parse(`${text}Z`);
const iso = (instant: number): string => new Date(instant).toISOString().slice(0, 16);

describe('the first instant at which a clock shows a time', () => {
  test.each([
    ['a zone without changes', 'Asia/Kolkata', '2026-03-29T02:30', '2026-03-28T21:00'],
    ['an ordinary day', 'Europe/Vienna', '2026-07-01T02:30', '2026-07-01T00:30'],
    ['skipped: the first instant after', 'Europe/Vienna', '2026-03-29T02:30', '2026-03-29T01:00'],
    ['the end of the skipped hour is that instant too', 'Europe/Vienna', '2026-03-29T03:00', '2026-03-29T01:00'],
    ['just before the skipped hour', 'Europe/Vienna', '2026-03-29T01:59', '2026-03-29T00:59'],
    ['repeated: the first time', 'Europe/Vienna', '2026-10-25T02:30', '2026-10-25T00:30'],
    ['after the repeated hour', 'Europe/Vienna', '2026-10-25T03:00', '2026-10-25T02:00'],
    ['skipped in New York', 'America/New_York', '2026-03-08T02:00', '2026-03-08T07:00'],
    ['repeated in New York', 'America/New_York', '2026-11-01T01:30', '2026-11-01T05:30'],
    ['skipped half an hour', 'Australia/Lord_Howe', '2026-10-04T02:15', '2026-10-03T15:30'],
    ['not in the skipped half hour', 'Australia/Lord_Howe', '2026-10-04T02:30', '2026-10-03T15:30'],
    ['repeated half an hour', 'Australia/Lord_Howe', '2026-04-05T01:45', '2026-04-04T14:45'],
    ['a skipped day', 'Pacific/Apia', '2011-12-30T12:00', '2011-12-30T10:00'],
  ])('%s (%s, %s)', (_, name, shown, instant) => {
    expect(iso(zone(name).firstShowing(wall(shown)))).toBe(instant);
  });
});

test('in the second pass of a repeated hour, nothing before its end is new', () => {
  const vienna = zone('Europe/Vienna');
  expect(vienna.latestShownBy(wall('2026-10-25T00:30'))).toBe(wall('2026-10-25T02:30'));
  expect(vienna.latestShownBy(wall('2026-10-25T01:30'))).toBe(wall('2026-10-25T03:00') - 1);
  expect(vienna.latestShownBy(wall('2026-10-25T02:00'))).toBe(wall('2026-10-25T03:00'));
});

test('an instant in words, by the clock of the zone', () => {
  expect(zone('Etc/UTC').inWords(wall('2026-11-29T02:00'))).toBe('Sun 2026-11-29 02:00 Etc/UTC');
  expect(zone('Asia/Kolkata').inWords(wall('2026-11-29T20:00:05'))).toBe('Mon 2026-11-30 01:30:05 Asia/Kolkata');
});

// adobe/react-spectrum#7065, bitwalker/timex#597: what BST is, nobody can know.
test.each(['Europe/Wien', 'Mars/Olympus', '', 'BST', 'IST', 'PST', 'pst', 'CST', 'SystemV/PST8PDT', 'GMT+5', 'local'])(
  'there is no zone %j',
  (name) => {
    expect(zoneNamed(name)).toBeUndefined();
  },
);

test.each(['UTC', 'utc', 'CET', 'EST', 'GMT', 'EST5EDT', 'US/Pacific', 'Europe/Kiev'])(
  '%s is in the database',
  (name) => {
    expect(zoneNamed(name)).toBeDefined();
  },
);

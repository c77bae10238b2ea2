import { describe, expect, test } from '@jest/globals';
import { startsOf, type Starts } from './cron.ts';
import { zoneNamed, type Zone } from './zone.ts';

function starts(schedule: string, zone = 'Etc/UTC'): Starts {
  const found = startsOf(schedule, zoneNamed(zone) as Zone);
  if (typeof found === 'string') throw new Error(found);
  return found;
}

const at = (text: string): number => Date.parse(`${text}Z`);
const iso = (instant: number | undefined): string | undefined =>
  instant === undefined ? undefined : new Date(instant).toISOString().slice(0, 16);

describe('the next starts', () => {
  test.each<[string, string, string, string, string[]]>([
    ['every Sunday', '0 2 * * 0', 'Etc/UTC', '2026-11-24T00:00', ['2026-11-29T02:00', '2026-12-06T02:00']],
    [
      'the first Sunday of a month',
      '0 2 * * 0#1',
      'Etc/UTC',
      '2026-11-24T00:00',
      ['2026-12-06T02:00', '2027-01-03T02:00'],
    ],
    ['the last Friday', '0 2 * * 5L', 'Etc/UTC', '2026-11-24T00:00', ['2026-11-27T02:00', '2026-12-25T02:00']],
    ['the last day', '0 2 L * *', 'Etc/UTC', '2026-02-24T00:00', ['2026-02-28T02:00', '2026-03-31T02:00']],
    ['29 February', '0 2 29 2 *', 'Etc/UTC', '2026-02-24T00:00', ['2028-02-29T02:00', '2032-02-29T02:00']],
    [
      'day of month or day of week',
      '0 2 1 * 0',
      'Etc/UTC',
      '2026-11-24T00:00',
      ['2026-11-29T02:00', '2026-12-01T02:00'],
    ],
    ['several a day', '0,30 1-2 * * *', 'Etc/UTC', '2026-11-24T01:30', ['2026-11-24T02:00', '2026-11-24T02:30']],
    ['names of days', '0 2 * * SAT', 'Etc/UTC', '2026-11-24T00:00', ['2026-11-28T02:00', '2026-12-05T02:00']],
    [
      'in a skipped hour: once, at its end',
      '30 2 * * *',
      'Europe/Vienna',
      '2026-03-28T12:00',
      ['2026-03-29T01:00', '2026-03-30T00:30'],
    ],
    [
      'in a repeated hour: once, the first time',
      '30 2 * * *',
      'Europe/Vienna',
      '2026-10-24T12:00',
      ['2026-10-25T00:30', '2026-10-26T01:30'],
    ],
    [
      'all in the skipped hour come together',
      '*/20 2 * * *',
      'America/New_York',
      '2026-03-08T00:00',
      ['2026-03-08T07:00', '2026-03-09T06:00'],
    ],
    [
      'in a skipped half hour',
      '10 2 * * *',
      'Australia/Lord_Howe',
      '2026-10-03T12:00',
      ['2026-10-03T15:30', '2026-10-04T15:10'],
    ],
    ['31 February: never', '0 2 31 2 *', 'Etc/UTC', '2026-11-24T00:00', []],
  ])('%s (`%s`, %s)', (_, schedule, zone, from, expected) => {
    const schedules = starts(schedule, zone);
    const first = schedules.nextAfter(at(from));
    const second = first === undefined ? undefined : schedules.nextAfter(first);
    expect([first, second].flatMap((start) => iso(start) ?? [])).toEqual(expected);
  });
});

test('the latest start is looked for as far back as asked, and counts at its own instant', () => {
  const fridays = starts('0 21 * * 5', 'Europe/Vienna');
  expect(iso(fridays.latestBy(at('2026-11-28T02:00'), 8 * 3600))).toBe('2026-11-27T20:00');
  expect(iso(fridays.latestBy(at('2026-11-27T20:00'), 60))).toBe('2026-11-27T20:00');
  expect(fridays.latestBy(at('2026-11-27T19:59'), 60)).toBeUndefined();
  expect(iso(fridays.latestBy(at('2026-12-04T19:59'), 604_800))).toBe('2026-11-27T20:00');
});

describe('what is no schedule is told by its field, with what to write', () => {
  test.each([
    ['0 25 * * *', /its hour `25` means nothing; write five fields/],
    ['60 * * * *', /its minute `60`/],
    ['0 2 32 * *', /its day of month `32`/],
    ['0 2 * 13 *', /its month `13`/],
    ['0 2 * * 8', /its day of week `8`/],
    ['0 2 * * 0#6', /its day of week `0#6`/],
    ['0 2 * * someday', /its day of week `someday`/],
    ['*/0 * * * *', /its minute `\*\/0`/],
    ['0 2 * *', /^`0 2 \* \*` is not a schedule: write five fields \(minute, hour, day of month, month, day of week\)/],
    ['0 0 2 * * 0', /write five fields/],
    ['@daily', /such as `0 2 \* \* 0` for Sunday at 02:00/],
    ['0 2  * 0', /its day of month ``/],
  ])('%s', (schedule, message) => {
    expect(startsOf(schedule, zoneNamed('Etc/UTC') as Zone)).toMatch(message);
  });
});

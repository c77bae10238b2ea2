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
    [
      'three days before the last',
      '0 2 L-3 * *',
      'Etc/UTC',
      '2027-02-01T00:00',
      ['2027-02-25T02:00', '2027-03-28T02:00'],
    ],
    [
      '31 days of a month of 30',
      '0 2 L-30 * *',
      'Etc/UTC',
      '2026-11-01T00:00',
      ['2026-12-01T02:00', '2027-01-01T02:00'],
    ],
    [
      'a step of one is any day',
      '0 2 */1 * MON',
      'Etc/UTC',
      '2026-11-24T00:00',
      ['2026-11-30T02:00', '2026-12-07T02:00'],
    ],
    [
      'a step as long as the field',
      '*/60 */24 * * *',
      'Etc/UTC',
      '2026-11-24T00:00',
      ['2026-11-25T00:00', '2026-11-26T00:00'],
    ],
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
    ['0 25 * * *', /its hour `25` is invalid; write five fields/],
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
    // dagster#15294, croniter#50, robfig/cron#358: hourly, and days that are read in two ways.
    ['*/90 * * * *', /its minute `\*\/90` has a step that is longer than the field \(60\).*list the times/],
    ['0 */36 * * *', /its hour `\*\/36`/],
    ['0 0 */100,1-7 * MON', /its day of month `\*\/100`/],
    ['0 10 10,27 * */2,*/3,*/4,*/5', /list the days instead of/],
    ['0 2 1-7 * */7', /`1-7` and `\*\/7` as days that are both.*write `0#1` for the first Sunday of a month/],
    ['0 0 */2 * MON', /list the days instead of `\*\/2`/],
    ['0 2 *,15 * MON', /instead of `\*,15`/],
  ])('%s', (schedule, message) => {
    expect(startsOf(schedule, zoneNamed('Etc/UTC') as Zone)).toMatch(message);
  });
});

describe('what other readers of cron were reported to get wrong', () => {
  test.each<[source: string, schedule: string, from: string, expected: string[]]>([
    ['cron-utils#69', '0 * * * 1-5', '2016-02-29T11:00', ['2016-02-29T12:00', '2016-02-29T13:00']],
    ['cron-utils#244', '0 9 * * 1L', '2017-10-02T12:00', ['2017-10-30T09:00', '2017-11-27T09:00']],
    ['spring-framework#26390', '0 * L * *', '2021-01-30T00:00', ['2021-01-31T00:00', '2021-01-31T01:00']],
    ['cron-expression#168', '0 5 LW * *', '2023-10-03T00:00', ['2023-10-31T05:00', '2023-11-30T05:00']],
    ['xxl-job#3874', '0 0 L * *', '2026-03-31T00:00', ['2026-04-30T00:00', '2026-05-31T00:00']],
    ['mtdowling/cron-expression#1', '0 0 1 1 0', '2011-06-16T00:00', ['2012-01-01T00:00', '2012-01-08T00:00']],
    ['cron-utils#215', '0 8 ? * MON-FRI', '2017-06-30T10:00', ['2017-07-03T08:00', '2017-07-04T08:00']],
    ['agent-os#477, a range to 7', '0 0 * * WED-7', '2026-11-24T00:00', ['2026-11-25T00:00', '2026-11-26T00:00']],
    ['validators#470, Sunday twice', '0 0 * * 0,7', '2026-11-24T00:00', ['2026-11-29T00:00', '2026-12-06T00:00']],
    ['cronjs#39', '0 12 * * */7', '2026-11-24T00:00', ['2026-11-29T12:00', '2026-12-06T12:00']],
    ['cron4s#71', '55 23 L 2 *', '2024-01-01T00:00', ['2024-02-29T23:55', '2025-02-28T23:55']],
    ['cron-utils#35', '0 12 ? * SUN-SAT', '2026-11-28T13:00', ['2026-11-29T12:00', '2026-11-30T12:00']],
    ['aws-cron-parser#7', '10 7 ? * Wed-Fri', '2026-11-27T08:00', ['2026-12-02T07:10', '2026-12-03T07:10']],
  ])('%s: `%s`', (_, schedule, from, expected) => {
    const all = starts(schedule);
    const first = all.nextAfter(at(from));
    expect([first, all.nextAfter(first ?? 0)].map(iso)).toEqual(expected);
  });

  test('cron-utils#50: the latest start is never to come', () => {
    expect(iso(starts('0 11 * * 1').latestBy(at('2015-11-02T00:10'), 604_800))).toBe('2015-10-26T11:00');
  });

  test('rufus-scheduler#38: a range that is none is refused, and not waited for', () => {
    expect(startsOf('0 17 * * MON_FRI', zoneNamed('Etc/UTC') as Zone)).toMatch(/its day of week `MON_FRI` is invalid/);
  });
});

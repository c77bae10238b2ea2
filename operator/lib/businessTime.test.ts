import { describe, expect, test } from '@jest/globals';
import { addBusinessDays, isBusinessDay, type Calendar, type Pause } from './businessTime.ts';
import { zoneNamed } from './zone.ts';
import { numbers } from '../../test/builders/seeded.ts';

const calendar = (zone = 'Etc/UTC', holidays: readonly string[] = []): Calendar => ({
  zone: zoneNamed(zone)!,
  holidays: new Set(holidays),
});
const pause = (from: string, to?: string): Pause => ({ from: new Date(from), ...(to && { to: new Date(to) }) });
const due = (start: string, days: number, of = calendar(), pauses: Pause[] = []): string | undefined =>
  addBusinessDays(new Date(start), days, of, pauses)?.toISOString().replace('.000Z', 'Z');

describe('two business days', () => {
  test.each<[string, string, Calendar, string]>([
    ['in the week: the same time', '2026-03-03T15:00:00Z', calendar(), '2026-03-05T15:00:00Z'],
    ['over a weekend', '2026-03-06T15:00:00Z', calendar(), '2026-03-10T15:00:00Z'],
    ['from a Saturday: as from its end', '2026-03-07T15:00:00Z', calendar(), '2026-03-11T00:00:00Z'],
    ['up to midnight on Friday', '2026-03-05T00:00:00Z', calendar(), '2026-03-07T00:00:00Z'],
    [
      'over a holiday',
      '2026-12-23T10:00:00Z',
      calendar('Etc/UTC', ['2026-12-24', '2026-12-25']),
      '2026-12-29T10:00:00Z',
    ],
    [
      'from a holiday',
      '2026-12-24T10:00:00Z',
      calendar('Etc/UTC', ['2026-12-24', '2026-12-25']),
      '2026-12-30T00:00:00Z',
    ],
    [
      'a holiday at the weekend changes nothing',
      '2026-03-06T15:00:00Z',
      calendar('Etc/UTC', ['2026-03-07']),
      '2026-03-10T15:00:00Z',
    ],
    [
      'by the clock of the zone, which is ahead then',
      '2026-03-27T14:00:00Z',
      calendar('Europe/Vienna'),
      '2026-03-31T13:00:00Z',
    ],
    [
      'by the clock of the zone, which is behind then',
      '2026-10-23T13:00:00Z',
      calendar('Europe/Vienna'),
      '2026-10-27T14:00:00Z',
    ],
    ['where Friday is still Thursday', '2026-03-06T05:00:00Z', calendar('America/New_York'), '2026-03-10T04:00:00Z'],
    ['where it is Saturday already', '2026-03-06T16:00:00Z', calendar('Pacific/Auckland'), '2026-03-10T11:00:00Z'],
    ['through a day of 23 hours', '2026-04-23T10:00:00Z', calendar('Africa/Cairo'), '2026-04-27T09:00:00Z'],
  ])('%s', (_, start, of, expected) => {
    expect(due(start, 2, of)).toBe(expected);
  });
});

describe('while the clock stands still', () => {
  test.each<[string, Pause[], string | undefined]>([
    [
      'a pause in business time is added',
      [pause('2026-03-03T10:00:00Z', '2026-03-03T16:00:00Z')],
      '2026-03-05T15:00:00Z',
    ],
    [
      'a pause at the weekend adds nothing',
      [pause('2026-03-07T00:00:00Z', '2026-03-08T12:00:00Z')],
      '2026-03-05T09:00:00Z',
    ],
    [
      'of a pause over the weekend, what was business',
      [pause('2026-03-04T09:00:00Z', '2026-03-09T09:00:00Z')],
      '2026-03-10T09:00:00Z',
    ],
    [
      'pauses that overlap count once',
      [pause('2026-03-03T10:00:00Z', '2026-03-03T14:00:00Z'), pause('2026-03-03T12:00:00Z', '2026-03-03T16:00:00Z')],
      '2026-03-05T15:00:00Z',
    ],
    [
      'a pause before the start is past',
      [pause('2026-03-01T10:00:00Z', '2026-03-02T16:00:00Z')],
      '2026-03-05T09:00:00Z',
    ],
    ['a pause without an end: nobody knows when', [pause('2026-03-04T10:00:00Z')], undefined],
    [
      'a pause without an end, after it was due, changes nothing',
      [pause('2026-03-06T10:00:00Z')],
      '2026-03-05T09:00:00Z',
    ],
  ])('%s', (_, pauses, expected) => {
    expect(due('2026-03-03T09:00:00Z', 2, calendar(), pauses)).toBe(expected);
  });
});

test('nobody works: it never comes', () => {
  const days = Array.from({ length: 4100 }, (_, index) =>
    new Date(Date.UTC(2026, 0, 1 + index)).toISOString().slice(0, 10),
  );
  expect(due('2026-01-01T00:00:00Z', 2, calendar('Etc/UTC', days))).toBeUndefined();
});

describe('whatever the calendar and the pauses', () => {
  const minute = 60_000;
  const zones = ['Etc/UTC', 'Europe/Vienna', 'America/New_York', 'Australia/Lord_Howe', 'Africa/Cairo', 'Asia/Kolkata'];
  const scenes = Array.from({ length: 300 }, (_, seed) => {
    const next = numbers(seed);
    const at = (days: number) => new Date(Date.UTC(2026, 2, 1) + next(days * 1440) * minute);
    const holidays = Array.from({ length: next(6) }, () => at(60).toISOString().slice(0, 10));
    const pauses = Array.from({ length: next(4) }, () => {
      const from = at(45);
      return { from, to: new Date(from.getTime() + next(4 * 1440) * minute) };
    });
    return { of: calendar(zones[next(zones.length)], holidays), start: at(40), days: next(8) + next(4) / 4, pauses };
  });

  test('it is due in business time, never in a pause, and not before it was counted out minute by minute', () => {
    for (const { of, start, days, pauses } of scenes) {
      const end = addBusinessDays(start, days, of, pauses);
      expect(end).toBeDefined();
      // Where the clock changes, minutes of the wall and of the world differ by as much.
      const shift = Math.abs(of.zone.offsetAt(end!.getTime()) - of.zone.offsetAt(start.getTime())) / minute;
      let counted = 0;
      for (let time = start.getTime(); time < end!.getTime(); time += minute) {
        const isPaused = pauses.some(({ from, to }) => from.getTime() <= time && time < to.getTime());
        if (!isPaused && isBusinessDay(time + of.zone.offsetAt(time), of)) counted++;
      }
      expect(Math.abs(counted - days * 1440)).toBeLessThanOrEqual(shift);
    }
  });

  test('a later start, more days, a further holiday or pause never make it due sooner', () => {
    for (const { of, start, days, pauses } of scenes) {
      const end = addBusinessDays(start, days, of, pauses)!.getTime();
      const later = new Date(start.getTime() + 90 * minute);
      const fewerDaysOff = { ...of, holidays: new Set([...of.holidays].slice(1)) };
      expect(addBusinessDays(later, days, of, pauses)!.getTime()).toBeGreaterThanOrEqual(end);
      expect(addBusinessDays(start, days + 0.5, of, pauses)!.getTime()).toBeGreaterThan(end);
      expect(addBusinessDays(start, days, fewerDaysOff, pauses)!.getTime()).toBeLessThanOrEqual(end);
      expect(addBusinessDays(start, days, of, pauses.slice(1))!.getTime()).toBeLessThanOrEqual(end);
    }
  });
});

import { describe, expect, test } from '@jest/globals';
import { startsOf, type Starts } from './cron.ts';
import { stateAt, timetableOf, type Timetable, type TimetableSpec } from './schedule.ts';
import { zoneNamed, type Zone } from './zone.ts';

const utc = (text: string): Date => new Date(`${text}Z`);
const iso = (time: Date | undefined): string | undefined => time?.toISOString().slice(0, 16);

function read(spec: TimetableSpec): Timetable {
  const timetable = timetableOf(spec);
  if (typeof timetable === 'string') throw new Error(timetable);
  return timetable;
}

const hours = 3600;
const sunday = { schedule: '0 2 * * 0', durationSeconds: 2 * hours };
const friday = { schedule: '0 21 * * 5', durationSeconds: 8 * hours };
const freeze = (startTime: string, endTime: string, reason = 'year end') => ({
  startTime: `${startTime}Z`,
  endTime: `${endTime}Z`,
  reason,
});

interface Case {
  spec: Partial<TimetableSpec>;
  at: string;
  open: boolean;
  opens?: string;
  closes?: string;
  why?: object;
  changes?: string;
}

describe('at an instant', () => {
  test.each<[string, Case]>([
    [
      'before it',
      { spec: {}, at: '2026-11-28T00:00', open: false, opens: '2026-11-29T02:00', closes: '2026-11-29T04:00' },
    ],
    ['open from its very beginning', { spec: {}, at: '2026-11-29T02:00', open: true, closes: '2026-11-29T04:00' }],
    [
      'closed from its very end',
      { spec: {}, at: '2026-11-29T04:00', open: false, opens: '2026-12-06T02:00', closes: '2026-12-06T04:00' },
    ],
    [
      'it belongs to the day on which it opens',
      { spec: { windows: [friday] }, at: '2026-11-28T03:00', open: true, closes: '2026-11-28T05:00' },
    ],
    [
      'and not to the night before',
      {
        spec: { windows: [friday] },
        at: '2026-11-27T03:00',
        open: false,
        opens: '2026-11-27T21:00',
        closes: '2026-11-28T05:00',
      },
    ],
    [
      'windows that touch are one opening',
      {
        spec: { windows: [sunday, { schedule: '0 4 * * 0', durationSeconds: hours }] },
        at: '2026-11-29T03:00',
        open: true,
        closes: '2026-11-29T05:00',
      },
    ],
    [
      'windows that overlap are one opening',
      {
        spec: { windows: [sunday, { schedule: '30 1 * * *', durationSeconds: hours }] },
        at: '2026-11-29T01:45',
        open: true,
        closes: '2026-11-29T04:00',
      },
    ],
    [
      'a schedule that overlaps itself',
      {
        spec: { windows: [{ schedule: '0 1-5 * * *', durationSeconds: 2 * hours }] },
        at: '2026-11-29T01:00',
        open: true,
        closes: '2026-11-29T07:00',
      },
    ],
    [
      'never closed: no end is in sight',
      {
        spec: { windows: [{ schedule: '* * * * *', durationSeconds: 604_800 }] },
        at: '2026-11-29T01:00',
        open: true,
        changes: '2026-12-15T01:00',
      },
    ],
    [
      'a day that does not come',
      {
        spec: { windows: [{ schedule: '0 2 31 2 *', durationSeconds: 60 }] },
        at: '2026-11-29T02:00',
        open: false,
        why: { kind: 'never' },
      },
    ],
    [
      'in a freeze',
      {
        spec: { freezes: [freeze('2026-11-20T00:00', '2026-12-07T00:00')] },
        at: '2026-11-29T03:00',
        open: false,
        opens: '2026-12-13T02:00',
        closes: '2026-12-13T04:00',
        why: { kind: 'freeze', reason: 'year end', until: utc('2026-12-07T00:00') },
        changes: '2026-12-07T00:00',
      },
    ],
    [
      'before a freeze that begins in it',
      {
        spec: { freezes: [freeze('2026-11-29T03:00', '2026-11-29T03:30')] },
        at: '2026-11-29T02:30',
        open: true,
        closes: '2026-11-29T03:00',
      },
    ],
    [
      'in a freeze that splits it',
      {
        spec: { freezes: [freeze('2026-11-29T03:00', '2026-11-29T03:30')] },
        at: '2026-11-29T03:10',
        open: false,
        opens: '2026-11-29T03:30',
        closes: '2026-11-29T04:00',
        why: { kind: 'freeze', reason: 'year end', until: utc('2026-11-29T03:30') },
      },
    ],
    [
      'of two freezes the one that lasts longer is told',
      {
        spec: {
          freezes: [
            freeze('2026-11-20T00:00', '2026-12-01T00:00'),
            freeze('2026-11-21T00:00', '2026-12-02T00:00', 'audit'),
          ],
        },
        at: '2026-11-29T03:00',
        open: false,
        opens: '2026-12-06T02:00',
        closes: '2026-12-06T04:00',
        why: { kind: 'freeze', reason: 'audit', until: utc('2026-12-02T00:00') },
        changes: '2026-12-01T00:00',
      },
    ],
    [
      'a freeze to come changes nothing yet',
      {
        spec: { freezes: [freeze('2026-12-01T00:00', '2026-12-02T00:00')] },
        at: '2026-11-29T03:00',
        open: true,
        closes: '2026-11-29T04:00',
      },
    ],
    [
      'in an emergency, in spite of a freeze',
      {
        spec: {
          freezes: [freeze('2026-11-20T00:00', '2026-12-07T00:00')],
          emergency: { reason: 'outage', until: '2026-11-25T12:00:00Z' },
        },
        at: '2026-11-25T11:00',
        open: true,
        closes: '2026-11-25T12:00',
        why: { kind: 'emergency', reason: 'outage', until: utc('2026-11-25T12:00') },
        changes: '2026-11-25T12:00',
      },
    ],
    [
      'an emergency that ends in a window',
      {
        spec: { emergency: { reason: 'outage', until: '2026-11-29T03:00:00Z' } },
        at: '2026-11-29T01:00',
        open: true,
        closes: '2026-11-29T04:00',
        why: { kind: 'emergency', reason: 'outage', until: utc('2026-11-29T03:00') },
        changes: '2026-11-29T03:00',
      },
    ],
    [
      'after an emergency',
      {
        spec: { emergency: { reason: 'outage', until: '2026-11-25T12:00:00Z' } },
        at: '2026-11-25T12:00',
        open: false,
        opens: '2026-11-29T02:00',
        closes: '2026-11-29T04:00',
      },
    ],
    [
      'real time, not the clock: three hours over the spring change',
      {
        spec: { timeZone: 'Europe/Vienna', windows: [{ schedule: '0 1 * * 0', durationSeconds: 3 * hours }] },
        at: '2026-03-29T00:00',
        open: true,
        closes: '2026-03-29T03:00',
      },
    ],
    [
      'and over the autumn change',
      {
        spec: { timeZone: 'Europe/Vienna', windows: [{ schedule: '0 1 * * 0', durationSeconds: 3 * hours }] },
        at: '2026-10-25T00:00',
        open: true,
        closes: '2026-10-25T02:00',
      },
    ],
    [
      'in the second pass of a repeated hour it does not open again',
      {
        spec: { timeZone: 'America/New_York', windows: [{ schedule: '30 1 * * *', durationSeconds: 1800 }] },
        at: '2026-11-01T06:30',
        open: false,
        opens: '2026-11-02T06:30',
        closes: '2026-11-02T07:00',
      },
    ],
  ])('%s', (_, { spec, at, open, opens, closes, why = { kind: 'window' }, changes }) => {
    const { opensAt, closesAt, changesAt, ...state } = stateAt(read({ windows: [sunday], ...spec }), utc(at));
    expect({ ...state, opens: iso(opensAt), closes: iso(closesAt) }).toEqual({ open, why, opens, closes });
    if (changes) expect(iso(changesAt)).toBe(changes);
  });
});

describe('what cannot be read is told by its field', () => {
  test.each<[string, Partial<TimetableSpec>, RegExp]>([
    [
      'a schedule',
      { windows: [sunday, { ...sunday, schedule: '0 26 * * 0' }] },
      /^spec\.windows\[1\]\.schedule: `0 26 \* \* 0` is not a schedule: its hour `26`/,
    ],
    [
      'a zone',
      { timeZone: 'Europe/Wien' },
      /^spec\.timeZone: there is no zone `Europe\/Wien`; use one of the IANA database/,
    ],
    [
      'a freeze that ends before it begins',
      { freezes: [freeze('2026-12-02T00:00', '2026-12-01T00:00')] },
      /^spec\.freezes\[0\]: set an `endTime` after/,
    ],
    ['a freeze without a time', { freezes: [freeze('soon', '2026-12-01T00:00')] }, /^spec\.freezes\[0\]/],
    [
      'an emergency without an end',
      { emergency: { reason: 'outage', until: 'later' } },
      /^spec\.emergency\.until: set a time/,
    ],
  ])('%s', (_, spec, message) => {
    expect(timetableOf({ windows: [sunday], ...spec })).toMatch(message);
  });
});

test.each([60, 90, 604_800])(
  'work is bounded: of a start every minute and openings of %s s, the clock is asked about each minute of the horizon twice at most',
  (seconds) => {
    let asked = 0;
    const vienna = zoneNamed('Europe/Vienna')!;
    const zone: Zone = {
      ...vienna,
      firstShowing: (wall) => ((asked += 1), vienna.firstShowing(wall)),
      latestShownBy: (instant) => ((asked += 1), vienna.latestShownBy(instant)),
    };
    const windows = [{ starts: startsOf('* * * * *', zone) as Starts, seconds }];
    expect(stateAt({ zone, windows, freezes: [] }, utc('2026-11-29T03:00')).open).toBe(true);
    expect(asked).toBeGreaterThan(0);
    expect(asked).toBeLessThan(2 * 33 * 24 * 60);
  },
);

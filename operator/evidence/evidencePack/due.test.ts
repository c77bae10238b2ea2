import { describe, expect, test } from '@jest/globals';
import { calendarOf, dueAt, longestPause } from './due.ts';

const at = (text: string): Date => new Date(text);
const created = at('2026-11-20T12:00:00Z');
const storeRef = { name: 'nightly' };
const signing = { keyRef: { name: 'key' } };

function due(spec: object, covered: string | undefined, now: string) {
  const calendar = calendarOf({ spec: { storeRef, signing, ...spec } });
  if (typeof calendar === 'string') throw new Error(calendar);
  const { period, missed, next } = dueAt(calendar, covered === undefined ? undefined : at(covered), created, at(now));
  return {
    period: period && `${period.start.toISOString()} ${period.end.toISOString()}`,
    missed,
    next: next?.toISOString(),
  };
}

describe('every night at two', () => {
  test.each<[string, string | undefined, string, string | undefined, number]>([
    ['before its first night', undefined, '2026-11-20T13:00:00Z', undefined, 0],
    ['its first night', undefined, '2026-11-21T02:00:00Z', '2026-11-20T02:00 2026-11-21T02:00', 0],
    ['a minute early', '2026-11-21T02:00:00Z', '2026-11-22T01:59:00Z', undefined, 0],
    ['the next night', '2026-11-21T02:00:00Z', '2026-11-22T02:00:00Z', '2026-11-21T02:00 2026-11-22T02:00', 0],
    ['late', '2026-11-21T02:00:00Z', '2026-11-22T09:00:00Z', '2026-11-21T02:00 2026-11-22T02:00', 0],
    ['after three days', '2026-11-21T02:00:00Z', '2026-11-24T09:00:00Z', '2026-11-21T02:00 2026-11-24T02:00', 2],
    ['when its first nights were missed', undefined, '2026-11-23T09:00:00Z', '2026-11-20T02:00 2026-11-23T02:00', 2],
    ['when the clock went back', '2026-11-25T02:00:00Z', '2026-11-24T09:00:00Z', undefined, 0],
  ])('%s', (_, covered, now, period, missed) => {
    const found = due({}, covered, now);
    expect([found.period?.replaceAll(':00.000Z', ''), found.missed]).toEqual([period, missed]);
  });

  test('the next one is never one that is covered', () => {
    expect(due({}, '2026-11-25T02:00:00Z', '2026-11-24T09:00:00Z').next).toBe('2026-11-26T02:00:00.000Z');
  });

  test('in a zone whose clock changes, no time is left out and none is there twice', () => {
    const spec = { timeZone: 'Europe/Vienna', schedule: '30 2 * * *' };
    const calendar = calendarOf({ spec: { storeRef, signing, ...spec } });
    if (typeof calendar === 'string' || calendar.is === 'once') throw new Error('it recurs');
    let covered = at('2026-03-20T01:30:00Z');
    for (let hour = 0; hour < 24 * 20; hour += 1) {
      const { period } = dueAt(calendar, covered, created, new Date(covered.getTime() + hour * 3_600_000));
      if (!period) continue;
      expect(period.start).toEqual(covered);
      expect(period.end > period.start).toBe(true);
      covered = period.end;
    }
    expect(longestPause(calendar.starts, at('2026-10-20T00:00:00Z'))).toBe(25 * 3600);
  });
});

describe('once', () => {
  const spec = { period: { startTime: '2026-11-01T00:00:00Z', endTime: '2026-11-21T00:00:00Z' } };
  test('as soon as the period is over', () => {
    expect(due(spec, undefined, '2026-11-20T23:59:59Z')).toEqual({
      period: undefined,
      missed: 0,
      next: '2026-11-21T00:00:00.000Z',
    });
    expect(due(spec, undefined, '2026-11-21T00:00:00Z').period).toBe(
      '2026-11-01T00:00:00.000Z 2026-11-21T00:00:00.000Z',
    );
  });
  test('and never again', () => {
    expect(due(spec, '2026-11-21T00:00:00Z', '2027-11-21T00:00:00Z')).toEqual({
      period: undefined,
      missed: 0,
      next: undefined,
    });
  });
});

test.each<[string, object, RegExp]>([
  ['a zone that is none', { timeZone: 'Europe/Wien' }, /there is no zone `Europe\/Wien`/],
  ['four fields', { schedule: '0 2 * *' }, /write five fields/],
  ['a day that never comes', { schedule: '0 2 30 2 *' }, /names a day that never comes/],
])('%s is refused', (_, spec, message) => {
  expect(calendarOf({ spec: { storeRef, signing, ...spec } })).toMatch(message);
});

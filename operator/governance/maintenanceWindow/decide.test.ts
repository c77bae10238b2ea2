import { describe, expect, test } from '@jest/globals';
import type {
  EmergencyRecord,
  MaintenanceWindow,
  MaintenanceWindowSpec,
} from '../../api/v1alpha1/maintenanceWindow.ts';
import { makeWindow } from '../../../test/builders/window.ts';
import { decideWindow } from './decide.ts';

/** A Friday; the window opens on Sunday the first of March. */
const now = new Date('2026-02-27T12:00:00Z');
const yearEnd = { startTime: '2026-02-20T00:00:00Z', endTime: '2026-03-02T00:00:00Z', reason: 'year end' };
const outage = { reason: 'database down', until: '2026-02-27T14:00:00Z', ticket: 'INC-7' };
const record: EmergencyRecord = { ...outage, startTime: '2026-02-27T11:00:00Z' };

const at = (spec: Partial<MaintenanceWindowSpec>, time: string | Date = now) =>
  decideWindow(makeWindow(spec), new Date(time));

describe('what it tells', () => {
  test.each<[string, Partial<MaintenanceWindowSpec>, string | Date, string, string, RegExp]>([
    ['before it opens', {}, now, 'False', 'WindowClosed', /^opens Sun 2026-03-01 02:00 Etc\/UTC$/],
    ['while open', {}, '2026-03-01T03:00:00Z', 'True', 'WindowOpen', /^open until Sun 2026-03-01 04:00 Etc\/UTC$/],
    [
      'in its own zone',
      { timeZone: 'Europe/Vienna' },
      now,
      'False',
      'WindowClosed',
      /^opens Sun 2026-03-01 02:00 Europe\/Vienna$/,
    ],
    [
      'in a freeze',
      { freezes: [yearEnd] },
      now,
      'False',
      'Frozen',
      /^opens Sun 2026-03-08 02:00 Etc\/UTC, frozen until Mon 2026-03-02 00:00 Etc\/UTC: year end$/,
    ],
    [
      'in an emergency',
      { emergency: outage },
      now,
      'True',
      'Emergency',
      /^open until Fri 2026-02-27 14:00 Etc\/UTC in an emergency: database down \(INC-7\)$/,
    ],
    [
      'in an emergency during a freeze',
      { emergency: outage, freezes: [yearEnd] },
      now,
      'True',
      'Emergency',
      /^open until Fri 2026-02-27 14:00/,
    ],
    ['after an emergency', { emergency: outage }, outage.until, 'False', 'WindowClosed', /^opens Sun 2026-03-01/],
    [
      'while suspended',
      { suspend: { reason: 'audit' } },
      '2026-03-01T03:00:00Z',
      'False',
      'Suspended',
      /^suspended until spec.suspend is removed: audit$/,
    ],
    [
      'suspended for a while',
      { suspend: { reason: 'audit', until: '2026-03-01T03:30:00Z' } },
      '2026-03-01T03:00:00Z',
      'False',
      'Suspended',
      /^opens Sun 2026-03-01 03:30 Etc\/UTC, suspended until Sun 2026-03-01 03:30 Etc\/UTC: audit$/,
    ],
    [
      'suspended in an emergency',
      { suspend: { reason: 'audit' }, emergency: outage },
      now,
      'False',
      'Suspended',
      /^suspended/,
    ],
    [
      'when a suspension is over',
      { suspend: { reason: 'audit', until: '2026-03-01T02:30:00Z' } },
      '2026-03-01T03:00:00Z',
      'True',
      'WindowOpen',
      /^open until/,
    ],
    [
      'on a day that does not come',
      { windows: [{ schedule: '0 2 31 2 *', durationSeconds: 60 }] },
      now,
      'False',
      'NeverOpens',
      /it never opens again: its schedules name days that do not exist/,
    ],
    [
      'when always open',
      { windows: [{ schedule: '* * * * *', durationSeconds: 60 }] },
      now,
      'True',
      'WindowOpen',
      /^open with no end within a month$/,
    ],
  ])('%s', (_, spec, time, status, reason, message) => {
    const plan = at(spec, time);
    expect(plan.outcome).toMatchObject({ is: 'ready' });
    expect(plan.conditions?.['Open']).toMatchObject({ status, reason, message: expect.stringMatching(message) });
    expect(plan.conditions?.['Suspended']?.status).toBe(reason === 'Suspended' ? 'True' : undefined);
  });

  test.each<[string, Partial<MaintenanceWindowSpec>, string | Date, object]>([
    [
      'closed: the next opening, and its end',
      {},
      now,
      { nextOpenTime: '2026-03-01T02:00:00Z', nextCloseTime: '2026-03-01T04:00:00Z' },
    ],
    ['open: its end', {}, '2026-03-01T03:00:00Z', { nextCloseTime: '2026-03-01T04:00:00Z' }],
    ['suspended without an end: nothing', { suspend: { reason: 'audit' } }, now, {}],
    ['never: nothing', { windows: [{ schedule: '0 2 31 2 *', durationSeconds: 60 }] }, now, {}],
  ])('the times when %s', (_, spec, time, times) => {
    const { summary, ...told } = at(spec, time).status;
    expect(told).toEqual(times);
    expect(summary).toBeTruthy();
  });
});

describe('a spec that cannot be read is told, and stays closed', () => {
  test.each<[string, Partial<MaintenanceWindowSpec>, RegExp]>([
    [
      'schedule',
      { windows: [{ schedule: '0 25 * * 0', durationSeconds: 60 }] },
      /^spec\.windows\[0\]\.schedule: `0 25 \* \* 0` is not a schedule: its hour `25`/,
    ],
    ['zone', { timeZone: 'Europe/Wien', emergency: outage }, /^spec\.timeZone: there is no zone `Europe\/Wien`/],
  ])('%s', (_, spec, message) => {
    const plan = at(spec);
    expect(plan.outcome).toMatchObject({
      is: 'stalled',
      reason: 'InvalidSchedule',
      message: expect.stringMatching(message),
    });
    expect(plan.conditions?.['Open']).toMatchObject({ status: 'False', reason: 'InvalidSchedule' });
    expect(plan.notes).toBeUndefined();
  });
});

describe('emergencies', () => {
  const seen = (
    emergencies: EmergencyRecord[],
    spec: Partial<MaintenanceWindowSpec> = { emergency: outage },
  ): MaintenanceWindow => makeWindow(spec, { emergencies });

  test('a new one is recorded and told, once', () => {
    const first = at({ emergency: outage });
    expect(first.status.emergencies).toEqual([{ ...outage, startTime: '2026-02-27T12:00:00Z' }]);
    expect(first.notes).toEqual([
      {
        type: 'Warning',
        reason: 'EmergencyOpened',
        message: expect.stringMatching(/database down \(INC-7\).*remove `spec\.emergency`/),
      },
    ]);
    const again = decideWindow(seen(first.status.emergencies ?? []), new Date('2026-02-27T13:00:00Z'));
    expect(again.status.emergencies).toEqual(first.status.emergencies);
    expect(again.notes).toBeUndefined();
  });

  test('one that is prolonged is another', () => {
    const prolonged = { ...outage, until: '2026-02-27T18:00:00Z' };
    const plan = decideWindow(seen([record], { emergency: prolonged }), now);
    expect(plan.status.emergencies).toEqual([record, { ...prolonged, startTime: '2026-02-27T12:00:00Z' }]);
    expect(plan.notes).toHaveLength(1);
  });

  test('one that is over or taken away is history', () => {
    expect(decideWindow(seen([record]), new Date(outage.until)).status.emergencies).toEqual([record]);
    expect(decideWindow(seen([record], {}), now).status.emergencies).toEqual([record]);
    expect(at({ emergency: { ...outage, until: '2026-02-27T11:59:00Z' } }).status.emergencies).toBeUndefined();
  });

  test('the last ten are kept', () => {
    const old = Array.from({ length: 10 }, (_, index) => ({ ...record, reason: `outage ${index}` }));
    const kept = decideWindow(seen(old), now).status.emergencies ?? [];
    expect(kept).toHaveLength(10);
    expect(kept.map(({ reason }) => reason)).toEqual([...old.slice(1).map(({ reason }) => reason), 'database down']);
  });
});

test('a steady state is the same from pass to pass', () => {
  const told = (time: string) => {
    const { status, conditions, outcome } = at({}, time);
    return { status, conditions, message: outcome.message };
  };
  expect(told('2026-02-28T00:00:00Z')).toEqual(told('2026-02-24T12:34:56.789Z'));
  expect(told('2026-03-01T02:00:00Z')).toEqual(told('2026-03-01T03:59:59.999Z'));
});

test.each<[string, Partial<MaintenanceWindowSpec>, string, number | undefined]>([
  ['within a minute of the opening', {}, '2026-03-01T01:59:00Z', 60 / 1.1],
  ['long before: for the wall clock may jump', {}, '2026-02-24T00:00:00Z', 600],
  [
    'at the end of an emergency, though it stays open',
    { emergency: { ...outage, until: '2026-03-01T03:00:00Z' } },
    '2026-03-01T02:59:49Z',
    10,
  ],
  [
    'when a freeze begins, though it is closed',
    { freezes: [{ ...yearEnd, startTime: '2026-02-28T00:00:00Z' }] },
    '2026-02-27T23:59:49Z',
    10,
  ],
  [
    'when a suspension ends',
    { suspend: { reason: 'audit', until: '2026-02-28T00:00:00Z' } },
    '2026-02-27T23:59:49Z',
    10,
  ],
  ['never, when only people can change it', { suspend: { reason: 'audit' } }, '2026-02-27T23:59:49Z', undefined],
])('it looks again %s', (_, spec, time, seconds) => {
  const { outcome } = at(spec, time);
  const recheck = outcome.is === 'ready' ? outcome.recheckAfter : 'not ready';
  expect(recheck).toEqual(seconds === undefined ? undefined : expect.closeTo(seconds, 3));
});

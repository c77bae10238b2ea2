import { describe, expect, test } from '@jest/globals';
import type { MaintenanceWindow, MaintenanceWindowSpec } from '../../api/v1alpha1/maintenanceWindow.ts';
import { makeWindow } from '../../../test/builders/window.ts';
import { decideWindow } from './decide.ts';
import { windowGate } from './windowGate.ts';

const ref = { name: 'sunday-night' };
const closed = new Date('2026-02-27T12:00:00Z');
const open = new Date('2026-03-01T03:00:00Z');
const opening = new Date('2026-03-01T02:00:00Z');
const freeze = { startTime: '2026-02-20T00:00:00Z', endTime: '2026-03-02T00:00:00Z', reason: 'year end' };

test('what refers to no window is always let through', () => {
  expect(windowGate(undefined, undefined, closed)).toEqual({ open: true });
});

test('an open window lets through until it closes', () => {
  expect(windowGate(ref, makeWindow(), open)).toEqual({ open: true, until: new Date('2026-03-01T04:00:00Z') });
});

describe('closed, with why not now, when, and what to do', () => {
  const deleted: MaintenanceWindow = makeWindow();
  deleted.metadata.deletionTimestamp = '2026-03-01T00:00:00Z';
  const spec = (part: Partial<MaintenanceWindowSpec>): MaintenanceWindow => makeWindow(part);
  test.each<[string, MaintenanceWindow | undefined, Date, string, RegExp, RegExp, string | undefined]>([
    [
      'outside of it',
      spec({}),
      closed,
      'WindowClosed',
      /^waits for MaintenanceWindow sunday-night: opens Sun 2026-03-01 02:00 Etc\/UTC$/,
      /set its `spec.emergency`/,
      '2026-03-01T02:00:00.000Z',
    ],
    [
      'frozen',
      spec({ freezes: [freeze] }),
      open,
      'Frozen',
      /opens Sun 2026-03-08 02:00 Etc\/UTC, frozen until .*: year end$/,
      /set its `spec\.emergency`/,
      '2026-03-08T02:00:00.000Z',
    ],
    [
      'suspended',
      spec({ suspend: { reason: 'audit' } }),
      open,
      'Suspended',
      /suspended until spec.suspend is removed: audit/,
      /remove its `spec.suspend`/,
      undefined,
    ],
    [
      'that never opens',
      spec({ windows: [{ schedule: '0 2 31 2 *', durationSeconds: 60 }] }),
      open,
      'NeverOpens',
      /never opens/,
      /set its `spec\.emergency`/,
      undefined,
    ],
    [
      'invalid',
      spec({ timeZone: 'Mars/Olympus' }),
      open,
      'WindowInvalid',
      /MaintenanceWindow sunday-night, which is invalid$/,
      /^fix it: spec\.timeZone: there is no zone `Mars\/Olympus`/,
      undefined,
    ],
    [
      'missing',
      undefined,
      open,
      'WindowMissing',
      /MaintenanceWindow sunday-night, which does not exist/,
      /^create it, or remove `windowRef`/,
      undefined,
    ],
    ['on its way out', deleted, open, 'WindowMissing', /does not exist/, /create/, undefined],
  ])('a window %s', (_, window, now, reason, words, advice, until) => {
    const gate = windowGate(ref, window, now);
    if (gate.open) throw new Error('it is open');
    expect(gate).toMatchObject({ reason, words: expect.stringMatching(words), advice: expect.stringMatching(advice) });
    expect(gate.until?.toISOString()).toBe(until);
  });
});

test('it goes by the spec and the time, whatever the status says', () => {
  const stale = makeWindow({}, { nextOpenTime: '2030-01-01T00:00:00Z', summary: 'opens in 2030' });
  expect(windowGate(ref, stale, open).open).toBe(true);
});

test('the gate and the condition of the window change at the same instant', () => {
  for (const milliseconds of [-1, 0, 1]) {
    const now = new Date(opening.getTime() + milliseconds);
    const told = decideWindow(makeWindow(), now).conditions?.['Open']?.status === 'True';
    expect(windowGate(ref, makeWindow(), now).open).toBe(told);
    expect(told).toBe(milliseconds >= 0);
  }
});

test('words fit their column however long the reason', () => {
  const gate = windowGate({ name: 'w'.repeat(253) }, makeWindow({ suspend: { reason: 'x'.repeat(512) } }), open);
  expect(gate.open ? 0 : gate.words.length).toBeLessThanOrEqual(500);
  expect(decideWindow(makeWindow({ suspend: { reason: 'x'.repeat(512) } }), open).status.summary?.length).toBeLessThan(
    512,
  );
});

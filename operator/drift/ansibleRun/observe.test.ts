import { describe, expect, test } from '@jest/globals';
import type { MaintenanceWindow } from '../../api/v1alpha1/maintenanceWindow.ts';
import type { AnsibleRun } from '../../api/v1alpha1/ansibleRun.ts';
import { after, makeBaseline, makeRun, now } from '../../../test/builders/drift.ts';
import { readerOf } from '../../../test/builders/reader.ts';
import { makeWindow } from '../../../test/builders/window.ts';
import { observeRun } from './observe.ts';
import type { RunNeeds } from './needs.ts';

const needs = { local: { state: () => Promise.resolve({ is: 'running' }) } } as unknown as RunNeeds;
const baseline = makeBaseline({ mode: 'Enforce', remediation: { windowRef: { name: 'sunday-night' } } });

/** Without Devices, a run that nothing else holds up is stopped by that. */
async function obstacle(run: AnsibleRun, window?: MaintenanceWindow): Promise<string> {
  const world = await observeRun(run, needs, {
    read: readerOf(baseline, run, ...(window ? [window] : [])),
    now,
    signal: AbortSignal.timeout(5000),
  });
  return world.is === 'blocked' ? world.reason : world.is;
}

describe('a run that a baseline asked for and that has not begun', () => {
  test.each<[string, MaintenanceWindow | undefined, string]>([
    ['waits outside of the window', makeWindow(), 'WindowClosed'],
    ['waits for a window that is missing', undefined, 'WindowMissing'],
    [
      'goes on within it',
      makeWindow({ windows: [{ schedule: '0 11 * * 0', durationSeconds: 7200 }] }),
      'DeviceNotReady',
    ],
  ])('%s', async (_, window, reason) => {
    expect(await obstacle(makeRun('rhel9-1'), window)).toBe(reason);
  });
});

test('a run that has begun does not ask for the window', async () => {
  expect(await obstacle(makeRun('rhel9-1', {}, { startTime: after(-5) }), makeWindow())).toBe('started');
});

test('a run by hand does not ask for the window', async () => {
  expect(await obstacle(makeRun('by-hand', { baselineRef: undefined }), makeWindow())).toBe('DeviceNotReady');
});

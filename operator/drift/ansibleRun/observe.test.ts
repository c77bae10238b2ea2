import { describe, expect, test } from '@jest/globals';
import type { MaintenanceWindow } from '../../api/v1alpha1/maintenanceWindow.ts';
import type { AnsibleRun } from '../../api/v1alpha1/ansibleRun.ts';
import { after, makeBaseline, makeDevice, makeRun, motd, now } from '../../../test/builders/drift.ts';
import type { Reader } from '../../runtime/feature.ts';
import { readerOf } from '../../../test/builders/reader.ts';
import { makeWindow } from '../../../test/builders/window.ts';
import { obstacleTo } from './checks.ts';
import { meansOf, type RunNeeds } from './needs.ts';
import { observeRun } from './observe.ts';

const needs = { local: { state: () => Promise.resolve({ is: 'running' }) } } as unknown as RunNeeds;
const baseline = makeBaseline({ mode: 'Enforce', remediation: { windowRef: { name: 'sunday-night' } } });

/** Without Devices, a run that nothing else holds up is stopped by that. */
async function obstacle(run: AnsibleRun, window?: MaintenanceWindow): Promise<string> {
  const world = await observeRun(run, needs, {
    read: readerOf(baseline, run, ...(window ? [window] : [])),
    now,
    signal: AbortSignal.timeout(5000),
  });
  const found = world.is === 'fresh' ? obstacleTo({ run, world, means: meansOf(needs) }) : undefined;
  return found?.reason ?? world.is;
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

test('a run that waits asks neither the apiserver nor a host; one that goes on asks both', async () => {
  const asked: string[] = [];
  const ask = <T>(whom: string, answer: T): Promise<T> => {
    asked.push(whom);
    return Promise.resolve(answer);
  };
  const data = { 'ssh-privatekey': Buffer.from('key').toString('base64') };
  const probing = { ...needs, probe: () => ask('host', undefined) } as unknown as RunNeeds;
  const observe = async (run: AnsibleRun) => {
    asked.length = 0;
    const read = {
      ...readerOf(baseline, run, makeDevice()),
      fetch: () => ask('Secret', { data }),
    } as unknown as Reader;
    const world = await observeRun(run, probing, { read, now, signal: AbortSignal.timeout(5000) });
    return 'hosts' in world ? world.hosts : undefined;
  };
  expect(await observe(makeRun('rhel9-1', { deviceNames: ['web-01'], checks: [motd] }))).toBeUndefined();
  expect(asked).toEqual([]);
  const byHand = makeRun('by-hand', { baselineRef: undefined, deviceNames: ['web-01'], checks: [motd] });
  expect(await observe(byHand)).toHaveLength(1);
  expect(asked).toEqual(['Secret', 'host']);
});

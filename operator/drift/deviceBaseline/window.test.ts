import { describe, expect, test } from '@jest/globals';
import type { AnsibleRun } from '../../api/v1alpha1/ansibleRun.ts';
import type { DeviceBaseline, Remediation } from '../../api/v1alpha1/deviceBaseline.ts';
import type { MaintenanceWindow } from '../../api/v1alpha1/maintenanceWindow.ts';
import type { Resource } from '../../api/v1alpha1/shared.ts';
import { resources } from '../../api/generated/resources.ts';
import {
  after,
  havingCreated,
  makeBaseline,
  makeDevice,
  makeFinding,
  makeReport,
  makeRun,
  motd,
  now,
} from '../../../test/builders/drift.ts';
import { readerOf } from '../../../test/builders/reader.ts';
import { makeWindow } from '../../../test/builders/window.ts';
import { decideBaseline } from './decide.ts';
import { deviceBaseline } from './index.ts';
import { observeBaseline } from './observe.ts';

// `now` is Sunday at 12:00.
const open = { schedule: '0 11 * * 0', durationSeconds: 7200 };
const opensSoon = { schedule: '30 12 * * 0', durationSeconds: 7200 };
const waiting = (spec: Partial<Remediation> = {}): DeviceBaseline =>
  makeBaseline({ mode: 'Enforce', remediation: { windowRef: { name: 'sunday-night' }, ...spec } });

interface Case {
  baseline?: DeviceBaseline;
  window?: MaintenanceWindow;
  runs?: AnsibleRun[];
  drifted?: boolean;
}

function decided({ baseline: declared = waiting(), window, runs = [], drifted = true }: Case) {
  const baseline = havingCreated(declared, runs);
  const device = makeDevice();
  const report = makeReport(baseline, device, drifted ? [makeFinding(motd)] : []);
  const objects: Resource[] = [baseline, device, report, ...runs, ...(window ? [window] : [])];
  const {
    outcome,
    conditions,
    status,
    afterStatus = [],
  } = decideBaseline(baseline, observeBaseline(baseline, { read: readerOf(...objects) }), now);
  return {
    creates: afterStatus.filter((action) => action.do === 'create').length,
    correction: status.summary?.correctionMessage ?? status.summary?.correction,
    wait: conditions?.['WaitsForWindow'],
    compliant: conditions?.['Compliant']?.status,
    recheckAfter: outcome.is === 'ready' ? outcome.recheckAfter : undefined,
  };
}

describe('a correction that is due', () => {
  test.each<[string, Case]>([
    ['no window is asked for', { baseline: makeBaseline({ mode: 'Enforce' }) }],
    ['its window is open', { window: makeWindow({ windows: [open] }) }],
    ['an emergency opened its window', { window: makeWindow({ emergency: { reason: 'outage', until: after(60) } }) }],
  ])('begins when %s', (_, given) => {
    expect(decided(given)).toMatchObject({ creates: 1, wait: undefined, correction: 'AnsibleRun rhel9-1 is running' });
  });

  test('waits for the opening, says until when, and looks again then; hosts are looked at all the same', () => {
    expect(decided({ window: makeWindow({ windows: [opensSoon] }) })).toEqual({
      creates: 0,
      compliant: 'False',
      correction: 'waits for MaintenanceWindow sunday-night: opens Sun 2026-03-01 12:30 Etc/UTC',
      wait: {
        status: 'True',
        reason: 'WindowClosed',
        message:
          'waits for MaintenanceWindow sunday-night: opens Sun 2026-03-01 12:30 Etc/UTC; to start sooner, set its `spec.emergency`',
        warns: false,
      },
      recheckAfter: 600,
    });
  });

  test('looks again just before the opening', () => {
    const soon = new Date(now.getTime() + 22_000).toISOString();
    const window = makeWindow({
      windows: [open],
      freezes: [{ startTime: after(-60), endTime: soon, reason: 'audit' }],
    });
    expect(decided({ window })).toMatchObject({ creates: 0, recheckAfter: 20, wait: { reason: 'Frozen' } });
  });

  test.each<[string, Case, string, boolean]>([
    ['missing', {}, 'WindowMissing', true],
    ['invalid', { window: makeWindow({ timeZone: 'Mars/Olympus' }) }, 'WindowInvalid', true],
    ['suspended', { window: makeWindow({ windows: [open], suspend: { reason: 'audit' } }) }, 'Suspended', false],
    ['never open', { window: makeWindow({ windows: [{ ...open, schedule: '0 2 31 2 *' }] }) }, 'NeverOpens', true],
  ])('does not begin when its window is %s', (_, given, reason, warns) => {
    expect(decided(given)).toMatchObject({ creates: 0, wait: { status: 'True', reason, warns } });
  });
});

test('while nothing is due, a closed window is not spoken of', () => {
  const { wait, correction } = decided({ window: makeWindow(), drifted: false });
  expect({ wait, correction }).toEqual({ wait: undefined, correction: 'Idle' });
});

test('but one that is missing is, before it is needed', () => {
  expect(decided({ drifted: false })).toMatchObject({ wait: { reason: 'WindowMissing' } });
});

test('mode Inform waits for nothing', () => {
  const baseline = makeBaseline({ mode: 'Inform', remediation: { windowRef: { name: 'sunday-night' } } });
  expect(decided({ baseline, window: makeWindow() })).toMatchObject({ creates: 0, wait: undefined });
});

test('a run at work when the window closes is let finish; one that has not begun waits', () => {
  const window = makeWindow();
  const begun = makeRun('rhel9-1', {}, { startTime: after(-5) });
  expect(decided({ window, runs: [begun] })).toMatchObject({
    creates: 0,
    wait: undefined,
    correction: 'AnsibleRun rhel9-1 is running',
  });
  expect(decided({ window, runs: [makeRun('rhel9-1')] })).toMatchObject({
    creates: 0,
    wait: { reason: 'WindowClosed' },
  });
});

test('a window wakes the baselines that refer to it, and no others', () => {
  const reader = readerOf(
    waiting(),
    makeBaseline({ remediation: { windowRef: { name: 'other' } } }, 'elsewhere'),
    makeBaseline({}, 'unbound'),
  );
  const watch = deviceBaseline.watches?.find(({ kind }) => kind === resources.MaintenanceWindow);
  expect(watch?.keysOf(makeWindow(), reader)).toEqual([{ namespace: 'fleet', name: 'rhel9' }]);
});

/** Openings across changes of the clock, who waits, and what is said of windows that do not open. */
import { describe, expect, test } from '@jest/globals';
import { makeBaseline } from '../../../../test/builders/drift.ts';
import { makeWindow } from '../../../../test/builders/window.ts';
import type { ClusterBaseline } from '../../../api/v1alpha1/clusterBaseline.ts';
import type { CanaryRollout } from '../../../api/v1alpha1/canaryRollout.ts';
import type { DeviceBaseline } from '../../../api/v1alpha1/deviceBaseline.ts';
import type { MaintenanceWindow } from '../../../api/v1alpha1/maintenanceWindow.ts';
import type { Condition } from '../../../api/v1alpha1/shared.ts';
import { decideWindow } from '../../../governance/maintenanceWindow/decide.ts';
import { timestamp } from '../../../lib/timestamp.ts';
import { openingsOf } from './openings.ts';
import { hereOf, isAllWell, reportsOf, windowsJson, windowsText } from './report.ts';
import { usersOf, type Users } from './users.ts';

const nobody: Users = { deviceBaselines: [], clusterBaselines: [], rollouts: [], runs: [] };
/** A Friday. */
const now = new Date('2026-02-27T12:00:00Z');
const outage = { reason: 'database down', until: '2026-02-27T14:00:00Z' };

const openings = (window: MaintenanceWindow, at: Date, count = 3): string[] =>
  openingsOf(window, at, count).map(({ opens, closes }) => `${timestamp(opens)} ${closes ? timestamp(closes) : '-'}`);

// https://github.com/argoproj/argo-cd/issues/17750, /3204, louislam/uptime-kuma#6233, argo-workflows#8140
describe('openings across a change of the clock', () => {
  test('a window of 02:30 opens at the first time after the hour that is skipped, and lasts as long as ever', () => {
    const window = makeWindow({
      timeZone: 'Europe/Vienna',
      windows: [{ schedule: '30 2 * * *', durationSeconds: 3600 }],
    });
    expect(openings(window, new Date('2026-03-28T00:00:00Z'))).toEqual([
      '2026-03-28T01:30:00Z 2026-03-28T02:30:00Z',
      '2026-03-29T01:00:00Z 2026-03-29T02:00:00Z',
      '2026-03-30T00:30:00Z 2026-03-30T01:30:00Z',
    ]);
  });

  test('in the hour that comes twice, it opens once', () => {
    const window = makeWindow({
      timeZone: 'Europe/Vienna',
      windows: [{ schedule: '30 2 * * *', durationSeconds: 1800 }],
    });
    expect(openings(window, new Date('2026-10-24T12:00:00Z'), 2)).toEqual([
      '2026-10-25T00:30:00Z 2026-10-25T01:00:00Z',
      '2026-10-26T01:30:00Z 2026-10-26T02:00:00Z',
    ]);
  });

  test('09:00 in London is 09:00 in summer as in winter', () => {
    const window = makeWindow({
      timeZone: 'Europe/London',
      windows: [{ schedule: '0 9 * * 0', durationSeconds: 3600 }],
    });
    expect(openings(window, new Date('2026-03-21T00:00:00Z'), 2)).toEqual([
      '2026-03-22T09:00:00Z 2026-03-22T10:00:00Z',
      '2026-03-29T08:00:00Z 2026-03-29T09:00:00Z',
    ]);
  });
});

describe('which openings there are', () => {
  test.each([
    ['of one that is open: from now', {}, '2026-03-01T03:00:00Z', ['2026-03-01T03:00:00Z 2026-03-01T04:00:00Z']],
    [
      'a freeze splits one in two',
      { freezes: [{ startTime: '2026-03-01T02:30:00Z', endTime: '2026-03-01T03:00:00Z', reason: 'x' }] },
      '2026-02-27T12:00:00Z',
      ['2026-03-01T02:00:00Z 2026-03-01T02:30:00Z', '2026-03-01T03:00:00Z 2026-03-01T04:00:00Z'],
    ],
    [
      'an emergency comes first',
      { emergency: outage },
      '2026-02-27T12:00:00Z',
      ['2026-02-27T12:00:00Z 2026-02-27T14:00:00Z', '2026-03-01T02:00:00Z 2026-03-01T04:00:00Z'],
    ],
    [
      'after a suspension that ends',
      { suspend: { reason: 'x', until: '2026-03-01T03:00:00Z' } },
      '2026-02-27T12:00:00Z',
      ['2026-03-01T03:00:00Z 2026-03-01T04:00:00Z'],
    ],
    ['none of a suspension without an end', { suspend: { reason: 'x' } }, '2026-02-27T12:00:00Z', []],
    [
      'none that has no date',
      { windows: [{ schedule: '0 2 30 2 *', durationSeconds: 60 }] },
      '2026-02-27T12:00:00Z',
      [],
    ],
    ['none that is invalid', { timeZone: 'Europe/Wien' }, '2026-02-27T12:00:00Z', []],
    [
      'one without an end is the last',
      { windows: [{ schedule: '* * * * *', durationSeconds: 120 }] },
      '2026-02-27T12:00:00Z',
      ['2026-02-27T12:00:00Z -'],
    ],
  ])('%s', (_, spec, at, expected) => {
    expect(openings(makeWindow(spec), new Date(at), Math.max(1, expected.length))).toEqual(expected);
  });

  test('the first one is what the operator says, all over a year', () => {
    const window = makeWindow({
      timeZone: 'America/New_York',
      windows: [{ schedule: '30 2 * * 0,3', durationSeconds: 5400 }],
      freezes: [{ startTime: '2026-12-18T00:00:00Z', endTime: '2027-01-04T00:00:00Z', reason: 'year end' }],
    });
    for (let hour = 0; hour < 365 * 24; hour += 37) {
      const at = new Date(Date.UTC(2026, 0, 1, hour));
      const [first] = openingsOf(window, at, 1);
      const { nextOpenTime, nextCloseTime } = decideWindow(window, at).status;
      expect(timestamp(first!.opens)).toBe(nextOpenTime ?? timestamp(at));
      expect(timestamp(first!.closes!)).toBe(nextCloseTime);
    }
  });
});

const waiting = (type: string, message: string, observedGeneration = 1): Condition => ({
  ...{ type, status: 'True', reason: 'WindowClosed', message, observedGeneration },
  lastTransitionTime: '',
});
const withWindow = (name: string, condition?: Condition): DeviceBaseline => ({
  ...makeBaseline({ mode: 'Enforce', remediation: { windowRef: { name } } }),
  status: { conditions: condition ? [condition] : [] },
});
const words =
  'waits for MaintenanceWindow sunday-night: opens Sun 2026-03-01 02:00 Etc/UTC; to start sooner, set its …';

describe('who waits', () => {
  const key = { namespace: 'fleet', name: 'sunday-night' };
  const of = (users: Partial<Users>) => usersOf(key, { ...nobody, ...users });

  test('by what the operator said of what is declared now', () => {
    expect(of({ deviceBaselines: [withWindow('sunday-night', waiting('WaitsForWindow', words))] })).toEqual([
      {
        ...{ kind: 'DeviceBaseline', name: 'rhel9', waits: true },
        message: 'waits for MaintenanceWindow sunday-night: opens Sun 2026-03-01 02:00 Etc/UTC',
      },
    ]);
    const old = withWindow('sunday-night', waiting('WaitsForWindow', words, 7));
    expect(of({ deviceBaselines: [old] })).toMatchObject([{ waits: false }]);
  });

  test('not for a window whose name only begins alike, or of another namespace', () => {
    expect(of({ deviceBaselines: [withWindow('sunday', waiting('WaitsForWindow', words))] })).toEqual([]);
    const other = withWindow('sunday-night');
    expect(of({ deviceBaselines: [{ ...other, metadata: { ...other.metadata, namespace: 'lab' } }] })).toEqual([]);
  });

  test('rollouts and ClusterBaselines go by windows, too; of runs those that wait', () => {
    const rollout = {
      kind: 'CanaryRollout',
      metadata: { name: 'canary', namespace: 'fleet', generation: 1 },
      spec: { target: { deviceBaselineRef: { name: 'rhel9' } }, windowRef: { name: 'sunday-night' } },
      status: { conditions: [waiting('Progressing', words)] },
    } as unknown as CanaryRollout;
    const cluster = {
      kind: 'ClusterBaseline',
      metadata: { name: 'guard' },
      spec: { serviceAccountRef: { namespace: 'fleet', name: 'x' }, windowRef: { name: 'sunday-night' } },
    } as unknown as ClusterBaseline;
    const run = (name: string, message: string) =>
      ({
        kind: 'AnsibleRun',
        metadata: { name, namespace: 'fleet', generation: 1 },
        spec: {},
        status: { conditions: [waiting('Succeeded', message)] },
      }) as unknown as Users['runs'][number];
    expect(
      of({
        rollouts: [rollout],
        clusterBaselines: [cluster],
        runs: [run('patch', words), run('other', 'Ansible is running')],
      }).map(({ kind, name, waits }) => `${kind} ${name} ${waits}`),
    ).toEqual(['CanaryRollout canary true', 'AnsibleRun patch true', 'ClusterBaseline guard false']);
  });
});

describe('the report', () => {
  const here = hereOf('America/New_York', now);
  const report = (windows: MaintenanceWindow[], users: Partial<Users> = {}, count = 1) => ({
    windows: reportsOf(windows, { ...nobody, ...users }, { now, count, named: undefined }),
    unread: [],
  });

  test('own zone, UTC and local time, each once', () => {
    const vienna = makeWindow({ timeZone: 'Europe/Vienna' });
    expect(windowsText(report([vienna]), here)).toBe(`MaintenanceWindow fleet/sunday-night: closed, opens in 37 h
└─ opens Sun 2026-03-01 02:00 Europe/Vienna, for 2 h
     UTC: Sun 2026-03-01 01:00
     here: Sat 2026-02-28 20:00 America/New_York
`);
    expect(windowsText(report([makeWindow()]), hereOf('UTC', now)))
      .toBe(`MaintenanceWindow fleet/sunday-night: closed, opens in 38 h
└─ opens Sun 2026-03-01 02:00 Etc/UTC, for 2 h
`);
  });

  test('the open one comes first, and says for how long', () => {
    const all = [makeWindow(), makeWindow({ emergency: outage }, undefined, 'hot')];
    const text = windowsText(report(all), hereOf('UTC', now));
    expect(text).toMatch(/^MaintenanceWindow fleet\/hot: open, for another 2 h\nopen until Fri 2026-02-27 14:00/);
    expect(text).toContain('└─ closes Fri 2026-02-27 14:00 Etc/UTC\n');
  });

  test.each([
    ['suspended', { suspend: { reason: 'audit' } }, 'suspended until spec.suspend is removed: audit', true],
    ['invalid', { timeZone: 'Europe/Wien' }, 'spec.timeZone: there is no zone `Europe/Wien`', false],
    ['never opens', { windows: [{ schedule: '0 2 30 2 *', durationSeconds: 60 }] }, 'never opens', false],
  ])('one that is %s says so', (state, spec, says, isWell) => {
    const all = report([makeWindow(spec)]);
    expect(all.windows[0]?.state).toBe(state);
    expect(windowsText(all, here)).toContain(says);
    expect(isAllWell(all)).toBe(isWell);
  });

  test('one that is referred to and does not exist is shown, with who waits for ever', () => {
    const all = report([], {
      deviceBaselines: [
        withWindow(
          'gone',
          waiting('WaitsForWindow', 'waits for MaintenanceWindow gone, which does not exist; create it'),
        ),
      ],
    });
    expect(isAllWell(all)).toBe(false);
    expect(windowsText(all, here)).toBe(`MaintenanceWindow fleet/gone: missing
it does not exist, and counts as closed; create it, or remove \`windowRef\` where
  it is named
└─ DeviceBaseline rhel9 waits
     waits for MaintenanceWindow gone, which does not exist
`);
  });

  test('what could not be read is unknown, and no control character passes', () => {
    const all = {
      ...report([makeWindow({ suspend: { reason: 'a\x1b[2Jb' } })]),
      unread: ['whether a CanaryRollout waits: you may not'],
    };
    expect(isAllWell(all)).toBe(false);
    const text = windowsText(all, here);
    expect(text).toContain('\nUnknown: whether a CanaryRollout waits: you may not\n');
    expect(text).not.toMatch(/[\x00-\x09\x0b-\x1f]/);
  });

  test('as data, with times in UTC', () => {
    expect(windowsJson(report([makeWindow()]), here)).toMatchObject({
      localTimeZone: 'America/New_York',
      windows: [
        {
          state: 'closed',
          openings: [{ opens: '2026-03-01T02:00:00Z', closes: '2026-03-01T04:00:00Z', seconds: 7200 }],
        },
      ],
    });
  });

  test('a zone of this machine that the database does not have is UTC', () => {
    expect(hereOf('Etc/Unknown', now).zone.name).toBe('Etc/UTC');
  });
});

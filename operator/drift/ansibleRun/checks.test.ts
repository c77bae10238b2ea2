import { describe, expect, test } from '@jest/globals';
import type { AnsibleRunSpec } from '../../api/v1alpha1/ansibleRun.ts';
import type { DeviceBaselineSpec } from '../../api/v1alpha1/deviceBaseline.ts';
import { after, makeBaseline, makeRun, motd, now } from '../../../test/builders/drift.ts';
import { makeWindow } from '../../../test/builders/window.ts';
import { obstacleTo, type Prospect } from './checks.ts';
import type { FreshWorld } from './world.ts';

const line = { device: 'web-01', checks: ['motd: mode is 0666, not 0644'], states: 'a' };
const done = makeRun('done', { checks: [motd] }, { completionTime: after(-60), before: [line] });
const withImage: Prospect['means'] = { localPlaybooks: false, jobs: { isAvailable: true } };

interface Given {
  readonly spec?: Partial<AnsibleRunSpec>;
  readonly world?: Partial<FreshWorld>;
  readonly means?: Prospect['means'];
}

function told({ spec = {}, world = {}, means = withImage }: Given): string {
  const run = makeRun('rhel9-1', spec);
  const found = obstacleTo({ run, world: { is: 'fresh', readAt: now, atWork: [], blocks: [], ...world }, means });
  return found ? `${found.is} ${found.reason}: ${found.message}` : 'nothing';
}

const own = { playbook: { inline: '- hosts: all' } };
const undo = { revertOf: { name: 'done' } };
const baseline = (spec: Partial<DeviceBaselineSpec>) => makeBaseline({ mode: 'Enforce', ...spec });
const ref = { name: 'sunday-night' };
const windowRef = { remediation: { windowRef: ref } };
const open = makeWindow({ windows: [{ schedule: '0 11 * * 0', durationSeconds: 7200 }] });
const atWork = [makeRun('other', {}, { startTime: after(-5) })];

describe('in the way of a run that has not begun stands', () => {
  test.each<[string, Given, string]>([
    ['nothing', {}, 'nothing'],
    [
      'that it brings a playbook of its own to the operator',
      { spec: { ...own, backend: 'Local' } },
      'invalid PlaybookRefused: backend Local only runs generated playbooks, because your own playbook would have the rights of the operator; use backend Job',
    ],
    [
      'nothing, where that is allowed',
      { spec: { ...own, backend: 'Local' }, means: { ...withImage, localPlaybooks: true } },
      'nothing',
    ],
    [
      'that there is no image for a Job',
      { spec: { backend: 'Job' }, means: { ...withImage, jobs: { isAvailable: false } } },
      'blocked NoRunnerImage: backend Job needs an image with ansible-runner: start the operator with `--runner-image`, or use backend Local',
    ],
    [
      'another run on the same hosts',
      { world: { atWork } },
      'blocked DevicesBusy: AnsibleRun other is running on some of these Devices; this run waits for it to finish',
    ],
    [
      'a window that it keeps',
      { world: { windows: [{ ref }] } },
      'blocked WindowMissing: waits for MaintenanceWindow sunday-night, which does not exist; create it, or remove `windowRef`',
    ],
    [
      'no window that is open when it is read',
      {
        world: {
          windows: [{ ref, window: open }],
        },
      },
      'nothing',
    ],
    [
      'one of several windows that is closed',
      { world: { windows: [{ ref, window: open }, { ref: { name: 'other' } }] } },
      'blocked WindowMissing: waits for MaintenanceWindow other, which does not exist; create it, or remove `windowRef`',
    ],
    ['no window, when it only checks', { spec: { mode: 'Check' }, world: { windows: [{ ref }] } }, 'nothing'],
    [
      'a window, when a playbook of its own is to check: its tasks may do otherwise',
      { spec: { ...own, mode: 'Check', backend: 'Job' }, world: { windows: [{ ref }] } },
      'blocked WindowMissing: waits for MaintenanceWindow sunday-night, which does not exist; create it, or remove `windowRef`',
    ],
    [
      'that the run to undo is not there',
      { spec: undo },
      'blocked RunNotFound: AnsibleRun done does not exist in this namespace; set `revertOf` to the run to undo',
    ],
    [
      'that the run to undo has not ended',
      { spec: undo, world: { reverted: makeRun('done', {}, { startTime: after(-5) }) } },
      'blocked RunNotComplete: AnsibleRun done is still running; it will be undone when it is complete',
    ],
    ...(
      [
        [own, 'ran your own playbook; only its author knows how to undo it'],
        [{ mode: 'Check' }, 'ran in mode Check and changed nothing'],
        [{ revertOf: { name: 'x' } }, 'is itself an undo; to reapply what it undid, create a run with those checks'],
      ] as const
    ).map(([spec, words]): [string, Given, string] => [
      `that the run to undo ${words}`,
      { spec: undo, world: { reverted: makeRun('done', spec, done.status) } },
      `invalid NothingToUndo: AnsibleRun done ${words}`,
    ]),
    [
      'that the run to undo changed nothing',
      { spec: undo, world: { reverted: makeRun('done', {}, { completionTime: after(-60) }) } },
      'invalid NothingToUndo: AnsibleRun done changed nothing',
    ],
    [
      'a baseline that would do the same again',
      { spec: undo, world: { reverted: done, baseline: baseline({}) } },
      'blocked EnforcedByBaseline: DeviceBaseline rhel9 would immediately correct this again; set `mode: Inform` or suspend it first',
    ],
    [
      'no baseline that is suspended, and no window',
      {
        spec: undo,
        world: {
          reverted: done,
          windows: [{ ref }],
          baseline: baseline({ ...windowRef, suspend: { reason: 'undo' } }),
        },
      },
      'nothing',
    ],
    [
      'no baseline, when it only checks',
      { spec: { ...undo, mode: 'Check' }, world: { reverted: done, baseline: baseline({}) } },
      'nothing',
    ],
    [
      'that others come first',
      { world: { waitsForTurn: true } },
      'blocked TooManyRuns: as many runs of backend Local as `--max-local-runs` allows this namespace are running or come first; this run waits for its turn',
    ],
    [
      'that Ansible is not installed',
      { world: { localProblem: 'Ansible is not installed: install it' } },
      'blocked AnsibleNotInstalled: Ansible is not installed: install it',
    ],
    [
      'a playbook that is not there',
      { world: { playbook: { is: 'missing', configMap: 'site' } } },
      'blocked PlaybookNotFound: ConfigMap site with the key `playbook.yml` does not exist in this namespace; create it',
    ],
    [
      'hosts that cannot be reached as they are declared, all of them',
      {
        world: {
          hosts: [
            { name: 'a', is: 'missing' },
            { name: 'b', is: 'suspended' },
            { name: 'c', is: 'unconfigured', message: 'it has no key' },
          ],
        },
      },
      'blocked DeviceNotReady: Device a does not exist in this namespace, Device b is suspended, Device c: it has no key',
    ],
  ])('%s', (_, given, words) => {
    expect(told(given)).toBe(words);
  });

  test('what can never be before what may yet be mended, and the run at work before the window', () => {
    const world: Given['world'] = { atWork, windows: [{ ref }], hosts: [{ name: 'a', is: 'missing' }] };
    expect(told({ spec: { ...own, backend: 'Local' }, world })).toMatch(/PlaybookRefused/);
    expect(told({ world })).toMatch(/DevicesBusy/);
    expect(told({ world: { ...world, atWork: [] } })).toMatch(/WindowMissing/);
  });
});

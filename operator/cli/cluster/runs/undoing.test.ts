import { describe, expect, test } from '@jest/globals';
import { after, makeBaseline, makeDevice, makeWholeRun, motd, now } from '../../../../test/builders/drift.ts';
import type { AnsibleRun, AnsibleRunSpec, AnsibleRunStatus } from '../../../api/v1alpha1/ansibleRun.ts';
import { undoingOf, whyNotUndone, type Around } from './undoing.ts';

const before = (device: string) => ({ device, checks: ['motd: content is a, not b'], states: 'hmac:1' });
const ended: AnsibleRunStatus = {
  ...{ startTime: after(-900), completionTime: after(-800) },
  before: [before('web-01'), before('web-02')],
  hosts: ['web-01', 'web-02'].map((name) => ({ name, outcome: 'Verified' })),
};
const run = makeWholeRun('rhel9-7', { deviceNames: ['web-01', 'web-02'] }, ended);

const other = (
  name: string,
  spec: Partial<AnsibleRunSpec>,
  status: AnsibleRunStatus,
  created = after(-600),
): AnsibleRun => {
  const made = makeWholeRun(name, spec, status);
  return { ...made, metadata: { ...made.metadata, creationTimestamp: created } };
};
const undo = (status: AnsibleRunStatus, spec: Partial<AnsibleRunSpec> = {}, created?: string): AnsibleRun =>
  other('undo-1', { revertOf: { name: 'rhel9-7' }, deviceNames: ['web-01'], ...spec }, status, created);
const onWeb01: AnsibleRunStatus = { completionTime: after(-500), hosts: [{ name: 'web-01', outcome: 'Verified' }] };

function undoing(around: Partial<Around> = {}, only: readonly string[] = []) {
  const devices = ['web-01', 'web-02'].map((name) => makeDevice(name));
  return undoingOf(run, only, { runs: [run], baselines: [makeBaseline()], devices, now, ...around });
}

describe('a run is not undone that', () => {
  test.each<[string, Partial<AnsibleRunSpec>, AnsibleRunStatus, RegExp]>([
    ['is an undo', { revertOf: { name: 'x' } }, ended, /is itself an undo/],
    ['ran a playbook of its own', { playbook: { inline: '[]' } }, ended, /only its author/],
    ['changed nothing', {}, { ...ended, before: [] }, /changed nothing/],
    ['only checked', { mode: 'Check' }, ended, /mode Check/],
    ['is not over', {}, { startTime: after(-5) }, /is not complete/],
  ])('%s', (_, spec, status, why) => expect(whyNotUndone(makeWholeRun('x', spec, status))).toMatch(why));

  test('is one otherwise', () => expect(whyNotUndone(run)).toBeUndefined());
});

describe('what is put back', () => {
  test('is all that the run found, host by host', () => {
    expect(undoing()).toMatchObject({
      devices: ['web-01', 'web-02'],
      isPart: false,
      before: [{ check: 'motd' }, { check: 'motd' }],
    });
  });

  test('is on the hosts alone that were named', () => {
    expect(undoing({}, ['web-02'])).toMatchObject({ devices: ['web-02'] });
    expect(undoing({}, ['db-01'])).toMatch(/changed nothing on db-01; it changed web-01, web-02/);
  });

  test('leaves out hosts on which it was undone already, and all of them are refused', () => {
    expect(undoing({ runs: [run, undo(onWeb01)] })).toMatchObject({ devices: ['web-02'], isPart: true });
    const all = undo({ ...onWeb01, hosts: ended.hosts! }, { deviceNames: [] });
    expect(undoing({ runs: [run, all] })).toBe('AnsibleRun rhel9-7 was undone already, by AnsibleRun undo-1');
  });

  test.each<[string, AnsibleRun]>([
    ['did not put it back', undo({ ...onWeb01, hosts: [{ name: 'web-01', outcome: 'Failed' }] })],
    ['only checked', undo(onWeb01, { mode: 'Check' })],
    ['undid another run', undo(onWeb01, { revertOf: { name: 'rhel9-70' } })],
    ['undid a run of before that had this name', undo(onWeb01, {}, after(-1000))],
    [
      'only says so in its name',
      other('undo-rhel9-7', { deviceNames: ['web-01'] }, { ...onWeb01, startTime: after(-950) }),
    ],
  ])('counts no run that %s', (_, one) => {
    expect(undoing({ runs: [run, one] })).toMatchObject({ devices: ['web-01', 'web-02'] });
  });

  test('is refused while another run undoes it', () => {
    expect(undoing({ runs: [run, undo({ startTime: after(-5) })] })).toMatch(/AnsibleRun undo-1 is undoing it already/);
  });

  test('is refused where the baseline would correct it again at once', () => {
    const baselines = [makeBaseline({ mode: 'Enforce' })];
    expect(undoing({ baselines })).toMatch(
      /^DeviceBaseline rhel9 would immediately correct this again; suspend it first/,
    );
    expect(undoing({ baselines: [makeBaseline({ mode: 'Enforce', suspend: { reason: 'x' } })] })).toMatchObject({
      isPart: false,
    });
  });

  test('names what may not be put back: hosts that are gone or suspended, and what was changed later', () => {
    const later = makeWholeRun(
      'rhel9-8',
      {},
      { startTime: after(-300), completionTime: after(-200), before: [before('web-02')] },
    );
    const devices = [makeDevice('web-02')];
    const found = undoing({ runs: [run, later], devices });
    expect(found).toMatchObject({ isPart: true });
    expect(typeof found === 'string' ? [] : found.branches.map(({ text }) => text)).toEqual([
      'web-01',
      'web-02',
      'may not be put back: Device web-01 does not exist',
      'may not be put back: AnsibleRun rhel9-8 changed motd on web-02 later; undo that first',
    ]);
  });

  test('says which other baseline may correct it again', () => {
    const found = undoing({ baselines: [makeBaseline({ mode: 'Enforce', checks: [motd] }, 'other')] });
    expect(JSON.stringify(found)).toContain('DeviceBaseline other is in mode Enforce and may correct it again');
  });
});

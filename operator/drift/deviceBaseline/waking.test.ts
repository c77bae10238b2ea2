import { expect, test } from '@jest/globals';
import { resources } from '../../api/generated/resources.ts';
import type { AnsibleRun } from '../../api/v1alpha1/ansibleRun.ts';
import type { Resource } from '../../api/v1alpha1/shared.ts';
import { after, makeBaseline, makeDevice, makeRun } from '../../../test/builders/drift.ts';
import { readerOf } from '../../../test/builders/reader.ts';
import { device } from '../device/index.ts';
import { deviceBaseline } from './index.ts';

const objects = [
  makeBaseline({}, 'rhel9'),
  makeBaseline({}, 'other'),
  makeBaseline({ selector: { matchLabels: { os: 'rhel8' } } }, 'elsewhere'),
  makeDevice('web-01'),
];

function woken(kind: Resource['kind'], object: Resource, before?: Resource): string[] {
  const watch = deviceBaseline.watches?.find((one) => one.kind.kind === kind);
  return (watch?.keysOf(object, readerOf(...objects), before) ?? []).map(({ name }) => name).sort();
}

const made = makeRun('rhel9-1');
const begun = makeRun('rhel9-1', {}, { startTime: after(-9) });
const ended = makeRun('rhel9-1', {}, { startTime: after(-9), completionTime: after(-1) });
const all = ['other', 'rhel9'];

test.each<[string, AnsibleRun, AnsibleRun | undefined, string[]]>([
  ['is made', made, undefined, all],
  ['begins', begun, made, all],
  ['goes on', { ...begun, status: { ...begun.status, executor: 'x' } }, begun, ['rhel9']],
  ['ends', ended, begun, all],
  ['is deleted while it is at work', begun, undefined, all],
])('when a run %s, the baselines of its hosts are looked at again that may wait for it', (_, run, before, expected) => {
  expect(woken('AnsibleRun', run, before)).toEqual(expected);
});

test('when checks of a baseline change, others of the same hosts are looked at again: they may exclude each other', () => {
  expect(woken('DeviceBaseline', makeBaseline({ checks: [] }, 'other'), makeBaseline({}, 'other'))).toEqual(['rhel9']);
});

test.each<[string, AnsibleRun, number]>([
  ['is complete', ended, 1],
  ['is deleted while it is at work', begun, 1],
  ['is made', made, 0],
])('a host is looked at anew when a run %s', (_, run, looks) => {
  const watches = device.watches ?? [];
  const watch = watches.find(({ kind }) => kind === resources.AnsibleRun);
  expect(watch?.keysOf(run, readerOf(...objects))).toHaveLength(looks);
});

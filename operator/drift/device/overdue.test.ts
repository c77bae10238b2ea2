import { expect, test } from '@jest/globals';
import { after, makeBaseline, makeDevice, now } from '../../../test/builders/drift.ts';
import { readerOf } from '../../../test/builders/reader.ts';
import type { Device } from '../../api/v1alpha1/device.ts';
import { LastLooks } from './lastLooks.ts';
import { overdueGauge } from './overdue.ts';

const baseline = makeBaseline({ intervalSeconds: 300 });
const at = (seconds: number): Date => new Date(after(seconds));

/** How many are overdue so many seconds after the first look at any host. */
function overdue(seconds: number, device: Device, looks: (known: LastLooks) => void): number | undefined {
  const known = new LastLooks();
  known.begin('uid-other', now);
  looks(known);
  const samples = overdueGauge(known).samples(readerOf(baseline, device), at(seconds));
  expect(samples.map(({ labels }) => labels)).toEqual([{ resource_namespace: 'fleet' }]);
  return samples[0]?.value;
}

const seen = (known: LastLooks): void => {
  known.begin('uid-web-01', now);
  known.remember('uid-web-01', { at: now, of: 'x' }, () => []);
};
const silent =
  (looks: number) =>
  (known: LastLooks): void => {
    known.begin('uid-web-01', now);
    const host = { is: 'unreachable', reason: 'TimedOut', message: '' } as const;
    known.remember('uid-web-01', { at: now, of: 'x', silence: { host, looks } }, () => []);
  };
const suspended = makeDevice('web-01', { suspend: { reason: 'off' } });
const blind: Device = {
  ...makeDevice(),
  status: {
    conditions: [
      { type: 'Reachable', status: 'Unknown', reason: 'CredentialsMissing', message: '', lastTransitionTime: after(0) },
    ],
  },
};

test.each<[string, number, number, Device, (known: LastLooks) => void]>([
  ['evaluated within twice its interval', 0, 600, makeDevice(), seen],
  ['evaluated longer ago', 1, 700, makeDevice(), seen],
  ['never evaluated, since a restart a moment ago', 0, 600, makeDevice(), () => undefined],
  ['never evaluated', 1, 700, makeDevice(), () => undefined],
  ['being evaluated now, for the second time', 0, 700, makeDevice(), (known) => known.begin('uid-web-01', at(690))],
  ['that does not respond, and is tried hourly', 0, 7000, makeDevice(), silent(20)],
  ['that does not respond, and is not tried', 1, 7400, makeDevice(), silent(20)],
  ['that is suspended', 0, 9000, suspended, seen],
  ['whose credentials are missing', 0, 9000, blind, () => undefined],
  ['without a baseline', 0, 9000, makeDevice('web-01', {}, {}), () => undefined],
])('a host %s: %i', (_, expected, seconds, device, looks) => {
  expect(overdue(seconds, device, looks)).toBe(expected);
});

test('a process that has evaluated nothing says nothing of others', () => {
  expect(overdueGauge(new LastLooks()).samples(readerOf(baseline, makeDevice()), at(9000))).toEqual([]);
});

import { expect, test } from '@jest/globals';
import { now } from '../../test/builders/drift.ts';
import { readerOf } from '../../test/builders/reader.ts';
import { VALVE } from '../../test/wire/valves.ts';
import type { Resource, ResourceStatus } from '../api/v1alpha1/shared.ts';
import { statusOf, suspendedStatus, type Verdict } from './conditions.ts';
import { objectGauge, objectStateOf, type ObjectState } from './objectStates.ts';

function after(verdict: Verdict, bounded: boolean, previous?: ResourceStatus): ResourceStatus {
  return statusOf(previous, { verdict, bounded, domain: {}, generation: 1, now });
}

const verdict = (is: Verdict['is']): Verdict => ({ is, reason: 'Reason', message: 'message', recheckAfter: 1 });
const ended = (status: 'True' | 'False'): ResourceStatus =>
  statusOf(undefined, {
    ...{ verdict: verdict('ready'), bounded: true, generation: 1, now },
    domain: { Succeeded: { status, reason: 'Ended', message: '' } },
  });
const suspended = suspendedStatus(undefined, { reason: 'off' }, { bounded: false, generation: 1, now });

test.each<[string, ResourceStatus | undefined, boolean, ObjectState]>([
  ['without a status', undefined, false, 'New'],
  ['that is ready', after(verdict('ready'), false), false, 'Ready'],
  ['in progress', after(verdict('progressing'), false), false, 'Progressing'],
  ['that waits', after(verdict('waiting'), false), false, 'Waiting'],
  ['that is stalled', after(verdict('stalled'), false), false, 'Stalled'],
  ['whose pass failed', after(verdict('failed'), false), false, 'Failed'],
  [
    'whose pass failed after it was ready',
    after(verdict('failed'), false, after(verdict('ready'), false)),
    false,
    'Failed',
  ],
  ['of which a pass broke', after(verdict('broken'), false), false, 'Stalled'],
  ['that is suspended', suspended, false, 'Suspended'],
  ['that runs', after(verdict('progressing'), true), true, 'Progressing'],
  ['whose pass failed while it runs', after(verdict('failed'), true), true, 'Failed'],
  ['that succeeded', ended('True'), true, 'Complete'],
  [
    'that did not succeed: it is not stalled for alerts, since it will always be so',
    ended('False'),
    true,
    'Unsuccessful',
  ],
])('an object %s', (_, status, bounded, expected) => {
  expect(objectStateOf(status, bounded)).toBe(expected);
});

test('objects are counted by namespace and state; those that alerts are about also where there are none', () => {
  const valve = (name: string, status?: ResourceStatus): Resource =>
    ({ apiVersion: 'x/v1', kind: VALVE.kind, metadata: { name, namespace: 'plant' }, status }) as Resource;
  const read = readerOf(
    valve('a', after(verdict('ready'), false)),
    valve('b', after(verdict('failed'), false)),
    valve('c'),
  );
  const samples = objectGauge([{ kind: VALVE }]).samples(read, now);
  expect(samples.map(({ labels, value }) => [labels['resource_namespace'], labels['state'], value])).toEqual([
    ['plant', 'Failed', 1],
    ['plant', 'Stalled', 0],
    ['plant', 'Ready', 1],
    ['plant', 'New', 1],
  ]);
  expect(objectGauge([{ kind: VALVE }]).samples(readerOf(), now)).toEqual([]);
});

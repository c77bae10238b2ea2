import { expect, test } from '@jest/globals';
import { resources } from '../../api/generated/resources.ts';
import type { Condition } from '../../api/v1alpha1/shared.ts';
import type { Note } from '../../runtime/feature.ts';
import { events } from './events.ts';

type Fact = Pick<Condition, 'type' | 'status'>;
const condition = ({ type, status }: Fact): Condition => ({
  type,
  status,
  reason: 'Reason',
  message: 'words',
  lastTransitionTime: '',
});

test.each<[what: string, was: Fact | undefined, is: Fact, warns: boolean, told: string | undefined]>([
  ['good from the start', undefined, { type: 'Compliant', status: 'True' }, false, undefined],
  ['good from the start, and yet a warning', undefined, { type: 'Compliant', status: 'True' }, true, undefined],
  ['drifted from the start', undefined, { type: 'Compliant', status: 'False' }, true, undefined],
  ['good again', { type: 'Compliant', status: 'False' }, { type: 'Compliant', status: 'True' }, false, 'Normal'],
  ['unknown from the start', undefined, { type: 'Compliant', status: 'Unknown' }, false, 'Normal'],
  [
    'something that is there only while it is true',
    undefined,
    { type: 'WaitsForWindow', status: 'True' },
    false,
    'Normal',
  ],
])('%s', (_, was, is, warns, told) => {
  const notes: Note[] = [];
  const object = { apiVersion: '', kind: 'Device', metadata: { name: 'web-01' }, spec: {} };
  const change = { kind: resources.Device, object, was: was && condition(was), is: condition(is), warns };
  events.notify(change, { tell: (_about, note) => notes.push(note) });
  expect(notes).toEqual(told ? [{ type: told, reason: 'Reason', message: 'words' }] : []);
});

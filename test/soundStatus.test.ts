import { expect, test } from '@jest/globals';
import type { Condition } from '../operator/api/v1alpha1/shared.ts';
import { faultsOfStatus } from './soundStatus.ts';

const now = '2026-01-01T00:00:00Z';
const condition = (type: string, status: Condition['status'], more: Partial<Condition> = {}): Condition => {
  return {
    type,
    status,
    reason: 'Told',
    message: 'It is so.',
    lastTransitionTime: now,
    observedGeneration: 2,
    ...more,
  };
};
const faults = (conditions: Condition[], more: object = { observedGeneration: 2 }): string[] =>
  faultsOfStatus({ kind: 'Device', metadata: { name: 'a', generation: 2 }, status: { conditions, ...more } });
const retried = condition('Reconciling', 'True', { reason: 'ProgressingWithRetry' });
const [ready, unready] = [condition('Ready', 'True'), condition('Ready', 'False')];

test.each([
  ['ready', [ready, condition('Compliant', 'False')]],
  ['waiting', [unready, condition('Reconciling', 'True')]],
  ['stalled', [unready, condition('Stalled', 'True')]],
  ['ended', [condition('Succeeded', 'False'), condition('Failed', 'True'), condition('Stalled', 'True')]],
  ['retried after its end', [condition('Succeeded', 'True'), retried]],
])('a status that is %s is sound', (_, conditions) => {
  expect(faults(conditions)).toEqual([]);
});

test.each<{ fault: string; conditions: Condition[]; more?: object }>([
  { fault: 'there is not one of Ready and Succeeded', conditions: [condition('Compliant', 'True')] },
  { fault: 'there is not one of Ready and Succeeded', conditions: [ready, condition('Succeeded', 'True')] },
  {
    fault: 'a type of condition is there twice',
    conditions: [ready, condition('Open', 'True'), condition('Open', 'False')],
  },
  { fault: 'what is only there while it is true is not true', conditions: [ready, condition('Suspended', 'False')] },
  {
    fault: 'it is Reconciling and Stalled at once',
    conditions: [unready, condition('Reconciling', 'True'), condition('Stalled', 'True')],
  },
  { fault: 'it is Ready, and Reconciling too', conditions: [ready, condition('Reconciling', 'True')] },
  { fault: 'it is Ready, and Reconciling too', conditions: [ready, retried] },
  { fault: 'it is not Ready, and neither Reconciling nor Stalled says why', conditions: [unready] },
  { fault: 'it is Stalled, and Unknown', conditions: [condition('Ready', 'Unknown'), condition('Stalled', 'True')] },
  { fault: 'a generation was evaluated that was not there', conditions: [{ ...ready, observedGeneration: 3 }] },
  { fault: 'it is ready, and of no generation', conditions: [ready], more: {} },
  { fault: 'the reason of Ready is not in PascalCase: not-so', conditions: [{ ...ready, reason: 'not-so' }] },
  { fault: "the message of Ready is empty or has blanks around: 'So. '", conditions: [{ ...ready, message: 'So. ' }] },
  {
    fault: 'status.summary.drift tells what JavaScript says: NaN of 3',
    conditions: [ready],
    more: { observedGeneration: 2, summary: { drift: 'NaN of 3' } },
  },
])('a status is not sound: $fault', ({ fault, conditions, more }) => {
  expect(faults(conditions, more)).toEqual([fault]);
});

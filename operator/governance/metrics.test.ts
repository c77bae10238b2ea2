import { expect, test } from '@jest/globals';
import { now } from '../../test/builders/drift.ts';
import { readerOf } from '../../test/builders/reader.ts';
import type { Resource } from '../api/v1alpha1/shared.ts';
import type { ShippedPolicy } from './approvalPolicies.ts';
import { policyGauges } from './metrics.ts';

const shipped = ['a', 'b', 'c'].map((name): ShippedPolicy => ({
  kind: 'ValidatingAdmissionPolicy',
  name,
  spec: { failurePolicy: 'Fail' },
}));

const installed = (name: string, spec: object, deletionTimestamp?: string): Resource => ({
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'ValidatingAdmissionPolicy',
  metadata: { name, ...(deletionTimestamp !== undefined && { deletionTimestamp }) },
  spec,
});

const fail = { failurePolicy: 'Fail' };
const ignore = { failurePolicy: 'Ignore' };

test.each<[string, Resource[], number[]]>([
  ['all are there', ['a', 'b', 'c'].map((name) => installed(name, fail)), [3, 0, 0]],
  ['none is', [], [0, 0, 3]],
  [
    'one is altered, and one is being deleted',
    [installed('a', fail), installed('b', ignore), installed('c', fail, 'x')],
    [1, 1, 1],
  ],
])('policies are counted by state: %s', (_, objects, counts) => {
  const samples = policyGauges(shipped)[0]!.samples(readerOf(...objects), now);
  expect(samples.map(({ labels, value }) => [labels['state'], value])).toEqual(
    ['intact', 'altered', 'missing'].map((state, at) => [state, counts[at]]),
  );
});

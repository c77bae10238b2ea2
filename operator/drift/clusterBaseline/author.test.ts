import { expect, test } from '@jest/globals';
import type { ClusterBaseline } from '../../api/v1alpha1/clusterBaseline.ts';
import { after } from '../../../test/builders/drift.ts';
import { writtenVersion } from './author.ts';

function seen(generation: number, isGoing: boolean, recorded?: string): string {
  const admission = recorded === undefined ? undefined : { version: recorded, checked: false, policies: 'sha256:1' };
  return writtenVersion({
    apiVersion: 'holdfast.dev/v1alpha1',
    kind: 'ClusterBaseline',
    metadata: { name: 'platform', generation, ...(isGoing && { deletionTimestamp: after(0) }) },
    spec: { serviceAccountRef: { namespace: 'platform', name: 'writer' } },
    ...(admission && { status: { admission } }),
  } satisfies ClusterBaseline);
}

test.each<[string, string, string]>([
  ['an edit is a version', seen(2, false), '2'],
  ['a deletion is none, though it counts as a generation', seen(3, true, '2'), '2'],
  ['nor where it does not', seen(2, true, '2'), '2'],
  ['an edit before the deletion is one', seen(4, true, '2'), '3'],
  ['a deletion of what was never recorded', seen(2, true), '1'],
])('%s', (_, version, expected) => {
  expect(version).toBe(expected);
});

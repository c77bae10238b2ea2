import { expect, test } from '@jest/globals';
import type { ClusterBaseline } from '../../api/v1alpha1/clusterBaseline.ts';
import { uncheckedDeletion } from './author.ts';

test.each<[string, string | undefined, boolean]>([
  ['is not deleted', undefined, false],
  ['was deleted before the policies applied', '2026-11-25T11:59:59Z', true],
  ['was deleted since', '2026-11-25T12:00:00Z', false],
])('a baseline that %s', (_, deletionTimestamp, isUnchecked) => {
  const metadata = { name: 'roots', ...(deletionTimestamp !== undefined && { deletionTimestamp }) };
  const guard = { is: 'intact', since: '2026-11-25T12:00:00Z', policies: '' } as const;
  expect(uncheckedDeletion({ metadata } as ClusterBaseline, guard) !== undefined).toBe(isUnchecked);
});

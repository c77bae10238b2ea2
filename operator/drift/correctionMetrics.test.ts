import { expect, test } from '@jest/globals';
import { after, makeBaseline, now } from '../../test/builders/drift.ts';
import { readerOf } from '../../test/builders/reader.ts';
import type { ClusterBaseline } from '../api/v1alpha1/clusterBaseline.ts';
import { correctionGauges, impediments } from './correctionMetrics.ts';

const [enforced, impeded] = correctionGauges;
const own = { kind: 'DeviceBaseline', resource_namespace: 'fleet', source: 'rhel9' };
const suspend = { reason: 'under review', until: after(60) };
const cluster = {
  apiVersion: 'holdfast.dev/v1alpha1',
  kind: 'ClusterBaseline',
  metadata: { name: 'platform' },
  spec: { mode: 'Enforce', serviceAccountRef: { namespace: 'home', name: 'writer' } },
} as ClusterBaseline;

test.each([
  ['in mode Inform', {}, 0],
  ['in mode Enforce', { mode: 'Enforce' as const }, 1],
  ['that is suspended', { mode: 'Enforce' as const, suspend }, 0],
  ['whose suspension is over', { mode: 'Enforce' as const, suspend: { ...suspend, until: after(-60) } }, 1],
])('a baseline %s', (_, spec, value) => {
  expect(enforced!.samples(readerOf(makeBaseline(spec)), now)).toEqual([{ labels: own, value }]);
});

test('one of the cluster has the namespace of its account, as its findings have', () => {
  const labels = { kind: 'ClusterBaseline', resource_namespace: 'home', source: 'platform' };
  expect(enforced!.samples(readerOf(cluster), now)).toEqual([{ labels, value: 1 }]);
});

test('each condition that keeps corrections from coming is 0 or 1', () => {
  const status = { status: 'True', reason: 'Refused', message: '', lastTransitionTime: after(0) } as const;
  const conditions = [
    { ...status, type: 'CorrectionBlocked' },
    { ...status, type: 'Contended', status: 'False' as const },
  ];
  const samples = impeded!.samples(readerOf({ ...makeBaseline(), status: { conditions } }), now);
  expect(samples.map(({ labels, value }) => [labels['condition'], value])).toEqual(
    impediments.map((condition) => [condition, condition === 'CorrectionBlocked' ? 1 : 0]),
  );
});

import { expect, test } from '@jest/globals';
import { DROP, VALVE, ready, valveFeature } from '../../test/wire/valves.ts';
import { accessOf, accessOfElection } from './access.ts';
import { writes, type OpenFeature } from './feature.ts';

test('rights follow from kinds, watches and cleanUp, and are said once, sorted; those that are granted are not among them', () => {
  const valve = {
    ...valveFeature({ finalizes: () => true, cleanUp: () => ready({}) }),
    access: [{ group: '', resources: ['secrets'], verbs: ['get'] }],
    fetches: [DROP],
    writes: [writes(DROP, 'create')],
    grants: [{ name: 'g', access: [{ group: '', resources: ['pods'], verbs: ['list'] }], allows: 'read pods' }],
  };
  const drop = {
    kind: DROP,
    observe: () => undefined,
    decide: () => ready({}),
    watches: [{ kind: VALVE, on: 'any', keysOf: () => [] }],
  };
  const features = [valve, drop] as unknown as OpenFeature[];
  const group = 'wire.holdfast.dev';
  const expected = [
    { group: '', resources: ['secrets'], verbs: ['get'] },
    { group: 'authentication.k8s.io', resources: ['tokenreviews'], verbs: ['create'] },
    { group: 'authorization.k8s.io', resources: ['subjectaccessreviews'], verbs: ['create'] },
    { group: 'coordination.k8s.io', resources: ['leases'], verbs: ['list'] },
    { group: 'events.k8s.io', resources: ['events'], verbs: ['create', 'patch'] },
    { group, resources: ['drops'], verbs: ['create', 'get', 'list', 'watch', 'write-status'] },
    { group, resources: ['drops/status', 'valves/status'], verbs: ['patch'] },
    { group, resources: ['valves'], verbs: ['list', 'patch', 'watch', 'write-status'] },
    { group, resources: ['valves/finalizers'], verbs: ['update'] },
  ];
  expect(accessOf(features)).toEqual(expected);
  expect(accessOf(features.toReversed())).toEqual(expected);
});

test('rights to single objects are not widened to all', () => {
  const access = [
    { group: '', resources: ['configmaps'], verbs: ['get'], resourceNames: ['b', 'a'] },
    { group: '', resources: ['configmaps'], verbs: ['get'], resourceNames: ['a', 'b'] },
    { group: '', resources: ['configmaps'], verbs: ['create'] },
  ];
  const feature = { ...valveFeature(), access } as unknown as OpenFeature;
  expect(accessOf([feature]).filter(({ group }) => group === '')).toEqual([
    { group: '', resources: ['configmaps'], verbs: ['create'] },
    { group: '', resources: ['configmaps'], verbs: ['get'], resourceNames: ['a', 'b'] },
  ]);
});

test('the election needs one Lease', () => {
  expect(accessOfElection('holdfast')).toEqual([
    { group: 'coordination.k8s.io', resources: ['leases'], verbs: ['create'] },
    { group: 'coordination.k8s.io', resources: ['leases'], verbs: ['get', 'patch'], resourceNames: ['holdfast'] },
  ]);
});

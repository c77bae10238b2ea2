import { expect, test } from '@jest/globals';
import { sha256 } from '../lib/digest.ts';
import { believed, forgedFields, sealed } from './seal.ts';
import type { ResourceStatus } from './v1alpha1/shared.ts';

const seal = (text: string): string => sha256(`key ${text}`);
const status = { approved: { digest: 'sha256:1', time: '2026-03-01T12:00:00Z' }, renewals: 2 };
const thing = { kind: 'PolicyWaiver', metadata: { name: 'a', namespace: 'fleet', uid: 'u' } };
type Said = ResourceStatus & { seal?: string };
const saying = (said: object, changed: object = {}) => ({ ...thing, ...changed, status: said as Said });

test('what was sealed is believed, whatever the order of its keys and with what the runtime adds', () => {
  const stored = saying({ conditions: [], observedGeneration: 3, ...sealed(thing, status, seal) });
  expect(believed(stored, seal)).toBe(stored);
  const { approved, renewals, seal: proof } = sealed(thing, status, seal);
  const other = saying({ seal: proof, renewals, approved });
  expect(believed(other, seal)).toBe(other);
  expect(believed(thing as ReturnType<typeof saying>, seal)).toBe(thing);
});

test.each<[string, ReturnType<typeof saying>]>([
  ['nobody sealed', saying(status)],
  ['was changed', saying({ ...sealed(thing, status, seal), renewals: 0 })],
  ['something was added to', saying({ ...sealed(thing, status, seal), decision: 'Approved' })],
  ['something was taken from', saying({ ...sealed(thing, status, seal), renewals: undefined })],
  ['is of another object', saying(sealed(thing, status, seal), { metadata: { ...thing.metadata, uid: 'v' } })],
  ['is of another kind', saying(sealed(thing, status, seal), { kind: 'ClusterBaseline' })],
  ['has the seal of another key', saying(sealed(thing, status, sha256))],
])('of what %s, only conditions are left', (_, stored) => {
  const kept = believed({ ...stored, status: { ...stored.status, conditions: [], observedGeneration: 3 } }, seal);
  expect(kept.status).toEqual({ conditions: [], observedGeneration: 3 });
});

test('what is not believed is named, so that it can be removed', () => {
  const stored = saying({ conditions: [], ...sealed(thing, status, seal), decision: 'Approved' });
  expect(forgedFields(believed(stored, seal))).toEqual(['approved', 'renewals', 'seal', 'decision']);
  expect(forgedFields(believed(saying(sealed(thing, status, seal)), seal))).toEqual([]);
});
